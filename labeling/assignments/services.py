"""Every write to assignments, but for handing in, which is in review/submission.py."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal, TypeVar
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
from labeling.projects.roles import Permission, permissions
from labeling.projects.selectors import access
from labeling.rest import Conflict, invalid, not_found

M = TypeVar("M", bound=models.Model)

LEASE = timedelta(minutes=30)
BATCH = 500

Given = Literal["assigned", "reassigned", "already"]


@transaction.atomic
def assign(*, by: User, project: UUID, annotator: UUID, images: Sequence[UUID]) -> dict[UUID, Given]:
    """Give images to an annotator; what someone else has changes hands. Says of each image what happened.

    Whoever may label may also give themselves what nobody has.

    Raises:
        PermissionDenied: given to another person, or taken from one, by somebody who is no manager.
        ValidationError: someone who cannot label here, or an image that is not in the project.
    """
    found = access(by, project, Permission.ASSIGN if annotator != by.id else Permission.ANNOTATE)
    member = Membership.objects.select_related("user").filter(project=found, user=annotator).first()
    if member is None or Permission.ANNOTATE not in permissions(member.roles):
        raise invalid("not_an_annotator", "This person cannot label in this project.", "annotator")
    # Under a lock: of several who give an image at once, each sees what the one before gave.
    rows = Image.objects.select_for_update(no_key=True).filter(project=found, id__in=images, deleted_at=None)
    known = set(rows.order_by("id").values_list("id", flat=True))
    if known != set(images):
        raise invalid("no_such_image", "Some of these images are not in this project.", "images")
    held = {row.image_id: row for row in Assignment.objects.select_for_update().filter(image__in=images).order_by("id")}
    if any(row.annotator_id != by.id for row in held.values()):
        access(by, project, Permission.ASSIGN)
    given = {image: _give(held.get(image), found.id, image, member.user, by) for image in dict.fromkeys(images)}
    Assignment.objects.bulk_create(
        [row for row, _ in given.values()],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["annotator", "created_by", "lease_until", "state", "skip_reason", "updated_at"],
        batch_size=BATCH,
    )
    record(by, [row for row, outcome in given.values() if outcome != "already"])
    return {image: outcome for image, (_, outcome) in given.items()}


@transaction.atomic
def pull(*, by: User, project: UUID) -> Assignment | None:
    """The next image for someone who asks for one: what they have already, else the oldest that nobody has.

    It is theirs for half an hour at a time; asking again renews the lease, and a lease that ran out frees the image.
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
    """Out of the annotator's hands, so that no lease runs on."""
    assignment.state = state
    assignment.skip_reason = skip_reason
    assignment.lease_until = None
    assignment.updated_at = timezone.now()
    assignment.save(update_fields=["state", "skip_reason", "lease_until", "updated_at"])


def record(by: User, assignments: Sequence[Assignment], *, removed: bool = False) -> list[Event]:
    """Tell the log what became of assignments."""
    if not assignments:
        return []
    return append(project=assignments[0].project_id, by=by, entries=entries_of(assignments, removed=removed))


def entries_of(assignments: Sequence[Assignment], *, removed: bool = False) -> list[Entry]:
    """The log entries for changed or removed assignments."""
    return [
        Entry(
            "assignment.removed" if removed else "assignment.changed",
            object=row.id,
            image=row.image_id,
            data={"annotator": str(row.annotator_id), "state": row.state, "skip_reason": row.skip_reason},
        )
        for row in assignments
    ]


def _give(held: Assignment | None, project: UUID, image: UUID, annotator: User, by: User) -> tuple[Assignment, Given]:
    """The assignment to save, and the kind of change."""
    if held is None:
        return Assignment(project_id=project, image_id=image, annotator=annotator, created_by=by), "assigned"
    finished = held.state in (Assignment.State.DONE, Assignment.State.SKIPPED)
    if held.annotator_id == annotator.id and held.lease_until is None and not finished:
        return held, "already"
    outcome: Given = "already" if held.annotator_id == annotator.id else "reassigned"
    held.annotator = annotator
    held.created_by = by
    held.lease_until = None
    held.updated_at = timezone.now()
    if finished:
        held.state = Assignment.State.OPEN
        held.skip_reason = ""
        outcome = "assigned"
    return held, outcome


def _take(by: User, project: UUID) -> Assignment | None:
    expired = Assignment.objects.filter(
        project=project, state=Assignment.State.OPEN, lease_until__lt=timezone.now(), image__deleted_at=None
    )
    lapsed = _skipping_locked(expired.order_by("created_at", "id")).first()
    if lapsed is not None:
        lapsed.annotator = by
        lapsed.lease_until = timezone.now() + LEASE
        lapsed.save(update_fields=["annotator", "lease_until"])
        record(by, [lapsed])
        return lapsed
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
