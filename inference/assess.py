"""What speaks for and against a mask, whoever drew it: what SAM makes of its points and box, its form, its neighbours.

All is looked at in a frame of 512 pixels, half of SAM's square: finer than the decoder's logits, coarse enough to cost
nothing beside the decoder. labeling/annotations/confidence.py makes a probability of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from inference import masks
from inference.contract import Box, Point, Prompt
from inference.decode import Decoder, Floats, answers, logits_from_mask, sampled
from inference.embeddings import Embedding
from inference.frame import SIDE, inner_size
from inference.masks import Mask, Rle

FRAME = SIDE // 2
LEAST = 12  # pixels of the frame; of what is smaller SAM sees nothing
BAND = 2  # how far from the outline logits are looked at, in pixels of the frame
SAME = 0.5  # masks with this IoU or more are of the same thing
SUREST = 10.0  # a logit beyond this says nothing more

Depths = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Answers:
    """The four answers to a prompt beside the mask, [4] each, the single one first: IoU with it, predicted IoU,
    stability, the share of the answer that is in the mask and of the mask that is in the answer, and the mean logits
    along the mask's outline, inside and outside of it."""

    iou: Floats
    score: Floats
    stability: Floats
    precision: Floats
    recall: Floats
    inside: Floats
    outside: Floats

    @property
    def nearest(self) -> int:
        return int(self.iou.argmax())

    def signals(self, name: str, *wanted: str) -> dict[str, float]:
        """`max` is the IoU of the best of the three readings, `one` that of the single answer; anything else is of
        the answer that is nearest to the mask."""
        found = {
            "max": self.iou[1:].max(),
            "one": self.iou[0],
            "score": self.score[self.nearest],
            "stability": self.stability[self.nearest],
            "precision": self.precision[self.nearest],
            "recall": self.recall[self.nearest],
            "inside": self.inside[self.nearest],
            "outside": self.outside[self.nearest],
        }
        return {f"{name}_{each}": float(found[each]) for each in wanted}


def signals(decoder: Decoder, embedding: Embedding, mask: Rle, others: Sequence[Rle] = ()) -> dict[str, float]:
    """Everything that is known of the mask of an image with this embedding; `others` are the image's other masks.
    Without what SAM says where the mask is too small for it to see."""
    found = {**form(mask), **overlap(mask, others)}
    seen = framed(mask)
    return {**found, **agreement(decoder, embedding, mask, seen)} if seen.sum() >= LEAST else found


def framed(mask: Rle) -> Mask:
    """The mask in the frame, without the frame's padding."""
    width, height = (side + 1 >> 1 for side in inner_size(mask.size[1], mask.size[0]))
    return sampled(mask, width, height)


def agreement(decoder: Decoder, embedding: Embedding, mask: Rle, seen: Mask) -> dict[str, float]:
    """What SAM makes of two points deep in the mask, of its box, of both, and of the mask itself."""
    scale = embedding.width / seen.shape[1]
    points = [(min(x * scale, embedding.width), min(y * scale, embedding.height)) for x, y in interior(seen)]
    first, second = (Point(*each, 1) for each in points)
    x, y, width, height = masks.bbox(mask)
    box = Box(x, y, x + width, y + height)
    point, other, boxed, both = (
        compared(*answers(decoder, embedding, prompt), seen)
        for prompt in (Prompt((first,)), Prompt((second,)), Prompt(box=box), Prompt((first,), box))
    )
    nowhere = np.zeros((0, 2), np.float32), np.zeros(0, np.float32)
    itself = compared(*decoder.run(embedding.values, *nowhere, logits_from_mask(mask)), seen)
    beside = ("precision", "recall", "inside", "outside")
    return {
        "margin": margin(point.score[1:]),
        **point.signals("point", "max", "score", *beside),
        **other.signals("other_point", "max"),
        **boxed.signals("box", "max", "score", "stability", *beside),
        **both.signals("both", "one", *beside),
        **itself.signals("mask", "one", "score", "stability", "inside", "outside"),
    }


def margin(scores: Floats) -> float:
    """How much more SAM thinks of the best of its readings than of the second."""
    second, best = np.sort(scores)[-2:]
    return float(best - second)


def interior(seen: Mask) -> list[tuple[float, float]]:
    """The deepest point of a mask, and the deepest of those far from it: a mask of two things has one in each."""
    depth = depths(seen)
    row, column = _deepest(depth)
    rows, columns = np.ogrid[: seen.shape[0], : seen.shape[1]]
    away = np.sqrt((columns - column) ** 2 + (rows - row) ** 2)
    far = np.minimum(depth, away / 2) * (away > depth[row, column] / 2)
    second = _deepest(far) if far.max() > 0 else (row, column)
    return [(x + 0.5, y + 0.5) for y, x in ((row, column), second)]


