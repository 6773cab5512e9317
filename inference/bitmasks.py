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


def distinct(words: Words, scores: npt.ArrayLike, limit: float) -> list[int]:
    """Which masks to keep, the best score first, so that no two have an IoU above `limit` and each that goes has
    one with a score as good that stays (greedy non-maximum suppression, by masks and not by boxes)."""
    kept: list[int] = []
    for each in np.argsort(-np.asarray(scores, np.float64), kind="stable"):
        if not kept or ious(words[each], words[kept]).max() <= limit:
            kept.append(int(each))
    return kept


def parents(words: Words, share: float) -> list[int | None]:
    """For each mask the smallest larger one that holds at least `share` of its pixels, None where there is none.
    Following parents always ends: they grow."""
    sizes = areas(words)
    return [_parent(each, words, sizes, share) for each in range(len(words))]


def _parent(each: int, words: Words, sizes: Ints, share: float) -> int | None:
    around = (sizes > sizes[each]) & (shared(words[each], words) >= share * sizes[each])
    return int(np.where(around, sizes, np.iinfo(np.int64).max).argmin()) if around.any() else None
