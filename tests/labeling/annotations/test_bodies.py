"""What may be said of an annotation, and what is refused."""

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.images.models import Image
from labeling.projects.models import LabelClass
from tests.labeling.annotations.asking import create, match, path
from tests.labeling.making import (
    API,
    box_body,
    mask_body,
    problem,
    tag_body,
)  # fmt: skip


def test_a_null_geometry_means_another_kind(as_annotator: APIClient, image: Image, cat: LabelClass) -> None:
    body = box_body(cat, [1, 2, 3, 4], segmentation=None, polygon=None)
    assert create(as_annotator, image, body).status_code == 201


def test_a_mask_becomes_a_box_only_with_a_box(as_annotator: APIClient, made: dict[str, Any]) -> None:
    problem(as_annotator.patch(path(made), {"kind": "box"}, headers=match(1)), 400, "geometry_missing")
    changed = as_annotator.patch(path(made), {"kind": "box", "bbox": [1, 1, 5, 6]}, headers=match(1)).json()
    assert (changed["kind"], changed["bbox"], changed["area"], changed["segmentation"]) == (
        "box",
        [1, 1, 5, 6],
        30,
        None,
    )


def test_a_tag_covers_the_image(as_annotator: APIClient, image: Image, cat: LabelClass) -> None:
    made = create(as_annotator, image, tag_body(cat)).json()
    assert (made["bbox"], made["segmentation"], made["polygon"]) == ([0, 0, 64, 48], None, None)


@pytest.mark.parametrize(
    ("iou", "stability", "confidence"),
    [(None, None, None), (0.9, None, None), (1.2, 0.9, 0.9), (-0.3, 0.9, 0), (0.7, 1, 0.7), (1.5, 1, 1)],
)
def test_confidence_is_the_lesser_score_within_bounds_and_unknown_without(
    as_annotator: APIClient,
    image: Image,
    cat: LabelClass,
    iou: float | None,
    stability: float | None,
    confidence: float | None,
) -> None:
    made = create(as_annotator, image, mask_body(cat, predicted_iou=iou, stability_score=stability)).json()
    assert made["confidence"] == confidence


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("predicted_iou", "nan"), ("predicted_iou", 1e400), ("predicted_iou", "Infinity"), ("stability_score", 1.1),
        ("stability_score", "nan"), ("chosen_rank", -1), ("chosen_rank", 1.5), ("z", 2**31), ("z", "x"),
        ("attributes", []), ("attributes", {"a": 1e400}), ("attributes", {"a": "\0"}), ("attributes", {"\0": 1}),
        ("attributes", {"a": "\ud800"}), ("prompts", {}), ("prompts", [1]), ("prompts", [{}] * 201),
        ("prompts", [{"x": "\0"}]), ("model", "x" * 121), ("model", "\0"), ("kind", "circle"), ("source", "magic"),
        ("class_id", "x"), ("class_id", None), ("id", "x"), ("id", None),
    ],
)  # fmt: skip
def test_what_no_database_could_keep_is_400(
    as_annotator: APIClient, image: Image, cat: LabelClass, field: str, value: object
) -> None:
    text = json.dumps(mask_body(cat, **{field: value})).replace("Infinity", "1e400", 1 if value == 1e400 else 0)
    if isinstance(value, dict) and value.get("a") == 1e400:
        text = text.replace("Infinity", "1e400")
    response = as_annotator.post(f"{API}/images/{image.id}/annotations", text, content_type="application/json")
    assert problem(response, 400)["errors"][0]["pointer"].startswith(f"/{field}")


def test_texts_that_only_look_odd_are_kept(as_annotator: APIClient, image: Image, cat: LabelClass) -> None:
    odd = {"a": "\\u0000", "b": "\\\\u0000", "ключ": "🐈", "c": {"d": [None, True, 1.5, -0.0]}}
    made = create(as_annotator, image, mask_body(cat, attributes=odd)).json()
    assert made["attributes"] == odd


def test_json_without_bottom_is_400(as_annotator: APIClient, image: Image) -> None:
    text = '{"attributes": ' + '{"a":' * 100_000 + "1" + "}" * 100_001
    response = as_annotator.post(f"{API}/images/{image.id}/annotations", text, content_type="application/json")
    problem(response, 400)


def test_a_class_of_another_project_is_400(
    as_annotator: APIClient, image: Image, outsider: User, made: dict[str, Any]
) -> None:
    theirs = LabelClass.objects.get(name="thing")
    body = problem(create(as_annotator, image, mask_body(theirs)), 400, "no_such_class")
    assert body["errors"][0]["pointer"] == "/class_id"
    values = {"class_id": str(theirs.id)}
    problem(as_annotator.patch(path(made), values, headers=match(1)), 400, "no_such_class")


def test_a_deleted_class_is_400(as_annotator: APIClient, as_manager: APIClient, image: Image, dog: LabelClass) -> None:
    as_manager.delete(f"{API}/classes/{dog.id}")
    problem(create(as_annotator, image, mask_body(dog)), 400, "no_such_class")


def test_errors_of_a_change_point_into_its_lists(as_annotator: APIClient, image: Image, cat: LabelClass) -> None:
    body = {"create": [mask_body(cat), box_body(cat, [0, 0, -1, 1])]}
    response = as_annotator.post(f"{API}/images/{image.id}/changes", body)
    assert problem(response, 400, "invalid_geometry")["errors"][0]["pointer"] == "/create/1/bbox"
