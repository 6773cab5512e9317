"""How much one change, and one image, may hold. What a single shape may cost: geometry.py."""

from collections.abc import Iterable
from typing import Any

from labeling.annotations import geometry
from labeling.annotations.models import Annotation
from labeling.images.models import Image
from labeling.rest import Conflict, invalid

MAX_CHANGED_ANNOTATIONS = 1_000
MAX_IMAGE_ANNOTATIONS = 10_000


def require_few(amount: int) -> None:
    """Raises ValidationError: so many annotations in one change would keep everybody else's saves waiting."""
    if amount > MAX_CHANGED_ANNOTATIONS:
        sentence = f"A change names at most {MAX_CHANGED_ANNOTATIONS:,} annotations, and this one {amount:,}."
        raise invalid("too_many_changes", f"{sentence} Send them as several changes.", "non_field_errors")


def require_simple(bodies: Iterable[dict[str, Any]], image: Image) -> None:
    """Raises ValidationError: the polygons of one change are together more work than one of them may be."""
    costs = [geometry.crossings(body.get("polygon"), image.width) for body in bodies]
    total = sum(costs)
    # One that is too much by itself is refused with its place in the request.
    if max(costs, default=0) <= geometry.MAX_CROSSINGS < total:
        why = f"The change's polygons cross the image's columns {total:,} times together"
        sentence = f"{why}; at most {geometry.MAX_CROSSINGS:,} are allowed. Send them as several changes."
        raise invalid("too_many_crossings", sentence)


def require_room(image: Image) -> None:
    """Raises Conflict: the image holds more annotations than an image may, after what was just written.

    Call it with the lock of the project's log, which lets only one change at a time count.
    """
    amount = Annotation.objects.filter(image=image, deleted_at=None).count()
    if amount > MAX_IMAGE_ANNOTATIONS:
        sentence = f"An image has at most {MAX_IMAGE_ANNOTATIONS:,} annotations, and this one would have {amount:,}."
        raise Conflict("image_full", f"{sentence} Delete some first.", limit=MAX_IMAGE_ANNOTATIONS)
