"""What a click asks and what it gets: prompts in, candidates out. The queue's messages are in messages.py.

Frozen dataclasses with `from_json` and `to_json`. Coordinates are pixels of the upright image with the origin at its
top left corner; boxes in prompts are XYXY, boxes of candidates XYWH.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.frame import LOGITS_SIDE
from inference.masks import InvalidMask, Rle
from inference.regions import Region

# In steps of a quarter int8 reaches ±31.75, beyond which a logit says nothing more.
LOGITS_STEP = 0.25
FRAME = re.compile(r"\d{1,6}(,\d{1,6}){3}", re.ASCII)
# Far more than anyone clicks; the decoder's memory grows with them.
MAX_POINTS = 256


class InvalidPrompt(ValueError):
    """A prompt that cannot be answered. `message` is a sentence for people, `pointer` the JSON pointer at fault."""

    def __init__(self, message: str, pointer: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.pointer = pointer


@dataclass(frozen=True)
class Point:
    """A click at (x, y); label 1 says the object is here, 0 that it is not."""

    x: float
    y: float
    label: int

    @classmethod
    def from_json(cls, data: Any, pointer: str) -> Point:
        if not isinstance(data, dict):
            raise InvalidPrompt('A point is {"x": number, "y": number, "label": 0 or 1}.', pointer)
        x, y = (_number(data.get(name), f"{pointer}/{name}") for name in ("x", "y"))
        label = data.get("label")
        if isinstance(label, bool) or label not in (0, 1):
            raise InvalidPrompt("A point's label is 1 (object) or 0 (background).", f"{pointer}/label")
        return cls(x, y, int(label))

    def to_json(self) -> dict[str, Any]:
        return {"x": self.x, "y": self.y, "label": self.label}


@dataclass(frozen=True)
class Box:
    """A box from its top left corner (x0, y0) to its bottom right one (x1, y1)."""

    x0: float
    y0: float
    x1: float
    y1: float

    @classmethod
    def from_json(cls, data: Any, pointer: str) -> Box:
        if not isinstance(data, list | tuple) or len(data) != 4:
            raise InvalidPrompt("A box is four numbers: left, top, right, bottom.", pointer)
        return cls(*(_number(value, f"{pointer}/{index}") for index, value in enumerate(data)))

    def to_json(self) -> list[float]:
        return [self.x0, self.y0, self.x1, self.y1]


@dataclass(frozen=True)
class Prompt:
    """What a person shows of an object. `mask` is a whole-image mask, `logits` a candidate's token; where both are
    given the logits count, being the finer form. `multimask` asks for three readings instead of one."""

    points: tuple[Point, ...] = ()
    box: Box | None = None
    mask: Rle | None = None
    logits: str | None = None
    multimask: bool = True

    @classmethod
    def from_json(cls, data: Any) -> Prompt:
        """Raises InvalidPrompt for anything that has not the prompt's form."""
        if not isinstance(data, dict):
            raise InvalidPrompt("A prompt is a JSON object.")
        box, mask, logits = (data.get(name) for name in ("box", "mask", "logits"))
        return cls(
            points=_points(data.get("points")),
            box=None if box is None else Box.from_json(box, "/box"),
            mask=None if mask is None else _mask(mask),
            logits=None if logits is None else _text(logits, "/logits"),
            multimask=_flag(data.get("multimask", True), "/multimask"),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "points": [point.to_json() for point in self.points],
            "box": self.box.to_json() if self.box else None,
            "mask": self.mask.to_json() if self.mask else None,
            "logits": self.logits,
            "multimask": self.multimask,
        }

    def check(self, width: int, height: int) -> None:
        """Raises InvalidPrompt when the prompt makes no sense for an image of this size."""
        for index, point in enumerate(self.points):
            _check_point(point, width, height, f"/points/{index}")
        if self.box is not None:
            _check_box(self.box, width, height)
        if self.mask is not None:
            _check_mask(self.mask, width, height)
        if self.logits is not None:
            frame_of_token(self.logits)
            logits_from_token(self.logits)
        self._check_something_shown()

    def _check_something_shown(self) -> None:
        if self.box is not None or self.mask is not None or self.logits is not None:
            return
        if not self.points:
            raise InvalidPrompt("The prompt is empty: give a point, a box or a mask.")
        if all(point.label == 0 for point in self.points):
            raise InvalidPrompt("Background points alone show no object: add a point on the object.", "/points")


