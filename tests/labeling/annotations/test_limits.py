"""How much one change and one image may hold, by number and by bytes."""

from collections.abc import Callable
from importlib import import_module
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from inference import masks
from labeling.accounts.models import User
from labeling.annotations import geometry, limits
from labeling.annotations.api import ImageAnnotationPages
from labeling.annotations.models import Annotation, AnnotationVersion, ImageTotal
from labeling.images.models import Image
from labeling.projects.models import LabelClass
from tests.labeling.annotations.asking import create, match, path
from tests.labeling.conftest import client_of
from tests.labeling.making import API, listed, mask_body, polygon_body, problem, tag_body, together

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
    assert refused["detail"] == (
        "An image can have at most 3 annotations, and this one would have 4. Delete some first."
    )
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
    monkeypatch.setattr(ImageAnnotationPages, "page_size", 2)
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
    monkeypatch.setattr(ImageAnnotationPages, "page_size", 3)
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


def heavy(cat: LabelClass, size: int = 1000, **fields: Any) -> dict[str, Any]:
    """A tag with so many bytes of attributes."""
    return tag_body(cat, attributes={"note": "x" * size}, **fields)


def test_an_image_holds_no_more_bytes_than_allowed(
    change: Change, as_annotator: APIClient, image: Image, cat: LabelClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_IMAGE_BYTES", 3500)
    made = change(create=[heavy(cat) for _ in range(3)]).json()["annotations"]
    refused = problem(create(as_annotator, image, heavy(cat)), 409, "image_bytes_full")
    assert refused["limit"] == 3500
    assert refused["detail"].endswith("Simplify or delete some first.")
    update = {"attributes": {"note": "x" * 2000}}
    problem(as_annotator.patch(path(made[0]), update, headers=match(1)), 409, "image_bytes_full")
    assert len(listed(as_annotator, image)) == 3
    # Changes that take no more room are still possible, and deleting makes room.
    assert as_annotator.patch(path(made[0]), {"z": 3}, headers=match(1)).status_code == 200
    assert as_annotator.patch(path(made[0]), {"attributes": {}}, headers=match(1)).status_code == 200
    assert create(as_annotator, image, heavy(cat)).status_code == 201
    # The first version comes back with its bytes.
    restored = as_annotator.post(path(made[0], "/restore"), {"version": 1}, headers=match(2))
    problem(restored, 409, "image_bytes_full")


def test_an_image_that_is_full_can_be_emptied(change: Change, cat: LabelClass, monkeypatch: pytest.MonkeyPatch) -> None:
    """As one from before there was a limit."""
    made = change(create=[heavy(cat) for _ in range(3)]).json()["annotations"]
    monkeypatch.setattr(limits, "MAX_IMAGE_BYTES", 1500)
    smaller = {"id": made[0]["id"], "version": 1, "attributes": {"note": "x" * 900}}
    assert change(update=[smaller], delete=[{"id": made[1]["id"], "version": 1}]).status_code == 200


def test_a_mask_counts_as_it_leaves(as_annotator: APIClient, image: Image, cat: LabelClass) -> None:
    """Stored is one run, in its box. A client gets one for each column."""
    Image.objects.filter(id=image.id).update(width=3000, height=3000)
    lines = masks.from_runs(*masks.runs(masks.Rle((3000, 3000), full_columns())), (3000, 3000))
    made = create(as_annotator, image, mask_body(cat, segmentation=lines.to_json())).json()
    row = Annotation.objects.get(id=made["id"])
    assert len(row.shape["counts"]) < 10
    assert row.content_bytes >= len(made["segmentation"]["counts"]) > 3000
    changed = as_annotator.patch(path(made), {"attributes": {"a": "x" * 500}}, headers=match(1))
    assert changed.status_code == 200
    before, row = row.content_bytes, Annotation.objects.get(id=made["id"])
    assert row.content_bytes - before == len('"a":""') + 500
    assert [version.content_bytes for version in row.versions.order_by("event_seq")] == [before, row.content_bytes]


def full_columns() -> str:
    """A rectangle of 2,999 columns, all but their last pixels."""
    mask = np.zeros((3000, 3000), np.bool_)
    mask[:2999, :2999] = True
    return masks.encode(mask).counts


@pytest.mark.django_db(transaction=True)
def test_of_several_who_fill_an_image_at_once_some_are_refused(
    annotator: User, image: Image, cat: LabelClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_IMAGE_BYTES", 2500)
    clients = [client_of(annotator) for _ in range(6)]
    codes = together(6, lambda n: create(clients[n], image, heavy(cat)).status_code)
    assert sorted(codes) == [201, 201, 409, 409, 409, 409]  # type: ignore[type-var]


def test_a_change_names_no_more_bytes_than_allowed_and_reads_none_before(
    change: Change, cat: LabelClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = change(create=[heavy(cat) for _ in range(3)]).json()["annotations"]
    monkeypatch.setattr(limits, "MAX_CHANGED_BYTES", 2500)
    named = [{"id": row["id"], "version": 1} for row in made]
    with CaptureQueriesContext(connection) as queries:
        refused = problem(change(delete=named), 400, "too_many_bytes")
    assert "Split them into several requests." in refused["detail"]
    assert not [query for query in queries if '"annotations_annotation"."shape"' in query["sql"]]
    assert change(delete=named[:2]).status_code == 200
    # A single one is never too much.
    monkeypatch.setattr(limits, "MAX_CHANGED_BYTES", 1)
    assert change(delete=named[2:]).status_code == 200


def weigh(*sizes: int) -> None:
    """Give the annotations, in the order of their ids, these sizes."""
    for annotation, size in zip(Annotation.objects.order_by("id"), sizes, strict=True):
        Annotation.objects.filter(id=annotation.id).update(content_bytes=size)


def test_a_page_ends_where_the_next_annotation_does_not_fit(
    change: Change, as_annotator: APIClient, image: Image, cat: LabelClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(create=[tag_body(cat) for _ in range(6)])
    monkeypatch.setattr(limits, "MAX_PAGE_BYTES", 100)
    weigh(60, 40, 1, 900, 10, 20)
    read = pages(as_annotator, image)
    assert [len(page) for page in read] == [2, 1, 1, 2]
    assert [row["id"] for page in read for row in page] == sorted(row["id"] for page in read for row in page)
    # And backwards.
    last = as_annotator.get(f"{API}/images/{image.id}/annotations?limit=5").json()
    assert len(last["results"]) == 2
    second = as_annotator.get(last["next"]).json()
    first = as_annotator.get(second["previous"]).json()
    assert first["results"] == last["results"]


def test_what_was_deleted_comes_in_pages_by_bytes(
    change: Change, as_annotator: APIClient, image: Image, cat: LabelClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = change(create=[tag_body(cat) for _ in range(3)]).json()["annotations"]
    for row in made:
        change(delete=[{"id": row["id"], "version": 1}])
    monkeypatch.setattr(limits, "MAX_PAGE_BYTES", 100)
    weigh(60, 60, 60)
    seen, address = [], f"{API}/images/{image.id}/deleted"
    while address:
        page = as_annotator.get(address).json()
        assert len(page["results"]) == 1
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    assert seen == [row["id"] for row in made][::-1]


def test_the_migration_measures_what_was_there(
    change: Change, as_annotator: APIClient, image: Image, cat: LabelClass
) -> None:
    made = change(create=[heavy(cat), mask_body(cat), heavy(cat)]).json()["annotations"]
    change(delete=[{"id": made[2]["id"], "version": 1}])
    sizes = dict(Annotation.objects.values_list("id", "content_bytes"))
    Annotation.objects.update(content_bytes=0)
    AnnotationVersion.objects.update(content_bytes=0)
    ImageTotal.objects.all().delete()
    import_module("labeling.annotations.migrations.0005_content_bytes").measure(apps, None)
    for row in Annotation.objects.all():
        assert sizes[row.id] <= row.content_bytes < sizes[row.id] + 200
        for version in row.versions.all():
            assert row.content_bytes < version.content_bytes < row.content_bytes + 600
    total = ImageTotal.objects.get()
    live = Annotation.objects.filter(deleted_at=None)
    assert (total.image, total.annotations) == (image.id, 2)
    assert total.bytes == sum(live.values_list("content_bytes", flat=True))
