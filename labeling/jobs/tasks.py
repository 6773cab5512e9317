"""The messages that workers send back. Each only calls a service: the workers hold no database credentials."""

from typing import Any
from uuid import UUID

from celery import Task
from celery.utils.time import get_exponential_backoff_interval
from django.db import InterfaceError, OperationalError
from django.utils.module_loading import import_string

from labeling.celery import app
from labeling.jobs import services
from labeling.jobs.dispatcher import ROUTES, wake
from labeling.jobs.models import Job

# The database is away, locked or restarting, and may accept the same report a moment later.
UNWRITTEN = (OperationalError, InterfaceError)
# With pauses of 1, 2, 4 … and at most 60 seconds, about eight minutes in all.
MAX_RETRIES = 12
MAX_BACKOFF_SECONDS = 60


@app.task(name="labeling.jobs.report", bind=True, max_retries=MAX_RETRIES)
def report(task: "Task[Any, Any]", /, **message: Any) -> None:
    """Record a worker's report on a job.

    A report that cannot be written is sent again, except heartbeats, because the next one comes soon.
    """
    try:
        _record(message)
    except UNWRITTEN as error:
        if message["event"] == "heartbeat":
            raise
        seconds = get_exponential_backoff_interval(1, task.request.retries, MAX_BACKOFF_SECONDS)
        raise task.retry(exc=error, countdown=seconds) from error


def _record(message: dict[str, Any]) -> None:
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
