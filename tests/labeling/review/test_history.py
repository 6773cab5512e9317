"""The timeline of an annotation: who, when, and what changed, in words."""

from typing import Any

import numpy as np
import pytest
from rest_framework.test import APIClient

from inference import masks
from labeling.accounts.models import User
from labeling.annotations import limits
from labeling.annotations.models import Annotation, AnnotationVersion
from labeling.events.models import Event
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Project
from labeling.review import history as timeline
from labeling.review import services as review
from tests.labeling.making import (
    API,
    annotate,
    assign,
    configure,
    judge,
    mask_body,
    polygon_body,
    problem,
    square,
    submit,
)


def path(annotation: Annotation, more: str = "") -> str:
    return f"{API}/annotations/{annotation.id}{more}"


def history(client: APIClient, annotation: Annotation, query: str = "order=oldest") -> list[dict[str, Any]]:
    response = client.get(path(annotation, f"/history?{query}"))
    assert response.status_code == 200, response.content
    results: list[dict[str, Any]] = response.json()["results"]
    return results


def edit(client: APIClient, annotation: Annotation, version: int, **values: Any) -> None:
    response = client.patch(path(annotation), values, headers={"If-Match": f'"{version}"'})
    assert response.status_code == 200, response.content


def restore(client: APIClient, annotation: Annotation, now: int, version: int | None = None) -> Any:
    return client.post(path(annotation, "/restore"), {"version": version}, headers={"If-Match": f'"{now}"'})


@pytest.fixture
def made(annotator: User, image: Image, cat: LabelClass) -> Annotation:
    prompt = {"points": [{"x": 5, "y": 7, "label": 1}], "box": None, "mask": False}
    return annotate(annotator, image, cat, source="sam", prompts=[prompt], model="mobile_sam@abc", chosen_rank=1)


def test_it_begins_with_what_was_made_by_whom_and_how(as_viewer: APIClient, made: Annotation) -> None:
    (entry,) = history(as_viewer, made)
    assert entry["words"] == ["cat", "mask: 64 px", "sam: 1 point, mobile_sam, choice 2"]
    assert (entry["kind"], entry["by"]["name"], entry["version"]) == ("created", "Annotator", 1)


def test_each_change_is_said_in_words(
    as_annotator: APIClient, as_viewer: APIClient, made: Annotation, dog: LabelClass
) -> None:
    larger = square()
    larger[14, 4:10] = True
    larger[6, 4] = False
    edit(as_annotator, made, 1, class_id=str(dog.id))
    edit(as_annotator, made, 2, segmentation=masks.encode(larger).to_json())
    edit(as_annotator, made, 3, z=4)
    as_annotator.delete(path(made), headers={"If-Match": '"3"'})
    assert restore(as_annotator, made, 4, 1).status_code == 200
    assert [(entry["kind"], entry["words"]) for entry in history(as_viewer, made)][1:] == [
        ("changed", ["class cat → dog"]),
        ("changed", ["mask: +6 −1 px, IoU 0.90"]),
        ("reordered", ["moved up"]),
        ("deleted", []),
        ("restored", ["version 1 again", "class dog → cat", "mask: +1 −6 px, IoU 0.90", "moved down"]),
    ]


def test_what_each_version_was_is_in_it(as_annotator: APIClient, as_viewer: APIClient, made: Annotation) -> None:
    edit(as_annotator, made, 1, z=5)
    first, second = history(as_viewer, made)
    assert (first["annotation"]["z"], second["annotation"]["z"]) == (0, 5)
    kept = masks.decode(masks.Rle.from_json(first["annotation"]["segmentation"]))
    assert np.array_equal(kept, square())


def test_decisions_stand_between_the_versions(
    as_viewer: APIClient, manager: User, annotator: User, reviewer: User, image: Image, made: Annotation
) -> None:
    assign(manager, image, annotator)
    submit(annotator, image)
    given = judge(reviewer, made, "rejected", "Rough edge")
    review.undo(by=reviewer, project=made.project_id, verdicts=[given.id])
    judge(reviewer, made, "accepted")
    entries = history(as_viewer, made)[1:]
    assert [(entry["kind"], entry["by"]["name"], entry["state"], entry["words"]) for entry in entries] == [
        ("submitted", "Annotator", "submitted", []),
        ("verdict", "Reviewer", "rejected", ["Rough edge"]),
        ("undone", "Reviewer", "submitted", ["no longer rejected"]),
        ("verdict", "Reviewer", "accepted", []),
    ]
    assert [entry["verdict"] and entry["verdict"]["undone"] for entry in entries] == [None, True, None, False]
    assert all(entry["annotation"] is None for entry in entries), "nothing was drawn"


def test_the_policy_accepts_by_nobody(
    as_viewer: APIClient, manager: User, annotator: User, image: Image, project: Project, made: Annotation
) -> None:
    Project.objects.filter(id=project.id).update(review={**project.review, "below": 0.0, "sample": 0.0})
    assign(manager, image, annotator)
    submit(annotator, image)
    last = history(as_viewer, made)[-1]
    assert (last["kind"], last["by"], last["state"]) == ("policy", None, "accepted")


def test_pages_join_in_both_orders(as_annotator: APIClient, as_viewer: APIClient, made: Annotation) -> None:
    for version in range(1, 8):
        edit(as_annotator, made, version, model=f"{version}")
    whole = history(as_viewer, made)
    for order, expected in (("oldest", whole), ("newest", whole[::-1])):
        found: list[Any] = []
        address: str | None = path(made, f"/history?order={order}&limit=3")
        while address:
            body = as_viewer.get(address).json()
            assert len(body["results"]) <= 3
            found += body["results"]
            address = body["next"]
        assert found == expected, "also the words, whose predecessor may lie on another page"


