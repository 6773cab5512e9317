"""Changes of annotations, and what follows from them for the work on their image.

An edit reopens what was decided. So an image that was done waits again: for a reviewer, or for its annotator, who has
something to submit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from labeling.accounts.models import User
from labeling.annotations import services
from labeling.annotations.models import Annotation, AnnotationVersion
from labeling.annotations.policy import Policy
from labeling.annotations.saving import Changed
from labeling.annotations.services import Written
from labeling.annotations.states import State
from labeling.assignments.models import Assignment
from labeling.events.models import Event
from labeling.events.services import Entry
from labeling.images.models import Image
from labeling.projects.roles import Permission
from labeling.projects.selectors import may
from labeling.review.following import NOT_HANDED_IN, follow

Change = AnnotationVersion.Change


@transaction.atomic
def change(*, by: User, image: UUID, **edits: Any) -> Written:
    """As `annotations.services.change`, with what follows for the image."""
    return services.change(by=by, image=image, work=Work(by), **edits)


@transaction.atomic
def restore(*, by: User, annotation: UUID, expected: int, version: int | None) -> Annotation:
    """As `annotations.services.restore`, with what follows for the image."""
    return services.restore(by=by, annotation=annotation, expected=expected, version=version, work=Work(by))


@dataclass
class Work:
    """The assignment of the image on which somebody changes annotations."""

    by: User
    assignment: Assignment | None = field(default=None, init=False)

    def hold(self, image: Image) -> None:
        """Lock it: submitting must not miss what is drawn at the same moment."""
        self.assignment = Assignment.objects.select_for_update().filter(image=image).first()

    def undoes_deletion(self, annotation: Annotation) -> bool:
        """Whether bringing this back only undoes what the same person has deleted, and no reviewer has seen it gone."""
        held = self.assignment
        if held is None or held.image_review != Assignment.ImageReview.DELETED or annotation.deleted_at is None:
            return False
        return annotation.updated_by_id == self.by.id and annotation.deleted_at > _seen_at(held)

    def follow(self, image: Image, changed: Sequence[Changed]) -> list[Entry]:
        """Move it where the changes, which are written, lead it."""
        held = self.assignment
        if held is None or held.state in NOT_HANDED_IN:
            return []
        there = set(Annotation.objects.filter(image=image, deleted_at=None).values_list("state", flat=True).distinct())
        before = held.image_review
        held.image_review = self._image_review(held, changed, there)
        if held.image_review != before:
            held.save(update_fields=["image_review"])
        if held.state == Assignment.State.RETURNED and not (there and _is_draft_taken_back(changed)):
            return []
        return follow(images=[image.id])

    def _image_review(self, held: Assignment, changed: Sequence[Changed], there: set[str]) -> str:
        """Why a reviewer has to look at the image, now that these were changed."""
        gone = [row for row, kind in changed if kind == Change.DELETED]
        decided = any(row.state == State.ACCEPTED for row in gone)
        emptied = bool(gone) and not there and held.state != Assignment.State.RETURNED
        if (decided or emptied) and self._needs_other_eyes(held):
            return Assignment.ImageReview.DELETED
        back = any(kind == Change.RESTORED and row.state == State.ACCEPTED for row, kind in changed)
        if back and held.image_review == Assignment.ImageReview.DELETED and not _is_still_gone(held):
            return ""
        return held.image_review

    def _needs_other_eyes(self, held: Assignment) -> bool:
        """Whether someone else has to review what this person does. A reviewer's deletion is a decision already."""
        project = held.project
        if not may(self.by, project, Permission.REVIEW):
            return True
        return held.annotator_id == self.by.id and not Policy.from_json(project.review).own


def _is_draft_taken_back(changed: Sequence[Changed]) -> bool:
    return any(kind == Change.DELETED and row.state == State.DRAFT for row, kind in changed)


def _is_still_gone(held: Assignment) -> bool:
    gone = Annotation.objects.filter(image=held.image_id, deleted_at__gt=_seen_at(held), state=State.ACCEPTED)
    return gone.exists()


def _seen_at(held: Assignment) -> datetime:
    """When a reviewer has last accepted the image as it was then."""
    events = Event.objects.filter(object=held.id, project=held.project_id, data__has_key="confirmed")
    return events.order_by("-seq").values_list("at", flat=True).first() or datetime.min.replace(tzinfo=UTC)
