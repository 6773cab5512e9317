"""The job that brings a project's jobs in line with its settings."""

from typing import Any
from uuid import UUID

from labeling.celery import app
from labeling.images.reordering import reorder as reorder_jobs
from labeling.jobs.performing import perform


@app.task(name="labeling.images.reorder")
def reorder(job: str, attempt: int, project: str, **message: Any) -> None:
    perform(
        job,
        attempt,
        lambda progress: reorder_jobs(UUID(project), progress),
        code="reorder_failed",
        sentence="The project's jobs could not be re-ordered",
    )
