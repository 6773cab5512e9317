"""Masks spoilt in six ways, so that somebody should reject them, each with an IoU to the truth well below that."""

from bisect import bisect_left
from collections.abc import Callable

import cv2
import numpy as np

from inference.assess import depths
from inference.masks import Mask

WORST, BEST = RANGE = (0.45, 0.75)  # the IoU to the truth of what is spoilt by degrees
LEAST_PIXELS = 50
Random = np.random.Generator
Range = tuple[float, float]


def iou(a: Mask, b: Mask) -> float:
    return float((a & b).sum() / max(1, (a | b).sum()))


def shifted(mask: Mask, others: list[Mask], random: Random, within: Range = RANGE) -> Mask | None:
    """Moved as a whole."""
    side = np.sqrt(mask.sum())
    for _ in range(40):
        angle, far = random.uniform(0, 2 * np.pi), random.uniform(0.08, 0.6) * side
        matrix = np.array([[1, 0, far * np.cos(angle)], [0, 1, far * np.sin(angle)]], np.float32)
        moved = cv2.warpAffine(mask.astype(np.uint8), matrix, mask.shape[::-1], flags=cv2.INTER_NEAREST) > 0
        if within[0] <= iou(moved, mask) <= within[1]:
            return moved
    return None


def eroded(mask: Mask, others: list[Mask], random: Random, within: Range = RANGE) -> Mask:
    """What is left when the pixels nearest to its edge go."""
    return _most(mask, depths(mask), random, within)


def part_cut(mask: Mask, others: list[Mask], random: Random, within: Range = RANGE) -> Mask:
    """On one side of a straight line."""
    angle = random.uniform(0, 2 * np.pi)
    rows, columns = np.indices(mask.shape)
    return _most(mask, columns * np.cos(angle) + rows * np.sin(angle), random, within)


def _most(mask: Mask, rank: np.ndarray[tuple[int, ...], np.dtype[np.floating]], random: Random, within: Range) -> Mask:
    """The share of a mask's pixels that ranks highest."""
    values = rank[mask] + random.random(int(mask.sum())) * 1e-3
    kept = np.zeros_like(mask)
    kept[mask] = values >= np.quantile(values, 1 - random.uniform(*within))
    return kept


def dilated(mask: Mask, others: list[Mask], random: Random, within: Range = RANGE) -> Mask | None:
    """With the pixels nearest to it."""
    more = int(mask.sum() * (1 / random.uniform(*within) - 1))
    if (~mask).sum() <= more:
        return None
    grown = mask.copy()
    values = away(mask)[~mask] + random.random(int((~mask).sum())) * 1e-3
    grown[~mask] = values <= np.partition(values, more)[more]
    return grown


def disc_cut(mask: Mask, others: list[Mask], random: Random, within: Range = RANGE) -> Mask | None:
    """Without what lies in a disc around a place on its outline."""
    return _with_disc(mask, random, within, lambda disc: mask & ~disc)


def disc_added(mask: Mask, others: list[Mask], random: Random, within: Range = RANGE) -> Mask | None:
    """With a disc around a place on its outline."""
    return _with_disc(mask, random, within, lambda disc: mask | disc)


def _with_disc(mask: Mask, random: Random, within: Range, apply: Callable[[Mask], Mask]) -> Mask | None:
    wanted = random.uniform(*within)
    outline = np.argwhere(mask & (depths(mask) < 1.5))
    for row, column in random.permutation(outline)[:40]:
        rows, columns = np.ogrid[: mask.shape[0], : mask.shape[1]]
        away = np.hypot(rows - row, columns - column)
        # The larger the disc, the lower the IoU.
        radii = range(2, max(mask.shape))
        radius = bisect_left(radii, -wanted, key=lambda each: -iou(apply(away < each), mask))
        spoilt = apply(away < radii[min(radius, len(radii) - 1)])
        if within[0] <= iou(spoilt, mask) <= within[1]:
            return spoilt
    return None


def neighbour_swallowed(mask: Mask, others: list[Mask], random: Random) -> Mask | None:
    """With one of the three nearest things, if that lies beside it and is large enough."""
    far = away(mask)
    for other in sorted(others, key=lambda each: float(far[each].min()))[:3]:
        near = far[other].min() < max(10, 0.3 * np.sqrt(mask.sum()))
        if near and 0.2 <= iou(mask | other, mask) <= BEST:
            return mask | other
    return None


def wrong_object(mask: Mask, others: list[Mask], random: Random) -> Mask | None:
    """A thing of a comparable size that is elsewhere."""
    elsewhere = [each for each in others if iou(each, mask) < 0.3 and 0.1 < each.sum() / mask.sum() < 10]
    return elsewhere[int(random.integers(len(elsewhere)))] if elsewhere else None


KINDS = {
    "shifted": shifted, "eroded": eroded, "dilated": dilated,
    "part cut": part_cut, "neighbour swallowed": neighbour_swallowed, "wrong object": wrong_object,
}  # fmt: skip
# Never used to tune anything.
HELD_OUT = ("part cut", "neighbour swallowed")


def away(mask: Mask) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """How far each pixel lies from the mask."""
    return np.asarray(cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5), np.float32)
