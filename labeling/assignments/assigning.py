"""Giving images to people, taking them away, and undoing either."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from labeling.accounts.models import User
from labeling.assignments.models import Assignment
from labeling.assignments.selectors import FINISHED_STATES
from labeling.assignments.services import BATCH, LEASE, entries_of
from labeling.events.models import Event
from labeling.events.services import Entry, append
from labeling.images.models import Image
from labeling.projects.models import Membership, Project
from labeling.projects.roles import Permission, permissions
from labeling.projects.selectors import access
from labeling.rest import Conflict, invalid

Outcome = Literal["assigned", "reassigned", "already", "left", "unassigned"]
# As many images as one request may name.
MAX_IMAGES = 1000
FIELDS = ("annotator", "created_by", "lease_until", "state", "skip_reason", "nothing_to_label", "image_review",
          "updated_at")  # fmt: skip


@dataclass(frozen=True)
class Assigned:
    """The outcome for each image, and the first and the last event of it; None where nothing changed."""

    outcomes: dict[UUID, Outcome]
    events: tuple[int, int] | None


@transaction.atomic
def assign(
    *, by: User, project: UUID, annotator: UUID, images: Sequence[UUID], include_finished: bool = False
) -> Assigned:
    """Give images to an annotator; what someone else has changes hands. Images that are submitted or done are left as
    they are, unless they are to be included: then they are open again.

    Whoever may label may also give themselves what nobody has.

    Raises:
        PermissionDenied: given to another person, taken from one, or opened again, by somebody who is no manager.
        ValidationError: someone who cannot label here, or an image that is not in the project.
    """
    by_manager = annotator != by.id or include_finished
    found = access(by, project, Permission.ASSIGN if by_manager else Permission.ANNOTATE)
    person = annotator_in(found, annotator, "annotator")
    held = _locked(_require_there(found, images))
    if any(row.annotator_id != by.id for row in held.values()):
        access(by, project, Permission.ASSIGN)
    before = {image: state_of(row) for image, row in held.items()}
    given = {
        image: _give(held.get(image), found.id, image, person, by, include_finished=include_finished)
        for image in dict.fromkeys(images)
    }
    rows = [row for row, outcome in given.values() if row and outcome in ("assigned", "reassigned")]
    _save(rows)
    events = _record(by, found.id, [with_before(entry, before) for entry in entries_of(rows)])
    return Assigned({image: outcome for image, (_, outcome) in given.items()}, events)


@transaction.atomic
def unassign(*, by: User, project: UUID, images: Sequence[UUID]) -> Assigned:
    """Take images away from whoever has them; what was labeled stays. Images that are submitted or done are left.

    Raises:
        PermissionDenied: by somebody who is no manager.
        ValidationError: an image that is not in the project.
    """
    found = access(by, project, Permission.ASSIGN)
    held = _locked(_require_there(found, images))
    rows = [row for row in held.values() if row.state not in FINISHED_STATES]
    Assignment.objects.filter(id__in=[row.id for row in rows]).delete()
    events = _record(by, found.id, entries_of_removed(rows))
    outcomes: dict[UUID, Outcome] = dict.fromkeys(images, "already")
    outcomes |= {image: "left" if row.state in FINISHED_STATES else "unassigned" for image, row in held.items()}
    return Assigned(outcomes, events)


@transaction.atomic
def undo(*, by: User, project: UUID, first: int, last: int) -> tuple[int, int]:
    """Undo one's own assigning or unassigning, whose events are these, where nothing has happened since.

    Returns how many images are as they were before, and how many had changed since and are left as they are.

    Raises:
        PermissionDenied: by somebody who is no manager.
        Conflict: these are not the events of such a change.
    """
    found = access(by, project, Permission.ASSIGN)
    log = Event.objects.filter(project=project, actor=by.id, seq__range=(first, last), data__has_key="before")
    events = list(log.order_by("seq"))
    if not events:
        raise Conflict("nothing_to_undo", "There is no assignment of yours to undo here.")
    there = _there(found, [event.image for event in events if event.image])
    held = _locked(there)
    moved = _moved_since(events, last)
    standing = [event for event in events if event.image in there and _stands(event, held)]
    undone = [event for event in standing if event.object not in moved]
    rows = [_as_before(event, held, found) for event in undone if event.data["before"]]
    gone = [held[event.image] for event in undone if event.image and not event.data["before"]]
    Assignment.objects.filter(id__in=[row.id for row in gone]).delete()
    _save(rows)
    _record(by, found.id, [*entries_of(rows), *entries_of(gone, removed=True)])
    return len(undone), len(events) - len(undone)


def annotator_in(project: Project, user: UUID, field: str) -> User:
    """Somebody who labels in the project. Raises ValidationError about this field of the request."""
    member = Membership.objects.select_related("user").filter(project=project, user=user).first()
    if member is None or Permission.ANNOTATE not in permissions(member.roles):
        raise invalid("not_an_annotator", "This person cannot label in this project.", field)
    return member.user


def state_of(row: Assignment) -> dict[str, Any]:
    """The state that undoing restores."""
    return {
        "annotator": str(row.annotator_id),
        "created_by": str(row.created_by_id),
        "created_at": row.created_at.isoformat(),
        "state": row.state,
        "skip_reason": row.skip_reason,
        "nothing_to_label": row.nothing_to_label,
        "image_review": row.image_review,
        "leased": row.lease_until is not None,
    }


def with_before(entry: Entry, before: Mapping[UUID, dict[str, Any]]) -> Entry:
    """The entry with how its image's assignment was before; null where there was none."""
    assert entry.image is not None
    entry.data["before"] = before.get(entry.image)
    return entry


