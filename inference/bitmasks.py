"""Many masks of one small frame at once: each a row of 64-bit words, one bit a pixel. Pure functions.

Counting bits compares a mask with hundreds of others in the time that one pair of run lengths takes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from inference.masks import Mask

Words = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Ratios = npt.NDArray[np.float64]


def pack(masks: Mask) -> Words:
    """Masks [n, height, width] as words [n, ceil(height × width / 64)]."""
    rows = np.packbits(masks.reshape(len(masks), -1), axis=1)
    return np.pad(rows, ((0, 0), (0, -rows.shape[1] % 8))).view(np.uint64)


def areas(words: Words) -> Ints:
    """The pixels of each mask, [n]."""
    return np.asarray(np.bitwise_count(words).sum(axis=-1, dtype=np.int64))


def shared(one: Words, many: Words) -> Ints:
    """The pixels that a mask [words] has in common with each of many [n, words]."""
    return areas(one & many)


def ious(one: Words, many: Words) -> Ratios:
    """Intersection over union of a mask with each of many; 0 where both are empty."""
    common = shared(one, many)
    return np.asarray(common / np.maximum(1, areas(one) + areas(many) - common))
