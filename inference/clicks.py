"""What a click is answered with: candidates by score, as segment_anything's SamPredictor gives them.

A click on a stored mask is answered differently: it cuts out, or joins to the mask, what is under the click, and
everything else stays to the pixel. Fed to the decoder as logits the mask would be lost: it has no more than 256 × 256
of them and redraws them all. docs/performance.md has what this gains.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from inference import masks
from inference.contract import Candidate, Point, Prompt, Ranking, token_from_logits
from inference.decode import Decoder, decode, logits_from_mask
from inference.embeddings import Embedding
from inference.frame import SIDE
from inference.masks import Mask, Rle

# Where the mask's own rest is shown to the decoder: farther than this from the click, in pixels of the 1024 square.
ELSEWHERE = 64
# What takes more than this share of a mask away is hardly the part that a click meant.
MOST = 0.5


def predict(decoder: Decoder, embedding: Embedding, prompt: Prompt) -> Ranking:
    """The masks that the prompt may mean. Clicks on a stored mask (prompt.mask and points, no box, no logits) edit it.

    Raises InvalidPrompt when the prompt makes no sense for the image."""
    if prompt.mask is not None and edits(prompt):
        return edit(decoder, embedding, prompt, prompt.mask)
    return Ranking(decode(decoder, embedding, prompt))


def _ranked(candidates: list[Candidate], preference: Callable[[Candidate], Any]) -> Ranking:
    """Candidates that are sorted by score, with the first of those whose `preference` is highest."""
    return Ranking(candidates, max(range(len(candidates)), key=lambda index: preference(candidates[index])))


def edits(prompt: Prompt) -> bool:
    """Whether the prompt changes a stored mask, instead of drawing another one from it."""
    return prompt.mask is not None and prompt.logits is None and bool(prompt.points) and prompt.box is None


def edit(decoder: Decoder, embedding: Embedding, prompt: Prompt, mask: Rle) -> Ranking:
    """The mask with what lies under the positive points joined to it and, in three readings, what lies under the
    negative ones cut out of it; without negative points three readings of what is joined. Only the preferred one
    when prompt.multimask is false."""
    adding, removing = (tuple(point for point in prompt.points if point.label == label) for label in (1, 0))
    if adding and removing:
        mask = _changes(decoder, embedding, mask, adding, removing).best.segmentation
    clicks, others = (removing, adding) if removing else (adding, removing)
    ranking = _changes(decoder, embedding, mask, clicks, others)
    return ranking if prompt.multimask else Ranking([ranking.best])


def _changes(
    decoder: Decoder, embedding: Embedding, mask: Rle, clicks: tuple[Point, ...], others: tuple[Point, ...]
) -> Ranking:
    """The mask changed at the clicks in each of three readings."""
    points = [replace(point, label=1) for point in clicks] + [replace(point, label=0) for point in others]
    if clicks[0].label == 0:
        points += rest_of(mask, clicks, ELSEWHERE * max(embedding.width, embedding.height) / SIDE)
    readings = decode(decoder, embedding, Prompt(tuple(points)))
    candidates = [_with_mask(each, changed(mask, each.segmentation, clicks)) for each in readings]
    rank = _cut_rank if clicks[0].label == 0 else _join_rank
    return _ranked(candidates, lambda each: rank(each, masks.area(mask)))


def _cut_rank(found: Candidate, area: int) -> tuple[bool, float]:
    """Of what is no more than a part of the mask the largest is the likeliest."""
    return area - found.area <= MOST * area, area - found.area


def _join_rank(found: Candidate, area: int) -> tuple[bool, float]:
    return found.area > area, found.score


def _with_mask(found: Candidate, mask: Rle) -> Candidate:
    return replace(
        found,
        segmentation=mask,
        bbox=masks.bbox(mask),
        area=masks.area(mask),
        logits=token_from_logits(logits_from_mask(mask)),
    )


def changed(mask: Rle, reading: Rle, clicks: tuple[Point, ...]) -> Rle:
    """The mask with the connected parts of a reading that lie under clicks cut out (label 0) or joined (label 1);
    every other pixel stays. All clicks have the same label."""
    before, under = masks.decode(mask), masks.decode(reading)
    removes = clicks[0].label == 0
    meant = _parts_under(under & (before if removes else ~before), clicks)
    return masks.encode(before & ~meant if removes else before | meant)


def _parts_under(mask: Mask, clicks: tuple[Point, ...]) -> Mask:
    _, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    under = {int(labels[_pixel(point, mask)]) for point in clicks} - {0}
    return np.isin(labels, list(under))


def _pixel(point: Point, mask: Mask) -> tuple[int, int]:
    """(row, column) of the pixel that holds the point; points on the far edges belong to the last pixel."""
    return min(int(point.y), mask.shape[0] - 1), min(int(point.x), mask.shape[1] - 1)


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
