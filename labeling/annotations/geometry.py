"""Pure checks of what an annotation's geometry may be, and the form in which it is kept.

Coordinates are pixels of the upright image, origin at the top left corner. A mask travels as a COCO RLE of the
whole image and is kept as the RLE of its bounding box's crop plus an offset; a polygon is parts → rings → flat
[x, y, …], the first ring outer, the others holes; a box is XYWH. Only the geometry of the kind is kept.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from inference import masks, rasterize
from inference.mask_crops import cropped, placed
from inference.mask_overlaps import overlapping

Json = dict[str, Any]
Bbox = tuple[float, float, float, float]

MAX_VERTICES = 100_000
# Crossings of a polygon's edges with pixel columns. Rasterizing this many takes about 6 s.
MAX_CROSSINGS = 50_000_000


class InvalidGeometry(ValueError):
    """A geometry that no annotation can have; the message is a sentence for people, `field` where it stands."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Geometry:
    """The stored columns: the kind's own form, the bounding box XYWH and the area in pixels.

    `bytes` is about how long the shape is, in its longer form: as it is stored, or as it leaves.
    """

    shape: Json
    bbox: Bbox
    area: float
    bytes: int


def json_bytes(value: Any) -> int:
    """The length of a value as JSON."""
    return len(json.dumps(value, separators=(",", ":")))


def checked(kind: str, body: Json, width: int, height: int) -> Geometry:
    """The geometry in a request's body for an image of this size. Raises InvalidGeometry."""
    return _KINDS[kind](body, width, height)


def outgoing(kind: str, shape: Json, width: int, height: int) -> Json:
    """A stored shape in the API's form: `segmentation` and `polygon`, each null where it is not the kind's."""
    return outgoing_all([(kind, shape)], width, height)[0]


def outgoing_all(shapes: Sequence[tuple[str, Json]], width: int, height: int) -> list[Json]:
    """The same of many shapes of one image, each with its kind: together they take a tenth of the time."""
    placed = iter(_whole([shape for kind, shape in shapes if kind == "mask"], width, height))
    return [
        {
            "segmentation": next(placed).to_json() if kind == "mask" else None,
            "polygon": shape["parts"] if kind == "polygon" else None,
        }
        for kind, shape in shapes
    ]


def overlaps(fresh: Sequence[Json], others: Sequence[Json], width: int, height: int) -> int | None:
    """The index of a stored mask in `fresh` that shares a pixel with another one, in `fresh` or in `others`; None where
    none does. Costs what the runs cost, and little a mask."""
    return overlapping([_part(shape) for shape in fresh], [_part(shape) for shape in others], (height, width))


def _part(shape: Json) -> tuple[masks.Rle, tuple[int, int]]:
    """A stored mask's part of the image, and where it lies."""
    part = masks.Rle((shape["size"][0], shape["size"][1]), shape["counts"])
    return part, (shape["offset"][0], shape["offset"][1])


def _whole(shapes: Sequence[Json], width: int, height: int) -> list[masks.Rle]:
    """The whole-image RLEs of stored masks."""
    parts = [masks.Rle((shape["size"][0], shape["size"][1]), shape["counts"]) for shape in shapes]
    return placed(parts, (height, width), [(shape["offset"][0], shape["offset"][1]) for shape in shapes])


def pixels_of(kind: str, shape: Json, width: int, height: int) -> masks.Rle:
    """The whole-image mask that a stored shape of any kind but a tag stands for."""
    if kind == "mask":
        return _whole([shape], width, height)[0]
    if kind == "polygon":
        return rasterize.rasterize(shape["parts"], width, height)
    x, y, w, h = shape["bbox"]
    return rasterize.rasterize([[[x, y, x + w, y, x + w, y + h, x, y + h]]], width, height)


def common_pixels(a: Json, b: Json) -> int:
    """Count the pixels that two stored masks share. The cost depends on their runs only."""
    # Compare them in the smallest image that contains both.
    (right, bottom), (other_right, other_bottom) = _end(a), _end(b)
    width, height = max(right, other_right), max(bottom, other_bottom)
    return masks.shared(*_whole([a, b], width, height))


def _end(shape: Json) -> tuple[int, int]:
    return shape["offset"][0] + shape["size"][1], shape["offset"][1] + shape["size"][0]


