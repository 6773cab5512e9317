"""The calibration job. It runs in a labeling worker, which has the database, and reports to its job directly."""

import logging
from typing import Any
from uuid import UUID

from labeling.calibration import services
from labeling.celery import WORKER, app
from labeling.jobs.heartbeats import heartbeat
from labeling.jobs.services import report

log = logging.getLogger(__name__)


@app.task(name="labeling.calibration.calibrate")
def calibrate(job: str, attempt: int, project: str, **message: Any) -> None:
    who = {"job": UUID(job), "attempt": attempt, "worker": WORKER}
    report(event="started", **who)  # type: ignore[arg-type]
    try:
        with heartbeat(who):
            made = services.calibrate(UUID(project))
    except Exception as error:
        log.exception("The project %s could not be calibrated.", project)
        problem = {"code": "calibration_failed", "message": f"Confidences could not be fitted: {error}", "retry": True}
        report(event="failed", error=problem, **who)  # type: ignore[arg-type]
    else:
        report(event="done", result={"version": made.version if made else None}, **who)  # type: ignore[arg-type]
