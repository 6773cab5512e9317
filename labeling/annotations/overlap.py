"""Projects whose masks do not overlap: a new mask takes nothing from the ones that are there.

The editor cuts a new mask by the others before it sends it. The server only refuses: cut here, a mask that is sent
again would be another one than the first time, and nobody would have seen it.
"""

from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from inference import masks
from labeling.annotations.geometry import common_pixels, overlaps
from labeling.annotations.limits import fitting
from labeling.annotations.models import Annotation
from labeling.images.models import Image
from labeling.projects.models import Kind, Project
from labeling.rest import Conflict


def hold(image: Image) -> None:
    """Where masks must not overlap, changes of one image wait for each other: each sees what the one before drew."""
    if image.project.overlap == Project.Overlap.EXCLUSIVE:
        list(Image.objects.select_for_update(no_key=True).filter(id=image.id).values_list("id"))


def require_none(image: Image, written: Sequence[Annotation], *, gone: Collection[UUID] = ()) -> None:
    """Raises Conflict: a mask that is written with another geometry than it had takes a pixel of another mask."""
    if image.project.overlap != Project.Overlap.EXCLUSIVE:
        return
    reshaped = [row for row in written if row.kind == Kind.MASK and _is_reshaped(row)]
    if not reshaped:
        return
    fresh = {row.id for row in reshaped}
    # In the first round the masks that are written meet each other, too.
    _require_apart(image, reshaped, [row for row in written if row.kind == Kind.MASK and row.id not in fresh])
    left_out = [*(row.id for row in written), *gone]
    for others in _near(image, reshaped, left_out):
        _require_apart(image, reshaped, others)


def _near(image: Image, reshaped: Sequence[Annotation], left_out: Collection[UUID]) -> Iterator[list[Annotation]]:
    """The image's masks whose boxes meet one of these, in parts that are small enough to be in memory together."""
    there = Annotation.objects.filter(image=image, kind=Kind.MASK, deleted_at=None).exclude(id__in=left_out)
    boxes = there.order_by("id").values_list("id", "bbox", "content_bytes")
    near = [(id, size) for id, bbox, size in boxes if any(masks.meet(bbox, row.bbox) for row in reshaped)]
    while near:
        amount = fitting(size for _, size in near)
        part, near = near[:amount], near[amount:]
        yield list(there.filter(id__in=[id for id, _ in part]).select_related("label_class"))


def _is_reshaped(row: Annotation) -> bool:
    before = None if row._state.adding else Annotation.objects.filter(id=row.id).values("shape", "deleted_at").first()
    return before is None or before["deleted_at"] is not None or before["shape"] != row.shape


def _require_apart(image: Image, reshaped: Sequence[Annotation], others: Sequence[Annotation]) -> None:
    """Raise Conflict if one of `reshaped` shares a pixel with one of `others`, or with another of `reshaped`."""
    shapes, others_shapes = [row.shape for row in reshaped], [row.shape for row in others]
    found = overlaps(shapes, others_shapes, image.width, image.height)
    if found is None:
        return
    row = reshaped[found]
    for other in [*others, *reshaped]:
        if other.id != row.id and masks.meet(row.bbox, other.bbox):
            _refuse_overlap(row, other)


def _refuse_overlap(row: Annotation, other: Annotation) -> None:
    pixels = common_pixels(row.shape, other.shape)
    if pixels:
        sentence = (
            f"The mask takes {pixels:,} pixels of another one ({other.label_class.name}), and in this project masks do "
            "not overlap. Cut it, then save it again."
        )
        raise Conflict("masks_overlap", sentence, annotation=str(row.id), other=str(other.id))