def test_pages_of_large_versions_are_short_and_join_all_the_same(
    as_annotator: APIClient, as_viewer: APIClient, made: Annotation, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in range(1, 5):
        edit(as_annotator, made, version, model=f"{version}")
    whole = history(as_viewer, made)
    AnnotationVersion.objects.update(content_bytes=limits.MAX_PAGE_BYTES // 2)
    found: list[Any] = []
    address: str | None = path(made, "/history?order=oldest")
    while address:
        body = as_viewer.get(address).json()
        assert 1 <= len(body["results"]) <= 2
        found += body["results"]
        address = body["next"]
    assert found == whole


def test_polygons_that_take_long_to_compare_are_named_only(
    as_annotator: APIClient, as_viewer: APIClient, image: Image, cat: LabelClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    polygon = [[[1, 1, 41, 1, 41, 41, 1, 41]]]
    created = as_annotator.post(f"{API}/images/{image.id}/annotations", polygon_body(cat, polygon)).json()
    made = Annotation.objects.get(id=created["id"])
    edit(as_annotator, made, 1, polygon=[[[1, 1, 41, 1, 41, 42, 1, 42]]])
    edit(as_annotator, made, 2, polygon=[[[1, 1, 41, 1, 41, 43, 1, 43]]])
    monkeypatch.setattr(timeline, "MAX_COMPARED_CROSSINGS", 200)
    words = [entry["words"] for entry in history(as_viewer, made)]
    assert words[1:] == [["polygon: +40 −0 px, IoU 0.98"], ["polygon: redrawn"]]


def test_newest_first_is_the_default(as_annotator: APIClient, as_viewer: APIClient, made: Annotation) -> None:
    edit(as_annotator, made, 1, model="other")
    assert [entry["version"] for entry in history(as_viewer, made, "")] == [2, 1]
    seqs = Event.objects.filter(object=made.id).order_by("-seq").values_list("seq", flat=True)
    assert [entry["seq"] for entry in history(as_viewer, made, "")] == list(seqs)


@pytest.mark.parametrize("query", ["order=sideways", "cursor=abc", "limit=0", "cursor=99999999999999999999"])
def test_a_page_that_cannot_be_is_400(as_viewer: APIClient, made: Annotation, query: str) -> None:
    problem(as_viewer.get(path(made, f"/history?{query}")), 400)


def test_restoring_keeps_everything_and_is_refused_when_stale(
    as_annotator: APIClient, as_viewer: APIClient, made: Annotation, dog: LabelClass
) -> None:
    edit(as_annotator, made, 1, class_id=str(dog.id))
    problem(restore(as_annotator, made, 1, 1), 412, "stale_version")
    assert restore(as_annotator, made, 2, 1).json()["version"] == 3
    assert [entry["version"] for entry in history(as_viewer, made)] == [1, 2, 3]
    assert restore(as_annotator, made, 3, 2).json()["class_id"] == str(dog.id), "what was replaced comes back as well"


def test_restoring_into_the_place_of_another_is_refused_where_masks_do_not_overlap(
    as_annotator: APIClient, annotator: User, image: Image, project: Project, cat: LabelClass, made: Annotation
) -> None:
    Project.objects.filter(id=project.id).update(overlap="exclusive")
    edit(as_annotator, made, 1, segmentation=masks.encode(square(30, 30)).to_json())
    annotate(annotator, image, cat)
    problem(restore(as_annotator, made, 2, 1), 409, "masks_overlap")


def test_what_was_accepted_waits_again_when_another_version_comes_back(
    as_annotator: APIClient, manager: User, annotator: User, reviewer: User, image: Image, made: Annotation
) -> None:
    edit(as_annotator, made, 1, model="other")
    assign(manager, image, annotator)
    submit(annotator, image)
    judge(reviewer, made, "accepted")
    assert restore(as_annotator, made, 2, 1).json()["state"] == "submitted"


def test_what_was_deleted_is_found_again_the_latest_first(
    as_annotator: APIClient, as_viewer: APIClient, annotator: User, image: Image, cat: LabelClass
) -> None:
    gone = [annotate(annotator, image, cat) for _ in range(3)]
    annotate(annotator, image, cat)
    for each in gone:
        as_annotator.delete(path(each), headers={"If-Match": '"1"'})
    body = as_viewer.get(f"{API}/images/{image.id}/deleted?limit=2").json()
    assert [each["id"] for each in body["results"]] == [str(gone[2].id), str(gone[1].id)]
    rest = as_viewer.get(body["next"]).json()["results"]
    assert [(each["id"], each["updated_by"]["name"]) for each in rest] == [(str(gone[0].id), "Annotator")]
    assert restore(as_annotator, gone[0], 2).status_code == 200
    assert len(as_viewer.get(f"{API}/images/{image.id}/deleted").json()["results"]) == 2


def test_an_attribute_is_called_by_its_name(
    as_manager: APIClient, as_annotator: APIClient, as_viewer: APIClient, image: Image, cat: LabelClass
) -> None:
    schema = [
        {"id": "occluded", "name": "Occluded", "kind": "yes_no", "choices": [], "required": False, "default": None}
    ]
    assert configure(as_manager, cat, {"attributes": schema}).status_code == 200
    created = as_annotator.post(f"{API}/images/{image.id}/annotations", mask_body(cat)).json()
    made = Annotation.objects.get(id=created["id"])
    key = as_manager.get(f"{API}/projects/{image.project_id}/classes").json()[0]["attributes"][0]["id"]
    edit(as_annotator, made, 1, attributes={key: True})
    assert history(as_viewer, made)[1]["words"] == ["Occluded: – → yes"]
