"""Check whether the database, the object storage and the broker answer."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import Error, connection

from labeling.celery import app
from labeling.images import keys

# Time limit of a check. Load balancers check often, and have short time limits themselves.
PROBE_SECONDS = 2


class Probe:
    """Runs one check at a time in its own thread, so that a check that hangs costs a single thread."""

    def __init__(self, ask: Callable[[], None]) -> None:
        self._ask = ask
        self._thread = ThreadPoolExecutor(1, "probe")
        self._lock = threading.Lock()
        self._running: Future[None] | None = None

    def start(self) -> Future[None]:
        """Start the check, unless the last one is still running. Returns the running check."""
        with self._lock:
            if self._running is None or self._running.done():
                self._running = self._thread.submit(self._ask)
            return self._running


def parts() -> dict[str, bool]:
    """Whether each service answers in time, by name."""
    asked = {name: probe.start() for name, probe in PROBES.items()}
    return {"database": _database()} | {name: _answers(future) for name, future in asked.items()}


def _answers(future: Future[None]) -> bool:
    try:
        future.result(PROBE_SECONDS)
    except Exception:
        return False
    return True


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _ask_storage() -> None:
    keys.store().check()


def _ask_broker() -> None:
    options = {"socket_timeout": PROBE_SECONDS, "socket_connect_timeout": PROBE_SECONDS}
    with app.connection_for_write(connect_timeout=PROBE_SECONDS, transport_options=options) as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=PROBE_SECONDS)


PROBES = {"storage": Probe(_ask_storage), "broker": Probe(_ask_broker)}
