"""A mask and a window of its image: cut out, put back, left out. All on runs, so that nothing costs what the image
costs. A window is a Region."""

from __future__ import annotations

import numpy as np

from inference.counts import Ints
from inference.masks import Rle, from_runs, runs
from inference.regions import Region


def inside(mask: Rle, window: Region) -> Rle:
    """What of the mask lies in the window, as a mask of the window."""
    column, top, bottom = _columns(mask)
    within = (column >= window.x0) & (column < window.x1)
    top, bottom = np.maximum(top, window.y0) - window.y0, np.minimum(bottom, window.y1) - window.y0
    size = (window.height, window.width)
    return _from_columns(column[within] - window.x0, top[within], bottom[within], size)


def outside(mask: Rle, window: Region) -> Rle:
    """The mask without what lies in the window."""
    column, top, bottom = _columns(mask)
    crossed = (column >= window.x0) & (column < window.x1)
    above = np.where(crossed, np.minimum(bottom, window.y0), bottom)
    below = np.where(crossed, np.maximum(top, window.y1), bottom)
    twice, tops, bottoms = (np.concatenate(pair) for pair in ((column, column), (top, below), (above, bottom)))
    return _from_columns(twice, tops, bottoms, mask.size)


def placed(mask: Rle, window: Region, size: tuple[int, int]) -> Rle:
    """A mask of the window as a mask of the image of `size` (height, width)."""
    column, top, bottom = _columns(mask)
    return _from_columns(column + window.x0, top + window.y0, bottom + window.y0, size)


def union(a: Rle, b: Rle) -> Rle:
    """The pixels of either of two masks of one image."""
    starts, ends = np.concatenate((runs(a), runs(b)), axis=1)
    return from_runs(starts, ends, a.size)


def _columns(mask: Rle) -> tuple[Ints, Ints, Ints]:
    """(column, top, bottom) of the mask's runs, cut at the columns' ends."""
    starts, ends = runs(mask)
    height = mask.size[0]
    first = starts // height
    count = (ends - 1) // height - first + 1
    run = np.repeat(np.arange(len(starts)), count)
    column = first[run] + np.arange(len(run)) - np.repeat(np.cumsum(count) - count, count)
    top = np.maximum(starts[run] - column * height, 0)
    bottom = np.minimum(ends[run] - column * height, height)
    return column, top, bottom


def _from_columns(column: Ints, top: Ints, bottom: Ints, size: tuple[int, int]) -> Rle:
    """The reverse of _columns; runs without a pixel are left out."""
    filled = bottom > top
    start = column[filled] * size[0]
    return from_runs(start + top[filled], start + bottom[filled], size)
