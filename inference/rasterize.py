"""Rasterize polygons. All functions are pure.

A polygon is parts → rings → flat [x, y, x, y, …] in pixels, with the origin at the top left corner of the top left
pixel. A pixel is inside a part when its center (x + 0.5, y + 0.5) is, by the even-odd rule over the part's rings, and
inside the polygon when it is inside any part.

An edge from (xa, ya) to (xb, yb) crosses the column of centers c when min(xa, xb) <= c < max(xa, xb), at
ya + (c - xa) * ((yb - ya) / (xb - xa)). A center on a crossing lies below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference.counts import Ints, InvalidMask
from inference.masks import Rle, from_runs, merged

Polygon = Sequence[Sequence[Sequence[float]]]
Floats = npt.NDArray[np.float64]

# The columns are rasterized in bands of about this many crossings, which bounds the arrays.
BAND_CROSSINGS = 1 << 18


def rasterize(parts: Polygon, width: int, height: int) -> Rle:
    """Rasterize a polygon in an image of this size.

    Time is proportional to the crossings, memory at most to the area of the polygon's box.

    Raises:
        InvalidMask: a ring is not a list of finite x, y pairs.
    """
    bands = list(_bands(_Edges.of(parts, width), height))
    starts = np.concatenate([band[0] for band in bands] or [np.zeros(0, np.int64)])
    ends = np.concatenate([band[1] for band in bands] or [np.zeros(0, np.int64)])
    return from_runs(starts, ends, (height, width))


def crossings(parts: Polygon, width: int) -> int:
    """Count how often the polygon's edges cross a column of pixel centers, without listing the crossings.

    Raises:
        InvalidMask: as `rasterize` does.
    """
    edges = _Edges.of(parts, width)
    return int((edges.end - edges.first).sum())


def area_and_runs(parts: Polygon, width: int, height: int) -> tuple[int, int]:
    """Count the polygon's pixels in an image of this size, and the vertical runs that they form.

    Raises:
        InvalidMask: as `rasterize` does.
    """
    pixels = runs = 0
    for starts, ends in _bands(_Edges.of(parts, width), height):
        pixels += int((ends - starts).sum())
        runs += len(starts)
    return pixels, runs


@dataclass(frozen=True)
class _Edges:
    """The n edges that cross at least one column of pixel centers, as arrays [n].

    `x`, `y` is a point on the edge. The edge crosses the columns `first` to `end` (exclusive). `part` is the index of
    its part.
    """

    x: Floats
    y: Floats
    slope: Floats
    first: Ints
    end: Ints
    part: Ints

    @classmethod
    def of(cls, parts: Polygon, width: int) -> _Edges:
        rings = [(_points(ring), index) for index, part in enumerate(parts) for ring in part]
        a = np.concatenate([ring for ring, _ in rings] or [np.zeros((0, 2))])
        b = np.concatenate([np.roll(ring, -1, axis=0) for ring, _ in rings] or [np.zeros((0, 2))])
        part = np.repeat(np.array([index for _, index in rings], np.int64), [len(ring) for ring, _ in rings])
        first = np.clip(np.ceil(np.minimum(a[:, 0], b[:, 0]) - 0.5), 0, width).astype(np.int64)
        end = np.clip(np.ceil(np.maximum(a[:, 0], b[:, 0]) - 0.5), 0, width).astype(np.int64)
        kept = end > first
        a, b = a[kept], b[kept]
        slope = (b[:, 1] - a[:, 1]) / (b[:, 0] - a[:, 0])
        return cls(a[:, 0], a[:, 1], slope, first[kept], end[kept], part[kept])


def _points(flat: Sequence[float]) -> Floats:
    try:
        points = np.asarray(flat, np.float64).reshape(-1, 2)
    except (ValueError, TypeError, OverflowError):
        raise InvalidMask("A ring is a list of numbers, x and y in turn.") from None
    if not (np.abs(points) <= 1e9).all():  # False for NaN too.
        raise InvalidMask("A polygon's coordinates are finite numbers.")
    return points


def _bands(edges: _Edges, height: int) -> Iterator[tuple[Ints, Ints]]:
    """Yield the polygon's runs (starts, ends) band by band from left to right, as column-major positions in the image.
    Inside a band the runs are sorted and do not touch."""
    if len(edges.first) == 0:
        return
    stop = int(edges.end.max())
    per_column = np.bincount(edges.first, minlength=stop + 1) - np.bincount(edges.end, minlength=stop + 1)
    # The crossings left of each column.
    before = np.concatenate(([0], np.cumsum(np.cumsum(per_column)[:stop])))
    left = int(edges.first.min())
    while left < stop:
        right = max(left + 1, int(np.searchsorted(before, before[left] + BAND_CROSSINGS, "right")) - 1)
        yield _band(edges, left, min(right, stop), height)
        left = right


def _band(edges: _Edges, left: int, right: int, height: int) -> tuple[Ints, Ints]:
    chosen = np.flatnonzero((edges.first < right) & (edges.end > left))
    begin = np.maximum(edges.first[chosen], left)
    amounts = np.minimum(edges.end[chosen], right) - begin
    column = np.arange(amounts.sum()) + np.repeat(begin - np.cumsum(amounts) + amounts, amounts)
    x, y, slope = (np.repeat(each[chosen], amounts) for each in (edges.x, edges.y, edges.slope))
    crossing = y + (column + 0.5 - x) * slope
    row = np.clip(np.ceil(crossing - 0.5), 0, height).astype(np.int64)
    # A closed ring crosses a column an even number of times: sorted by part and position, crossings pair up as runs.
    stride = (right - left) * height + 1
    part = np.repeat(edges.part[chosen] * stride, amounts)
    starts, ends = _sorted(part + (column - left) * height + row, (int(edges.part.max()) + 1) * stride)
    filled = ends > starts
    return merged(starts[filled] % stride + left * height, ends[filled] % stride + left * height)


def _sorted(places: Ints, stop: int) -> tuple[Ints, Ints]:
    """Sort positions below `stop`. Returns those at even indices and those at odd indices."""
    # NumPy sorts int32 twice as fast as int64.
    ordered = np.sort(places.astype(np.int32) if stop < 2**31 else places).astype(np.int64)
    return ordered[0::2], ordered[1::2]
