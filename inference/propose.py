"""Everything in an image at once: one prompt a point of a grid, the good masks of each, no two alike, as a tree.

What segment_anything's SamAutomaticMaskGenerator does, with its fields, in a small part of the time: the grid grows
finer only where no mask lies yet, prompts run in parallel, and stability, specks and most duplicates are settled on the
decoder's own 256 × 256 pixels. Duplicates are told by masks: one stray speck changes a box.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, product
from math import ceil

import numpy as np
import numpy.typing as npt
from pycocotools import mask as coco

from inference import masks
from inference.decode import Decoder
from inference.embeddings import Embedding
from inference.frame import LOGITS_SIDE
from inference.masks import Rle
from inference.propose_contract import CropBox, Proposal, ProposalSettings
from inference.propose_grid import ALIKE, Reading, search
from inference.propose_relations import Ratios, levels, parents, unlike
from inference.regions import Region
from inference.upsample import upsample
from inference.windows import placed

INSIDE = 0.9  # a mask with this share of its pixels inside a larger one is a part of it
CROPS_A_SIDE = 2
OVERLAP = 512 / 1500  # of neighbouring crops, as a share of the image's shorter side
CUT = 20  # a mask that comes as near to the edge of its crop, in pixels, is taken to be cut off there


def propose(
    decoder: Decoder,
    embedding: Embedding,
    settings: ProposalSettings | None = None,
    crops: Iterable[tuple[CropBox, Embedding]] = (),
) -> list[Proposal]:
    """The masks of everything in the image, the best predicted IoU first, no two with an IoU above 0.7.

    `crops` are parts of the image (XYWH, see crop_boxes) and their embeddings, which are taken one at a time. What is
    found both in a crop and in the whole image is taken from the crop, where it has more pixels.
    """
    settings = settings or ProposalSettings()
    size = (embedding.height, embedding.width)
    whole = (0, 0, embedding.width, embedding.height)
    found = [
        mask
        for box, part in chain(crops, [(whole, embedding)])
        for mask in (_in_pixels(reading, part, box, size) for reading in search(decoder, part, settings))
        if masks.area(mask.rle) >= settings.minimum_area and not _cut_off(mask, size)
    ]
    return _tree(sorted(_distinct(found), key=lambda each: -each.reading.score))


def crop_boxes(width: int, height: int) -> list[CropBox]:
    """The parts, XYWH, of one layer of crops: two by two that overlap, as SamAutomaticMaskGenerator lays them."""
    overlap = int(OVERLAP * min(width, height))
    sides = [ceil((side + overlap * (CROPS_A_SIDE - 1)) / CROPS_A_SIDE) for side in (width, height)]
    corners = product(*([step * (side - overlap) for step in range(CROPS_A_SIDE)] for side in sides))
    return [(x, y, min(sides[0], width - x), min(sides[1], height - y)) for x, y in corners]


@dataclass(frozen=True)
class _Found:
    """A reading and its mask in the image's pixels."""

    reading: Reading
    rle: Rle
    box: CropBox


def _in_pixels(reading: Reading, part: Embedding, box: CropBox, size: tuple[int, int]) -> _Found:
    square = np.full((LOGITS_SIDE, LOGITS_SIDE), -1, np.float32)
    height, width = reading.logits.shape
    square[:height, :width] = reading.logits
    rle = upsample(square, part.width, part.height).rle
    x, y, across, down = box
    return _Found(reading, rle if rle.size == size else placed(rle, Region(x, y, x + across, y + down), size), box)


def _cut_off(found: _Found, size: tuple[int, int]) -> bool:
    """Whether the mask comes near to an edge of its crop that is no edge of the image."""
    mask, crop, image = (_edges(box) for box in (masks.bbox(found.rle), found.box, (0, 0, size[1], size[0])))
    return bool(((abs(mask - crop) <= CUT) & (abs(mask - image) > CUT)).any())


def _edges(box: CropBox) -> npt.NDArray[np.int64]:
    x, y, width, height = box
    return np.array((x, y, x + width, y + height))


def _distinct(found: list[_Found]) -> list[_Found]:
    """In the image's pixels masks may be more alike than on the decoder's. The first of two that are alike stays."""
    ious = _compared(found, within=False)
    return [found[each] for each in unlike(len(found), lambda one, many: ious[one, many], ALIKE)]


def _compared(found: list[_Found], within: bool) -> Ratios:
    """The IoU of each mask with each, or the share of each that lies `within` each."""
    rles = [each.rle.to_json() for each in found]
    # What COCO calls a crowd is compared by the share of the other mask's pixels.
    return np.asarray(coco.iou(rles, rles, [within] * len(rles)), np.float64).reshape(len(rles), len(rles))


def _tree(found: list[_Found]) -> list[Proposal]:
    areas = np.array([masks.area(each.rle) for each in found], np.int64)
    links = parents(areas, _compared(found, within=True), INSIDE)
    return [_proposal(*each) for each in zip(found, links, levels(links), strict=True)]


def _proposal(found: _Found, parent: int | None, level: int) -> Proposal:
    left, top, width, height = found.box
    x, y = found.reading.point
    return Proposal(
        segmentation=found.rle,
        area=masks.area(found.rle),
        bbox=masks.bbox(found.rle),
        predicted_iou=min(max(found.reading.score, 0.0), 1.0),
        stability_score=found.reading.stability,
        point_coords=((left + x * width, top + y * height),),
        crop_box=found.box,
        parent=parent,
        level=level,
    )
