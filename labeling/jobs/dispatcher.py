"""Who computes what next. Brokers cannot reorder, so little is sent at a time and the rest can be moved to the front.

Runs as a thread of every labeling worker; row locks keep several of them from doing the same twice.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import close_old_connections, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from labeling.events.services import forget_answers
from labeling.jobs import services
from labeling.jobs.models import Job, Worker

log = logging.getLogger(__name__)

ALIVE = timedelta(seconds=10)
INTERVAL_S = 0.25
TIDY_S = 3600
# Jobs of a queue that are sent or deleted before the other queue and the leases get their turn.
MAX_A_ROUND = 200


@dataclass(frozen=True)
class Route:
    """Where a kind of job is computed, and how many of its messages a live worker may have in flight.

    The other fields name functions of apps above this one, which take the job's target:
    `completed` adds current data to the message when it is sent.
    `received` stores the result before the job is done.
    `gone(project, target)` says whether the target was deleted.
    """

    task: str
    queue: str
    in_flight: int
    completed: str = ""
    received: str = ""
    gone: str = "labeling.projects.selectors.is_gone"


OF_IMAGE, OF_REGION = "labeling.images.selectors.is_gone", "labeling.images.selectors.is_region_gone"
# Among equally urgent jobs of a queue, kinds go in this order. Tiles, proposals and assessments take seconds. A worker
# has one of them at a time, so that opening an image waits at most for that one.
ROUTES = {
    Job.Kind.TILE: Route("inference.tile", "inference", 1, gone=OF_IMAGE),
    Job.Kind.EMBED: Route("inference.embed", "inference", 2, gone=OF_IMAGE),
    Job.Kind.REGION: Route("inference.embed", "inference", 2, gone=OF_REGION),
    Job.Kind.PROPOSE: Route("inference.propose", "inference", 1, gone=OF_IMAGE),
    Job.Kind.ASSESS: Route(
        "inference.assess",
        "inference",
        1,
        completed="labeling.calibration.assessments.message",
        received="labeling.calibration.assessments.receive",
        gone=OF_IMAGE,
    ),
    # Also deletes the jobs of a deleted project, so it does not ask whether its target is gone.
    Job.Kind.REORDER: Route("labeling.images.reorder", "labeling", 1, gone=""),
    Job.Kind.CALIBRATE: Route("labeling.calibration.calibrate", "labeling", 1),
    Job.Kind.EXPORT: Route("labeling.exchange.export", "labeling", 1),
}
# How many messages of all kinds together a live worker of the queue may have in flight.
IN_FLIGHT = {"inference": 2, "labeling": 2}
FLYING = (Job.State.SENT, Job.State.RUNNING)

Send = Callable[[Route, dict[str, Any]], None]


def live_workers(*queues: str) -> QuerySet[Worker]:
    # Seen in the future is seen by a clock that was set back since: it will be seen again in a moment, or is gone.
    now = timezone.now()
    return Worker.objects.filter(queue__in=queues, seen_at__gt=now - ALIVE, seen_at__lt=now + ALIVE)


def dispatch(send: Send) -> int:
    """Send jobs to workers with room, and delete jobs whose target was deleted. Returns how many these were."""
    settled = 0
    for queue in IN_FLIGHT:
        for _ in range(MAX_A_ROUND):
            if not (_is_waiting(queue) and _settle_next(queue, send)):
                break
            settled += 1
    return settled


def reap() -> None:
    """Take back the jobs whose lease is over, each in a transaction of its own: it writes into its project's log, and
    two dispatchers that held several logs could wait for each other."""
    _shorten_leases()
    expired = Job.objects.filter(lease_until__lt=timezone.now(), state__in=FLYING)
    for id in list(expired.values_list("id", flat=True)):
        with transaction.atomic():
            job = _locked(expired.filter(id=id)).first()
            if job is not None:
                _take_back(job)


def _shorten_leases() -> None:
    """A lease that ends later than any that is given now is of a clock that was set back since: its holder would be
    waited for until the clock has caught up. A holder that is alive renews what it gets instead."""
    latest = timezone.now() + services.LEASE
    beyond = Job.objects.filter(lease_until__gt=latest + ALIVE, state__in=FLYING)
    if beyond.exists():
        beyond.update(lease_until=latest)


def _take_back(job: Job) -> None:
    if job.state == Job.State.RUNNING:
        services.expire(job)
        return
    # Behind busy workers a message may wait long and be none the worse. With a free place about, it is lost.
    workers = live_workers(ROUTES[Job.Kind(job.kind)].queue)
    if not workers.exists() or workers.filter(busy=None).exists():
        services.unsend(job)
    else:
        Job.objects.filter(id=job.id).update(lease_until=timezone.now() + services.LEASE)


_due = threading.Event()


def wake() -> None:
    """Let this process's dispatcher look at once: a worker that has room now would else wait for its next round."""
    _due.set()


