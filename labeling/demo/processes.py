"""The three processes of an installation, started and watched: web, labeling worker, inference worker."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

# So that each runs the code that lies beside this file, wherever it is started from.
ROOT = Path(__file__).resolve().parents[2]
# Long enough to finish an image and to say so; whoever takes longer is killed, which costs one lease.
GRACE_S = 2.0
READY_S = 60
CELERY = [sys.executable, "-m", "celery"]
WORKER = ["worker", "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]


# What an inference worker is started without: it can do its work without knowing the database (docs/jobs.md).
WEB_ONLY = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "MASKWRIGHT_CACHE", "MASKWRIGHT_SECRET_KEY")


@dataclass(frozen=True)
class Spec:
    """How a process is started, and which variables it must not see."""

    name: str
    command: list[str]
    withheld: tuple[str, ...] = ()


def specs(host: str, port: int) -> list[Spec]:
    """The processes of one machine. docker-compose.yml starts the same ones. WEB_CONCURRENCY, which uvicorn reads,
    says how many processes the web is."""
    web = [sys.executable, "-m", "uvicorn", "labeling.asgi:application", "--host", host, "--port", str(port)]
    return [
        # The limit keeps open event streams from holding the end.
        Spec("web", [*web, "--timeout-graceful-shutdown", "1", "--no-access-log", "--lifespan", "off"]),
        Spec("labeling", [*CELERY, "-A", "labeling.celery", *WORKER, "-Q", "labeling", "-P", "threads", "-c", "4"]),
        Spec(
            "inference",
            [*CELERY, "-A", "inference.celery", *WORKER, "-Q", "inference", "-P", "threads", "-c", "2"],
            WEB_ONLY,
        ),
    ]


def stop_on_signals() -> None:
    """SIGTERM and a closed terminal end us as Ctrl-C does, which a shell may have switched off for us."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)


def run(host: str, port: int, environment: Mapping[str, str], logs: Path, greet: Callable[[], None]) -> None:
    """Start the processes, greet when they answer, and stay until Ctrl-C."""
    processes = Processes(specs(host, port), environment, logs)
    stop_on_signals()
    try:
        processes.start()
        wait_until_ready(f"http://{host}:{port}/api/v1/health/ready", logs)
        greet()
        processes.watch()
    except KeyboardInterrupt:
        print("\nStopping.", flush=True)
    finally:
        processes.stop()


def wait_until_ready(url: str, logs: Path) -> None:
    end = time.monotonic() + READY_S
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310
                return
        except OSError as error:
            # It answers even if it does not know itself by this address (MASKWRIGHT_HOSTS).
            if isinstance(error, urllib.error.HTTPError) and error.code < 500:
                return
            time.sleep(0.1)
    sys.exit(f"The server did not answer within {READY_S} seconds; its log is {logs / 'web.log'}.")


class Processes:
    """Starts processes, starts again what ends by itself, and stops all of them together."""

    def __init__(self, specs: list[Spec], environment: Mapping[str, str], logs: Path) -> None:
        self._specs = specs
        self._environment = {**os.environ, **environment}
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._stopped = threading.Event()

    def start(self) -> None:
        self._logs.mkdir(parents=True, exist_ok=True)
        for spec in self._specs:
            self._launch(spec)

    def watch(self) -> None:
        """Until `stop`: whatever ends is started again."""
        while not self._stopped.wait(0.5):
            for spec in self._specs:
                code = self._running[spec.name].poll()
                if code is not None and not self._stopped.is_set():
                    print(f"  The {spec.name} process ended ({code}); starting it again.", flush=True)
                    self._launch(spec)

    def pid(self, name: str) -> int:
        return self._running[name].pid

    def stop(self) -> None:
        """End everything within GRACE_S, with all that it started."""
        self._stopped.set()
        for process in self._running.values():
            _signal(process, signal.SIGTERM)
        end = time.monotonic() + GRACE_S
        for process in self._running.values():
            try:
                process.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait()

    def _launch(self, spec: Spec) -> None:
        environment = {name: value for name, value in self._environment.items() if name not in spec.withheld}
        with (self._logs / f"{spec.name}.log").open("ab") as log:
            # A session of its own: Ctrl-C reaches only us, and we end the others in order.
            self._running[spec.name] = subprocess.Popen(
                spec.command, cwd=ROOT, stdout=log, stderr=log, env=environment, start_new_session=True
            )


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
