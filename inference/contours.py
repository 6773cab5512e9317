"""From a mask to the polygons along its pixels' edges; pure."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import cv2
import numpy as np

from inference.counts import Ints
from inference.masks import Mask, Rle, crop


def polygons(rle: Rle) -> list[list[list[int]]]:
    """Parts → rings → flat [x, y, …] along the edges of the mask's pixels: the outer ring first, then its holes.

    Pixels belong together when they share a side. Rasterising the result gives exactly the same mask."""
    x, y, mask = crop(rle)
    corners = _corners(np.pad(mask, 1))
    _, labels = cv2.connectedComponents(np.pad(mask, 1).astype(np.uint8), connectivity=4)
    parts: dict[int, list[list[int]]] = defaultdict(list)
    for ring in _rings(corners):
        points = corners[ring, :2]
        part, hole = _owner(points, labels)
        flat = [int(value) for value in (points + np.array((x - 1, y - 1))).ravel()]
        parts[part].insert(len(parts[part]) if hole else 0, flat)
    return [parts[part] for part in sorted(parts)]


def _corners(padded: Mask) -> Ints:
    """Where an outline turns, as rows (x, y, order in the column). A point where two pixels touch by their corners
    only is two corners: the outlines turn there and never cross."""
    a, b, c, d = padded[:-1, :-1], padded[:-1, 1:], padded[1:, :-1], padded[1:, 1:]
    single = a ^ b ^ c ^ d
    falling = a & d & ~b & ~c
    rising = b & c & ~a & ~d
    rows = [_points(single, 0), _points(falling, 0), _points(falling, 1), _points(rising, 1), _points(rising, 0)]
    return np.concatenate(rows)


def _points(where: Mask, order: int) -> Ints:
    y, x = np.nonzero(where)
    return np.stack((x + 1, y + 1, np.full(len(x), order)), 1).astype(np.int64)


def _rings(corners: Ints) -> list[list[int]]:
    """Cycles of corners: along a row corners pair up as the ends of horizontal edges, along a column of vertical
    ones, so an outline is found by following the two in turn."""
    x, y, order = corners.T
    # Of two corners at one point, the first in _corners' order ends the edge from the left.
    across = _partners(np.lexsort((np.arange(len(x)), x, y)))
    down = _partners(np.lexsort((order, y, x)))
    seen = np.zeros(len(x), np.bool_)
    return [_ring(start, across, down, seen) for start in range(len(x)) if not seen[start]]


def _partners(order: Ints) -> Ints:
    partners = np.empty(len(order), np.int64)
    partners[order[0::2]] = order[1::2]
    partners[order[1::2]] = order[0::2]
    return partners


def _ring(start: int, across: Ints, down: Ints, seen: Mask) -> list[int]:
    ring = []
    corner = start
    while not seen[corner]:
        other = int(across[corner])
        ring += [corner, other]
        seen[corner] = seen[other] = True
        corner = int(down[other])
    return ring


def _owner(points: Ints, labels: Any) -> tuple[int, bool]:
    """The component that an outline bounds, and whether it bounds it from inside."""
    x, y = points[np.lexsort((points[:, 0], points[:, 1]))[0]]
    part = int(labels[y, x])
    return (part, False) if part else (int(labels[y - 1, x]), True)
