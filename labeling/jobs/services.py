"""Ordering work and recording what became of it. The protocol is described in docs/jobs.md."""

from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from labeling.events.services import Actor, Entry, append
from labeling.jobs import tallies
from labeling.jobs.models import Job, Tally, Worker

LEASE = timedelta(seconds=15)
MAX_FAILURES = 3
URGENT = 10
BATCH = 500
# No page shows these, so nobody is told of them.
UNSEEN = (Job.Kind.ASSESS, Job.Kind.CALIBRATE)

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
    if job.state in (Job.State.SENT, Job.State.RUNNING):
        job.stale = True
    else:
        job.state, job.failures, job.error = Job.State.QUEUED, 0, ""
        job.priority = max(priority, job.priority)
    job.payload = payload
    job.save(update_fields=["stale", "state", "failures", "error", "priority", "payload"])


@transaction.atomic
def prioritise(*, kind: Job.Kind, target: UUID) -> None:
    """Move a waiting job to the front: someone is looking at its target now."""
    Job.objects.filter(kind=kind, target=target, state=Job.State.QUEUED).update(priority=URGENT)


@transaction.atomic
def retry(*, kind: Job.Kind, target: UUID, by: Actor) -> None:
    """Queue a failed job again, with its tries counted from the start. Harmless in any other state."""
    job = Job.objects.select_for_update().filter(kind=kind, target=target, state=Job.State.FAILED).first()
    if job is not None:
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
def reorder(*, kind: Job.Kind, project: UUID, payloads: dict[UUID, dict[str, Any]], by: Actor) -> None:
    """Let a project's computations of this kind be exactly these, by target: one whose payload is another now is
    ordered anew, one that is not named is forgotten. What was made before stays in use until it is made anew.

    Each new order gets a new id: whatever a worker still reports of the old one falls into the void.
    """
    jobs = Job.objects.select_for_update().filter(kind=kind, project=project)
    stale = {job.target: job for job in jobs.order_by("id")}
    stays = {target for target, job in stale.items() if job.payload == payloads.get(target)}
    for target in stays:
        del stale[target]
    fresh = [
        Job(kind=kind, target=target, project=project, payload=payload, **_inherited(stale.get(target)))
        for target, payload in payloads.items()
        if target not in stays
    ]
    _forget([job.id for job in stale.values()])
    Job.objects.bulk_create(fresh, batch_size=BATCH)
    append(project=project, by=by, entries=[_entry(job) for job in fresh])


def _inherited(old: Job | None) -> dict[str, Any]:
    return {} if old is None else {"result": old.result, "created_at": old.created_at}


def _forget(ids: list[UUID]) -> None:
    # In batches: databases bound the number of a query's parameters.
    for start in range(0, len(ids), BATCH):
        Job.objects.filter(id__in=ids[start : start + BATCH]).delete()


@transaction.atomic
def cancel(*, targets: list[UUID]) -> None:
    """Forget the jobs of targets that are gone. A worker that is at one finishes into the void."""
    Job.objects.filter(target__in=targets).delete()


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
        _tally(row, result or {})
        _finish(row, Job.State.DONE, result=result)
    elif row.attempt != attempt or row.state not in (Job.State.SENT, Job.State.RUNNING):
        return
    elif event == "failed":
        problem = error or {}
        message, code = problem.get("message", "The worker gave no reason."), problem.get("code", "error")
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
    tallies.count(Tally.Name.JOB_FAILURES, job.kind, code)
    job.failures += 1
    if may_retry and job.failures < MAX_FAILURES:
        job.error = message
        _queue(job, by=None)
    else:
        _finish(job, Job.State.FAILED, error=message)


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
