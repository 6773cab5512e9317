"""Everything in an image at once: one prompt a point of a grid, the good masks of each, no two alike, as a tree.

What segment_anything's SamAutomaticMaskGenerator does, with its fields, in a small part of the time: the grid grows
finer only where no mask lies yet, prompts run in parallel, and stability, specks and duplicates are settled on the
decoder's own 256 × 256 pixels. Duplicates are told by masks: one stray speck changes a box.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from inference import bitmasks, masks
from inference.contract import Point, Prompt
from inference.decode import Decoder, answer
from inference.embeddings import Embedding
from inference.frame import LOGITS_SIDE, SIDE, inner_size
from inference.masks import Rle
from inference.upsample import upsample

Floats = npt.NDArray[np.float32]

COARSEST = 8  # points a side of the first grid
SPECK = 0.02  # a part that is a smaller share of its mask is a speck
INSIDE = 0.9  # a mask with this share of its pixels inside a larger one is a part of it


@dataclass(frozen=True)
class ProposalSettings:
    """points_per_side of the finest grid; masks below predicted_iou, stability or minimum_area (pixels of the image)
    are dropped, and of two whose IoU is above duplicate_iou the one with the lower score."""

    points_per_side: int = 16
    predicted_iou: float = 0.85
    stability: float = 0.9
    duplicate_iou: float = 0.7
    minimum_area: int = 100


@dataclass(frozen=True)
class Proposal:
    """An automatic mask. bbox and crop_box are XYWH, point_coords the one point that asked for it; parent is the
    index, in the list that the proposal came in, of the mask that it is a part of, None for a whole."""

    segmentation: Rle
    area: int
    bbox: tuple[int, int, int, int]
    predicted_iou: float
    stability_score: float
    point_coords: tuple[tuple[float, float], ...]
    crop_box: tuple[int, int, int, int]
    parent: int | None

    def to_json(self) -> dict[str, Any]:
        return {
            "segmentation": self.segmentation.to_json(),
            "area": self.area,
            "bbox": list(self.bbox),
            "predicted_iou": self.predicted_iou,
            "stability_score": self.stability_score,
            "point_coords": [list(point) for point in self.point_coords],
            "crop_box": list(self.crop_box),
            "parent": self.parent,
        }


@dataclass(frozen=True)
class Reading:
    """One mask of one point, at the decoder's resolution: logits float16 [height, width] of the image inside the
    square, without specks."""

    point: tuple[float, float]
    logits: npt.NDArray[np.float16]
    score: float
    stability: float


def propose(
    decoder: Decoder, embedding: Embedding, settings: ProposalSettings | None = None, threads: int = 1
) -> list[Proposal]:
    """The masks of everything in the image, the best predicted IoU first, no two with an IoU above
    settings.duplicate_iou. `threads` prompts run at once."""
    settings = settings or ProposalSettings()
    found: list[Reading] = []
    with ThreadPoolExecutor(threads) as pool:
        for points in grids(settings.points_per_side):
            asked = unexplained(points, found)
            answers = pool.map(lambda point: readings(decoder, embedding, point, settings), asked)
            found = _distinct([*found, *chain.from_iterable(answers)], settings.duplicate_iou)
    return _proposals(found, embedding, settings)


def grids(points_per_side: int) -> Iterator[list[tuple[float, float]]]:
    """Grids of points, coarse to fine, each with twice the points a side; x and y as shares of the image."""
    sides = [points_per_side]
    while sides[0] >= 2 * COARSEST:
        sides.insert(0, sides[0] // 2)
    for side in sides:
        centres = (np.arange(side) + 0.5) / side
        yield [(float(x), float(y)) for y in centres for x in centres]


def unexplained(points: list[tuple[float, float]], found: list[Reading]) -> list[tuple[float, float]]:
    """The points that lie on no mask so far; a prompt on a mask mostly finds that mask again."""
    if not found:
        return points
    covered = np.any([each.logits > 0 for each in found], axis=0)
    height, width = covered.shape
    return [(x, y) for x, y in points if not covered[int(y * height), int(x * width)]]


def readings(
    decoder: Decoder, embedding: Embedding, point: tuple[float, float], settings: ProposalSettings
) -> list[Reading]:
    """The masks of one point, given as shares of the image, that pass the settings' thresholds."""
    at = (point[0] * embedding.width, point[1] * embedding.height)
    height, width = _inner(embedding)
    logits, scores = answer(decoder, embedding, Prompt((Point(*at, 1),)))
    found = [
        _reading(at, mask[:height, :width], float(score))
        for mask, score in zip(logits, scores, strict=True)
        if score >= settings.predicted_iou
    ]
    return [each for each in found if each.stability >= settings.stability and (each.logits > 0).any()]


def _reading(point: tuple[float, float], logits: Floats, score: float) -> Reading:
    return Reading(point, without_specks(logits).astype(np.float16), score, masks.stability_score(logits))


def _inner(embedding: Embedding) -> tuple[int, int]:
    """(height, width) of the image in the decoder's pixels; what it says of the padding counts for nothing."""
    width, height = inner_size(embedding.width, embedding.height)
    return -(-height * LOGITS_SIDE // SIDE), -(-width * LOGITS_SIDE // SIDE)


def without_specks(logits: Floats) -> Floats:
    """The logits with the sign turned where a part is too small a share of the mask to be meant."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((logits > 0).astype(np.uint8), connectivity=8)
    sizes = stats[:, cv2.CC_STAT_AREA]
    specks = sizes < SPECK * sizes[1:].sum()
    specks[0] = False
    return np.where(specks[labels], -np.abs(logits), logits)


def _distinct(found: list[Reading], limit: float) -> list[Reading]:
    if not found:
        return []
    return [found[index] for index in bitmasks.distinct(_packed(found), [each.score for each in found], limit)]


def _packed(found: list[Reading]) -> bitmasks.Words:
    return bitmasks.pack(np.stack([each.logits > 0 for each in found]))


def _proposals(found: list[Reading], embedding: Embedding, settings: ProposalSettings) -> list[Proposal]:
    """In the image's pixels, where two masks may be more alike than on the decoder's."""
    kept: list[tuple[Reading, Rle]] = []
    for each in found:
        rle = _in_pixels(each, embedding)
        alike = any(masks.iou(rle, other) > settings.duplicate_iou for _, other in kept)
        if not alike and masks.area(rle) >= settings.minimum_area:
            kept.append((each, rle))
    links = _parents([each for each, _ in kept])
    return [_proposal(each, rle, link, embedding) for (each, rle), link in zip(kept, links, strict=True)]


def _parents(found: list[Reading]) -> list[int | None]:
    return bitmasks.parents(_packed(found), INSIDE) if found else []


def _in_pixels(reading: Reading, embedding: Embedding) -> Rle:
    square = np.full((LOGITS_SIDE, LOGITS_SIDE), -1, np.float32)
    height, width = reading.logits.shape
    square[:height, :width] = reading.logits
    return upsample(square, embedding.width, embedding.height).rle


def _proposal(reading: Reading, rle: Rle, parent: int | None, embedding: Embedding) -> Proposal:
    return Proposal(
        segmentation=rle,
        area=masks.area(rle),
        bbox=masks.bbox(rle),
        predicted_iou=min(max(reading.score, 0.0), 1.0),
        stability_score=reading.stability,
        point_coords=(reading.point,),
        crop_box=(0, 0, embedding.width, embedding.height),
        parent=parent,
    )
