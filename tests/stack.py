"""A whole installation in a temporary folder: the same three processes that the demo and production run."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from labeling.demo.processes import Processes, specs

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


def environment(var: Path) -> dict[str, str]:
    """The environment of an installation in `var`; production engines by the variables that are set outside."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "labeling.settings",
        "MASKWRIGHT_SECRET_KEY": "only-for-these-tests",
        "MASKWRIGHT_INSECURE": "1",
        "MASKWRIGHT_DEBUG": "0",
        "MASKWRIGHT_VAR": str(var),
        "MASKWRIGHT_STORAGE": str(var / "storage"),
        "MASKWRIGHT_BROKER": f"filesystem://{var / 'broker'}",
        "DATABASE_URL": f"sqlite:///{var / 'stack.sqlite3'}",
    }


def manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def install_model(storage: Path) -> None:
    """MobileSAM in the store, from a copy that is fetched once."""
    fetched = {**os.environ, "MASKWRIGHT_STORAGE": str(MODELS)}
    subprocess.run([sys.executable, "-m", "inference.install", "mobile_sam"], env=fetched, check=True)
    shutil.copytree(MODELS / "models", storage / "models", dirs_exist_ok=True)


@contextmanager
def running(var: Path, port: int | None = None) -> Iterator[Stack]:
    """An installation in the folder `var`, migrated and started, and stopped at the end of the block."""
    (var / "static").mkdir(parents=True, exist_ok=True)
    settings = environment(var)
    install_model(var / "storage")
    manage(settings, "migrate", "--verbosity", "0")
    port = port or free_port()
    processes = Processes(specs("127.0.0.1", port), settings, var / "log")
    processes.start()
    watcher = threading.Thread(target=processes.watch, daemon=True)
    watcher.start()
    try:
        yield Stack(f"http://127.0.0.1:{port}", processes, settings)
    finally:
        processes.stop()
