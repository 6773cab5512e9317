"""What is known of jobs."""

from collections.abc import Collection
from typing import TypedDict
from uuid import UUID

from django.db.models import Count

from labeling.jobs.dispatcher import ROUTES, live_workers
from labeling.jobs.models import Job
from labeling.jobs.services import readiness


class Readiness(TypedDict):
    queued: int
    running: int
    ready: int
    failed: int


def readiness_of(projects: Collection[UUID], kind: Job.Kind) -> dict[UUID, Readiness]:
    """How many targets of each project are in each state, from the index alone."""
    counts = {project: Readiness(queued=0, running=0, ready=0, failed=0) for project in projects}
    jobs = Job.objects.filter(project__in=projects, kind=kind).values_list("project", "state")
    for project, state, n in jobs.annotate(n=Count("id")).order_by():
        counts[project][readiness(state)] += n  # type: ignore[literal-required]
    return counts


def workers_alive(kind: Job.Kind) -> int:
    """How many workers that compute this kind were heard of just now."""
    return live_workers(ROUTES[kind].queue).count()
