"""Removing people from a project, and what becomes of the images that they have open."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from labeling.accounts.models import User
from labeling.assignments import selectors
from labeling.assignments.assigning import annotator_in, entries_of_removed
from labeling.assignments.models import Assignment
from labeling.assignments.services import entries_of
from labeling.events.services import Entry, append
from labeling.projects.models import Member
from labeling.projects.roles import Permission
from labeling.projects.selectors import access
from labeling.projects.services import member_entry, removable_member
from labeling.rest import invalid

# Assignments per transaction.
SLICE = 500
# Images that reviewers return need somebody to return to.
HANDED_OVER = (*selectors.OPEN_STATES, Assignment.State.SUBMITTED)


@transaction.atomic
def remove_member(*, by: User, membership: UUID, hand_to: UUID | None = None) -> None:
    """Remove somebody from a project. Their open images are nobody's again, or `hand_to` has them.

    Raises:
        Conflict: the project would be left without a manager.
        ValidationError: the other person cannot label here.
    """
    found, heir = _required(by, membership, hand_to)
    type(found).objects.filter(id=found.id).delete()
    moved = _move(_rows(found, heir), heir, by)
    append(project=found.project_id, by=by, entries=[*moved, member_entry(found, "member.removed")])


def remove_member_ahead(*, by: User, membership: UUID, hand_to: UUID | None = None) -> None:
    """Move all their images except the last SLICE, one transaction per slice, so that no other writer waits long.

    `remove_member` does the rest. Both may be repeated at any point. Raises what `remove_member` raises.
    """
    while _move_slice(by, membership, hand_to):
        pass


@transaction.atomic
def _move_slice(by: User, membership: UUID, hand_to: UUID | None) -> bool:
    """Move the first SLICE images if there are more than that. Returns whether there were."""
    found, heir = _required(by, membership, hand_to)
    rows = list(_rows(found, heir)[: SLICE + 1])
    if len(rows) <= SLICE:
        return False
    append(project=found.project_id, by=by, entries=_move(rows[:SLICE], heir, by))
    return True


def _required(by: User, membership: UUID, hand_to: UUID | None) -> tuple[Member, User | None]:
    """The member to be removed, and who is to have their images."""
    found = removable_member(by=by, membership=membership)
    access(by, found.project_id, Permission.ASSIGN, what="member")
    heir = annotator_in(found.project, hand_to, "hand_to") if hand_to else None
    if heir and heir.id == found.user_id:
        raise invalid("same_person", "This person is being removed. Choose someone else.", "hand_to")
    return found, heir


def _rows(member: Member, heir: User | None) -> QuerySet[Assignment]:
    states = HANDED_OVER if heir else selectors.OPEN_STATES
    held = Assignment.objects.filter(project=member.project_id, annotator=member.user_id, state__in=states)
    return held.select_for_update().order_by("id")


def _move(found: Sequence[Assignment] | QuerySet[Assignment], heir: User | None, by: User) -> list[Entry]:
    rows = list(found)
    ids = [row.id for row in rows]
    if heir is None:
        Assignment.objects.filter(id__in=ids).delete()
        return entries_of_removed(rows)
    changes = {"annotator": heir, "created_by": by, "lease_until": None, "updated_at": timezone.now()}
    Assignment.objects.filter(id__in=ids).update(**changes)
    for row in rows:
        row.annotator = heir
    return entries_of(rows)
