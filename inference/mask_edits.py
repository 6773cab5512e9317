"""Clicks on a stored mask: what lies under a click is joined to the mask or cut out of it, and the rest stays.

The decoder is asked for what lies under the clicks, not for the mask. It returns three readings: in each, the part of
the difference that is connected to a click is a change that explains the clicks. The smallest of these changes is
preferred, and nothing of it lies far from the clicks: people click in the middle of what is wrong, so the distance from
a click to the mask's edge tells how large that is. docs/performance.md has how good it is.
"""

from __future__ import annotations

from dataclasses import replace
from math import hypot, inf

import cv2
import numpy as np

from inference import masks, windows
from inference.contract import Candidate, Point, Prompt, Ranking, token_from_logits
from inference.decode import Decoder, decode, logits_from_mask
from inference.embeddings import Embedding
from inference.frame import SIDE
from inference.masks import Mask, Rle
from inference.regions import Region

# The decoder is shown a point of the mask's rest that is farther than this from the clicks, in pixels of the square.
REST_DISTANCE = 64
# The preferred change ends at this many times the distance from a click to the mask's edge, and not before LEAST_REACH
# pixels of the square.
REACH = 3.0
LEAST_REACH = 16


def edit(decoder: Decoder, embedding: Embedding, prompt: Prompt, mask: Rle) -> Ranking:
    """The mask with what lies under the positive points joined to it and what lies under the negative ones cut out.

    With points of both kinds the preferred joining comes first, and the candidates differ in what is cut out. Only the
    preferred candidate when prompt.multimask is false.
    """
    adding, removing = (tuple(point for point in prompt.points if point.label == label) for label in (1, 0))
    if adding and removing:
        mask = _changes(decoder, embedding, mask, adding, removing).best.segmentation
    clicks, others = (removing, adding) if removing else (adding, removing)
    ranking = _changes(decoder, embedding, mask, clicks, others)
    return ranking if prompt.multimask else Ranking([ranking.best])


def _changes(
    decoder: Decoder, embedding: Embedding, mask: Rle, clicks: tuple[Point, ...], others: tuple[Point, ...]
) -> Ranking:
    """The mask changed at the clicks in each of three readings, the preferred one only within their reach."""
    scale = max(embedding.width, embedding.height) / SIDE
    points = [replace(point, label=1) for point in clicks] + [replace(point, label=0) for point in others]
    if clicks[0].label == 0:
        points += rest_of(mask, clicks, REST_DISTANCE * scale)
    readings = decode(decoder, embedding, Prompt(tuple(points)))
    reaches = [max(LEAST_REACH * scale, REACH * distance_to_edge(mask, click)) for click in clicks]
    near = [changed(mask, each.segmentation, clicks, reaches) for each in readings]
    preferred = _smallest_change(mask, near, clicks)
    edited = [changed(mask, each.segmentation, clicks) for each in readings]
    edited[preferred] = near[preferred]
    candidates = [_with_mask(*each) for each in zip(readings, edited, strict=True)]
    return Ranking(candidates, preferred)


def _smallest_change(before: Rle, edited: list[Rle], clicks: tuple[Point, ...]) -> int:
    """The index of the mask that differs least from the one before, of those that follow the most clicks."""

    def cost(index: int) -> tuple[int, int]:
        followed = sum(holds(edited[index], click) == bool(click.label) for click in clicks)
        return -followed, abs(masks.area(edited[index]) - masks.area(before))

    return min(range(len(edited)), key=cost)


def _with_mask(reading: Candidate, mask: Rle) -> Candidate:
    return replace(
        reading,
        segmentation=mask,
        bbox=masks.bbox(mask),
        area=masks.area(mask),
        logits=token_from_logits(logits_from_mask(mask)),
    )


