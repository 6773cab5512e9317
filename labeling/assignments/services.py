"""Pulling, skipping and withdrawing assignments, and what every write to them shares."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from labeling.accounts.models import User
from labeling.assignments import selectors
from labeling.assignments.models import ActiveTime, Assignment
from labeling.events.models import Event
from labeling.events.services import Entry, append
from labeling.images import selectors as images_selectors
from labeling.images.models import Image
from labeling.projects.models import Membership
from labeling.projects.roles import Permission
from labeling.projects.selectors import access
from labeling.rest import Conflict, not_found

M = TypeVar("M", bound=models.Model)

LEASE = timedelta(minutes=30)
BATCH = 500


@transaction.atomic
def pull(*, by: User, project: UUID) -> Assignment | None:
    """The next image for someone who asks for one: what they have already, else the oldest that nobody has.

    It is theirs for half an hour at a time; asking again renews the lease. A lease that ran out frees the image, and so
    does leaving the project.
    """
    found = access(by, project, Permission.ANNOTATE)
    # Under a lock of one's own: who asks twice at once gets one image.
    list(Membership.objects.select_for_update(no_key=True).filter(project=found, user=by))
    held = selectors.mine(by).filter(project=found).first()
    if held is not None:
        own = Assignment.objects.filter(id=held.id)
        own.exclude(lease_until=None).update(lease_until=timezone.now() + LEASE)
    assignment = held or _take(by, project)
    return selectors.assignment(by, assignment.id) if assignment else None


@transaction.atomic
def withdraw(*, by: User, assignment: UUID) -> None:
    """Take an image back; what was labeled stays."""
    found = selectors.assignment(by, assignment, Permission.ASSIGN)
    Assignment.objects.filter(id=found.id).delete()
    record(by, [found], removed=True)


@transaction.atomic
def skip(*, by: User, assignment: UUID, reason: str) -> Assignment:
    """Put an image aside that cannot be labeled. It leaves the annotator's work; a manager sees why and gives it again.

    Raises:
        PermissionDenied: it is someone else's.
        Conflict: it has been handed in already.
    """
    found = locked(by=by, assignment=assignment)
    if found.state in (Assignment.State.SUBMITTED, Assignment.State.DONE):
        raise Conflict("handed_in", "This image has been handed in, so it cannot be skipped any more.")
    if (found.state, found.skip_reason) != (Assignment.State.SKIPPED, reason):
        move(found, Assignment.State.SKIPPED, reason)
        record(by, [found])
    return selectors.assignment(by, assignment)


@transaction.atomic
def add_active_time(*, by: User, image: UUID, seconds: int) -> None:
    """Add to the time that a person has worked on an image. No event: nobody's view changes by it."""
    found = images_selectors.image(by, image, Permission.ANNOTATE)
    row, _ = ActiveTime.objects.get_or_create(image=found, person=by)
    ActiveTime.objects.filter(id=row.id).update(seconds=F("seconds") + seconds)


def locked(*, by: User, assignment: UUID) -> Assignment:
    """The assignment, locked, if it is the user's own or the user gives them.

    Raises:
        NotFound, PermissionDenied: as `projects.selectors.access` does.
    """
    selectors.assignment(by, assignment, Permission.ANNOTATE)
    found = Assignment.objects.select_for_update().filter(id=assignment).first()
    if found is None:
        raise not_found("assignment")
    if found.annotator_id != by.id:
        access(by, found.project_id, Permission.ASSIGN)
    return found


def move(assignment: Assignment, state: Assignment.State, skip_reason: str = "") -> None:
    """Save an assignment with another state. It is out of the annotator's hands, so that no lease runs on."""
    assignment.state = state
    assignment.skip_reason = skip_reason
    assignment.lease_until = None
    assignment.updated_at = timezone.now()
    assignment.save(
        update_fields=["state", "skip_reason", "nothing_to_label", "image_review", "lease_until", "updated_at"]
    )


def record(by: User, assignments: Sequence[Assignment], *, removed: bool = False) -> list[Event]:
    """Tell the log what became of assignments."""
    if not assignments:
        return []
    return append(project=assignments[0].project_id, by=by, entries=entries_of(assignments, removed=removed))


def entries_of(assignments: Sequence[Assignment], *, removed: bool = False, **more: Any) -> list[Entry]:
    """The log entries for changed or removed assignments. `more` is added to their data."""
    return [
        Entry(
            "assignment.removed" if removed else "assignment.changed",
            object=row.id,
            image=row.image_id,
            data={
                "annotator": str(row.annotator_id),
                "state": row.state,
                "skip_reason": row.skip_reason,
                "nothing_to_label": row.nothing_to_label,
                "image_review": row.image_review,
                **more,
            },
        )
        for row in assignments
    ]


def _take(by: User, project: UUID) -> Assignment | None:
    abandoned = selectors.abandoned(project).order_by("created_at", "id")
    left = _skipping_locked(abandoned).first()
    if left is not None:
        left.annotator = by
        left.lease_until = timezone.now() + LEASE
        left.save(update_fields=["annotator", "lease_until"])
        record(by, [left])
        return left
    taken = Assignment.objects.filter(project=project).values("image")
    free = Image.objects.filter(project=project, deleted_at=None).exclude(id__in=taken).order_by("created_at", "id")
    image = _skipping_locked(free).first()
    if image is None:
        return None
    assignment = Assignment(project_id=project, image=image, annotator=by, created_by=by)
    assignment.lease_until = timezone.now() + LEASE
    try:
        with transaction.atomic():
            assignment.save(force_insert=True)
    except IntegrityError:
        # Someone took it between our look and our lock: look again.
        return _take(by, project)
    record(by, [assignment])
    return assignment


def _skipping_locked(rows: QuerySet[M]) -> QuerySet[M]:
    """On PostgreSQL each of several askers locks a row of their own. SQLite lets one at a time ask."""
    if connection.features.has_select_for_update_skip_locked:
        # Not the key: whoever just then adds something to the row's image must not hide it from the askers.
        return rows.select_for_update(skip_locked=True, of=("self",), no_key=True)
    return rows
