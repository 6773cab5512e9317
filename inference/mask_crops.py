"""Crop masks to their bounding boxes, and place crops back into an image.

Everything works on runs, so the cost depends on the runs and not on the pixels of the image or the box.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inference import counts
from inference.counts import Ints
from inference.masks import Rle, box_of, from_runs, local, runs

# How many characters of counts, and how many masks, are processed together.
BLOCK_CHARACTERS, BLOCK_MASKS = 1 << 20, 1000


def cropped(rle: Rle) -> tuple[int, int, Rle]:
    """Crop a mask, which must not be empty, to its tight bounding box.

    Returns:
        (x, y, mask): the top left pixel of the box, and the mask inside the box.
    """
    starts, ends = runs(rle)
    x, y, width, height = box_of(starts, ends, rle.size[0])
    begin, last = (local(positions, rle.size[0], x, y, height) for positions in (starts, ends - 1))
    return x, y, from_runs(begin, last + 1, (height, width))


def placed(parts: Sequence[Rle], size: tuple[int, int], offsets: Sequence[tuple[int, int]]) -> list[Rle]:
    """Place crops into an image, each as a mask of its own. Every crop must lie inside the image.

    Args:
        size: (height, width) of the image.
        offsets: for each part, its top left pixel (x, y) in the image.
    """
    whole: list[Rle] = []
    while len(whole) < len(parts):
        # As many parts as fit into one block, but at least one.
        lengths = np.cumsum([len(part.counts) for part in parts[len(whole) : len(whole) + BLOCK_MASKS]])
        end = len(whole) + max(1, int(np.searchsorted(lengths, BLOCK_CHARACTERS, "right")))
        if len(parts[len(whole)].counts) > BLOCK_CHARACTERS:
            whole.append(_long_placed(parts[len(whole)], size, offsets[len(whole)]))
        else:
            whole += _placed(parts[len(whole) : end], size, offsets[len(whole) : end])
    return whole


def _long_placed(part: Rle, size: tuple[int, int], offset: tuple[int, int]) -> Rle:
    """Place one part with very many runs, a block of its runs at a time."""
    starts, ends = runs(part)
    blocks = [
        _moved(starts[begin : begin + BLOCK_CHARACTERS], ends[begin : begin + BLOCK_CHARACTERS], part, size, offset)
        for begin in range(0, len(starts), BLOCK_CHARACTERS)
    ]
    del starts, ends
    begins, stops = (np.concatenate([block[edge] for block in blocks]) for edge in (0, 1))
    del blocks
    return from_runs(begins, stops, size)


def _moved(starts: Ints, ends: Ints, part: Rle, size: tuple[int, int], offset: tuple[int, int]) -> tuple[Ints, Ints]:
    """Turn runs of a part into runs of the image. A run over several columns of the part becomes one run per column."""
    height = part.size[0]
    first = starts // height
    pieces = (ends - 1) // height - first + 1
    column = np.repeat(first, pieces) + counts.places(pieces)
    top = np.maximum(np.repeat(starts, pieces) - column * height, 0)
    bottom = np.minimum(np.repeat(ends, pieces) - column * height, height)
    begin = (column + offset[0]) * size[0] + offset[1]
    return begin + top, begin + bottom


def _placed(parts: Sequence[Rle], size: tuple[int, int], offsets: Sequence[tuple[int, int]]) -> list[Rle]:
    starts, ends, part = runs_of([each.counts for each in parts])
    height = np.array([each.size[0] for each in parts], np.int64)[part]
    first = starts // height
    # In the image, a run over several columns of the part becomes one run per column.
    pieces = (ends - 1) // height - first + 1
    starts, ends, part, height, first = (np.repeat(each, pieces) for each in (starts, ends, part, height, first))
    column = first + counts.places(pieces)
    top = np.maximum(starts - column * height, 0)
    bottom = np.minimum(ends - column * height, height)
    x, y = np.array(offsets, np.int64).reshape(-1, 2)[part].T
    begin = (column + x) * size[0] + y
    return [Rle(size, text) for text in _texts(begin + top, begin + bottom, part, len(parts), size[0] * size[1])]


def runs_of(texts: Sequence[str]) -> tuple[Ints, Ints, Ints]:
    """The foreground runs of several masks: starts, ends, and the index of the mask of each."""
    values, amounts = counts.from_strings(texts)
    place = counts.places(amounts)
    filled = (place % 2 == 1) & (values > 0)
    ends = counts.sums(values, place == 0)[filled]
    return ends - values[filled], ends, np.repeat(np.arange(len(texts)), amounts)[filled]


def _texts(starts: Ints, ends: Ints, mask: Ints, masks: int, pixels: int) -> list[str]:
    """Encode sorted runs that do not overlap as the counts of `masks` masks."""
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
