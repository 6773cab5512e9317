"""Mask algebra on COCO run lengths; pure functions.

A mask of an image is `Rle(size=(height, width), counts=string)`: the lengths of the runs of background and
foreground, in turn and column by column, in COCO's compressed string form. Nearly everything here works on runs or
on the crop of a mask, so that its cost follows the mask and not the image.

Boxes are XYWH in whole pixels, crops are boolean arrays [height, width], polygons are parts → rings → flat
[x, y, x, y, …] in pixels with the origin at the top left corner of the top left pixel.
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
Polygon = Sequence[Sequence[Sequence[float]]]
Box = tuple[int, int, int, int]

BLOCK_PIXELS = 1 << 22


@dataclass(frozen=True)
class Rle:
    """A mask of a whole image: size is (height, width), counts COCO's compressed string."""

    size: tuple[int, int]
    counts: str

    @classmethod
    def from_json(cls, data: Any) -> Rle:
        """From {"size": [h, w], "counts": "…"}. Raises InvalidMask, also for counts that do not fill the size."""
        if not isinstance(data, dict) or not _is_size(data.get("size")) or not isinstance(data.get("counts"), str):
            raise InvalidMask('A mask is {"size": [height, width], "counts": "compressed run lengths"}.')
        rle = cls((data["size"][0], data["size"][1]), data["counts"])
        runs(rle)
        return rle

    def to_json(self) -> dict[str, Any]:
        return {"size": list(self.size), "counts": self.counts}


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
    x, y, width, height = _box(starts, ends, rle.size[0])
    # A run over a column's end makes the box as high as the image: positions stay contiguous in the crop.
    change = np.zeros(width * height + 1, np.int8)
    change[_local(starts, rle.size[0], x, y, height)] += 1
    change[_local(ends - 1, rle.size[0], x, y, height) + 1] -= 1
    filled = np.cumsum(change[:-1], dtype=np.int8).astype(np.bool_)
    return x, y, np.ascontiguousarray(filled.reshape(width, height).T)


def _local(positions: Ints, image_height: int, x: int, y: int, height: int) -> Ints:
    return (positions // image_height - x) * height + positions % image_height - y


def placed(parts: Sequence[Rle], size: tuple[int, int], offsets: Sequence[tuple[int, int]]) -> list[Rle]:
    """The masks of an image of `size` (height, width) in which each part lies with its top left pixel at its offset
    (x, y). The parts must be masks and lie inside the image. Costs what their runs cost, and little a mask."""
    starts, ends, part = _runs_of([each.counts for each in parts])
    height = np.array([each.size[0] for each in parts], np.int64)[part]
    first = starts // height
    # In the larger image a run over several columns of the part is as many runs.
    pieces = (ends - 1) // height - first + 1
    starts, ends, part, height, first = (np.repeat(each, pieces) for each in (starts, ends, part, height, first))
    column = first + counts.places(pieces)
    top = np.maximum(starts - column * height, 0)
    bottom = np.minimum(ends - column * height, height)
    x, y = np.array(offsets, np.int64).reshape(-1, 2)[part].T
    begin = (column + x) * size[0] + y
    return [Rle(size, text) for text in _texts(begin + top, begin + bottom, part, len(parts), size[0] * size[1])]


def _runs_of(texts: Sequence[str]) -> tuple[Ints, Ints, Ints]:
    """Where the foreground's runs of several masks begin and end, and which mask's each is."""
    values, amounts = counts.from_strings(texts)
    place = counts.places(amounts)
    filled = (place % 2 == 1) & (values > 0)
    ends = counts.sums(values, place == 0)[filled]
    return ends - values[filled], ends, np.repeat(np.arange(len(texts)), amounts)[filled]


def _texts(starts: Ints, ends: Ints, mask: Ints, masks: int, pixels: int) -> list[str]:
    """The counts of so many masks out of their runs, which are in order and do not overlap."""
    apart = (starts[1:] != ends[:-1]) | (mask[1:] != mask[:-1])
    kept = np.concatenate(([True], apart))[: len(starts)]
    starts, ends, mask = starts[kept], ends[np.concatenate((apart, [True]))[: len(ends)]], mask[kept]
    amounts = np.bincount(mask, minlength=masks)
    before = np.where(counts.places(amounts) == 0, 0, np.concatenate(([0], ends))[:-1])
    tails = np.full(masks, pixels)
    last = np.cumsum(amounts)
    tails[amounts > 0] -= ends[last[amounts > 0] - 1]
    values = np.stack((starts - before, ends - starts), 1).ravel()
    return counts.to_strings(np.insert(values, 2 * last[tails > 0], tails[tails > 0]), 2 * amounts + (tails > 0))


def bbox(rle: Rle) -> Box:
    """The tight bounding box (x, y, width, height); all zero for an empty mask."""
    return _box(*runs(rle), rle.size[0])


def meet(a: Sequence[float], b: Sequence[float]) -> bool:
    """Whether two boxes XYWH have more than an edge in common."""
    return a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]


