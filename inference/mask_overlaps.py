"""Which of many masks share pixels, found on their runs: comparing each mask with each would cost their square."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from inference.counts import Ints
from inference.mask_crops import BLOCK_CHARACTERS, BLOCK_MASKS, placed, runs_of
from inference.masks import Rle, runs

# A part of an image's mask with the (x, y) of its top left pixel in the image.
Placed = tuple[Rle, tuple[int, int]]


def overlapping(fresh: Sequence[Placed], others: Sequence[Placed], size: tuple[int, int]) -> int | None:
    """The index of a mask in `fresh` that shares a pixel with another one, in `fresh` or in `others`; None where none
    does. Whether those in `others` overlap each other does not matter. The image's `size` is (height, width).
    """
    first = 0
    while first < len(fresh):
        block = next(_blocks(fresh[first:]))
        starts, ends, mask = _runs(block, size)
        order = np.argsort(starts, kind="stable")
        starts, ends, mask = starts[order], ends[order], mask[order]
        # Sorted by start, some runs overlap only if two neighbors do.
        met = np.flatnonzero(starts[1:] < ends[:-1])
        if len(met):
            return first + int(mask[met[0]])
        for rest in (fresh[first + len(block) :], others):
            for other in _blocks(rest):
                begins, stops, _ = _runs(other, size)
                # The first run that ends behind the other's beginning.
                at = np.searchsorted(ends, begins, "right")
                begins, stops, at = begins[at < len(ends)], stops[at < len(ends)], at[at < len(ends)]
                met = np.flatnonzero(starts[at] < stops)
                if len(met):
                    return first + int(mask[at[met[0]]])
        first += len(block)
    return None


def _blocks(masks: Sequence[Placed]) -> Iterator[Sequence[Placed]]:
    """As many masks together as are short enough, one at least."""
    while masks:
        lengths = np.cumsum([len(part.counts) for part, _ in masks[:BLOCK_MASKS]])
        amount = max(1, int(np.searchsorted(lengths, BLOCK_CHARACTERS, "right")))
        yield masks[:amount]
        masks = masks[amount:]


def _runs(block: Sequence[Placed], size: tuple[int, int]) -> tuple[Ints, Ints, Ints]:
    """Where the runs of masks begin and end in the image, and which mask's each is."""
    whole = placed([part for part, _ in block], size, [offset for _, offset in block])
    if len(whole) == 1:
        starts, ends = runs(whole[0])
        return starts, ends, np.zeros(len(starts), np.int64)
    return runs_of([each.counts for each in whole])
