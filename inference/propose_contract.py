"""What proposals are asked with, and what one is."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from inference.masks import Rle

CropBox = tuple[int, int, int, int]


@dataclass(frozen=True)
class ProposalSettings:
    """points_per_side of the finest grid; masks below predicted_iou, stability or minimum_area (pixels of the image)
    are dropped. With one layer of `crops` the image is searched again in four parts, for what is small in it."""

    points_per_side: int = 16
    predicted_iou: float = 0.85
    stability: float = 0.9
    crops: int = 0
    minimum_area: int = 100


@dataclass(frozen=True)
class Proposal:
    """An automatic mask, in pixels of the image. bbox and crop_box are XYWH; point_coords is the one point that asked
    for it, in the part of the image that crop_box says. parent is the index, in the list that the proposal came in, of
    the mask that it is a part of, None for a whole; level counts its parents: 0 a whole, 1 a part, 2 a subpart."""

    segmentation: Rle
    area: int
    bbox: tuple[int, int, int, int]
    predicted_iou: float
    stability_score: float
    point_coords: tuple[tuple[float, float], ...]
    crop_box: CropBox
    parent: int | None
    level: int

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Proposal:
        """The reverse of to_json. Raises KeyError, TypeError or InvalidMask for what to_json never writes."""
        told = {each.name: data[each.name] for each in fields(cls)}
        told |= {name: tuple(told[name]) for name in ("bbox", "crop_box")}
        told["segmentation"] = Rle.from_json(told["segmentation"])
        told["point_coords"] = tuple((x, y) for x, y in told["point_coords"])
        return cls(**told)

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"segmentation": self.segmentation.to_json()}
