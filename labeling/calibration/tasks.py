"""The calibration job."""

from typing import Any
from uuid import UUID

from labeling.calibration import services
from labeling.celery import app
from labeling.jobs.performing import Progress, perform


@app.task(name="labeling.calibration.calibrate")
def calibrate(job: str, attempt: int, project: str, **message: Any) -> None:
    def work(progress: Progress) -> dict[str, Any]:
        made = services.calibrate(UUID(project))
        return {"version": made.version if made else None}

    perform(job, attempt, work, code="calibration_failed", sentence="Confidences could not be fitted")
