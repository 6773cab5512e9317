"""Who computes what next. Brokers cannot reorder, so little is sent at a time and the rest can be moved to the front.

Runs as a thread of every labeling worker; row locks keep several of them from doing the same twice.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import close_old_connections, connection, transaction
from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from labeling.events.services import forget_answers
from labeling.jobs import services
from labeling.jobs.models import Job, Worker

log = logging.getLogger(__name__)

ALIVE = timedelta(seconds=10)
INTERVAL_S = 0.25
TIDY_S = 3600


@dataclass(frozen=True)
class Route:
    """Where a kind of job is computed, and how many of its messages a live worker may have in flight."""

    task: str
    queue: str
    in_flight: int


ROUTES = {
    Job.Kind.EMBED: Route("inference.embed", "inference", 2),
    Job.Kind.EXPORT: Route("labeling.exchange.export", "labeling", 1),
}

Send = Callable[[Route, dict[str, Any]], None]


def live_workers(queue: str) -> QuerySet[Worker]:
    return Worker.objects.filter(queue=queue, seen_at__gt=timezone.now() - ALIVE)


def dispatch(send: Send) -> int:
    """Send what the live workers have room for; returns how many messages were sent."""
    sent = 0
    for kind, route in ROUTES.items():
        while _is_queued(kind) and _send_next(kind, route, send):
            sent += 1
    return sent


def reap() -> None:
    """Take back the jobs whose lease is over, each in a transaction of its own: it writes into its project's log, and
    two dispatchers that held several logs could wait for each other."""
    expired = Job.objects.filter(lease_until__lt=timezone.now(), state__in=(Job.State.SENT, Job.State.RUNNING))
    for id in list(expired.values_list("id", flat=True)):
        with transaction.atomic():
            job = _locked(expired.filter(id=id)).first()
            if job is not None:
                _take_back(job)


def _take_back(job: Job) -> None:
    if job.state == Job.State.RUNNING:
        services.expire(job)
        return
    # Behind a busy worker a message may wait long and be none the worse. With an idle one about, it is lost.
    workers = live_workers(ROUTES[Job.Kind(job.kind)].queue)
    if not workers.exists() or workers.filter(busy=None).exists():
        services.unsend(job)
    else:
        Job.objects.filter(id=job.id).update(lease_until=timezone.now() + services.LEASE)


class Dispatcher(threading.Thread):
    """The loop. A failing round is logged and the next one tries again: a restarting database must not end it."""

    def __init__(self, send: Send) -> None:
        super().__init__(name="dispatcher", daemon=True)
        self._send = send
        self._stopped = threading.Event()
        self._tidied = 0.0

    def run(self) -> None:
        while not self._stopped.wait(INTERVAL_S):
            try:
                close_old_connections()
                reap()
                dispatch(self._send)
                self._tidy()
            except Exception:
                log.exception("A round of the dispatcher failed; trying again.")
                connection.close()

    def stop(self) -> None:
        self._stopped.set()

    def _tidy(self) -> None:
        if time.monotonic() - self._tidied > TIDY_S:
            self._tidied = time.monotonic()
            forget_answers()


def _is_queued(kind: Job.Kind) -> bool:
    return Job.objects.filter(kind=kind, state=Job.State.QUEUED).exists()


def _has_room(kind: Job.Kind, route: Route) -> bool:
    # The workers' rows are locked: of several dispatchers one at a time counts, and sends before the next counts.
    workers = len(live_workers(route.queue).select_for_update().order_by("name"))
    flying = Job.objects.filter(kind=kind, state__in=(Job.State.SENT, Job.State.RUNNING)).count()
    return flying < route.in_flight * workers


def _send_next(kind: Job.Kind, route: Route, send: Send) -> bool:
    with transaction.atomic():
        job = next(iter(_locked(_by_turn(kind)[:1])), None) if _has_room(kind, route) else None
        if job is None:
            return False
        job.state = Job.State.SENT
        job.attempt += 1
        job.sent_at = timezone.now()
        job.lease_until = job.sent_at + services.LEASE
        job.save(update_fields=["state", "attempt", "sent_at", "lease_until"])
    # After the commit: a worker must never be quicker than the row. A message lost here costs one lease.
    send(route, {"job": str(job.id), "attempt": job.attempt, "project": str(job.project), **job.payload})
    return True


def _by_turn(kind: Job.Kind) -> QuerySet[Job]:
    """Queued jobs: urgent first, then fairly between projects, then the oldest."""
    of_project = Job.objects.filter(kind=kind, project=OuterRef("project")).order_by().values("project")
    flying = of_project.annotate(n=Count("id", filter=Q(state__in=(Job.State.SENT, Job.State.RUNNING))))
    last = of_project.annotate(at=Max("sent_at"))
    return (
        Job.objects.filter(kind=kind, state=Job.State.QUEUED)
        .annotate(flying=Coalesce(Subquery(flying.values("n")), 0), last=Subquery(last.values("at")))
        .order_by("-priority", "flying", F("last").asc(nulls_first=True), "created_at", "id")
    )


def _locked(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """With several dispatchers, each takes its own rows. SQLite has one writer at a time and needs no locks."""
    return jobs.select_for_update(skip_locked=True, of=("self",)) if connection.features.has_select_for_update else jobs