def depths(mask: Mask) -> Depths:
    """How far each pixel lies from the mask's edge; the image's edge is one."""
    padded = np.pad(mask, 1).astype(np.uint8)
    return np.asarray(cv2.distanceTransform(padded, cv2.DIST_L2, 5)[1:-1, 1:-1], np.float32)


def _deepest(depth: npt.NDArray[np.floating]) -> tuple[int, int]:
    row, column = np.unravel_index(int(depth.argmax()), depth.shape)
    return int(row), int(column)


def compared(logits: Floats, scores: Floats, seen: Mask) -> Answers:
    """A prompt's answers beside the mask in the frame."""
    kernel, pixels = np.ones((3, 3), np.uint8), seen.astype(np.uint8)
    inner = seen & (cv2.erode(pixels, kernel, iterations=BAND) == 0)
    outer = ~seen & (cv2.dilate(pixels, kernel, iterations=BAND) > 0)
    rows = [_beside(each, seen, inner, outer) for each in logits]
    iou, stability, precision, recall, inside, outside = np.array(rows, np.float32).T
    return Answers(iou, scores, stability, precision, recall, inside, outside)


def _beside(logits: Floats, seen: Mask, inner: Mask, outer: Mask) -> tuple[float, ...]:
    resized = np.asarray(cv2.resize(logits, (FRAME, FRAME), interpolation=cv2.INTER_LINEAR), np.float32)
    full = resized[: seen.shape[0], : seen.shape[1]]
    found = full > 0
    shared, area, whole = (int(each.sum()) for each in (found & seen, found, seen))
    return (
        shared / max(1, area + whole - shared),
        masks.stability_score(full),
        shared / max(1, area),
        shared / whole,
        *(float(np.clip(full[band], -SUREST, SUREST).mean()) if band.any() else 0.0 for band in (inner, outer)),
    )


def form(mask: Rle) -> dict[str, float]:
    """How compact and solid a mask is, the share of it in other parts than the largest, of holes, of its outline that
    lies on the image's edge, how many parts it has, and its share of the image as a logarithm."""
    x, y, part = masks.crop(mask)
    if not part.size:
        return {}
    pixels = np.pad(part, 2).astype(np.uint8)
    outlines, _ = cv2.findContours(pixels, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    around = max(1.0, sum(cv2.arcLength(each, True) for each in outlines))
    hull = cv2.contourArea(cv2.convexHull(np.concatenate(outlines)))
    area = float(part.sum())
    parts, holes = _sizes(pixels, 8), _sizes(1 - pixels, 4)[1:]
    return {
        "compactness": 4 * np.pi * area / around**2,
        "solidity": area / max(hull, area),
        "specks": 1 - float(parts[0]) / area,
        "holes": float(holes.sum()) / area,
        "border": _on_border(part, x, y, mask.size) / around,
        "parts": float(min(5, len(parts))),
        "size": float(np.log(area / (mask.size[0] * mask.size[1]))),
    }


def _sizes(pixels: npt.NDArray[np.uint8], connectivity: int) -> npt.NDArray[np.int64]:
    """The pixels of each connected part, the largest first."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(pixels, connectivity=connectivity)
    return np.sort(stats[1:, cv2.CC_STAT_AREA].astype(np.int64))[::-1]


def _on_border(part: Mask, x: int, y: int, size: tuple[int, int]) -> int:
    height, width = size
    edges = (
        part[0] if y == 0 else None,
        part[-1] if y + part.shape[0] == height else None,
        part[:, 0] if x == 0 else None,
        part[:, -1] if x + part.shape[1] == width else None,
    )
    return sum(int(edge.sum()) for edge in edges if edge is not None)


def overlap(mask: Rle, others: Sequence[Rle]) -> dict[str, float]:
    """The largest IoU with another mask, the largest share of another that lies in this one, and of this in another."""
    area = masks.area(mask)
    found = [(0.0, 0.0, 0.0)]
    for other in others:
        iou, theirs = masks.iou(mask, other), masks.area(other)
        shared = iou * (area + theirs) / (1 + iou)
        found.append((iou, min(1.0, shared / max(1, theirs)), min(1.0, shared / max(1, area))))
    names = ("overlap", "swallows", "swallowed")
    return {name: max(each) for name, each in zip(names, zip(*found, strict=True), strict=True)}


def disagreement(mask: Rle, theirs: Sequence[tuple[Rle, bool]]) -> dict[str, float]:
    """How far somebody else's mask of the same thing is from this one, and wholly where it has another class; nothing
    where nobody else has one. `theirs` are others' masks, each with whether its class is the same."""
    iou, alike = max(((masks.iou(mask, other), alike) for other, alike in theirs), default=(0.0, True))
    if iou < SAME:
        return {}
    return {"disagreement": 1 - iou if alike else 1.0}
