"""What the geometry of an annotation may be, and that it comes back as it was sent."""

import json
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from pycocotools import mask as coco
from rest_framework.test import APIClient

from inference import counts, masks, rasterize
from labeling.annotations import geometry
from labeling.annotations.geometry import InvalidGeometry, checked, outgoing, pixels_of
from labeling.images.models import Image
from labeling.projects.models import LabelClass
from tests.labeling.making import API, box_body, mask_body, polygon_body, problem, square

WIDTH, HEIGHT = 64, 48
random_masks = st.integers(1, 40).flatmap(
    lambda height: st.integers(1, 40).flatmap(lambda width: arrays.arrays(np.bool_, (height, width)))
)


@given(random_masks)
def test_a_masks_pixels_come_back_exactly(mask: Any) -> None:
    height, width = mask.shape
    body = {"segmentation": masks.encode(mask).to_json()}
    if not mask.any():
        with pytest.raises(InvalidGeometry, match="empty"):
            checked("mask", body, width, height)
        return
    kept = checked("mask", body, width, height)
    assert kept.area == mask.sum()
    ys, xs = np.nonzero(mask)
    assert kept.bbox == (xs.min(), ys.min(), np.ptp(xs) + 1, np.ptp(ys) + 1)
    sent = outgoing("mask", kept.shape, width, height)["segmentation"]
    assert (coco.decode(sent) == mask).all(), "pycocotools reads what was drawn"


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arrays.arrays(np.bool_, (HEIGHT, WIDTH)).filter(lambda mask: mask.any()))
def test_a_masks_pixels_come_back_exactly_through_the_api(
    as_annotator: APIClient, image: Image, cat: LabelClass, mask: Any
) -> None:
    theirs = coco.encode(np.asfortranarray(mask, np.uint8))
    body = mask_body(cat, segmentation={"size": theirs["size"], "counts": theirs["counts"].decode()})
    made = as_annotator.post(f"{API}/images/{image.id}/annotations", body).json()
    shown = as_annotator.get(f"{API}/annotations/{made['id']}").json()
    assert (coco.decode(shown["segmentation"]) == mask).all()
    assert shown["area"] == mask.sum()


def create(client: APIClient, image: Image, body: dict[str, Any]) -> Any:
    return client.post(f"{API}/images/{image.id}/annotations", body)


RLE = masks.encode(square()).to_json()


@pytest.mark.parametrize(
    ("segmentation", "why"),
    [
        (masks.encode(square(size=(64, 48))).to_json(), "The mask is 48 × 64 pixels, the image 64 × 48."),
        (masks.encode(np.zeros((48, 64), np.bool_)).to_json(), "empty"),
        ({**RLE, "counts": "abc"}, "counts"),
        ({**RLE, "counts": RLE["counts"][:-1]}, "counts"),
        ({**RLE, "counts": RLE["counts"] + "1"}, "counts"),
        ({**RLE, "counts": "ä"}, "counts"),
        ({**RLE, "counts": "o" * 20}, "counts"),
        ({**RLE, "counts": [1, 2]}, ""),
        ({**RLE, "size": [48]}, ""),
        ({**RLE, "size": [-48, -64]}, ""),
        ({**RLE, "size": [2**40, 2**40]}, ""),
        ({"size": [48, 64]}, ""),
        ([], ""),
        (None, ""),
    ],
)
def test_a_mask_that_cannot_be_is_refused(
    as_annotator: APIClient, image: Image, cat: LabelClass, segmentation: Any, why: str
) -> None:
    body = problem(create(as_annotator, image, mask_body(cat, segmentation=segmentation)), 400)
    assert why in body["detail"]
    assert body["errors"][0]["pointer"].startswith("/segmentation")


OUTER = [10.0, 10.0, 40.0, 10.0, 40.0, 40.0, 10.0, 40.0]
HOLE = [20.0, 20.0, 30.0, 20.0, 30.0, 30.0, 20.0, 30.0]
ISLAND = [50.0, 5.0, 60.0, 5.0, 55.0, 15.5]


def test_a_polygon_keeps_its_holes_and_parts(as_annotator: APIClient, image: Image, cat: LabelClass) -> None:
    parts = [[OUTER, HOLE], [ISLAND]]
    made = create(as_annotator, image, polygon_body(cat, parts)).json()
    assert made["polygon"] == parts
    assert made["segmentation"] is None
    assert made["bbox"] == [10, 5, 50, 35]
    island = masks.area(rasterize.rasterize([[ISLAND]], WIDTH, HEIGHT))
    assert made["area"] == 30 * 30 - 10 * 10 + island


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ([], "list of parts"),
        ([[]], "list of parts"),
        ([[[]]], "three points"),
        ([[[1, 1, 2, 2]]], "three points"),
        ([[[1, 1, 2, 2, 3, 3, 4]]], "three points"),
        ([[[1, 1, 65, 1, 5, 5]]], "outside the image"),
        ([[[1, -0.5, 6, 1, 5, 5]]], "outside the image"),
        ([[[1, 1, 6, 1, 11, 1]]], "covers no pixel"),
        ([[[5.1, 5.1, 5.2, 5.1, 5.2, 5.2]]], "covers no pixel"),
        ([[OUTER], [["nan", 1, 2, 3, 4, 5]]], "number"),
        ([[OUTER], [[1, 2, 3, "x", 4, 5]]], ""),
        ([OUTER], ""),
        ("x", ""),
    ],
)
def test_a_polygon_that_cannot_be_is_refused(
    as_annotator: APIClient, image: Image, cat: LabelClass, parts: Any, why: str
) -> None:
    body = problem(create(as_annotator, image, polygon_body(cat, parts)), 400)
    assert why in body["detail"], body
    assert body["errors"][0]["pointer"].startswith("/polygon")


