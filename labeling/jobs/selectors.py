"""What is known of jobs."""

from collections.abc import Collection
from datetime import timedelta
from math import ceil
from typing import TypedDict
from uuid import UUID

from django.db.models import Count, Min
from django.utils import timezone

from labeling.jobs.dispatcher import ROUTES, live_workers
from labeling.jobs.models import Job
from labeling.jobs.services import readiness

RECENT = timedelta(minutes=5)


class Readiness(TypedDict):
    """How many targets are in each state; how many a minute were finished lately, and how long the rest takes at that
    rate. None: nothing was finished lately, so nobody can tell."""

    queued: int
    running: int
    ready: int
    failed: int
    rate_per_minute: float | None
    seconds_left: int | None


def readiness_of(projects: Collection[UUID], kind: Job.Kind) -> dict[UUID, Readiness]:
    """The readiness of each project's targets, from indexes alone."""
    found = {project: _nothing() for project in projects}
    jobs = Job.objects.filter(project__in=projects, kind=kind)
    for project, state, n in jobs.values_list("project", "state").annotate(n=Count("id")).order_by():
        found[project][readiness(state)] += n  # type: ignore[literal-required]
    rates = _rates(projects, kind)
    for project, each in found.items():
        rate = each["rate_per_minute"] = rates.get(project)
        left = each["queued"] + each["running"]
        each["seconds_left"] = (ceil(left * 60 / rate) if rate else None) if left else 0
    return found


def _nothing() -> Readiness:
    return Readiness(queued=0, running=0, ready=0, failed=0, rate_per_minute=None, seconds_left=None)


def _rates(projects: Collection[UUID], kind: Job.Kind) -> dict[UUID, float]:
    """How many of each project were finished a minute, of those that were finished lately: since then, or since the
    first of them was begun. What others have in the queue slows a project down, and so its own rate tells it best."""
    now = timezone.now()
    ended = Job.objects.filter(
        project__in=projects, kind=kind, state__in=(Job.State.DONE, Job.State.FAILED),
        finished_at__gt=now - RECENT, finished_at__lte=now,
    )  # fmt: skip
    rows = ended.values_list("project").annotate(n=Count("id"), begun=Min("sent_at")).order_by()
    since = {project: max(begun or now - RECENT, now - RECENT) for project, _, begun in rows}
    return {project: round(n / max((now - since[project]).total_seconds() / 60, 1 / 60), 2) for project, n, _ in rows}


def workers_alive(kind: Job.Kind) -> int:
    """How many workers that compute this kind were heard of just now."""
    return live_workers(ROUTES[kind].queue).count()
