"""From the decoder's logits to the image's pixels, without a full-size array of numbers.

segment_anything scales logits 256 → 1024, drops the padding, scales to the image (bilinear both times, pixel centres
aligned) and keeps what is above 0. Here the last step is done inside the bounding box only, a band of rows at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from inference.frame import SIDE, inner_size
from inference.masks import Mask, Rle, encode, stability_from_counts

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

STABILITY_OFFSET = 1.0
BAND_PIXELS = 1 << 20


@dataclass(frozen=True)
class Upsampled:
    """A mask in the image's pixels, and how stable it is against its threshold."""

    rle: Rle
    stability_score: float


def upsample(logits: Floats, width: int, height: int) -> Upsampled:
    """The mask of an image of width × height pixels that logits [256, 256] mean."""
    inner_width, inner_height = inner_size(width, height)
    square = np.asarray(cv2.resize(logits, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR), np.float32)
    frame = square[:inner_height, :inner_width]
    rows, columns = _Axis.of(inner_height, height), _Axis.of(inner_width, width)
    outer = frame > -STABILITY_OFFSET
    rows, columns = rows.within(np.any(outer, axis=1)), columns.within(np.any(outer, axis=0))
    mask = np.zeros((len(rows.first), len(columns.first)), np.bool_)
    inside = around = 0
    step = max(1, BAND_PIXELS // max(1, mask.shape[1]))
    for top in range(0, mask.shape[0], step):
        band = _interpolated(frame, rows.part(top, top + step), columns)
        np.greater(band, 0, out=mask[top : top + step])
        inside += int(np.count_nonzero(band > STABILITY_OFFSET))
        around += int(np.count_nonzero(band > -STABILITY_OFFSET))
    rle = encode(mask, (height, width), (columns.start, rows.start))
    return Upsampled(rle, stability_from_counts(inside, around))


@dataclass(frozen=True)
class _Axis:
    """For each output position from `start` on: the two source positions it lies between, and the weight of the
    second."""

    start: int
    first: Ints
    second: Ints
    weight: Floats

    @classmethod
    def of(cls, source: int, target: int) -> _Axis:
        centre = np.maximum((np.arange(target) + 0.5) * (source / target) - 0.5, 0)
        first = np.minimum(centre.astype(np.int64), source - 1)
        return cls(0, first, np.minimum(first + 1, source - 1), (centre - first).astype(np.float32))

    def part(self, start: int, stop: int) -> _Axis:
        chosen = slice(start, stop)
        return _Axis(self.start + start, self.first[chosen], self.second[chosen], self.weight[chosen])

    def shifted(self, by: int) -> _Axis:
        return _Axis(self.start, self.first - by, self.second - by, self.weight)

    def within(self, used: Mask) -> _Axis:
        """The part that depends on the source positions in use: elsewhere interpolation cannot pass a threshold."""
        places = np.flatnonzero(used[self.first] | used[self.second])
        return self.part(int(places[0]), int(places[-1]) + 1) if len(places) else self.part(0, 0)


def _interpolated(frame: Floats, rows: _Axis, columns: _Axis) -> Floats:
    source = frame[rows.first[0] : rows.second[-1] + 1]
    across = _between(source.T, columns).T
    return _between(across, rows.shifted(int(rows.first[0])))


def _between(source: Floats, axis: _Axis) -> Floats:
    """Rows of `source` interpolated along the axis; no copy where nothing is scaled."""
    low, high = int(axis.first[0]), int(axis.first[-1]) + 1
    if not axis.weight.any() and high - low == len(axis.first):
        return source[low:high]
    first = source[axis.first]
    first += axis.weight[:, None] * (source[axis.second] - first)
    return first