def test_a_polygon_with_too_many_crossings_is_refused_before_they_are_listed(
    as_annotator: APIClient, image: Image, cat: LabelClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = [number for y in range(40) for number in (1, y, 60.4, y + 1)]
    monkeypatch.setattr(geometry, "MAX_CROSSINGS", 79 * 59 - 1)
    monkeypatch.setattr(rasterize, "area_and_runs", None)
    body = problem(create(as_annotator, image, polygon_body(cat, [[ring]])), 400, "invalid_geometry")
    assert "4,720 times; at most 4,660" in body["detail"]
    assert body["errors"][0]["pointer"] == "/polygon"


def test_a_polygon_of_too_many_runs_is_refused(
    as_annotator: APIClient, image: Image, cat: LabelClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(masks, "MAX_RUNS", 59)
    body = problem(create(as_annotator, image, polygon_body(cat, [[OUTER]])), 400, "invalid_geometry")
    assert "60 runs" in body["detail"]


@pytest.mark.parametrize("lengths", [[5, 0, 43, 64 * 48 - 48], [64 * 48 - 5, 5, 0]])
def test_a_mask_with_an_empty_run_inside_is_refused(
    as_annotator: APIClient, image: Image, cat: LabelClass, lengths: list[int]
) -> None:
    segmentation = {"size": [48, 64], "counts": _counts(lengths)}
    body = problem(create(as_annotator, image, mask_body(cat, segmentation=segmentation)), 400, "invalid_geometry")
    assert "Only the first run may be empty" in body["detail"]


def test_masks_that_share_pixels_are_compared_by_their_runs() -> None:
    """Decoded, the first one's box alone would take 2.5 GB."""
    far = {"offset": [0, 0], "size": [50_000, 50_000], "counts": _counts([0, 1, 2_499_999_998, 1])}
    near = {"offset": [49_998, 49_998], "size": [2, 2], "counts": _counts([0, 4])}
    assert geometry.common_pixels(far, near) == geometry.common_pixels(near, far) == 1


def _counts(lengths: list[int]) -> str:
    return counts.to_strings(np.array(lengths), np.array([len(lengths)]))[0]


@pytest.mark.parametrize(
    "box",
    [[1, 1, 0, 5], [1, 1, 5, 0], [1, 1, -2, 5], [-1, 1, 5, 5], [60, 1, 5, 5], [1, 44, 5, 5], [1, 1, 5],
     ["nan", 1, 5, 5], [1, 1, 5, 1e400], "x", None, {}],
)  # fmt: skip
def test_a_box_that_cannot_be_is_refused(as_annotator: APIClient, image: Image, cat: LabelClass, box: Any) -> None:
    text = json.dumps(box_body(cat, box)).replace("Infinity", "1e400")
    response = as_annotator.post(f"{API}/images/{image.id}/annotations", text, content_type="application/json")
    assert problem(response, 400)["errors"][0]["pointer"].startswith("/bbox")


def test_a_box_may_fill_the_image(as_annotator: APIClient, image: Image, cat: LabelClass) -> None:
    made = create(as_annotator, image, box_body(cat, [0, 0, 64, 48])).json()
    assert (made["bbox"], made["area"]) == ([0, 0, 64, 48], 64 * 48)
    assert create(as_annotator, image, box_body(cat, [0.5, 0.25, 1.5, 2])).json()["bbox"] == [0.5, 0.25, 1.5, 2]


boxes = st.tuples(
    st.floats(0, WIDTH - 1), st.floats(0, HEIGHT - 1), st.floats(0.1, WIDTH), st.floats(0.1, HEIGHT)
).filter(lambda box: box[0] + box[2] <= WIDTH and box[1] + box[3] <= HEIGHT)


@given(boxes)
def test_a_boxs_pixels_are_those_whose_centres_lie_in_it(box: tuple[float, float, float, float]) -> None:
    kept = checked("box", {"bbox": list(box)}, WIDTH, HEIGHT)
    x, y, width, height = box
    ys, xs = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5
    inside = (xs >= x) & (xs < x + width) & (ys >= y) & (ys < y + height)
    assert (masks.decode(pixels_of("box", kept.shape, WIDTH, HEIGHT)) == inside).all()


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=3), st.lists, max_leaves=20))
def test_no_geometry_makes_the_check_fall_over(value: Any) -> None:
    for kind, field in (("mask", "segmentation"), ("polygon", "polygon"), ("box", "bbox")):
        with suppress(InvalidGeometry):
            checked(kind, {field: value}, 1, 1)
