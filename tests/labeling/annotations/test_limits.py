"""How much one change and one image may hold, and how more than a page of an image's annotations is read."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.annotations import geometry, limits
from labeling.annotations.api import AnnotationPages
from labeling.annotations.models import Annotation
from labeling.images.models import Image
from labeling.projects.models import LabelClass
from tests.labeling.annotations.asking import create, match, path
from tests.labeling.making import API, listed, polygon_body, problem, tag_body

Change = Callable[..., Any]


@pytest.fixture
def change(as_annotator: APIClient, image: Image) -> Change:
    return lambda **body: as_annotator.post(f"{API}/images/{image.id}/changes", body)


def test_a_change_of_more_annotations_than_allowed_is_refused_before_any_is_looked_at(change: Change) -> None:
    body = {"create": [{}] * 500, "delete": [{}] * 501}
    with CaptureQueriesContext(connection) as queries:
        refused = problem(change(**body), 400, "too_many_changes")
    assert refused["detail"] == (
        "A change names at most 1,000 annotations, and this one 1,001. Send them as several changes."
    )
    assert not [query for query in queries if "annotations_" in query["sql"]]


def test_a_change_of_as_many_as_allowed_is_made(change: Change, cat: LabelClass) -> None:
    made = change(create=[tag_body(cat) for _ in range(limits.MAX_CHANGED_ANNOTATIONS)])
    assert len(made.json()["annotations"]) == 1000


def test_an_image_holds_no_more_annotations_than_allowed(
    change: Change, as_annotator: APIClient, image: Image, cat: LabelClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_IMAGE_ANNOTATIONS", 3)
    made = change(create=[tag_body(cat) for _ in range(3)]).json()["annotations"]
    refused = problem(create(as_annotator, image, tag_body(cat)), 409, "image_full")
    assert refused["detail"] == ("An image has at most 3 annotations, and this one would have 4. Delete some first.")
    assert len(listed(as_annotator, image)) == 3
    # The deletions of a change make room for its new annotations.
    gone = {"id": made[0]["id"], "version": 1}
    assert change(create=[tag_body(cat)], delete=[gone]).status_code == 200
    assert as_annotator.patch(path(made[1]), {"z": 5}, headers=match(1)).status_code == 200
    restored = as_annotator.post(path(made[0], "/restore"), {}, headers=match(2))
    problem(restored, 409, "image_full")


def test_the_polygons_of_one_change_are_bounded_together(
    change: Change, cat: LabelClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    square = [[[1, 1, 11, 1, 11, 11, 1, 11]]]
    monkeypatch.setattr(geometry, "MAX_CROSSINGS", 50)
    assert change(create=[polygon_body(cat, square), polygon_body(cat, square)]).status_code == 200
    refused = problem(change(create=[polygon_body(cat, square) for _ in range(3)]), 400, "too_many_crossings")
    assert "60 times together; at most 50" in refused["detail"]


@pytest.mark.parametrize("value", [None, 5, "x", [[[1]]], [[["a", 2]]], [[5]], {"a": 1}])
def test_what_is_no_polygon_is_refused_as_one(change: Change, cat: LabelClass, value: Any) -> None:
    body = problem(change(create=[polygon_body(cat, value)]), 400)
    assert body["errors"][0]["pointer"].startswith("/create/0/polygon")


def test_an_image_s_annotations_are_read_page_by_page(
    change: Change, as_annotator: APIClient, image: Image, cat: LabelClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AnnotationPages, "page_size", 2)
    ids = {row["id"] for row in change(create=[tag_body(cat) for _ in range(5)]).json()["annotations"]}
    first, second, third = pages(as_annotator, image)
    assert [len(first), len(second), len(third)] == [2, 2, 1]
    assert {row["id"] for row in [*first, *second, *third]} == ids


def pages(client: APIClient, image: Image, between: Callable[[], None] = lambda: None) -> list[list[dict[str, Any]]]:
    found = []
    address = f"{API}/images/{image.id}/annotations"
    while address:
        page = client.get(address).json()
        found.append(page["results"])
        address = page["next"]
        between()
    return found


def test_edits_between_two_pages_hide_nothing(
    change: Change,
    as_annotator: APIClient,
    annotator: User,
    image: Image,
    cat: LabelClass,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(AnnotationPages, "page_size", 3)
    made = change(create=[tag_body(cat, z=n) for n in range(8)]).json()["annotations"]
    first_page = sorted(row["id"] for row in made)[:3]
    edits = iter([True])

    def edit() -> None:
        """Delete one of the first page, move another to the top, and create one at the bottom."""
        if next(edits, False):
            gone, moved, _ = first_page
            update = [{"id": moved, "version": 1, "z": 99}]
            new = tag_body(cat, z=-1, id=f"00000000{str(uuid4())[8:]}")
            assert change(create=[new], update=update, delete=[{"id": gone, "version": 1}]).status_code == 200

    read = [row["id"] for page in pages(as_annotator, image, edit) for row in page]
    assert read == sorted(row["id"] for row in made)


def test_a_page_holds_no_more_than_a_thousand(
    as_annotator: APIClient, annotator: User, image: Image, cat: LabelClass
) -> None:
    fields: dict[str, Any] = {"project_id": image.project_id, "image": image, "label_class": cat, "kind": "tag"}
    fields |= {"shape": {}, "bbox": [0, 0, 1, 1], "area": 1, "confidence": 0, "source": "tag"}
    fields |= {"created_by": annotator, "updated_by": annotator}
    Annotation.objects.bulk_create(Annotation(**fields) for _ in range(1001))
    assert [len(page) for page in pages(as_annotator, image)] == [1000, 1]
    assert len(as_annotator.get(f"{API}/images/{image.id}/annotations?limit=5000").json()["results"]) == 1000
