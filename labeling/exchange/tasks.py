"""The export job."""

from typing import Any
from uuid import UUID

from labeling.celery import app
from labeling.exchange.services import make_export
from labeling.jobs.performing import perform


@app.task(name="labeling.exchange.export")
def export(job: str, attempt: int, export: str, **message: Any) -> None:
    perform(
        job,
        attempt,
        lambda progress: make_export(export=UUID(export), progress=progress),
        code="export_failed",
        sentence="The export could not be written",
    )
