"""Prompts and candidates of an image, answered from the embedding of a region of it.

The engine looks at the region as if it were an image: prompts are moved into it, candidates are moved back. Everything
outside this module is in the whole image's pixels. A candidate's token names the region that its logits are of, so
that they can be fed back while another region, or the whole image, is looked at.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from inference import clicks, masks, windows
from inference.contract import (
    Box,
    Candidate,
    InvalidPrompt,
    Point,
    Prompt,
    Ranking,
    frame_of_token,
    logits_from_token,
    token_from_logits,
)
from inference.decode import Decoder, Floats
from inference.embeddings import Embedding
from inference.frame import LOGITS_SIDE
from inference.masks import Rle
from inference.regions import Asked, Region, snap


def region_for(data: Any, prompt: Prompt, size: tuple[int, int]) -> Region | None:
    """The region to answer a prompt from while `data`, a box as JSON or None, of an image of `size` (width, height)
    is looked at; None is the whole image. A region that does not hold the prompt's points and box is enlarged until
    it does. Raises InvalidPrompt."""
    if data is None:
        return None
    box = Box.from_json(data, "/region")
    seen = Asked(box.x0, box.y0, box.x1, box.y1).within(*size)
    if seen.x0 >= seen.x1 or seen.y0 >= seen.y1:
        raise InvalidPrompt("The region has no area in the image.", "/region")
    corners = [(prompt.box.x0, prompt.box.y0), (prompt.box.x1, prompt.box.y1)] if prompt.box else []
    return snap(seen.holding([(each.x, each.y) for each in prompt.points] + corners), *size)


def predict(
    decoder: Decoder, embedding: Embedding, prompt: Prompt, size: tuple[int, int], region: Region | None
) -> Ranking:
    """As clicks.predict, from the embedding of `region` (None: the whole) of an image of `size` (width, height).
    When a stored mask is edited, what of it lies outside the region stays to the pixel.

    Raises InvalidPrompt when the prompt makes no sense for the image, or a point of it lies outside the region."""
    prompt.check(*size)
    whole = Region(0, 0, *size)
    frame = region or whole
    found = clicks.predict(decoder, embedding, _moved(prompt, frame, whole))
    if region is None:
        return found
    rest = windows.outside(prompt.mask, region) if prompt.mask is not None and clicks.edits(prompt) else None
    moved = [_moved_back(each, region, (size[1], size[0]), rest) for each in found.candidates]
    return Ranking(moved, found.preferred)


def _moved(prompt: Prompt, frame: Region, whole: Region) -> Prompt:
    """The prompt in the frame's pixels."""
    logits = prompt.logits and _reframed(prompt.logits, frame, whole)
    if frame == whole:
        return replace(prompt, logits=logits)
    return Prompt(
        points=tuple(Point(each.x - frame.x0, each.y - frame.y0, each.label) for each in prompt.points),
        box=prompt.box and _box(prompt.box, frame),
        mask=prompt.mask and windows.inside(prompt.mask, frame),
        logits=logits,
        multimask=prompt.multimask,
    )


def _box(box: Box, frame: Region) -> Box:
    return Box(box.x0 - frame.x0, box.y0 - frame.y0, box.x1 - frame.x0, box.y1 - frame.y0)


def _moved_back(found: Candidate, region: Region, size: tuple[int, int], rest: Rle | None) -> Candidate:
    """The candidate in the image's pixels, with the rest of the mask that was edited."""
    mask = windows.placed(found.segmentation, region, size)
    if rest is not None:
        mask = windows.union(mask, rest)
    return replace(
        found,
        segmentation=mask,
        bbox=masks.bbox(mask),
        area=masks.area(mask),
        logits=",".join(map(str, region.to_json())) + ":" + found.logits,
    )


def _reframed(token: str, frame: Region, whole: Region) -> str:
    """The token of the same mask as it is seen in the frame."""
    source = frame_of_token(token) or whole
    if source == frame:
        return token
    return token_from_logits(reframed(logits_from_token(token), source, frame))


def reframed(logits: Floats, source: Region, frame: Region) -> Floats:
    """Logits [256, 256] of one rectangle of an image, looked up at the places of another one's, bilinear; beyond the
    source nothing is known of the mask, which counts as background as sure as any in the logits."""
    step, wanted = (max(each.width, each.height) / LOGITS_SIDE for each in (source, frame))
    scale = wanted / step
    # Pixel centres: place i of the frame lies at (i + 0.5) * wanted in the image.
    x, y = ((each + 0.5 * wanted) / step - 0.5 for each in (frame.x0 - source.x0, frame.y0 - source.y0))
    places = np.array([[scale, 0, x], [0, scale, y]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(
        logits, places, (LOGITS_SIDE, LOGITS_SIDE), flags=flags, borderValue=min(float(logits.min()), 0.0)
    )
    return np.asarray(moved, np.float32)
