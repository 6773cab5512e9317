"""The environment of an inference worker, read once."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from inference.limits import Limits
from inference.storage import Timeouts


@dataclass(frozen=True)
class Settings:
    """storage and broker are URLs (storage may be a folder's path); threads is how many cores one encoding uses;
    limits bound what is decoded; timeouts are the storage's."""

    storage: str
    broker: str
    threads: int
    limits: Limits
    timeouts: Timeouts


@cache
def settings() -> Settings:
    """This process's settings, from its environment. Raises ValueError with a sentence for a value that is none."""
    return read(os.environ)


def read(environment: Mapping[str, str]) -> Settings:
    var = Path(environment.get("MASKWRIGHT_VAR") or Path(__file__).resolve().parent.parent / "var").resolve()
    return Settings(
        storage=environment.get("MASKWRIGHT_STORAGE") or str(var / "storage"),
        broker=environment.get("MASKWRIGHT_BROKER") or f"filesystem://{var / 'broker'}",
        threads=_count(environment, "MASKWRIGHT_THREADS", os.cpu_count() or 1),
        limits=_limits(environment),
        timeouts=Timeouts(
            connect=_seconds(environment, "MASKWRIGHT_STORAGE_CONNECT_SECONDS", Timeouts.connect),
            read=_seconds(environment, "MASKWRIGHT_STORAGE_READ_SECONDS", Timeouts.read),
        ),
    )


def _limits(environment: Mapping[str, str]) -> Limits:
    most = _count(environment, "MASKWRIGHT_UPLOAD_MAX_PIXELS", Limits.streamed)
    return Limits(
        bytes=_count(environment, "MASKWRIGHT_UPLOAD_MAX_BYTES", Limits.bytes),
        pixels=min(most, _count(environment, "MASKWRIGHT_WHOLE_MAX_PIXELS", Limits.pixels)),
        streamed=most,
    )


def _count(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name)
    if not value:
        return default
    if not value.isdecimal() or int(value) < 1:
        raise ValueError(f"{name} is {value!r}; it is a whole number from 1 up.")
    return int(value)


def _seconds(environment: Mapping[str, str], name: str, default: float) -> float:
    value = environment.get(name)
    if not value:
        return default
    if not re.fullmatch(r"\d*\.?\d+", value) or float(value) == 0:
        raise ValueError(f"{name} is {value!r}; it is a number of seconds above 0.")
    return float(value)
