"""Projects whose masks do not overlap: a new mask takes nothing from the ones that are there.

The editor cuts a new mask by the others before it sends it. The server only refuses: cut here, a mask that is sent
again would be another one than the first time, and nobody would have seen it.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from inference import masks
from labeling.annotations.geometry import common_pixels, overlaps
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
    left_out = [*(row.id for row in written), *gone]
    there = Annotation.objects.filter(image=image, kind=Kind.MASK, deleted_at=None).exclude(id__in=left_out)
    others = [*there.select_related("label_class"), *(row for row in written if row.kind == Kind.MASK)]
    fresh = {row.id for row in reshaped}
    near = [row for row in others if row.id not in fresh and any(masks.meet(row.bbox, new.bbox) for new in reshaped)]
    found = overlaps([row.shape for row in reshaped], [row.shape for row in near], image.width, image.height)
    if found is None:
        return
    for other in others:
        if other.id != reshaped[found].id and masks.meet(reshaped[found].bbox, other.bbox):
            _require_apart(reshaped[found], other)


def _is_reshaped(row: Annotation) -> bool:
    before = None if row._state.adding else Annotation.objects.filter(id=row.id).values("shape", "deleted_at").first()
    return before is None or before["deleted_at"] is not None or before["shape"] != row.shape


def _require_apart(row: Annotation, other: Annotation) -> None:
    pixels = common_pixels(row.shape, other.shape)
    if pixels:
        sentence = (
            f"The mask takes {pixels:,} pixels of another one ({other.label_class.name}), and in this project masks do "
            "not overlap. Cut it, then save it again."
        )
        raise Conflict("masks_overlap", sentence, annotation=str(row.id), other=str(other.id))
