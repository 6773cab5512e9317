"""The messages that workers send back. Each only calls a service: the workers hold no database credentials."""

from typing import Any
from uuid import UUID

from django.utils.module_loading import import_string

from labeling.celery import app
from labeling.jobs import services
from labeling.jobs.dispatcher import ROUTES, wake
from labeling.jobs.models import Job


@app.task(name="labeling.jobs.report")
def report(**message: Any) -> None:
    _receive(message)
    services.report(**{**message, "job": UUID(message["job"])})
    if message["event"] in ("done", "failed"):
        wake()


def _receive(message: dict[str, Any]) -> None:
    """Take what was made before the job is done: if that fails, the job's lease ends and it is made again."""
    job = Job.objects.filter(id=message["job"]).first() if message["event"] == "done" else None
    if job is not None and ROUTES[Job.Kind(job.kind)].received:
        import_string(ROUTES[Job.Kind(job.kind)].received)(job.target, message["result"])


@app.task(name="labeling.jobs.alive")
def alive(worker: str, queue: str, busy: str | None) -> None:
    services.alive(worker=worker, queue=queue, busy=UUID(busy) if busy else None)
