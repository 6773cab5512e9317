"""Whether what a web process works with answers: the database, the object storage and the broker."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import Error, connection

from labeling.celery import app
from labeling.images import keys

# How long the storage and the broker are waited for: checks are made often, and their own patience is short.
PROBE_SECONDS = 2


class Probe:
    """Asks in a thread of its own, and never twice at once: one that hangs costs a single thread."""

    def __init__(self, ask: Callable[[], None]) -> None:
        self._ask = ask
        self._thread = ThreadPoolExecutor(1, "probe")
        self._lock = threading.Lock()
        self._running: Future[None] | None = None

    def start(self) -> Future[None]:
        """The answer that will come, to this question or to the last one if that is still open."""
        with self._lock:
            if self._running is None or self._running.done():
                self._running = self._thread.submit(self._ask)
            return self._running


def parts() -> dict[str, bool]:
    """By name, whether each part answers in time."""
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
