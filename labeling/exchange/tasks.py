"""The export job. It runs in a labeling worker, which has the database, and reports to its job directly."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection

from labeling.celery import WORKER, app
from labeling.exchange.services import make_export
from labeling.jobs.services import report

log = logging.getLogger(__name__)

HEARTBEAT_S = 3


@app.task(name="labeling.exchange.export")
def export(job: str, attempt: int, export: str, **message: Any) -> None:
    who = {"job": UUID(job), "attempt": attempt, "worker": WORKER}
    report(event="started", **who)  # type: ignore[arg-type]
    try:
        with _heartbeat(who):
            result = make_export(
                export=UUID(export),
                progress=lambda done: report(event="heartbeat", progress=done, **who),  # type: ignore[arg-type]
            )
    except Exception as error:
        log.exception("The export %s failed.", export)
        problem = {"code": "export_failed", "message": f"The export could not be written: {error}", "retry": True}
        report(event="failed", error=problem, **who)  # type: ignore[arg-type]
    else:
        report(event="done", result=result, **who)  # type: ignore[arg-type]


@contextmanager
def _heartbeat(who: dict[str, Any]) -> Iterator[None]:
    """Renew the job's lease from a thread for as long as the block runs."""
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
