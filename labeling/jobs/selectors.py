"""What is known of jobs."""

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


def readiness_of(project: UUID, kind: Job.Kind) -> Readiness:
    """How many targets of a project are in each state, from the index alone."""
    counts = Readiness(queued=0, running=0, ready=0, failed=0)
    rows = Job.objects.filter(project=project, kind=kind).values_list("state").annotate(n=Count("id")).order_by()
    for state, n in rows:
        counts[readiness(state)] += n  # type: ignore[literal-required]
    return counts


def workers_alive(kind: Job.Kind) -> int:
    """How many workers that compute this kind were heard of just now."""
    return live_workers(ROUTES[kind].queue).count()
