"""A whole installation in a temporary folder: the same three processes that the demo and production run."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from inference.storage import Store, open_store
from labeling.demo.processes import Processes, specs
from tests import engines

ROOT = Path(__file__).resolve().parents[1]
# Installed once and shared by all tests; the tests of inference use the same folder.
MODELS = ROOT / "var" / "test-store"


@dataclass(frozen=True)
class Stack:
    """A running installation: where it answers, its processes and their environment."""

    url: str
    processes: Processes
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Run `manage.py` in it; returns what it printed."""
        return manage(self.environment, *arguments)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(var: Path, places: Mapping[str, str]) -> dict[str, str]:
    """The environment of an installation in `var`, with `places` for its database, broker and cache."""
    return {
        **{name: value for name, value in os.environ.items() if name not in engines.VARIABLES},
        "DJANGO_SETTINGS_MODULE": "labeling.settings",
        "MASKWRIGHT_SECRET_KEY": "only-for-these-tests",
        "MASKWRIGHT_INSECURE": "1",
        "MASKWRIGHT_DEBUG": "0",
        # They would take the processor from what most tests are about; the others turn them on in their project.
        "MASKWRIGHT_PROPOSALS": "0",
        # In these tests one person opens many streams.
        "MASKWRIGHT_STREAMS_PER_PERSON": "100",
        "MASKWRIGHT_VAR": str(var),
        "MASKWRIGHT_STORAGE": str(var / "storage"),
        **places,
    }


@contextmanager
def places(var: Path) -> Iterator[dict[str, str]]:
    """Where an installation keeps its rows and messages: on the production engines if the tests run on them."""
    if engines.COVERED in os.environ:
        with engines.own_places(os.environ) as own:
            yield own
    else:
        yield {
            "DATABASE_URL": f"sqlite:///{var / 'stack.sqlite3'}",
            "MASKWRIGHT_BROKER": f"filesystem://{var / 'broker'}",
        }


def manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def install_model(storage: Path | Store) -> None:
    """MobileSAM in the store, from a copy that is fetched once."""
    fetched = {**os.environ, "MASKWRIGHT_STORAGE": str(MODELS)}
    subprocess.run([sys.executable, "-m", "inference.install", "mobile_sam"], cwd=ROOT, env=fetched, check=True)
    if isinstance(storage, Path):
        shutil.copytree(MODELS / "models", storage / "models", dirs_exist_ok=True)
        return
    for path in (MODELS / "models").rglob("*"):
        if path.is_file():
            storage.write(path.relative_to(MODELS).as_posix(), path.read_bytes())


@contextmanager
def running(var: Path, port: int | None = None, bucket: Mapping[str, str] | None = None) -> Iterator[Stack]:
    """An installation in the folder `var`, migrated and started, and stopped at the end of the block. Its files lie in
    that folder, or where the variables of `bucket` say."""
    (var / "static").mkdir(parents=True, exist_ok=True)
    install_model(open_store(bucket["MASKWRIGHT_STORAGE"]) if bucket else var / "storage")
    port = port or free_port()
    with places(var) as own:
        settings = environment(var, {**own, **(bucket or {})})
        manage(settings, "migrate", "--verbosity", "0")
        processes = Processes(specs("127.0.0.1", port), settings, var / "log")
        processes.start()
        threading.Thread(target=processes.watch, daemon=True).start()
        try:
            yield Stack(f"http://127.0.0.1:{port}", processes, settings)
        finally:
            processes.stop()
