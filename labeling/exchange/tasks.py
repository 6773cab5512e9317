"""The export job. It runs in a labeling worker, which has the database, and reports to its job directly."""

import logging
from typing import Any
from uuid import UUID

from labeling.celery import WORKER, app
from labeling.exchange.services import make_export
from labeling.jobs.heartbeats import heartbeat
from labeling.jobs.services import report

log = logging.getLogger(__name__)


@app.task(name="labeling.exchange.export")
def export(job: str, attempt: int, export: str, **message: Any) -> None:
    who = {"job": UUID(job), "attempt": attempt, "worker": WORKER}
    report(event="started", **who)  # type: ignore[arg-type]
    try:
        with heartbeat(who):
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