def changed(mask: Rle, reading: Rle, clicks: tuple[Point, ...], reaches: list[float] | None = None) -> Rle:
    """The mask with the connected parts of a reading that lie under clicks cut out (label 0) or joined (label 1).

    Every other pixel stays. All clicks have the same label. `reaches` has for each click how far, in pixels, a part may
    reach from it; None is without bounds.
    """
    x, y, width, height = masks.bbox(reading)
    if not width:
        return mask
    window = Region(x, y, x + width, y + height)
    before, under = (masks.decode(windows.inside(each, window)) for each in (mask, reading))
    removes = clicks[0].label == 0
    part = under & (before if removes else ~before)
    if reaches is not None:
        part &= _within_reach(window, clicks, reaches)
    meant = _parts_under(part, window, mask.size, clicks)
    after = windows.placed(masks.encode(before & ~meant if removes else before | meant), window, mask.size)
    return windows.union(windows.outside(mask, window), after)


def _within_reach(window: Region, clicks: tuple[Point, ...], reaches: list[float]) -> Mask:
    rows, columns = np.ogrid[window.y0 : window.y1, window.x0 : window.x1]
    squares = [(columns + 0.5 - click.x) ** 2 + (rows + 0.5 - click.y) ** 2 for click in clicks]
    return np.asarray(
        np.logical_or.reduce([square <= reach**2 for square, reach in zip(squares, reaches, strict=True)]), np.bool_
    )


def _parts_under(part: Mask, window: Region, size: tuple[int, int], clicks: tuple[Point, ...]) -> Mask:
    """The connected parts of a mask of the window that hold a click."""
    _, labels = cv2.connectedComponents(part.astype(np.uint8), connectivity=8)
    # A pixel of background around it, for clicks beside the window.
    around = np.pad(labels, 1)
    pixels = np.array([_pixel(click, size) for click in clicks]) - (window.y0, window.x0)
    rows, columns = np.clip(pixels + 1, 0, np.array(around.shape) - 1).T
    return np.isin(labels, np.setdiff1d(around[rows, columns], 0))


def holds(mask: Rle, point: Point) -> bool:
    row, column = _pixel(point, mask.size)
    return masks.area(windows.inside(mask, Region(column, row, column + 1, row + 1))) > 0


def _pixel(point: Point, size: tuple[int, int]) -> tuple[int, int]:
    """(row, column) of the pixel that holds the point; points on the far edges belong to the last pixel."""
    return min(int(point.y), size[0] - 1), min(int(point.x), size[1] - 1)


def distance_to_edge(mask: Rle, point: Point) -> float:
    """How far, in pixels, the nearest pixel lies that is in the mask if the point is not, or the other way round.
    Infinite where there is none."""
    height, width = mask.size
    row, column = _pixel(point, mask.size)
    inside, radius = holds(mask, point), LEAST_REACH
    while True:
        window = Region(
            max(0, column - radius), max(0, row - radius), min(width, column + radius), min(height, row + radius)
        )
        rows, columns = np.nonzero(masks.decode(windows.inside(mask, window)) != inside)
        nearest = float(np.hypot(rows + window.y0 - row, columns + window.x0 - column).min(initial=inf))
        if nearest < radius or radius > hypot(width, height):
            return nearest
        radius *= 2


def rest_of(mask: Rle, clicks: tuple[Point, ...], distance: float) -> list[Point]:
    """A background point deep in the mask and farther than `distance` from every click, where there is one: it
    tells the decoder that the part under the clicks is meant and not the whole."""
    x, y, whole = masks.crop(mask)
    depth = cv2.distanceTransform(np.pad(whole, 1).astype(np.uint8), cv2.DIST_L2, 3)[1:-1, 1:-1]
    rows, columns = np.ogrid[y : y + whole.shape[0], x : x + whole.shape[1]]
    for click in clicks:
        depth[(columns - click.x) ** 2 + (rows - click.y) ** 2 <= distance**2] = 0
    if not depth.any():
        return []
    row, column = np.unravel_index(int(depth.argmax()), depth.shape)
    return [Point(x + float(column) + 0.5, y + float(row) + 0.5, 0)]
