"""Mask algebra on COCO run lengths; pure functions.

A mask of an image is `Rle(size=(height, width), counts=string)`: the lengths of the runs of background and
foreground, in turn and column by column, in COCO's compressed string form. Nearly everything here works on runs or
on the crop of a mask, so that its cost follows the mask and not the image.

Boxes are XYWH in whole pixels, crops are boolean arrays [height, width]. Polygons: rasterize.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from inference import counts
from inference.counts import Ints
from inference.counts import InvalidMask as InvalidMask

Mask = npt.NDArray[np.bool_]
Box = tuple[int, int, int, int]

BLOCK_PIXELS = 1 << 22
# Run lengths of one mask, background and foreground together.
MAX_RUNS = 4_000_000


@dataclass(frozen=True)
class Rle:
    """A mask of a whole image: size is (height, width), counts COCO's compressed string."""

    size: tuple[int, int]
    counts: str

    @classmethod
    def from_json(cls, data: Any) -> Rle:
        """Parse a mask from a request: {"size": [height, width], "counts": "…"}.

        Raises:
            InvalidMask: the counts do not fill the size, have more than MAX_RUNS runs, or an empty run after the first.
        """
        if not isinstance(data, dict) or not _is_size(data.get("size")) or not isinstance(data.get("counts"), str):
            raise InvalidMask('A mask is {"size": [height, width], "counts": "compressed run lengths"}.')
        rle = cls((data["size"][0], data["size"][1]), data["counts"])
        require_few_runs(counts.amount(rle.counts))
        if not _lengths(rle)[1:].all():
            raise InvalidMask("The mask's counts hold an empty run. Only the first run may be empty.")
        return rle

    def to_json(self) -> dict[str, Any]:
        return {"size": list(self.size), "counts": self.counts}


def require_few_runs(amount: int) -> None:
    """Raise InvalidMask for more than MAX_RUNS runs, background and foreground: such masks are too much work."""
    if amount > MAX_RUNS:
        raise InvalidMask(f"The mask has {amount:,} runs; at most {MAX_RUNS:,} are allowed. Smooth it.")


def _is_size(value: Any) -> bool:
    return (
        isinstance(value, list | tuple)
        and len(value) == 2
        and all(isinstance(side, int) and not isinstance(side, bool) and 0 < side <= 2**20 for side in value)
    )


