"""Signals that only a project's verdicts can weigh: the start formula does not count them; pure."""

from collections.abc import Callable, Mapping
from math import log1p
from typing import Any

FARTHEST = 5.0  # spreads from its class's mean size; beyond this it makes no difference
# What a sentence says has to be so.
CLOSE, UNUSUAL, DIFFERENT = 0.05, 2.0, 0.1

MEASURES: dict[str, Callable[[float], float]] = {
    "margin": float,
    "edits": log1p,
    "class_size": lambda spreads: min(FARTHEST, abs(spreads)),
    "disagreement": float,
}


def measures(signals: Mapping[str, Any]) -> dict[str, float]:
    """Those that are known, as they are weighed."""
    return {name: measure(signals[name]) for name, measure in MEASURES.items() if name in signals}


def sentence(name: str, signals: Mapping[str, Any]) -> str | None:
    """What speaks against the mask, where it is so."""
    value = signals.get(name)
    return None if value is None else SENTENCES[name](value)


def _margin(value: float) -> str | None:
    return "SAM is undecided between readings of the place" if value < CLOSE else None


def _edits(value: float) -> str | None:
    return f"It was changed by hand after SAM ({value:.0f} ×)" if value > 0 else None


def _class_size(value: float) -> str | None:
    if abs(value) < UNUSUAL:
        return None
    return f"It is unusually {'large' if value > 0 else 'small'} for its class"


def _disagreement(value: float) -> str | None:
    if value >= 1:
        return "Somebody else gave the same thing another class"
    return f"Somebody else drew the same thing otherwise (IoU {1 - value:.2f})" if value > DIFFERENT else None


SENTENCES = {"margin": _margin, "edits": _edits, "class_size": _class_size, "disagreement": _disagreement}
