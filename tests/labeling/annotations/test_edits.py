"""Creating, changing, deleting and restoring annotations, and what each leaves behind."""

from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.annotations.models import Annotation, AnnotationVersion
from labeling.annotations.states import State
from labeling.events.models import Event
from labeling.images.models import Image
from labeling.projects.models import LabelClass
from tests.labeling.annotations.asking import create, match, path
from tests.labeling.conftest import client_of
from tests.labeling.making import (
    API,
    annotate,
    box_body,
    listed,
    mask_body,
    photo_bytes,
    problem,
    square,
    together,
    upload,
)  # fmt: skip


def test_a_mask_comes_back_with_everything_that_was_said_of_it(
    as_annotator: APIClient, image: Image, cat: LabelClass
) -> None:
    body = mask_body(
        cat, source="sam", model="mobile_sam@0123", chosen_rank=1, predicted_iou=0.9, stability_score=0.8, z=3,
        attributes={"occluded": True}, prompts=[{"points": [{"x": 9, "y": 9, "label": 1}], "box": None, "mask": False}],
    )  # fmt: skip
    response = create(as_annotator, image, body)
    assert response.status_code == 201
    made = response.json()
    assert made.items() >= body.items()
    assert (made["version"], made["state"], made["confidence"], made["review"]) == (1, "draft", 0.8, None)
    assert (made["bbox"], made["area"], made["polygon"]) == ([4, 6, 8, 8], 64, None)
    assert made["created_by"]["name"] == made["updated_by"]["name"] == "Annotator"
    assert (made["image"], made["project"]) == (str(image.id), str(image.project_id))


