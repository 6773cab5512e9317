"""Which of many masks are alike, and which are parts of which. Pure functions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Ratios = npt.NDArray[np.float64]


def unlike(count: int, ious: Callable[[int, list[int]], Ratios], limit: float) -> list[int]:
    """Which of `count` masks to keep, so that no two have an IoU above `limit` and each that goes has one before it
    that stays (greedy non-maximum suppression). ious(one, many) are those of a mask with each of many."""
    kept: list[int] = []
    for each in range(count):
        if not kept or ious(each, kept).max() <= limit:
            kept.append(each)
    return kept


def parents(areas: Ints, shares: Ratios, least: float) -> list[int | None]:
    """For each mask the smallest larger one that holds at least `least` of its pixels, None where there is none;
    shares[a, b] is the share of a's pixels that lie in b. Following parents always ends: they grow."""
    if len(areas) == 0:
        return []
    around = (shares >= least) & (areas > areas[:, None])
    smallest = np.where(around, areas, np.iinfo(np.int64).max).argmin(axis=1)
    return [int(best) if held[best] else None for best, held in zip(smallest, around, strict=True)]


def levels(parents: list[int | None]) -> list[int]:
    """How many masks each one lies in, going from parent to parent."""

    def level(parent: int | None) -> int:
        return 0 if parent is None else 1 + level(parents[parent])

    return [level(each) for each in parents]
