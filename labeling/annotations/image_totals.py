"""How many annotations an image has and how many bytes their contents take, counted as they are written.

Like tally.py, it is called behind `append`, which locks the project's log to the end of the transaction: one
transaction at a time counts in a project, and its cost grows with the change and not with the image.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Sum

from labeling.annotations.models import Annotation, ImageTotal
from labeling.events.models import Stream
from labeling.images.models import Image


def add(image: UUID, *, annotations: int, bytes: int) -> ImageTotal:
    """Add to the total of an image, or subtract with negative numbers. Call it after `append`."""
    total = ImageTotal.objects.filter(image=image).first() or ImageTotal(image=image)
    if annotations or bytes:
        total.annotations = max(0, total.annotations + annotations)
        total.bytes = max(0, total.bytes + bytes)
        _write([total])
    return total


def forget(image: UUID) -> None:
    """Delete the total of a deleted image. Call it after `append`."""
    ImageTotal.objects.filter(image=image).delete()


@transaction.atomic
def recount(project: UUID) -> None:
    """Count a project's images anew from the annotations themselves."""
    Stream.objects.select_for_update().get_or_create(project=project)
    ImageTotal.objects.filter(image__in=Image.objects.filter(project=project).values("id")).delete()
    there = Annotation.objects.filter(project=project, deleted_at=None).order_by().values("image")
    rows = there.annotate(annotations=Count("id"), bytes=Sum("content_bytes"))
    _write(ImageTotal(**row) for row in rows.iterator())


def _write(totals: Iterable[ImageTotal]) -> None:
    ImageTotal.objects.bulk_create(
        totals, update_conflicts=True, unique_fields=["image"], update_fields=["annotations", "bytes"], batch_size=2000
    )
