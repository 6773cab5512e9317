"""The messages that workers send back. Each only calls a service: the workers hold no database credentials."""

from typing import Any
from uuid import UUID

from labeling.celery import app
from labeling.jobs import services
from labeling.jobs.dispatcher import wake


@app.task(name="labeling.jobs.report")
def report(**message: Any) -> None:
    services.report(**{**message, "job": UUID(message["job"])})
    if message["event"] in ("done", "failed"):
        wake()


@app.task(name="labeling.jobs.alive")
def alive(worker: str, queue: str, busy: str | None) -> None:
    services.alive(worker=worker, queue=queue, busy=UUID(busy) if busy else None)