def _number(value: Any, pointer: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidPrompt("A coordinate is a number.", pointer)
    return _finite(value, pointer)


def _finite(value: float, pointer: str) -> float:
    # Whole numbers beyond what a float holds are no coordinates either.
    if abs(value) > 1e9 or math.isnan(value):
        raise InvalidPrompt("A coordinate is a finite number.", pointer)
    return float(value)


def _points(data: Any) -> tuple[Point, ...]:
    if data is None:
        return ()
    if not isinstance(data, list | tuple):
        raise InvalidPrompt("The points are a list.", "/points")
    if len(data) > MAX_POINTS:
        raise InvalidPrompt(f"A prompt has at most {MAX_POINTS} points.", "/points")
    return tuple(Point.from_json(point, f"/points/{index}") for index, point in enumerate(data))


def _mask(data: Any) -> Rle:
    try:
        return Rle.from_json(data)
    except InvalidMask as error:
        raise InvalidPrompt(str(error), "/mask") from None


def _text(value: Any, pointer: str) -> str:
    if not isinstance(value, str):
        raise InvalidPrompt("Logits are the token that came with a candidate.", pointer)
    return value


def _flag(value: Any, pointer: str) -> bool:
    if not isinstance(value, bool):
        raise InvalidPrompt("multimask is true or false.", pointer)
    return value


def _check_point(point: Point, width: int, height: int, pointer: str) -> None:
    for name, value, side in (("x", point.x, width), ("y", point.y, height)):
        _finite(value, f"{pointer}/{name}")
        if not 0 <= value <= side:
            raise InvalidPrompt(
                f"The point ({point.x:g}, {point.y:g}) lies outside the image, which is {width} × {height} pixels.",
                f"{pointer}/{name}",
            )
    if point.label not in (0, 1):
        raise InvalidPrompt("A point's label is 1 (object) or 0 (background).", f"{pointer}/label")


def _check_box(box: Box, width: int, height: int) -> None:
    for index, value in enumerate(box.to_json()):
        _finite(value, f"/box/{index}")
    if box.x1 <= box.x0 or box.y1 <= box.y0:
        raise InvalidPrompt("The box has no area: its right and bottom lie beyond its left and top.", "/box")
    if box.x1 <= 0 or box.y1 <= 0 or box.x0 >= width or box.y0 >= height:
        raise InvalidPrompt(f"The box lies outside the image, which is {width} × {height} pixels.", "/box")


def _check_mask(mask: Rle, width: int, height: int) -> None:
    if mask.size != (height, width):
        raise InvalidPrompt(
            f"The mask is {mask.size[1]} × {mask.size[0]} pixels, the image {width} × {height}.", "/mask/size"
        )
    _mask(mask.to_json())


def logits_from_token(token: str) -> npt.NDArray[np.float32]:
    """The decoder's logits [256, 256] out of a candidate's token, whatever region they are of. Raises InvalidPrompt."""
    pixels = LOGITS_SIDE * LOGITS_SIDE
    try:
        inflate = zlib.decompressobj()
        # Bounded, so that a small token cannot unfold into gigabytes.
        data = inflate.decompress(base64.b64decode(token.rpartition(":")[2], validate=True), pixels + 1)
    except (binascii.Error, zlib.error, ValueError):
        data = b""
    if len(data) != pixels or not inflate.eof:
        raise InvalidPrompt("The logits are not a token that came with a candidate.", "/logits")
    steps = np.frombuffer(data, np.int8).reshape(LOGITS_SIDE, LOGITS_SIDE)
    levels = np.cumsum(steps, axis=0, dtype=np.int8)
    return levels.astype(np.float32) * np.float32(LOGITS_STEP)


def frame_of_token(token: str) -> Region | None:
    """The region that the token's logits are of, which is written before them; None for the whole image. Raises
    InvalidPrompt."""
    name, colon, _ = token.rpartition(":")
    if not colon:
        return None
    edges = [int(each) for each in name.split(",")] if FRAME.fullmatch(name) else [0, 0, 0, 0]
    if edges[0] >= edges[2] or edges[1] >= edges[3]:
        raise InvalidPrompt("The logits are not a token that came with a candidate.", "/logits")
    return Region(*edges)


def token_from_logits(logits: npt.NDArray[np.float32]) -> str:
    """The opaque token of logits [256, 256]: int8 in steps of a quarter, each less the one above it (modulo 256),
    deflated, base64. Differences have few values, so that to look for repetitions would take longer and find none."""
    levels = np.clip(np.rint(logits / LOGITS_STEP), -127, 127).astype(np.int8)
    steps = np.diff(levels, axis=0, prepend=np.int8(0))
    deflate = zlib.compressobj(1, strategy=zlib.Z_HUFFMAN_ONLY)
    return base64.b64encode(deflate.compress(steps.tobytes()) + deflate.flush()).decode("ascii")


@dataclass(frozen=True)
class Candidate:
    """One mask that a prompt returned. bbox is XYWH, area in pixels; score (the predicted IoU) and stability_score
    lie in [0, 1]; logits is the token that feeds the candidate into the next prompt."""

    segmentation: Rle
    bbox: tuple[int, int, int, int]
    area: int
    score: float
    stability_score: float
    logits: str

    def to_json(self) -> dict[str, Any]:
        return {
            "segmentation": self.segmentation.to_json(),
            "bbox": list(self.bbox),
            "area": self.area,
            "score": self.score,
            "stability_score": self.stability_score,
            "logits": self.logits,
        }


@dataclass(frozen=True)
class Ranking:
    """The masks that a prompt may mean, by score, the highest first. `preferred` is the index of the one that the
    editor preselects."""

    candidates: list[Candidate]
    preferred: int = 0

    @property
    def best(self) -> Candidate:
        """The candidate to preselect."""
        return self.candidates[self.preferred]
