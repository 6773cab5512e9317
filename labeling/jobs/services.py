"""Ordering work and recording what became of it. The protocol is described in docs/jobs.md."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from labeling.events.services import Actor, Entry, append
from labeling.jobs import tallies
from labeling.jobs.models import Job, Tally, Worker

LEASE = timedelta(seconds=15)
MAX_FAILURES = 3
# The code of failures that the storage causes, not the job (inference/embed.py).
STORAGE_UNAVAILABLE = "storage_unavailable"
# Priorities: objects that await review, then what somebody has open, then the rest.
REVIEWED = 20
URGENT = 10
BATCH = 500
# No page shows these, so nobody is told of them.
UNSEEN = (Job.Kind.ASSESS, Job.Kind.CALIBRATE, Job.Kind.REORDER)

Report = Literal["started", "heartbeat", "done", "failed"]


@transaction.atomic
def enqueue(
    *, kind: Job.Kind, target: UUID, project: UUID, payload: dict[str, Any], by: Actor | None, priority: int = 0
) -> Job:
    """Order a computation; one that is ordered already for this target stays as it is."""
    job, created = Job.objects.get_or_create(
        kind=kind, target=target, defaults={"project": project, "payload": payload, "priority": priority}
    )
    if created:
        _announce(job, by)
    return job


@transaction.atomic
def order(*, kind: Job.Kind, target: UUID, project: UUID, payload: dict[str, Any], priority: int) -> None:
    """Order a computation about something that goes on changing: what waits already is enough, what has ended is
    queued again, and what is being computed is queued again once it is done. Nobody's page shows it, so no event."""
    values = {"project": project, "payload": payload, "priority": priority}
    Job.objects.get_or_create(kind=kind, target=target, defaults=values)
    job = Job.objects.select_for_update().get(kind=kind, target=target)
    waits = job.state in (Job.State.QUEUED, Job.State.SENT, Job.State.RUNNING)
    job.priority = max(priority, job.priority) if waits else priority
    if job.state in (Job.State.SENT, Job.State.RUNNING):
        job.stale = True
    else:
        job.state, job.failures, job.error = Job.State.QUEUED, 0, ""
    job.payload = payload
    job.save(update_fields=["stale", "state", "failures", "error", "priority", "payload"])


def order_reordering(project: UUID) -> None:
    """Order the job that brings a project's jobs in line with its settings (images/reordering.py)."""
    order(kind=Job.Kind.REORDER, target=project, project=project, payload={}, priority=URGENT)


@transaction.atomic
def prioritise(*, kinds: Collection[Job.Kind], target: UUID) -> None:
    """Move waiting jobs to the front: someone is looking at their target now."""
    waiting = Job.objects.filter(kind__in=kinds, target=target, state=Job.State.QUEUED, priority__lt=URGENT)
    Job.objects.filter(id__in=[job.id for job in _locked(waiting)]).update(priority=URGENT)


@transaction.atomic
def retry(*, kinds: Collection[Job.Kind], target: UUID, by: Actor) -> None:
    """Queue failed jobs again, with their tries counted from the start. Harmless in any other state."""
    for job in _locked(Job.objects.filter(kind__in=kinds, target=target, state=Job.State.FAILED)):
        job.failures = 0
        job.error = ""
        _queue(job, by=by)


@transaction.atomic
def recompute(*, kind: Job.Kind, target: UUID) -> None:
    """Queue a done job again, first of all: its result was lost. Harmless in any other state."""
    job = Job.objects.select_for_update().filter(kind=kind, target=target, state=Job.State.DONE).first()
    if job is not None:
        job.failures = 0
        job.priority = URGENT
        job.result = None
        _queue(job, by=None)


@transaction.atomic
def reorder(*, project: UUID, payloads: Mapping[tuple[Job.Kind, UUID], dict[str, Any] | None]) -> bool:
    """Make the jobs of these kinds and targets match `payloads`. Returns whether anything changed.

    A job whose payload differs is replaced, and one whose payload is None is deleted. Earlier results stay in use until
    there are new ones. A replaced job gets a new id, so that late reports of the old one have no effect.
    """
    kinds, targets = {kind for kind, _ in payloads}, {target for _, target in payloads}
    there = _locked(Job.objects.filter(kind__in=kinds, target__in=targets))
    old = {(Job.Kind(job.kind), job.target): job for job in there}
    changed = {key: payload for key, payload in payloads.items() if (key in old and old[key].payload) != payload}
    fresh = [
        Job(kind=key[0], target=key[1], project=project, payload=payload, **_inherited(old.get(key)))
        for key, payload in changed.items()
        if payload is not None
    ]
    Job.objects.filter(id__in=[old[key].id for key in changed if key in old]).delete()
    Job.objects.bulk_create(fresh)
    return bool(fresh) or any(key in old for key in changed)


def _inherited(old: Job | None) -> dict[str, Any]:
    if old is None:
        return {}
    # Keep the priority of a queued job, because somebody may be waiting for it.
    priority = old.priority if old.state == Job.State.QUEUED else 0
    return {"result": old.result, "created_at": old.created_at, "priority": priority}


@transaction.atomic
def cancel(*, targets: list[UUID]) -> None:
    """Forget the jobs of targets that are gone. A worker that is at one finishes into the void."""
    Job.objects.filter(id__in=[job.id for job in _locked(Job.objects.filter(target__in=targets))]).delete()


