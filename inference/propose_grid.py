"""The masks that a grid of points finds in one embedding, on the decoder's own 256 × 256 pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from inference import bitmasks, masks
from inference.decode import PADDING, Decoder
from inference.embeddings import Embedding
from inference.frame import LOGITS_SIDE, SIDE, inner_size
from inference.propose_contract import ProposalSettings
from inference.propose_relations import unlike

Floats = npt.NDArray[np.float32]
Share = tuple[float, float]

COARSEST = 8  # points a side of the first grid
CHUNK = 64  # prompts at a time: their logits take as many megabytes
SPECK = 0.02  # a part that is a smaller share of its mask is a speck
ALIKE = 0.7  # of two masks with a larger IoU the one with the lower score goes


@dataclass(frozen=True)
class Reading:
    """One mask of one point, given as shares of the image's width and height: logits float16 [height, width] of the
    image inside the square, without specks, and their mask as words."""

    point: Share
    logits: npt.NDArray[np.float16]
    words: bitmasks.Words
    score: float
    stability: float


def search(decoder: Decoder, embedding: Embedding, settings: ProposalSettings) -> list[Reading]:
    """The masks of everything in an embedding, no two alike, the best predicted IoU first."""
    found: list[Reading] = []
    for points in grids(settings.points_per_side):
        asked = unexplained(points, found)
        for start in range(0, len(asked), CHUNK):
            found = distinct([*found, *readings(decoder, embedding, asked[start : start + CHUNK], settings)])
    return found


def grids(points_per_side: int) -> Iterator[list[Share]]:
    """Grids of points, coarse to fine, each with twice the points a side; x and y as shares of the image."""
    sides = [points_per_side]
    while sides[0] >= 2 * COARSEST:
        sides.insert(0, sides[0] // 2)
    for side in sides:
        centres = (np.arange(side) + 0.5) / side
        yield [(float(x), float(y)) for y in centres for x in centres]


def unexplained(points: list[Share], found: list[Reading]) -> list[Share]:
    """The points that lie on no mask so far; a prompt on a mask mostly finds that mask again."""
    if not found:
        return points
    covered = np.any([each.logits > 0 for each in found], axis=0)
    height, width = covered.shape
    return [(x, y) for x, y in points if not covered[int(y * height), int(x * width)]]


def readings(
    decoder: Decoder, embedding: Embedding, points: list[Share], settings: ProposalSettings
) -> Iterator[Reading]:
    """The masks of the points that pass the settings' thresholds."""
    logits, scores = decoder.run_many(embedding.values, *_prompts(points, embedding), least=settings.predicted_iou)
    height, width = _inner(embedding)
    # The first of a prompt's four masks is the one for prompts that say more than a point.
    for point, reading in np.argwhere(scores[:, 1:] >= settings.predicted_iou):
        mask = logits[point, reading + 1, :height, :width]
        stability = masks.stability_score(mask)
        if stability >= settings.stability and (mask > 0).any():
            yield _reading(points[point], mask, float(scores[point, reading + 1]), stability)


def _prompts(points: list[Share], embedding: Embedding) -> tuple[Floats, Floats]:
    """Coordinates [n, 2, 2] in the square and labels [n, 2]: each a point and, as in training, one that counts for
    nothing."""
    coordinates = np.zeros((len(points), 2, 2), np.float32)
    coordinates[:, 0] = np.array(points) * inner_size(embedding.width, embedding.height)
    return coordinates, np.tile(np.array([1, PADDING], np.float32), (len(points), 1))


def _inner(embedding: Embedding) -> tuple[int, int]:
    """(height, width) of the image in the decoder's pixels; what it says of the padding counts for nothing."""
    width, height = inner_size(embedding.width, embedding.height)
    return -(-height * LOGITS_SIDE // SIDE), -(-width * LOGITS_SIDE // SIDE)


def _reading(point: Share, logits: Floats, score: float, stability: float) -> Reading:
    clean = without_specks(logits)
    return Reading(point, clean.astype(np.float16), bitmasks.pack(clean[None] > 0)[0], score, stability)


def without_specks(logits: Floats) -> Floats:
    """The logits with the sign turned where a part is too small a share of the mask to be meant."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((logits > 0).astype(np.uint8), connectivity=8)
    sizes = stats[:, cv2.CC_STAT_AREA]
    specks = sizes < SPECK * sizes[1:].sum()
    specks[0] = False
    return np.where(specks[labels], -np.abs(logits), logits)


def distinct(found: list[Reading]) -> list[Reading]:
    """Those of the readings of one embedding that are not alike, the best score first."""
    if not found:
        return []
    found = sorted(found, key=lambda each: -each.score)
    words = np.stack([each.words for each in found])
    return [found[each] for each in unlike(len(found), lambda one, many: bitmasks.ious(words[one], words[many]), ALIKE)]
