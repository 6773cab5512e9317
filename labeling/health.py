"""Whether what a web process works with answers: the database, the object storage and the broker."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic

from django.db import Error, connection

from labeling.celery import app
from labeling.images import keys

# How long the storage and the broker are waited for: checks are made often, and their own patience is short.
PROBE_SECONDS = 2


class Probe:
    """Asks in a thread of its own, and never twice at once: one that hangs costs a single thread, and whoever comes
    after its time does not wait for it."""

    def __init__(self, ask: Callable[[], None]) -> None:
        self._ask = ask
        self._thread = ThreadPoolExecutor(1, "probe")
        self._lock = threading.Lock()
        self._running: Future[None] | None = None
        self._until = 0.0

    def start(self) -> None:
        """Ask, unless the last question is still open."""
        with self._lock:
            if self._running is None or self._running.done():
                self._running = self._thread.submit(self._ask)
                self._until = monotonic() + PROBE_SECONDS

    def answers(self) -> bool:
        """Whether the question that was started is answered in time."""
        if self._running is None:
            return False
        try:
            self._running.result(max(0.0, self._until - monotonic()))
        except Exception:
            return False
        return True


def parts() -> dict[str, bool]:
    """By name, whether each part answers in time."""
    for probe in PROBES.values():
        probe.start()
    return {"database": _database()} | {name: probe.answers() for name, probe in PROBES.items()}


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
