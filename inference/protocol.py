"""What a click is answered with, so that an object takes few clicks: decode, and three rules around it.

`decode` agrees with segment_anything's SamPredictor to the pixel; here is what measured better than it in the hands
of somebody who clicks (docs/performance.md has the figures):

- Readings are ordered by predicted IoU and stability together, not by predicted IoU alone.
- A further click on a candidate that would turn the mask over changes only the part that the click lies in. A second
  click often makes the decoder change its mind about what the object is, and people mean the click.
- A click on a stored mask cuts out, or joins to it, what is under the click; everything else stays to the pixel. Fed
  to the decoder as logits the mask would be lost: it has no more than 256 × 256 of them and redraws them all.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from inference import masks
from inference.contract import Candidate, Point, Prompt, logits_from_token, token_from_logits
from inference.decode import Decoder, answer, candidate, decode, logits_from_mask
from inference.embeddings import Embedding
from inference.frame import LOGITS_SIDE, SIDE, inner_size
from inference.masks import Mask, Rle

Floats = npt.NDArray[np.float32]

# A click that leaves less than this IoU between the mask and the one before turns it over.
TURNED_OVER = 0.8
REACH = 2  # how far from a change, in the decoder's pixels, a click may lie and still mean it
SEAM = 3  # how far around a change the new logits are taken too, so that no edge runs between old and new
# Where the mask's own rest is shown to the decoder: farther than this from the click, in pixels of the 1024 square.
ELSEWHERE = 64
# What takes more than this share of a mask away is hardly the part that a click meant.
MOST = 0.5


def predict(decoder: Decoder, embedding: Embedding, prompt: Prompt) -> list[Candidate]:
    """The masks that the prompt may mean, the likeliest first: three readings of a first click or of a click on a
    stored mask (prompt.mask and points, no box), one of a further click (prompt.logits, points, multimask false).

    Raises InvalidPrompt when the prompt makes no sense for the image."""
    if prompt.logits is not None and prompt.points and not prompt.multimask:
        return [refine(decoder, embedding, prompt, prompt.logits)]
    if prompt.mask is not None and prompt.logits is None and prompt.points and prompt.box is None:
        return edit(decoder, embedding, prompt, prompt.mask)
    return sorted(decode(decoder, embedding, prompt), key=lambda each: -likelihood(each))


def likelihood(found: Candidate) -> float:
    return found.score + found.stability_score


def refine(decoder: Decoder, embedding: Embedding, prompt: Prompt, token: str) -> Candidate:
    """The candidate that `token` stands for, corrected by the prompt's last point."""
    logits, scores = answer(decoder, embedding, prompt)
    last = _on_grid(prompt.points[-1], embedding)
    return candidate(settled(logits_from_token(token), logits[0], last), float(scores[0]), embedding)


def settled(before: Floats, after: Floats, click: tuple[int, int]) -> Floats:
    """`after`, or where it turns the mask over, `before` with only the change under the click (column, row); logits
    [256, 256]."""
    changed = (before > 0) != (after > 0)
    both, either = np.count_nonzero((before > 0) & (after > 0)), np.count_nonzero((before > 0) | (after > 0))
    if both >= TURNED_OVER * either:
        return after
    meant = _parts_near(changed, click)
    if not meant.any():
        return after
    seam = np.ones((2 * SEAM + 1, 2 * SEAM + 1), np.uint8)
    return np.where(cv2.dilate(meant.astype(np.uint8), seam) > 0, after, before)


def _parts_near(mask: Mask, click: tuple[int, int]) -> Mask:
    _, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    column, row = click
    around = labels[max(0, row - REACH) : row + REACH + 1, max(0, column - REACH) : column + REACH + 1]
    return np.isin(labels, around[around > 0])


def _on_grid(point: Point, embedding: Embedding) -> tuple[int, int]:
    """(column, row) of the logits under a point of the image."""
    width, height = inner_size(embedding.width, embedding.height)
    block = SIDE // LOGITS_SIDE
    column, row = point.x * width / embedding.width / block, point.y * height / embedding.height / block
    return min(int(column), LOGITS_SIDE - 1), min(int(row), LOGITS_SIDE - 1)


def edit(decoder: Decoder, embedding: Embedding, prompt: Prompt, mask: Rle) -> list[Candidate]:
    """The mask with what lies under the positive points joined to it and, in three readings, what lies under the
    negative ones cut out of it; without negative points three readings of what is joined."""
    adding, removing = (tuple(point for point in prompt.points if point.label == label) for label in (1, 0))
    if not removing:
        return _changes(decoder, embedding, mask, adding, removing)
    if adding:
        mask = _changes(decoder, embedding, mask, adding, removing)[0].segmentation
    return _changes(decoder, embedding, mask, removing, adding)


def _changes(
    decoder: Decoder, embedding: Embedding, mask: Rle, clicks: tuple[Point, ...], others: tuple[Point, ...]
) -> list[Candidate]:
    """The mask changed at the clicks in each of three readings, the likeliest first."""
    points = [replace(point, label=1) for point in clicks] + [replace(point, label=0) for point in others]
    if clicks[0].label == 0:
        points += rest_of(mask, clicks, ELSEWHERE * max(embedding.width, embedding.height) / SIDE)
    readings = decode(decoder, embedding, Prompt(tuple(points)))
    found = [_with_mask(each, changed(mask, each.segmentation, clicks)) for each in readings]
    rank = _cut_rank if clicks[0].label == 0 else _join_rank
    return sorted(found, key=lambda each: rank(each, masks.area(mask)), reverse=True)


def _cut_rank(found: Candidate, area: int) -> tuple[bool, float]:
    """Of what is no more than a part of the mask the largest is the likeliest."""
    return area - found.area <= MOST * area, area - found.area


def _join_rank(found: Candidate, area: int) -> tuple[bool, float]:
    return found.area > area, likelihood(found)


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