def entries_of_removed(rows: Sequence[Assignment]) -> list[Entry]:
    before = {row.image_id: state_of(row) for row in rows}
    return [with_before(entry, before) for entry in entries_of(rows, removed=True)]


def _require_there(project: Project, images: Iterable[UUID]) -> set[UUID]:
    """These images, locked. Raises ValidationError if some are not in the project."""
    wanted = set(images)
    if _there(project, wanted) != wanted:
        raise invalid("no_such_image", "Some of these images are not in this project.", "images")
    return wanted


def _there(project: Project, images: Iterable[UUID]) -> set[UUID]:
    """Which of these images there are, locked: of several who give one at once, each sees what the one before gave."""
    rows = Image.objects.select_for_update(no_key=True).filter(project=project, id__in=set(images), deleted_at=None)
    return set(rows.order_by("id").values_list("id", flat=True))


def _locked(images: Iterable[UUID]) -> dict[UUID, Assignment]:
    """The assignments of these images, which are locked."""
    held = Assignment.objects.select_for_update().filter(image__in=list(images)).order_by("id")
    return {row.image_id: row for row in held}


def _give(
    held: Assignment | None, project: UUID, image: UUID, annotator: User, by: User, *, include_finished: bool
) -> tuple[Assignment | None, Outcome]:
    """The assignment to save, and the kind of change."""
    if held is None:
        return Assignment(project_id=project, image_id=image, annotator=annotator, created_by=by), "assigned"
    finished = held.state in FINISHED_STATES
    if finished and not include_finished:
        return held, "left"
    opens = finished or held.state == Assignment.State.SKIPPED
    theirs = held.annotator_id == annotator.id
    if theirs and held.lease_until is None and not opens:
        return held, "already"
    held.annotator = annotator
    held.created_by = by
    held.lease_until = None
    held.updated_at = timezone.now()
    if opens:
        _open(held)
    return held, "assigned" if opens or theirs else "reassigned"


def _open(held: Assignment) -> None:
    held.state = Assignment.State.OPEN
    held.skip_reason = ""
    held.nothing_to_label = False
    if held.image_review == Assignment.ImageReview.NOTHING_TO_LABEL:
        held.image_review = ""


def _save(rows: Sequence[Assignment]) -> None:
    Assignment.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=FIELDS, batch_size=BATCH
    )


def _record(by: User, project: UUID, entries: Sequence[Entry]) -> tuple[int, int] | None:
    events = append(project=project, by=by, entries=entries) if entries else []
    return (events[0].seq, events[-1].seq) if events else None


def _moved_since(events: Sequence[Event], last: int) -> set[UUID | None]:
    """The assignments of these events to which something has happened since."""
    objects = [event.object for event in events]
    later = Event.objects.filter(project=events[0].project, object__in=objects, seq__gt=last)
    return set(later.values_list("object", flat=True))


def _stands(event: Event, held: Mapping[UUID, Assignment]) -> bool:
    """Whether the image's assignment is as the event left it."""
    row = held.get(event.image) if event.image else None
    if event.kind == "assignment.removed":
        return row is None
    return row is not None and row.id == event.object


def _as_before(event: Event, held: Mapping[UUID, Assignment], project: Project) -> Assignment:
    assert event.image is not None
    assert event.object is not None
    before = event.data["before"]
    row = held.get(event.image) or Assignment(id=event.object, project=project, image_id=event.image)
    row.annotator_id, row.created_by_id = UUID(before["annotator"]), UUID(before["created_by"])
    row.created_at = datetime.fromisoformat(before["created_at"])
    for name in ("state", "skip_reason", "nothing_to_label", "image_review"):
        setattr(row, name, before[name])
    row.lease_until = timezone.now() + LEASE if before["leased"] else None
    row.updated_at = timezone.now()
    return row
