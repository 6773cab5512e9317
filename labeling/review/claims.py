"""Who holds which part of the queue: leases by browser tab, so that no two people judge the same thing.

Writers lock the annotation first and its claim behind it; what is locked by others is passed over, never waited for.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from labeling.accounts.models import User
from labeling.annotations.limits import fitting
from labeling.annotations.models import Annotation
from labeling.annotations.selectors import with_people
from labeling.projects.models import Project
from labeling.projects.roles import Permission
from labeling.projects.selectors import access
from labeling.review import queue
from labeling.review.disputes import Panel
from labeling.review.models import Claim

M = TypeVar("M", bound=models.Model)

LEASE = timedelta(minutes=5)
NO_TAB = UUID(int=0)
MOST = 60


@transaction.atomic
def claim(
    *,
    by: User,
    project: UUID,
    tab: UUID = NO_TAB,
    count: int = 1,
    filters: queue.Filters = queue.ALL,
    skip: Collection[UUID] = (),
    keep: Collection[UUID] = (),
) -> list[Annotation]:
    """The least certain that nobody else holds, claimed for this tab for five minutes; fewer than `count` when no more
    wait, or when their contents are large. What the tab held before it lets go of, unless it comes again or is to be
    kept."""
    found = access(by, project, Permission.REVIEW)
    front = _locked(by, found, tab, count, filters, {*skip, *keep})
    locked = [row.id for row in front[: fitting(row.content_bytes for row in front)]]
    _take(by, tab, locked)
    # Behind our own and without waiting: two who took over what the other let lapse must not wait for each other.
    Claim.objects.filter(annotation__in=_ids(_of_tab(by, tab).exclude(annotation__in=[*locked, *keep]))).delete()
    return list(queue.with_place(with_people(Annotation.objects.filter(id__in=locked))).order_by(*queue.ORDER))


def image_ahead(*, by: User, project: Project, tab: UUID, filters: queue.Filters) -> UUID | None:
    """The image on which `claim` would find the first, claiming nothing: whatever the tab holds it goes on holding."""
    front = queue.merged((rows.only("id", "confidence", "image")[:1] for rows in _free(by, project, tab, filters)), 1)
    return front[0].image_id if front else None


@transaction.atomic
def renew(*, by: User, project: UUID, tab: UUID) -> tuple[datetime, list[UUID]]:
    """The heartbeat of a tab: until when it holds what it holds, and what that is. What lapsed and was taken by someone
    else is not in it."""
    access(by, project, Permission.REVIEW)
    until = timezone.now() + LEASE
    held = _ids(_of_tab(by, tab).filter(annotation__project=project))
    Claim.objects.filter(annotation__in=held).update(until=until)
    return until, held


@transaction.atomic
def release(*, by: User, project: UUID, tab: UUID) -> None:
    """End the leases of a tab that no longer shows what it claimed, so that others get it at once."""
    access(by, project, Permission.REVIEW)
    held = _ids(_of_tab(by, tab).filter(annotation__project=project))
    Claim.objects.filter(annotation__in=held).delete()


def give(*, by: User, annotations: Collection[UUID], tab: UUID) -> None:
    """Let the tab hold these annotations, which the caller has locked, except for those that somebody else does."""
    others = of_another(by, annotations)
    _take(by, tab, [id for id in annotations if id not in others])


def of_another(by: User, annotations: Collection[UUID]) -> dict[UUID, Claim]:
    """The running claims of others on these annotations."""
    live = Claim.objects.filter(annotation__in=annotations, until__gt=timezone.now()).exclude(reviewer=by)
    return {claim.annotation_id: claim for claim in live.select_related("reviewer")}


def mine(by: User, annotations: Collection[UUID]) -> set[UUID]:
    """Which of these I looked at last, from the queue; also where my lease has lapsed."""
    return set(Claim.objects.filter(annotation__in=annotations, reviewer=by).values_list("annotation", flat=True))


def _locked(
    by: User, project: Project, tab: UUID, count: int, filters: queue.Filters, skip: Collection[UUID]
) -> list[Annotation]:
    """Annotations of the queue's front, locked, that no other tab holds. Only the columns `queue.LIGHT` are read."""
    free = [rows.exclude(id__in=list(skip)) if skip else rows for rows in _free(by, project, tab, filters)]
    parts = [list(_skipping_locked(rows).only(*queue.LIGHT)[:count]) for rows in free]
    front = queue.merged(parts, count)
    ids = [row.id for row in front]
    # Claimed between our look and our lock.
    taken = Claim.objects.filter(annotation__in=ids, until__gt=timezone.now()).exclude(reviewer=by, tab=tab)
    lost = set(taken.values_list("annotation", flat=True))
    kept = [row for row in front if row.id not in lost]
    return kept + _locked(by, project, tab, len(lost), filters, {*skip, *ids}) if lost else kept


def _free(by: User, project: Project, tab: UUID, filters: queue.Filters) -> list[QuerySet[Annotation]]:
    panel = Panel.of(project, by.id)
    return [queue.free_for(rows, by, tab, panel) for rows in queue.branches(project, filters)]


def _take(by: User, tab: UUID, annotations: Collection[UUID]) -> None:
    until = timezone.now() + LEASE
    Claim.objects.bulk_create(
        [Claim(annotation_id=id, reviewer=by, tab=tab, until=until) for id in annotations],
        update_conflicts=True,
        unique_fields=["annotation"],
        update_fields=["reviewer", "tab", "until"],
    )


def _of_tab(by: User, tab: UUID) -> QuerySet[Claim]:
    return Claim.objects.filter(reviewer=by, tab=tab)


def _ids(claims: QuerySet[Claim]) -> list[UUID]:
    """The claims that we could lock."""
    return list(_skipping_locked(claims.order_by("annotation")).values_list("annotation", flat=True))


def _skipping_locked(rows: QuerySet[M]) -> QuerySet[M]:
    """On PostgreSQL each of several askers locks rows of their own. SQLite lets one at a time ask."""
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True, of=("self",), no_key=True)
    return rows
