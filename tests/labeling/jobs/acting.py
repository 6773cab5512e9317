"""How these tests act as broker and worker."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from labeling.jobs import services
from labeling.jobs.dispatcher import Route, dispatch, reap
from labeling.jobs.models import Job

EMBED, PROPOSE, EXPORT = Job.Kind.EMBED, Job.Kind.PROPOSE, Job.Kind.EXPORT
A, B = uuid4(), uuid4()
Order = Callable[..., Job]


class Broker:
    """Keeps what was sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[Route, dict[str, Any]]] = []

    def send(self, route: Route, message: dict[str, Any]) -> None:
        self.sent.append((route, message))

    def round(self) -> list[UUID]:
        """One round of the dispatcher; the jobs that it sent."""
        before = len(self.sent)
        reap()
        dispatch(self.send)
        return [UUID(message["job"]) for _, message in self.sent[before:]]


def worker(name: str = "gpu-1", *, queue: str = "inference", busy: UUID | None = None) -> None:
    services.alive(worker=name, queue=queue, busy=busy)


def tell(job: Job, event: services.Report, attempt: int | None = None, **what: Any) -> Job:
    job.refresh_from_db()
    services.report(event=event, job=job.id, attempt=attempt or job.attempt, worker="gpu-1", **what)
    job.refresh_from_db()
    return job


def lapse(job: Job) -> None:
    Job.objects.filter(id=job.id).update(lease_until=timezone.now() - timedelta(seconds=1))
