"""The state of an image that was handed in follows from what is on it, and from what is missing on it."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from labeling.annotations.models import Annotation
from labeling.assignments.models import Assignment
from labeling.assignments.services import entries_of
from labeling.events.services import Entry
from labeling.review.models import Comment
from labeling.review.states import of_image

# States in which nobody has judged anything yet, or nobody will.
NOT_HANDED_IN = (Assignment.State.OPEN, Assignment.State.SKIPPED)


def hold(images: Collection[UUID]) -> None:
    """Lock the assignments of images before their annotations are locked (docs/locks.md).

    Submitting locks in the same order, so the two cannot wait for each other.
    """
    list(Assignment.objects.select_for_update().filter(image__in=images).order_by("id"))


@transaction.atomic
def follow(*, images: Collection[UUID]) -> list[Entry]:
    """Update the state of images after verdicts, edits, and changes of missing objects, as `of_image` says.

    The caller has locked the assignments and appends the returned entries.
    """
    states: dict[UUID, set[str]] = {image: set() for image in images}
    found = Annotation.objects.filter(image__in=images, deleted_at=None).values_list("image", "state").distinct()
    for image, state in found.order_by():
        states[image].add(state)
    lacking = set(Comment.objects.filter(Comment.MISSED, image__in=images).values_list("image", flat=True))
    held = Assignment.objects.select_for_update().filter(image__in=images).exclude(state__in=NOT_HANDED_IN)
    changed = []
    for assignment in held.order_by("id"):
        followed = of_image(
            states[assignment.image_id], missing=assignment.image_id in lacking, look=bool(assignment.image_review)
        )
        if assignment.state != followed:
            assignment.state = followed
            assignment.updated_at = timezone.now()
            changed.append(assignment)
    Assignment.objects.bulk_update(changed, ["state", "updated_at"])
    return entries_of(changed)
