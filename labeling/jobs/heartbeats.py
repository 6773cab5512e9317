"""Signs of life of the jobs that labeling workers do themselves."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from labeling.jobs.services import report

log = logging.getLogger(__name__)

HEARTBEAT_S = 3


@contextmanager
def heartbeat(who: dict[str, Any]) -> Iterator[None]:
    """Renew the job's lease from a thread for as long as the block runs. `who`: job, attempt and worker."""
    finished = threading.Event()

    def beat() -> None:
        while not finished.wait(HEARTBEAT_S):
            try:
                report(event="heartbeat", **who)
            except Exception:
                log.exception("A heartbeat could not be recorded.")
        connection.close()

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        finished.set()
        thread.join()
