"""What every format writes: plain records of images, classes and annotations."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from inference.masks import Rle
from inference.rasterize import Polygon


@dataclass(frozen=True)
class ClassRecord:
    id: str
    name: str
    colour: str


@dataclass(frozen=True)
class AnnotationRecord:
    """One annotation of an image. `pixels` makes its exact mask, None for a tag; `extra` is scores and provenance.

    An image may have thousands of masks, so none is made before it is written.
    """

    id: str
    class_id: str
    kind: str
    pixels: Callable[[], Rle] | None
    polygon: Polygon | None
    box: tuple[float, float, float, float] | None
    extra: dict[str, Any]


@dataclass(frozen=True)
class ImageRecord:
    """One image and what is exported of it. Width and height are those of the upright picture."""

    id: str
    name: str
    width: int
    height: int
    extra: dict[str, Any]
    annotations: list[AnnotationRecord]