@transaction.atomic
def cancel_some(*, project: UUID, but: Job.Kind) -> int:
    """Delete at most BATCH jobs of a deleted project, except those of kind `but`. Returns how many there were."""
    jobs = Job.objects.filter(project=project).exclude(kind=but).order_by("kind", "state")
    ids = list(jobs.values_list("id", flat=True)[:BATCH])
    Job.objects.filter(id__in=[job.id for job in _locked(Job.objects.filter(id__in=ids))]).delete()
    return len(ids)


def _locked(jobs: QuerySet[Job]) -> list[Job]:
    """Lock several jobs in the order of their ids (docs/locks.md)."""
    return list(jobs.select_for_update().order_by("id"))


@transaction.atomic
def report(
    *,
    event: Report,
    job: UUID,
    attempt: int,
    worker: str,
    result: dict[str, Any] | None = None,
    error: dict[str, Any] | None = None,
    progress: float | None = None,
) -> None:
    """Record what a worker says of a job. A late success counts; anything else that is late is ignored."""
    row = Job.objects.select_for_update().filter(id=job).first()
    if row is None or row.state == Job.State.DONE:
        return
    if event == "done":
        _finish(row, Job.State.DONE, result=result)
        _tally(row, result or {})
    elif row.attempt != attempt or row.state not in (Job.State.SENT, Job.State.RUNNING):
        return
    elif event == "failed":
        problem = error or {}
        message, code = problem.get("message", "The worker gave no reason."), problem.get("code", "error")
        if code == STORAGE_UNAVAILABLE:
            _postpone(row, message)
        else:
            _fail(row, message, code, may_retry=problem.get("retry", True))
    else:
        _renew(row, worker=worker, progress=progress)


@transaction.atomic
def alive(*, worker: str, queue: str, busy: UUID | None) -> None:
    """A worker is there, idle or at a job."""
    Worker.objects.update_or_create(name=worker, defaults={"queue": queue, "busy": busy, "seen_at": timezone.now()})


@transaction.atomic
def expire(job: Job) -> None:
    """End the lease of a worker that stopped reporting: the job is queued again, or has failed once too often."""
    message = "The worker stopped answering, as if it had been killed or had run out of memory."
    _fail(job, message, "worker_lost", may_retry=True)


@transaction.atomic
def unsend(job: Job) -> None:
    """Queue a job again whose message was lost before anyone started it. That is nobody's failure."""
    _queue(job, by=None)


def _renew(job: Job, *, worker: str, progress: float | None) -> None:
    starts = job.state != Job.State.RUNNING
    job.state = Job.State.RUNNING
    job.worker = worker
    job.lease_until = timezone.now() + LEASE
    moved = progress is not None and progress != job.progress
    job.progress = job.progress if progress is None else progress
    job.save(update_fields=["state", "worker", "lease_until", "progress"])
    if starts or moved:
        _announce(job, None)


def _finish(job: Job, state: Job.State, *, result: dict[str, Any] | None = None, error: str = "") -> None:
    job.state = state
    job.result = result
    job.error = error
    job.lease_until = None
    job.finished_at = timezone.now()
    job.progress = 1.0 if state == Job.State.DONE else job.progress
    if job.stale:
        job.stale, job.state = False, Job.State.QUEUED
    job.save(update_fields=["state", "stale", "result", "error", "lease_until", "finished_at", "progress", "failures"])
    _announce(job, None)


def _tally(job: Job, result: dict[str, Any]) -> None:
    # What was there already took no time worth knowing.
    if "seconds" in result and not result.get("cached"):
        tallies.observe(Tally.Name.JOB_SECONDS, job.kind, result["seconds"])


def _fail(job: Job, message: str, code: str, *, may_retry: bool) -> None:
    job.failures += 1
    if may_retry and job.failures < MAX_FAILURES:
        job.error = message
        _queue(job, by=None)
    else:
        _finish(job, Job.State.FAILED, error=message)
    # Counted after the log is locked: all projects share these rows, so nobody may lock them while waiting for a log.
    tallies.count(Tally.Name.JOB_FAILURES, job.kind, code)


def _postpone(job: Job, message: str) -> None:
    """Leave the job `sent` until its lease ends, and count no failure.

    The storage is unavailable for every job. Trying at once would use up the tries of all jobs within seconds. A job
    that stays `sent` keeps the next one from trying.
    """
    job.state = Job.State.SENT
    job.error = message
    job.progress = 0
    job.lease_until = timezone.now() + LEASE
    job.save(update_fields=["state", "error", "progress", "lease_until"])
    _announce(job, None)
    tallies.count(Tally.Name.JOB_FAILURES, job.kind, STORAGE_UNAVAILABLE)


def _queue(job: Job, *, by: Actor | None) -> None:
    job.state = Job.State.QUEUED
    job.lease_until = None
    job.progress = 0
    job.save(update_fields=["state", "lease_until", "failures", "error", "priority", "progress", "result"])
    _announce(job, by)


def _announce(job: Job, by: Actor | None) -> None:
    if job.kind in UNSEEN:
        return
    append(project=job.project, by=by, entries=[_entry(job)])


def _entry(job: Job) -> Entry:
    data = {
        "kind": job.kind,
        "target": str(job.target),
        "state": "ready" if job.result else readiness(job.state),
        "error": job.error or None,
        "progress": job.progress,
    }
    return Entry("job.changed", object=job.id, data=data)


def readiness(state: str) -> str:
    """A job's state as people see it: whether a message is under way is not their concern."""
    return {Job.State.SENT: "queued", Job.State.DONE: "ready"}.get(Job.State(state), state)