def _box(starts: Ints, ends: Ints, height: int) -> Box:
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
    lengths, _ = counts.from_strings([rle.counts])
    pixels = rle.size[0] * rle.size[1]
    if len(lengths) and lengths.min() < 0:
        raise InvalidMask("The mask's counts hold a negative run.")
    if lengths.max(initial=0) > pixels or lengths.sum() != pixels:
        raise InvalidMask("The mask's counts do not add up to its height times its width.")
    edges = np.cumsum(lengths)
    starts, ends = edges[0::2], edges[1::2]
    starts = starts[: len(ends)]
    kept = ends > starts
    return starts[kept], ends[kept]


def from_runs(starts: Ints, ends: Ints, size: tuple[int, int]) -> Rle:
    """The mask of an image of `size` (height, width) whose foreground is these runs, none of them empty: positions
    column by column, in any order; runs that overlap or touch become one."""
    starts, ends = _merged(starts, ends)
    edges = np.concatenate(([0], np.stack((starts, ends), 1).ravel(), [size[0] * size[1]]))
    lengths = np.diff(edges)
    lengths = lengths[:-1] if lengths[-1] == 0 else lengths
    return Rle(size, *counts.to_strings(lengths, np.array([len(lengths)])))


def _merged(starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """The union of runs: sorted, and those that overlap or touch made one."""
    order = np.argsort(starts, kind="stable")
    starts, ends = starts[order], np.maximum.accumulate(ends[order]) if len(ends) else ends
    apart = starts[1:] > ends[:-1]
    return starts[np.concatenate(([True], apart))[: len(starts)]], ends[np.concatenate((apart, [True]))[: len(ends)]]


def rasterise(parts: Polygon, width: int, height: int) -> Rle:
    """The pixels of a polygon in an image: a pixel is inside a part when its centre (x+0.5, y+0.5) is, by the
    even-odd rule over the part's rings, and inside the polygon when it is inside any part.

    An edge from (xa, ya) to (xb, yb) crosses the column of centres c when min(xa,xb) <= c < max(xa,xb), at
    ya + (c - xa) * ((yb - ya) / (xb - xa)); a centre on a crossing lies below it. Raises InvalidMask for a ring
    that is no list of finite x, y pairs."""
    filled = [_part_runs([_ring(ring) for ring in part], width, height) for part in parts]
    starts = np.concatenate([part[0] for part in filled] or [np.zeros(0, np.int64)])
    ends = np.concatenate([part[1] for part in filled] or [np.zeros(0, np.int64)])
    return from_runs(starts, ends, (height, width))


def _ring(flat: Sequence[float]) -> npt.NDArray[np.float64]:
    try:
        points = np.asarray(flat, np.float64).reshape(-1, 2)
    except (ValueError, TypeError):
        raise InvalidMask("A ring is a list of numbers, x and y in turn.") from None
    if not (np.abs(points) <= 1e9).all():  # nor is what is no number
        raise InvalidMask("A polygon's coordinates are finite numbers.")
    return points


def _part_runs(rings: list[npt.NDArray[np.float64]], width: int, height: int) -> tuple[Ints, Ints]:
    crossings = np.sort(np.concatenate([_crossings(ring, width, height) for ring in rings] or [np.zeros(0, np.int64)]))
    starts, ends = crossings[0::2], crossings[1::2]
    return starts[ends > starts], ends[ends > starts]


def _crossings(ring: npt.NDArray[np.float64], width: int, height: int) -> Ints:
    """Where the ring crosses the columns of pixel centres: the position of the first pixel below each crossing."""
    (xa, ya), (xb, yb) = ring.T, np.roll(ring, -1, axis=0).T
    first = np.clip(np.ceil(np.minimum(xa, xb) - 0.5), 0, width).astype(np.int64)
    count = np.clip(np.ceil(np.maximum(xa, xb) - 0.5), 0, width).astype(np.int64) - first
    edge = np.repeat(np.arange(len(ring)), count)
    column = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + first[edge]
    slope = (yb[edge] - ya[edge]) / (xb[edge] - xa[edge])
    crossing = ya[edge] + (column + 0.5 - xa[edge]) * slope
    row = np.clip(np.ceil(crossing - 0.5), 0, height).astype(np.int64)
    return np.asarray(column * height + row, np.int64)


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