def encode(mask: Mask, size: tuple[int, int] | None = None, offset: tuple[int, int] = (0, 0)) -> Rle:
    """The mask of an image of `size` (height, width) in which the crop `mask` lies with its top left pixel at
    `offset` (x, y). The crop must lie inside the image. Costs what the crop costs."""
    size = size or (mask.shape[0], mask.shape[1])
    x, y = offset
    if x < 0 or y < 0 or x + mask.shape[1] > size[1] or y + mask.shape[0] > size[0]:
        raise InvalidMask("The crop does not lie inside the image.")
    # A block of columns at a time: the temporary arrays of a large mask would be several times its size.
    step = max(1, BLOCK_PIXELS // max(1, mask.shape[0]))
    blocks = [_edges(mask[:, left : left + step], x + left, y, size[0]) for left in range(0, mask.shape[1], step)]
    starts, ends = np.concatenate(blocks or [np.zeros((2, 0), np.int64)], axis=1)
    return from_runs(starts, ends, size)


def _edges(mask: Mask, x: int, y: int, height: int) -> Ints:
    """Where the columns' runs begin and end, as positions in the image: two rows."""
    columns = np.zeros((mask.shape[1], mask.shape[0] + 2), np.bool_)
    if mask.size:
        # Several times as quick as copying numpy's transposed view.
        columns[:, 1:-1] = cv2.transpose(mask.view(np.uint8)).view(np.bool_)
    places = np.flatnonzero(columns[:, 1:] != columns[:, :-1])
    column, row = np.divmod(places, mask.shape[0] + 1)
    # In every column beginnings and ends take turns.
    return np.asarray((column + x) * height + row + y, np.int64).reshape(-1, 2).T


def decode(rle: Rle) -> Mask:
    """The whole mask [height, width]. Use crop where the image may be large."""
    x, y, part = crop(rle)
    mask = np.zeros(rle.size, np.bool_)
    mask[y : y + part.shape[0], x : x + part.shape[1]] = part
    return mask


def crop(rle: Rle) -> tuple[int, int, Mask]:
    """(x, y, mask): the mask inside its tight bounding box, whose top left pixel is (x, y); empty [0, 0] when
    the mask is. Costs what the box costs."""
    starts, ends = runs(rle)
    x, y, width, height = box_of(starts, ends, rle.size[0])
    # A run over a column's end makes the box as high as the image: positions stay contiguous in the crop.
    change = np.zeros(width * height + 1, np.int8)
    change[local(starts, rle.size[0], x, y, height)] += 1
    change[local(ends - 1, rle.size[0], x, y, height) + 1] -= 1
    filled = np.cumsum(change[:-1], dtype=np.int8).astype(np.bool_)
    return x, y, np.ascontiguousarray(filled.reshape(width, height).T)


def local(positions: Ints, image_height: int, x: int, y: int, height: int) -> Ints:
    return (positions // image_height - x) * height + positions % image_height - y


def bbox(rle: Rle) -> Box:
    """The tight bounding box (x, y, width, height); all zero for an empty mask."""
    return box_of(*runs(rle), rle.size[0])


def meet(a: Sequence[float], b: Sequence[float]) -> bool:
    """Whether two boxes XYWH have more than an edge in common."""
    return a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]


def box_of(starts: Ints, ends: Ints, height: int) -> Box:
    if len(starts) == 0:
        return 0, 0, 0, 0
    first, last = starts // height, (ends - 1) // height
    left, right = int(first.min()), int(last.max())
    if (first != last).any():
        return left, 0, right - left + 1, height
    top, bottom = int((starts % height).min()), int(((ends - 1) % height).max())
    return left, top, right - left + 1, bottom - top + 1


def area(rle: Rle) -> int:
    """Foreground pixels."""
    starts, ends = runs(rle)
    return int((ends - starts).sum())


def iou(a: Rle, b: Rle) -> float:
    """Intersection over union of two masks of one image; 0 when both are empty. Costs what the runs cost."""
    inside = shared(a, b)
    union = area(a) + area(b) - inside
    return inside / union if union else 0.0


def shared(a: Rle, b: Rle) -> int:
    """How many pixels two masks of one image have in common. Costs what the runs cost."""
    if a.size != b.size:
        raise InvalidMask("Masks of images of different size cannot be compared.")
    starts, ends = runs(a)
    return int((_filled_before(ends, b) - _filled_before(starts, b)).sum())


def _filled_before(positions: Ints, rle: Rle) -> Ints:
    starts, ends = runs(rle)
    if len(starts) == 0:
        return np.zeros(len(positions), np.int64)
    total = np.concatenate(([0], np.cumsum(ends - starts)))
    run = np.searchsorted(starts, positions, "right")
    beyond = np.maximum(ends[run - 1] - positions, 0)
    return np.where(run > 0, total[run] - beyond, 0)


def runs(rle: Rle) -> tuple[Ints, Ints]:
    """Where the foreground's runs begin and end, as positions column by column; none is empty."""
    lengths = _lengths(rle)
    edges = np.cumsum(lengths, out=lengths)
    starts, ends = edges[0::2], edges[1::2]
    starts = starts[: len(ends)]
    kept = ends > starts
    return starts[kept], ends[kept]


def _lengths(rle: Rle) -> Ints:
    """The lengths of the runs, background first. Raises InvalidMask if they do not fill the mask's size."""
    lengths, _ = counts.from_strings([rle.counts])
    pixels = rle.size[0] * rle.size[1]
    if len(lengths) and lengths.min() < 0:
        raise InvalidMask("The mask's counts hold a negative run.")
    if lengths.max(initial=0) > pixels or lengths.sum() != pixels:
        raise InvalidMask("The mask's counts do not add up to its height times its width.")
    return lengths


def from_runs(starts: Ints, ends: Ints, size: tuple[int, int]) -> Rle:
    """The mask of an image of `size` (height, width) whose foreground is these runs, none of them empty: positions
    column by column, in any order; runs that overlap or touch become one."""
    starts, ends = merged(starts, ends)
    lengths = np.empty(2 * len(starts) + 1, np.int64)
    lengths[0:-1:2], lengths[-1] = starts, size[0] * size[1]
    lengths[2::2] -= ends
    lengths[1::2] = ends - starts
    lengths = lengths[:-1] if lengths[-1] == 0 else lengths
    return Rle(size, *counts.to_strings(lengths, np.array([len(lengths)])))


def merged(starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """The union of runs: sorted, and those that overlap or touch made one."""
    if (starts[1:] < ends[:-1]).any():
        order = np.argsort(starts, kind="stable")
        starts, ends = starts[order], np.maximum.accumulate(ends[order])
    apart = starts[1:] > ends[:-1]
    if apart.all():
        return starts, ends
    return starts[np.concatenate(([True], apart))], ends[np.concatenate((apart, [True]))]


def components(rle: Rle) -> list[Rle]:
    """The mask's parts, each connected over the sides of pixels, the largest first."""
    x, y, mask = crop(rle)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    order = sorted(range(1, count), key=lambda part: -int(stats[part, cv2.CC_STAT_AREA]))
    return [_component(labels, stats[part], part, rle.size, (x, y)) for part in order]


def _component(labels: Any, stats: Any, part: int, size: tuple[int, int], offset: tuple[int, int]) -> Rle:
    left, top, width, height = (int(value) for value in stats[:4])
    mask = labels[top : top + height, left : left + width] == part
    return encode(mask, size, (offset[0] + left, offset[1] + top))


def stability_score(logits: npt.NDArray[np.float32], offset: float = 1.0) -> float:
    """How little a mask changes with its threshold: the IoU between the masks at +offset and at −offset
    (segment_anything's calculate_stability_score); 0 when both are empty."""
    return stability_from_counts(int((logits > offset).sum()), int((logits > -offset).sum()))


def stability_from_counts(inner: int, outer: int) -> float:
    """The same from the pixels above +offset and above −offset: the first lie among the second."""
    return inner / outer if outer else 0.0
