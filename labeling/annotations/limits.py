"""Limits of one change and of one image. The limits of a single shape are in geometry.py."""

from collections.abc import Iterable
from typing import Any

from labeling.annotations import geometry
from labeling.annotations.models import Annotation
from labeling.images.models import Image
from labeling.rest import Conflict, invalid

MAX_CHANGED_ANNOTATIONS = 1_000
MAX_IMAGE_ANNOTATIONS = 10_000


def require_few(amount: int) -> None:
    """Raise ValidationError for too many annotations in one change, which would block everybody else's saves."""
    if amount > MAX_CHANGED_ANNOTATIONS:
        sentence = f"A change names at most {MAX_CHANGED_ANNOTATIONS:,} annotations, and this one {amount:,}."
        raise invalid("too_many_changes", f"{sentence} Send them as several changes.", "non_field_errors")


def require_simple(bodies: Iterable[dict[str, Any]], image: Image) -> None:
    """Raise ValidationError if all polygons of a change together are more work than a single one may be."""
    costs = [geometry.crossings(body.get("polygon"), image.width) for body in bodies]
    total = sum(costs)
    # A single polygon that is too much is refused elsewhere, with its place in the request.
    if max(costs, default=0) <= geometry.MAX_CROSSINGS < total:
        why = f"The change's polygons cross the image's columns {total:,} times together"
        sentence = f"{why}; at most {geometry.MAX_CROSSINGS:,} are allowed. Send them as several changes."
        raise invalid("too_many_crossings", sentence)


def require_room(image: Image) -> None:
    """Raise Conflict if the image now holds too many annotations.

    Call it after writing, under the lock of the project's log, so that only one change at a time counts.
    """
    amount = Annotation.objects.filter(image=image, deleted_at=None).count()
    if amount > MAX_IMAGE_ANNOTATIONS:
        sentence = f"An image has at most {MAX_IMAGE_ANNOTATIONS:,} annotations, and this one would have {amount:,}."
        raise Conflict("image_full", f"{sentence} Delete some first.", limit=MAX_IMAGE_ANNOTATIONS)
