"""From the decoder's logits to the image's pixels, without a full-size array of numbers.

segment_anything scales logits 256 → 1024, drops the padding, scales to the image (bilinear both times, pixel centres
aligned) and keeps what is above 0. Here the last step is done inside the bounding box only, and in images larger than
the square a block of columns at a time and by solving for where a column passes the threshold: between two rows of
the square the logits are a straight line, however many pixels of the image lie there.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import cv2
import numpy as np
import numpy.typing as npt

from inference.frame import LOGITS_SIDE, SIDE, inner_size
from inference.masks import Mask, Rle, encode, from_runs, stability_from_counts

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

STABILITY_OFFSET = 1.0
SCALE = SIDE // LOGITS_SIDE
BLOCK_VALUES = 1 << 19


@dataclass(frozen=True)
class Upsampled:
    """A mask in the image's pixels, and how stable it is against its threshold."""

    rle: Rle
    stability_score: float


def upsample(logits: Floats, width: int, height: int) -> Upsampled:
    """The mask of an image of width × height pixels that logits [256, 256] mean."""
    inner_width, inner_height = inner_size(width, height)
    # One row and column of the padding: the image's last ones lie between it and them.
    inner = logits[: ceil(inner_height / SCALE) + 1, : ceil(inner_width / SCALE) + 1]
    above = inner > -STABILITY_OFFSET
    if not above.any():
        return Upsampled(encode(np.zeros((0, 0), np.bool_), (height, width)), 0.0)
    (top, bottom), (left, right) = _reach(np.any(above, axis=1)), _reach(np.any(above, axis=0))
    part, size = inner[top:bottom, left:right], (SCALE * (right - left), SCALE * (bottom - top))
    frame = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_LINEAR), np.float32)
    frame = frame[: inner_height - SCALE * top, : inner_width - SCALE * left]
    rows = _Axis.of(inner_height, height, SCALE * top, frame.shape[0])
    columns = _Axis.of(inner_width, width, SCALE * left, frame.shape[1])
    if height <= inner_height:
        return _pixel_by_pixel(frame, rows, columns, (height, width))
    return _run_by_run(frame, inner_height / height, SCALE * top, columns, (height, width))


def _reach(used: Mask) -> tuple[int, int]:
    """From one before the first in use to one after the last, as far as there are any: what lies beyond cannot pass
    a threshold by interpolation."""
    places = np.flatnonzero(used)
    return max(0, int(places[0]) - 1), min(len(used), int(places[-1]) + 2)


def _pixel_by_pixel(frame: Floats, rows: _Axis, columns: _Axis, size: tuple[int, int]) -> Upsampled:
    values = _between(_between(frame, rows).T, columns).T
    inside, around = (int(np.count_nonzero(values > level)) for level in (STABILITY_OFFSET, -STABILITY_OFFSET))
    return Upsampled(encode(values > 0, size, (columns.start, rows.start)), stability_from_counts(inside, around))


def _run_by_run(frame: Floats, scale: float, top: int, columns: _Axis, size: tuple[int, int]) -> Upsampled:
    """`scale` rows of the square are one of the image's, and the frame's first one is `top`."""
    lines = np.ascontiguousarray(frame.T)
    found = {level: [np.zeros((2, 0), np.int64)] for level in (-STABILITY_OFFSET, 0.0, STABILITY_OFFSET)}
    step = max(1, BLOCK_VALUES // lines.shape[1])
    for left in range(0, len(columns.first), step):
        part = columns.part(left, left + step)
        values = _between(lines, part)
        for level, runs in found.items():
            runs.append(_runs(values, level, top, scale, size[0]) + part.start * size[0])
    around, mask, inside = (np.concatenate(runs, axis=1) for runs in found.values())
    stability = stability_from_counts(int(np.diff(inside, axis=0).sum()), int(np.diff(around, axis=0).sum()))
    return Upsampled(from_runs(mask[0], mask[1], size), stability)


@dataclass(frozen=True)
class _Axis:
    """For each output position from `start` on: the two positions of the frame that it lies between, and the weight
    of the second."""

    start: int
    first: Ints
    second: Ints
    weight: Floats

    @classmethod
    def of(cls, source: int, target: int, offset: int, count: int) -> _Axis:
        """Of `target` positions over `source` ones those that lie between two of the `count` from `offset` on."""
        centre = np.maximum((np.arange(target) + 0.5) * (source / target) - 0.5, 0)
        first = np.minimum(centre.astype(np.int64), source - 1)
        second = np.minimum(first + 1, source - 1)
        start, stop = np.searchsorted(first, offset), np.searchsorted(second, offset + count)
        whole = cls(0, first - offset, second - offset, (centre - first).astype(np.float32))
        return whole.part(int(start), max(int(start), int(stop)))

    def part(self, start: int, stop: int) -> _Axis:
        chosen = slice(start, stop)
        return _Axis(self.start + start, self.first[chosen], self.second[chosen], self.weight[chosen])


def _between(source: Floats, axis: _Axis) -> Floats:
    """Rows of `source` interpolated along the axis; no copy where nothing is scaled."""
    if not len(axis.first):
        return source[:0]
    low, high = int(axis.first[0]), int(axis.first[-1]) + 1
    if not axis.weight.any() and high - low == len(axis.first):
        return source[low:high]
    first = source[axis.first]
    first += axis.weight[:, None] * (source[axis.second] - first)
    return first


def _runs(values: Floats, level: float, top: int, scale: float, height: int) -> Ints:
    """Where columns of an image `height` pixels high begin and end to be above a level, [2, n], as positions column
    by column. Their values [columns, rows] are those of the source rows from `top` on, `scale` of them a pixel."""
    above = np.zeros((values.shape[0], values.shape[1] + 2), np.bool_)
    np.greater(values, level, out=above[:, 1:-1])
    # In every column beginnings and ends take turns.
    places = np.flatnonzero(above[:, 1:] != above[:, :-1]).reshape(-1, 2).T
    column, row = np.divmod(places, values.shape[1] + 1)
    position = (top + _passes(values, level, column, row) + 0.5) / scale - 0.5
    # A pixel that is on the level itself is not above it.
    pixel = np.stack((np.floor(position[0]) + 1, np.ceil(position[1]))).astype(np.int64)
    pixel[row == 0], pixel[row == values.shape[1]] = 0, height
    runs = column * height + pixel
    return np.asarray(runs[:, runs[1] > runs[0]], np.int64)


def _passes(values: Floats, level: float, column: Ints, row: Ints) -> npt.NDArray[np.float64]:
    """Where between row - 1 and row the values of a column pass the level; without meaning at the outermost rows."""
    before = values[column, np.maximum(row - 1, 0)].astype(np.float64)
    after = values[column, np.minimum(row, values.shape[1] - 1)].astype(np.float64)
    return np.asarray(row - 1 + (level - before) / np.where(after == before, 1, after - before))
