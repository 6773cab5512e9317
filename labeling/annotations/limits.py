"""Limits of one change and of one image. The limits of a single shape are in geometry.py."""

from collections.abc import Iterable
from typing import Any

from labeling.annotations import geometry
from labeling.annotations.models import ImageTotal
from labeling.images.models import Image
from labeling.rest import Conflict, invalid

MEGABYTE = 1024 * 1024
MAX_CHANGED_ANNOTATIONS = 1_000
MAX_IMAGE_ANNOTATIONS = 10_000
# Limits on the contents (geometry, prompts and attributes). A request holds several copies of what it reads and writes.
MAX_IMAGE_BYTES = 64 * MEGABYTE
MAX_CHANGED_BYTES = 32 * MEGABYTE
MAX_PAGE_BYTES = 8 * MEGABYTE


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


def require_light(sizes: Iterable[int]) -> None:
    """Raise ValidationError if the contents that a request is about take too much memory together.

    Pass the sizes before the contents are read. A single annotation is never too much.
    """
    known = list(sizes)
    if len(known) > 1 and sum(known) > MAX_CHANGED_BYTES:
        most, found = MAX_CHANGED_BYTES // MEGABYTE, sum(known) / MEGABYTE
        sentence = f"The annotations of one request may take at most {most} MB, and these take {found:.1f} MB."
        raise invalid("too_many_bytes", f"{sentence} Split them into several requests.", "non_field_errors")


def require_room(total: ImageTotal, *, added: int, grown: int) -> None:
    """Raise Conflict if a change that adds annotations or bytes leaves the image with too many.

    Args:
        total: the image's total with the change.
        added, grown: annotations and bytes that the change has added to it.
    """
    if added > 0 and total.annotations > MAX_IMAGE_ANNOTATIONS:
        sentence = f"An image can have at most {MAX_IMAGE_ANNOTATIONS:,} annotations, and this one would have"
        raise Conflict(
            "image_full", f"{sentence} {total.annotations:,}. Delete some first.", limit=MAX_IMAGE_ANNOTATIONS
        )
    if grown > 0 and total.bytes > MAX_IMAGE_BYTES:
        most, found = MAX_IMAGE_BYTES // MEGABYTE, total.bytes / MEGABYTE
        sentence = f"The annotations of an image may take at most {most} MB, and these would take {found:.1f} MB."
        raise Conflict("image_bytes_full", f"{sentence} Simplify or delete some first.", limit=MAX_IMAGE_BYTES)


def fitting(sizes: Iterable[int]) -> int:
    """How many contents of these sizes fit into one page, from the first. At least one does, if there is any."""
    amount, left = 0, MAX_PAGE_BYTES
    for size in sizes:
        left -= size
        if amount and left < 0:
            break
        amount += 1
    return amount