class Dispatcher(threading.Thread):
    """The loop. A failing round is logged and the next one tries again: a restarting database must not end it."""

    def __init__(self, send: Send) -> None:
        super().__init__(name="dispatcher", daemon=True)
        self._send = send
        self._stopped = threading.Event()
        self._tidied = 0.0

    def run(self) -> None:
        while not self._stopped.is_set():
            _due.wait(INTERVAL_S)
            _due.clear()
            try:
                close_old_connections()
                reap()
                dispatch(self._send)
                self._tidy()
            except Exception:
                log.exception("A round of the dispatcher failed; trying again.")
                connection.close()
        connection.close()

    def stop(self) -> None:
        self._stopped.set()
        wake()

    def _tidy(self) -> None:
        if time.monotonic() - self._tidied > TIDY_S:
            self._tidied = time.monotonic()
            forget_answers()


def _kinds(queue: str) -> list[Job.Kind]:
    return [kind for kind, route in ROUTES.items() if route.queue == queue]


def _is_waiting(queue: str) -> bool:
    # Ordered by an index. Otherwise PostgreSQL may read all finished jobs to find one that is not.
    queued = Job.objects.filter(state=Job.State.QUEUED).order_by("-priority").values_list("priority", flat=True)
    return any(queued.filter(kind=kind).first() is not None for kind in _kinds(queue))


def _settle_next(queue: str, send: Send) -> bool:
    """Send the next job, or delete it if its target was deleted. Returns whether there was one."""
    with transaction.atomic():
        job = _next(queue)
        if job is None:
            return False
        if _is_gone(job):
            job.delete()
            return True
        job.state = Job.State.SENT
        job.attempt += 1
        job.sent_at = timezone.now()
        job.lease_until = job.sent_at + services.LEASE
        job.save(update_fields=["state", "attempt", "sent_at", "lease_until"])
    # After the commit: a worker must never be quicker than the row. A message lost here costs one lease.
    route = ROUTES[Job.Kind(job.kind)]
    message = {"job": str(job.id), "attempt": job.attempt, "project": str(job.project), **job.payload}
    if route.completed:
        message |= import_string(route.completed)(job.target)
    send(route, message)
    return True


def _is_gone(job: Job) -> bool:
    """Whether the project or the target of the job was deleted."""
    gone = ROUTES[Job.Kind(job.kind)].gone
    return bool(gone) and bool(import_string(gone)(job.project, job.target))


def _next(queue: str) -> Job | None:
    """Whose turn it is: the most urgent, then by kind, then fairly between projects, then the oldest. Each step is a
    look into an index, so that it costs the same however many wait."""
    # The workers' rows are locked: of several dispatchers one at a time counts, and sends before the next counts.
    workers = len(live_workers(queue).select_for_update().order_by("name"))
    flying = list(Job.objects.filter(kind__in=_kinds(queue), state__in=FLYING).values_list("kind", "project"))
    if len(flying) >= IN_FLIGHT[queue] * workers:
        return None
    of_kind = Counter(kind for kind, _ in flying)
    first = _first([kind for kind in _kinds(queue) if of_kind[kind] < ROUTES[kind].in_flight * workers])
    return None if first is None else _by_turn(first, Counter(project for _, project in flying))


def _first(kinds: list[Job.Kind]) -> QuerySet[Job] | None:
    """The queued jobs of the most urgent priority that there is, of the first kind that has it."""
    waiting = [Job.objects.filter(state=Job.State.QUEUED, kind=kind) for kind in kinds]
    tops = [jobs.order_by("-priority").values_list("priority", flat=True).first() for jobs in waiting]
    there = [top for top in tops if top is not None]
    return waiting[tops.index(max(there))].filter(priority=max(there)) if there else None


def _by_turn(waiting: QuerySet[Job], flying: Counter[UUID]) -> Job | None:
    """The oldest of the project with the least in flight; of several, the one that was served longest ago."""
    projects = list(_projects(waiting))
    least = min((flying[project] for project in projects), default=0)
    turns = [project for project in projects if flying[project] == least]
    if not turns:
        return None
    project = turns[0] if len(turns) == 1 else min(turns, key=_last_served)
    return next(iter(_locked(waiting.filter(project=project).order_by("created_at", "id")[:1])), None)


def _projects(waiting: QuerySet[Job]) -> Iterator[UUID]:
    """Each is looked up behind the one before: DISTINCT would read all that wait."""
    found = waiting.order_by("project").values_list("project", flat=True)
    project = found.first()
    while project is not None:
        yield project
        project = found.filter(project__gt=project).first()


def _last_served(project: UUID) -> datetime:
    # Not by what a clock that was set back since has written: this project would wait until the clock has caught up.
    sent = Job.objects.filter(project=project, sent_at__lte=timezone.now()).order_by("-sent_at")
    return sent.values_list("sent_at", flat=True).first() or datetime.min.replace(tzinfo=UTC)


def _locked(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """With several dispatchers, each takes its own rows. SQLite has one writer at a time and needs no locks."""
    return jobs.select_for_update(skip_locked=True, of=("self",)) if connection.features.has_select_for_update else jobs