def _mask(body: Json, width: int, height: int) -> Geometry:
    try:
        rle = masks.Rle.from_json(body.get("segmentation"))
    except masks.InvalidMask as error:
        raise InvalidGeometry("segmentation", str(error)) from None
    if rle.size != (height, width):
        message = f"The mask is {rle.size[1]} × {rle.size[0]} pixels, the image {width} × {height}."
        raise InvalidGeometry("segmentation", message)
    area = masks.area(rle)
    if area == 0:
        raise InvalidGeometry("segmentation", "The mask is empty: it has no pixel.")
    x, y, kept = cropped(rle)
    shape = {"offset": [x, y], "size": list(kept.size), "counts": kept.counts}
    # In the whole image a mask may have a run for each column, and in its box a single one.
    return Geometry(shape, (x, y, kept.size[1], kept.size[0]), area, max(len(rle.counts), len(kept.counts)))


def _polygon(body: Json, width: int, height: int) -> Geometry:
    sent = body.get("polygon")
    if not isinstance(sent, list) or not sent or not all(isinstance(part, list) and part for part in sent):
        raise InvalidGeometry("polygon", "A polygon is a list of parts, each a list of rings: [[[x, y, x, y, …]]].")
    if sum(max(1, len(ring)) for part in sent for ring in part if isinstance(ring, list)) > 2 * MAX_VERTICES:
        raise InvalidGeometry("polygon", f"The polygon has more than {MAX_VERTICES:,} points.")
    parts = [[_ring(ring, width, height) for ring in part] for part in sent]
    rings = [ring for part in parts for ring in part]
    area = _polygon_area(parts, width, height)
    left, right = min(min(ring[0::2]) for ring in rings), max(max(ring[0::2]) for ring in rings)
    top, bottom = min(min(ring[1::2]) for ring in rings), max(max(ring[1::2]) for ring in rings)
    return Geometry({"parts": parts}, (left, top, right - left, bottom - top), area, json_bytes(parts))


def crossings(parts: Any, width: int) -> int:
    """Count how often a polygon's edges cross the image's pixel columns; 0 for malformed polygons."""
    try:
        rings = [ring for part in parts or [] for ring in part]
        if len(rings) > MAX_VERTICES or sum(map(len, rings)) > 2 * MAX_VERTICES:
            return 0
        return rasterize.crossings(parts or [], width)
    except (masks.InvalidMask, TypeError):
        return 0


def _polygon_area(parts: rasterize.Polygon, width: int, height: int) -> int:
    """Count the polygon's pixels. Raises InvalidGeometry if there are none, or if they are too much work to find."""
    crossings = rasterize.crossings(parts, width)
    if crossings > MAX_CROSSINGS:
        why = f"The polygon is too intricate: its edges cross the image's columns {crossings:,} times"
        raise InvalidGeometry("polygon", f"{why}; at most {MAX_CROSSINGS:,} are allowed. Simplify it.")
    area, runs = rasterize.area_and_runs(parts, width, height)
    if area == 0:
        raise InvalidGeometry("polygon", "The polygon covers no pixel.")
    try:
        masks.require_few_runs(2 * runs)
    except masks.InvalidMask as error:
        raise InvalidGeometry("polygon", str(error)) from None
    return area


def _ring(ring: Any, width: int, height: int) -> list[float]:
    if not isinstance(ring, list) or len(ring) < 6 or len(ring) % 2:
        raise InvalidGeometry("polygon", "A ring is at least three points: [x, y, x, y, x, y].")
    numbers = [_number("polygon", value) for value in ring]
    if any(not 0 <= x <= width for x in numbers[0::2]) or any(not 0 <= y <= height for y in numbers[1::2]):
        raise InvalidGeometry("polygon", f"A point of the polygon lies outside the image ({width} × {height}).")
    return numbers


def _box(body: Json, width: int, height: int) -> Geometry:
    box = body.get("bbox")
    if not isinstance(box, list) or len(box) != 4:
        raise InvalidGeometry("bbox", "A box is four numbers: left, top, width, height.")
    x, y, w, h = (_number("bbox", value) for value in box)
    if w <= 0 or h <= 0:
        raise InvalidGeometry("bbox", "The box has no area.")
    if x < 0 or y < 0 or x + w > width or y + h > height:
        raise InvalidGeometry("bbox", f"The box lies outside the image ({width} × {height}).")
    return Geometry({"bbox": [x, y, w, h]}, (x, y, w, h), w * h, 0)


def _tag(body: Json, width: int, height: int) -> Geometry:
    return Geometry({}, (0, 0, width, height), width * height, 0)


def _number(field: str, value: Any) -> float:
    # Check the size before finiteness: an integer may be too large for a float.
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e9 or math.isnan(value):
        raise InvalidGeometry(field, "A coordinate is a finite number.")
    return float(value)


_KINDS = {"mask": _mask, "polygon": _polygon, "box": _box, "tag": _tag}