def test_the_same_body_again_is_200(as_annotator: APIClient, image: Image, cat: LabelClass) -> None:
    body = mask_body(cat, predicted_iou=0.123456789012345, attributes={"a": [1, 2.5, None]})
    first, again = create(as_annotator, image, body), create(as_annotator, image, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert AnnotationVersion.objects.count() == 1


def test_the_same_body_is_200_whatever_became_of_it_since(
    as_annotator: APIClient, image: Image, cat: LabelClass
) -> None:
    body = mask_body(cat)
    made = create(as_annotator, image, body).json()
    as_annotator.patch(path(made), {"z": 9}, headers=match(1))
    again = create(as_annotator, image, body)
    assert (again.status_code, again.json()["z"]) == (200, 9), "a late repetition undoes nothing"


def test_another_body_with_the_same_id_is_409(as_annotator: APIClient, image: Image, cat: LabelClass) -> None:
    body = mask_body(cat)
    create(as_annotator, image, body)
    problem(create(as_annotator, image, {**body, "z": 1}), 409, "id_taken")


def test_an_id_of_another_image_is_409(as_annotator: APIClient, manager: User, image: Image, cat: LabelClass) -> None:
    other = upload(manager, image.project, "b.png", photo_bytes(1))
    body = mask_body(cat)
    create(as_annotator, image, body)
    problem(create(as_annotator, other, body), 409, "id_taken")


@pytest.mark.django_db(transaction=True)
def test_one_id_several_times_at_once_is_one_annotation(annotator: User, image: Image, cat: LabelClass) -> None:
    body = mask_body(cat)
    clients = [client_of(annotator) for _ in range(4)]
    codes = together(4, lambda n: create(clients[n], image, body).status_code)
    assert set(codes) <= {200, 201, 409}, codes
    assert codes.count(201) == 1
    assert Annotation.objects.count() == AnnotationVersion.objects.count() == 1


def test_a_change_without_its_version_is_428(as_annotator: APIClient, made: dict[str, Any]) -> None:
    problem(as_annotator.patch(path(made), {"model": "other"}), 428, "version_required")
    problem(as_annotator.delete(path(made)), 428, "version_required")
    problem(as_annotator.post(path(made, "/restore"), {}), 428, "version_required")


@pytest.mark.parametrize("header", ['"1"', "1", 'W/"1"', ' "1" '])
def test_a_version_may_be_written_in_several_ways(as_annotator: APIClient, made: dict[str, Any], header: str) -> None:
    response = as_annotator.patch(path(made), {"model": "other"}, headers={"If-Match": header})
    assert (response.status_code, response.json()["version"]) == (200, 2)


def test_a_stale_change_is_412_with_what_is_there_now(
    as_annotator: APIClient, as_reviewer: APIClient, made: dict[str, Any]
) -> None:
    now = as_reviewer.patch(path(made), {"model": "other"}, headers=match(1)).json()
    for response in (
        as_annotator.patch(path(made), {"model": "other"}, headers=match(1)),
        as_annotator.delete(path(made), headers=match(1)),
        as_annotator.post(path(made, "/restore"), {"version": 1}, headers=match(1)),
    ):
        body = problem(response, 412, "stale_version")
        assert body["current"] == now
        assert body["detail"].startswith("Reviewer changed this annotation")
    assert as_annotator.get(path(made)).json() == now


def test_a_change_of_what_was_deleted_is_412_too(as_annotator: APIClient, made: dict[str, Any]) -> None:
    as_annotator.delete(path(made), headers=match(1))
    body = problem(as_annotator.patch(path(made), {"model": "other"}, headers=match(1)), 412, "stale_version")
    assert body["current"]["deleted_at"] is not None


@pytest.mark.django_db(transaction=True)
def test_of_several_changes_at_once_one_wins(annotator: User, image: Image, cat: LabelClass) -> None:
    made = annotate(annotator, image, cat)
    clients = [client_of(annotator) for _ in range(4)]
    codes = together(4, lambda n: clients[n].patch(path(made), {"model": f"{n}"}, headers=match(1)).status_code)
    assert sorted(codes) == [200, 412, 412, 412], codes
    assert list(AnnotationVersion.objects.order_by("event_seq").values_list("version", flat=True)) == [1, 2]


def test_a_deleted_annotation_leaves_a_tombstone_and_comes_back(
    as_annotator: APIClient, image: Image, made: dict[str, Any]
) -> None:
    assert as_annotator.delete(path(made), headers=match(1)).status_code == 204
    assert listed(as_annotator, image) == []
    problem(as_annotator.get(path(made)), 404, "not_found")
    assert Annotation.objects.get(id=made["id"]).deleted_at is not None
    assert as_annotator.delete(path(made), headers=match(1)).status_code == 204, "deleting again is harmless"
    back = as_annotator.post(path(made, "/restore"), {}, headers=match(2)).json()
    assert (back["version"], back["deleted_at"]) == (3, None)
    assert back["segmentation"] == made["segmentation"]
    assert len(listed(as_annotator, image)) == 1


def test_an_older_version_comes_back_as_a_new_one(
    as_annotator: APIClient, made: dict[str, Any], dog: LabelClass
) -> None:
    changed = mask_body(dog, square(20, 20, 5))
    values = {"class_id": changed["class_id"], "segmentation": changed["segmentation"]}
    as_annotator.patch(path(made), values, headers=match(1))
    back = as_annotator.post(path(made, "/restore"), {"version": 1}, headers=match(2)).json()
    assert (back["version"], back["class_id"], back["segmentation"], back["bbox"], back["area"]) == (
        3, made["class_id"], made["segmentation"], made["bbox"], made["area"],
    )  # fmt: skip
    response = as_annotator.post(path(made, "/restore"), {"version": 99}, headers=match(3))
    assert problem(response, 400, "no_such_version")["errors"][0]["pointer"] == "/version"


def test_what_has_lost_its_class_does_not_come_back_without_one(
    as_annotator: APIClient, as_manager: APIClient, made: dict[str, Any], cat: LabelClass
) -> None:
    as_annotator.delete(path(made), headers=match(1))
    assert as_manager.delete(f"{API}/classes/{cat.id}").status_code == 204
    body = problem(as_annotator.post(path(made, "/restore"), {}, headers=match(2)), 409, "class_deleted")
    assert "cat" in body["detail"]


def test_several_edits_are_one_change(as_annotator: APIClient, image: Image, cat: LabelClass, dog: LabelClass) -> None:
    kept, gone = (create(as_annotator, image, mask_body(cat)).json() for _ in range(2))
    body = {
        "create": [mask_body(dog), box_body(dog, [1, 2, 3, 4])],
        "update": [{"id": kept["id"], "version": 1, "class_id": str(dog.id)}],
        "delete": [{"id": gone["id"], "version": 1}],
    }
    answer = as_annotator.post(f"{API}/images/{image.id}/changes", body).json()
    assert answer["deleted"] == [gone["id"]]
    assert [each["kind"] for each in answer["annotations"]] == ["mask", "box", "mask"]
    assert {each["class_id"] for each in answer["annotations"]} == {str(dog.id)}
    assert len(listed(as_annotator, image)) == 3


@pytest.mark.parametrize("wrong", ["stale update", "stale delete", "bad geometry", "missing", "taken"])
def test_a_change_is_all_or_nothing(as_annotator: APIClient, image: Image, cat: LabelClass, wrong: str) -> None:
    first, second = (create(as_annotator, image, mask_body(cat)).json() for _ in range(2))
    body: dict[str, list[Any]] = {
        "create": [mask_body(cat)],
        "update": [{"id": first["id"], "version": 1, "model": "other"}],
        "delete": [{"id": second["id"], "version": 1}],
    }
    match wrong:
        case "stale update":
            body["update"].append({"id": second["id"], "version": 9, "model": "other"})
            body["delete"] = []
        case "stale delete":
            body["delete"] = [{"id": second["id"], "version": 9}]
        case "bad geometry":
            body["create"].append(box_body(cat, [0, 0, 0, 0]))
        case "missing":
            body["update"].append({"id": str(uuid4()), "version": 1, "model": "other"})
        case "taken":
            body["create"].append({**mask_body(cat, z=4), "id": second["id"]})
            body["delete"] = []
    before = Event.objects.count()
    response = as_annotator.post(f"{API}/images/{image.id}/changes", body)
    assert response.status_code in (400, 404, 409, 412), response.content
    shown = listed(as_annotator, image)
    assert shown == [first, second]
    assert Event.objects.count() == before


def test_one_annotation_is_once_in_a_change(as_annotator: APIClient, image: Image, made: dict[str, Any]) -> None:
    edit = {"id": made["id"], "version": 1}
    body = {"update": [{**edit, "model": "other"}], "delete": [edit]}
    problem(as_annotator.post(f"{API}/images/{image.id}/changes", body), 400, "id_twice")


def test_an_empty_change_is_nothing(as_annotator: APIClient, image: Image) -> None:
    assert as_annotator.post(f"{API}/images/{image.id}/changes", {}).json() == {"annotations": [], "deleted": []}


def test_an_annotation_of_another_image_is_not_changed_from_here(
    as_annotator: APIClient, manager: User, image: Image, made: dict[str, Any]
) -> None:
    other = upload(manager, image.project, "b.png", photo_bytes(1))
    body = {"delete": [{"id": made["id"], "version": 1}]}
    problem(as_annotator.post(f"{API}/images/{other.id}/changes", body), 409)
    assert as_annotator.get(path(made)).status_code == 200


@pytest.mark.parametrize(
    ("before", "after"),
    [("draft", "draft"), ("submitted", "submitted"), ("accepted", "submitted"), ("rejected", "draft")],
)
@pytest.mark.parametrize("how", ["patch", "restore"])
def test_what_is_edited_is_to_be_judged_as_it_is_now(
    as_annotator: APIClient, made: dict[str, Any], before: str, after: str, how: str
) -> None:
    Annotation.objects.update(state=before)
    if how == "patch":
        response = as_annotator.patch(path(made), {"model": "other"}, headers=match(1))
    else:
        response = as_annotator.post(path(made, "/restore"), {"version": 1}, headers=match(1))
    assert response.json()["state"] == after
    assert Annotation.objects.get().state == State(after)


@pytest.mark.parametrize("state", list(State))
def test_the_order_of_the_stack_is_no_new_version_and_changes_no_verdict(
    as_annotator: APIClient, as_reviewer: APIClient, annotator: User, made: dict[str, Any], state: State
) -> None:
    Annotation.objects.update(state=state, verdict=state if state in ("accepted", "rejected") else None)
    before = Annotation.objects.values("version", "state", "verdict", "updated_by", "updated_at").get()
    moved = as_reviewer.patch(path(made), {"z": 5}, headers=match(1)).json()
    assert (moved["z"], moved["version"], moved["state"]) == (5, 1, state)
    assert Annotation.objects.values(*before).get() == before
    kept = AnnotationVersion.objects.order_by("event_seq").values_list("version", "change", "content__z")
    assert list(kept) == [(1, "created", 0), (1, "reordered", 5)]
    event = Event.objects.latest("seq")
    assert (event.kind, event.data["version"], event.data["z"]) == ("annotation.reordered", 1, 5)
    assert as_annotator.patch(path(made), {"z": 5}, headers=match(1)).json() == moved
    assert Event.objects.latest("seq") == event, "nothing moved"


def test_who_reorders_names_the_version_that_they_saw(as_annotator: APIClient, made: dict[str, Any]) -> None:
    as_annotator.patch(path(made), {"z": 2}, headers=match(1))
    changed = as_annotator.patch(path(made), {"model": "other"}, headers=match(1)).json()
    assert (changed["version"], changed["z"]) == (2, 2), "the version that was seen is the one that was moved"
    problem(as_annotator.patch(path(made), {"z": 3}, headers=match(1)), 412, "stale_version")
    both = as_annotator.patch(path(made), {"z": 3, "model": "third"}, headers=match(2)).json()
    assert (both["version"], both["z"]) == (3, 3), "with anything else it is an edit"
