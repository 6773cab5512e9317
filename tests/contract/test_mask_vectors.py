"""The test vectors that Python and TypeScript share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pycocotools import mask as coco

from inference import masks
from inference.rasterize import rasterize

VECTORS = json.loads((Path(__file__).parent / "masks.json").read_text("utf-8"))


def named(cases: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in cases]


def pixels(case: dict[str, Any]) -> masks.Mask:
    return np.array([[letter == "1" for letter in row] for row in case["mask"]])


@pytest.mark.parametrize("case", named(VECTORS["masks"]))
def test_a_mask_and_its_counts_are_each_other(case: dict[str, Any]) -> None:
    rle = masks.Rle.from_json({"size": case["size"], "counts": case["counts"]})
    assert masks.encode(pixels(case)) == rle
    assert (masks.decode(rle) == pixels(case)).all()


@pytest.mark.parametrize("case", named(VECTORS["masks"]))
def test_the_counts_are_pycocotools_s(case: dict[str, Any]) -> None:
    expected = coco.encode(np.asfortranarray(pixels(case).astype(np.uint8)))
    assert expected["counts"].decode() == case["counts"]


@pytest.mark.parametrize("case", named(VECTORS["polygons"]))
def test_a_polygon_becomes_its_pixels(case: dict[str, Any]) -> None:
    height, width = case["size"]
    assert rasterize(case["polygon"], width, height).counts == case["counts"]


@pytest.mark.parametrize("case", named(VECTORS["polygons"]))
def test_a_polygon_s_pixels_are_those_whose_centres_are_inside(case: dict[str, Any]) -> None:
    height, width = case["size"]
    found = masks.decode(masks.Rle((height, width), case["counts"]))
    for y in range(height):
        for x in range(width):
            assert found[y, x] == any(inside(part, x + 0.5, y + 0.5) for part in case["polygon"]), (x, y)


def inside(part: list[list[float]], x: float, y: float) -> bool:
    """Even-odd by hand: how many edges lie straight above or at the centre."""
    above = 0
    for ring in part:
        corners = list(zip(ring[0::2], ring[1::2], strict=True))
        for (xa, ya), (xb, yb) in zip(corners, corners[1:] + corners[:1], strict=True):
            if min(xa, xb) <= x < max(xa, xb):
                above += ya + (x - xa) * ((yb - ya) / (xb - xa)) <= y
    return above % 2 == 1
