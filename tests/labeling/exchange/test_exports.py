"""A dataset leaves the house: it loads in pycocotools, and every mask has exactly the stored pixels."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO
from rest_framework.test import APIClient

from inference import masks
from inference.rasterize import rasterize
from labeling.accounts.models import User
from labeling.annotations import services as annotations
from labeling.annotations.models import Annotation, AnnotationVersion
from labeling.events.services import Entry, append
from labeling.exchange import selectors, services
from labeling.exchange.models import Export
from labeling.exchange.tasks import export as export_task
from labeling.images import keys
from labeling.images.models import Image
from labeling.jobs.models import Job
from labeling.projects.models import LabelClass, Project
from tests.labeling.making import (
    API,
    annotate,
    assign,
    box_body,
    downloaded,
    judge,
    photo_bytes,
    polygon_body,
    problem,
    square,
    submit,
    tag_body,
    upload,
)  # fmt: skip


def put(by: User, image: Image, body: dict[str, Any]) -> Annotation:
    body = {**body, "id": UUID(body["id"]), "class_id": UUID(body["class_id"])}
    return annotations.change(by=by, image=image.id, create=[body]).annotations[0]


def order(client: APIClient, project: Project, include: str = "all") -> dict[str, Any]:
    response = client.post(f"{API}/projects/{project.id}/exports", {"format": "coco", "include": include})
    assert response.status_code == 201, response.content
    made: dict[str, Any] = response.json()
    return made


def run(export: dict[str, Any]) -> None:
    """What a worker does with the job's message."""
    job = Job.objects.get(target=export["id"])
    Job.objects.filter(id=job.id).update(state=Job.State.SENT, attempt=1)
    export_task(job=str(job.id), attempt=1, project=str(job.project), **job.payload)


@pytest.fixture
def exported(as_manager: APIClient, project: Project, tmp_path: Path) -> Callable[..., COCO]:
    """Orders, makes and downloads an export, and loads it."""

    def make(include: str = "all") -> COCO:
        made = order(as_manager, project, include)
        run(made)
        response = as_manager.get(f"{API}/exports/{made['id']}/file")
        assert response.status_code == 200
        file = tmp_path / f"{made['id']}.json"
        file.write_bytes(downloaded(response))
        return COCO(str(file))

    return make


def test_every_mask_has_exactly_its_pixels(
    exported: Callable[..., COCO], annotator: User, image: Image, cat: LabelClass, dog: LabelClass
) -> None:
    drawn = {}
    for n in range(4):
        mask = np.random.default_rng(n).random((48, 64)) < 0.3
        drawn[str(annotate(annotator, image, (cat, dog)[n % 2], mask).id)] = mask
    coco = exported()
    assert len(coco.anns) == 4
    for each in coco.anns.values():
        mask = drawn[each["annotation_id"]]
        assert (coco.annToMask(each).astype(bool) == mask).all()
        assert each["area"] == mask.sum()
        assert each["bbox"] == list(coco_mask.toBbox(each["segmentation"]))
        assert each["iscrowd"] == 0
    assert {coco.cats[each["category_id"]]["name"] for each in coco.anns.values()} == {"cat", "dog"}


def test_holes_and_parts_are_kept(
    exported: Callable[..., COCO], annotator: User, image: Image, cat: LabelClass
) -> None:
    ring = square(10, 10, 20) & ~square(15, 15, 8) | square(50, 30, 5)
    annotate(annotator, image, cat, ring)
    outer, hole = [10.0, 10.0, 40.0, 10.0, 40.0, 40.0, 10.0, 40.0], [20.0, 20.0, 30.0, 20.0, 30.0, 30.0, 20.0, 30.0]
    parts = [[outer, hole], [[50.0, 5.0, 60.0, 5.0, 55.0, 15.5]]]
    put(annotator, image, polygon_body(cat, parts))
    coco = exported()
    mask, polygon = sorted(coco.anns.values(), key=lambda each: each["kind"])
    assert (coco.annToMask(mask).astype(bool) == ring).all()
    assert polygon["polygon"] == parts, "as drawn, beside the pixels"
    pixels = masks.decode(rasterize(parts, 64, 48))
    assert (coco.annToMask(polygon).astype(bool) == pixels).all(), "by our rule"
    assert not pixels[25, 25]
    assert pixels[12, 12]
    assert polygon["area"] == pixels.sum()


def test_boxes_keep_their_numbers_and_tags_belong_to_the_image(
    exported: Callable[..., COCO], annotator: User, image: Image, cat: LabelClass, dog: LabelClass
) -> None:
    put(annotator, image, box_body(dog, [5.5, 5.25, 10, 8]))
    put(annotator, image, tag_body(cat))
    coco = exported()
    (box,) = coco.anns.values()
    assert box["bbox"] == [5.5, 5.25, 10, 8]
    assert coco.annToMask(box).sum() == 80
    (shown,) = coco.imgs.values()
    assert [coco.cats[tag]["name"] for tag in shown["tags"]] == ["cat"]


def test_an_image_and_a_mask_say_where_they_come_from(
    exported: Callable[..., COCO], annotator: User, image: Image, cat: LabelClass
) -> None:
    annotate(annotator, image, cat, predicted_iou=0.9, stability_score=0.8, source="sam", model="mobile_sam@1",
             prompts=[{"points": []}], chosen_rank=2)  # fmt: skip
    coco = exported()
    (shown,) = coco.imgs.values()
    assert (shown["file_name"], shown["width"], shown["height"], shown["image_id"]) == (
        "dog.jpg",
        64,
        48,
        str(image.id),
    )
    assert (shown["sha256"], shown["pixels"]) == (image.sha256, "upright")
    (each,) = coco.anns.values()
    assert (each["predicted_iou"], each["stability_score"], each["confidence"]) == (0.9, 0.8, 0.8)
    assert (each["source"], each["model"], each["chosen_rank"], each["version"]) == ("sam", "mobile_sam@1", 2, 1)
    assert (each["created_by"], each["prompts"], each["state"]) == ("Annotator", [{"points": []}], "draft")


@pytest.fixture
def judged(manager: User, annotator: User, reviewer: User, image: Image, cat: LabelClass) -> dict[str, str]:
    """One annotation in each state, by id."""
    made = [annotate(annotator, image, cat) for _ in range(3)]
    assign(manager, image, annotator)
    submit(annotator, image)
    judge(reviewer, made[0], "accepted")
    judge(reviewer, made[1], "rejected", "Rough edge")
    made.append(annotate(annotator, image, cat))
    gone = annotate(annotator, image, cat)
    annotations.change(by=annotator, image=image.id, delete=[annotations.Deletion(gone.id, 1)])
    return dict(zip([str(each.id) for each in made], ["accepted", "rejected", "submitted", "draft"], strict=True))


@pytest.mark.parametrize(
    ("include", "states"),
    [
        ("accepted", {"accepted"}),
        ("not_rejected", {"accepted", "submitted", "draft"}),
        ("all", {"accepted", "rejected", "submitted", "draft"}),
    ],
)
def test_only_what_was_asked_for_is_in_it(
    exported: Callable[..., COCO], judged: dict[str, str], include: str, states: set[str]
) -> None:
    coco = exported(include)
    assert {each["annotation_id"]: each["state"] for each in coco.anns.values()} == {
        id: state for id, state in judged.items() if state in states
    }
    assert len(coco.imgs) == 1


def test_images_without_annotations_and_classes_without_use_are_in_it_too(
    exported: Callable[..., COCO], manager: User, project: Project, image: Image, more_images: Any
) -> None:
    gone, *_ = more_images(2)
    annotations.delete_image(by=manager, image=gone.id)
    coco = exported()
    assert [each["file_name"] for each in coco.imgs.values()] == ["dog.jpg", "1.png"]
    assert [(each["id"], each["name"]) for each in coco.cats.values()] == [(1, "cat"), (2, "dog")]
    assert coco.anns == {}


def test_an_empty_project_is_a_valid_dataset(exported: Callable[..., COCO]) -> None:
    coco = exported()
    assert (coco.imgs, coco.anns) == ({}, {})


def test_a_class_that_was_deleted_meanwhile_is_in_it_behind_the_others(
    exported: Callable[..., COCO], manager: User, annotator: User, image: Image, cat: LabelClass
) -> None:
    annotate(annotator, image, cat)
    LabelClass.objects.filter(id=cat.id).update(deleted_at=image.created_at)
    append(project=image.project_id, by=manager, entries=[Entry("class.deleted", object=cat.id, data={"name": "cat"})])
    coco = exported()
    assert [each["name"] for each in coco.cats.values()] == ["dog", "cat"]
    assert [each["category_id"] for each in coco.anns.values()] == [2]


def test_an_export_is_followed_from_order_to_download(
    as_manager: APIClient, project: Project, annotator: User, image: Image, cat: LabelClass
) -> None:
    annotate(annotator, image, cat)
    made = order(as_manager, project)
    assert (made["state"], made["progress"], made["file_url"], made["error"]) == ("queued", 0, None, None)
    problem(as_manager.get(f"{API}/exports/{made['id']}/file"), 409, "export_not_ready")
    run(made)
    done = as_manager.get(f"{API}/exports/{made['id']}").json()
    assert (done["state"], done["progress"], done["image_count"], done["annotation_count"]) == ("ready", 1, 1, 1)
    response = as_manager.get(done["file_url"])
    body = downloaded(response)
    assert len(body) == done["bytes"] == int(response["Content-Length"])
    assert hashlib.sha256(body).hexdigest() == done["sha256"]
    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"].startswith('attachment; filename="animals-')
    assert response["Content-Disposition"].endswith('-all.json"')
    assert json.loads(body)["info"]["description"] == "Animals"
    assert as_manager.get(f"{API}/projects/{project.id}/exports").json()["results"] == [done]


def test_an_export_that_fails_is_tried_again_and_then_says_why(
    as_manager: APIClient, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(key: str, data: Any) -> None:
        raise OSError("The disk is full.")

    made = order(as_manager, project)
    with monkeypatch.context() as patch:
        patch.setattr("labeling.exchange.services.keys.store", lambda: type("Full", (), {"write": staticmethod(full)}))
        for _ in range(3):
            run(made)
    shown = as_manager.get(f"{API}/exports/{made['id']}").json()
    assert shown["state"] == "failed"
    assert "The disk is full." in shown["error"]


def test_an_export_is_of_the_moment_it_was_ordered_at_and_never_changes(
    as_manager: APIClient, project: Project, annotator: User, image: Image, cat: LabelClass
) -> None:
    made = order(as_manager, project)
    annotate(annotator, image, cat)
    first = services.make_export(export=UUID(made["id"]), progress=lambda done: None)
    assert first["annotation_count"] == 0, "drawn after it was ordered"
    Export.objects.update(key="")
    assert services.make_export(export=UUID(made["id"]), progress=lambda done: None)["sha256"] == first["sha256"]
    assert services.make_export(export=UUID(made["id"]), progress=lambda done: None) == first
    assert hashlib.sha256(keys.store().read(first["key"])).hexdigest() == first["sha256"]


def test_progress_is_told_to_the_end(as_manager: APIClient, project: Project, more_images: Any) -> None:
    more_images(3)
    told: list[float] = []
    services.make_export(export=UUID(order(as_manager, project)["id"]), progress=told.append)
    assert told == [1.0]


def test_a_file_that_the_store_lost_is_404(as_manager: APIClient, project: Project) -> None:
    made = order(as_manager, project)
    run(made)
    keys.store().delete(Export.objects.get().key)
    problem(as_manager.get(f"{API}/exports/{made['id']}/file"), 404, "not_found")


@pytest.mark.parametrize("body", [{"format": "yolo"}, {"include": "some"}, {"format": None}])
def test_an_export_that_there_is_not_is_400(as_manager: APIClient, project: Project, body: dict[str, Any]) -> None:
    problem(as_manager.post(f"{API}/projects/{project.id}/exports", body), 400)
    assert not Export.objects.exists()


def test_only_what_was_accepted_leaves_by_default(as_manager: APIClient, project: Project) -> None:
    made = as_manager.post(f"{API}/projects/{project.id}/exports", {}).json()
    assert (made["format"], made["include"]) == ("coco", "accepted")


def test_pages_of_a_large_project_join_without_gap_or_double(
    project: Project, manager: User, annotator: User, cat: LabelClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "PAGE", 3)
    images = [upload(manager, project, f"{n}.png", photo_bytes(n)) for n in range(8)]
    Image.objects.filter(id__in=[image.id for image in images[2:7]]).update(created_at=images[2].created_at)
    for image in images:
        annotate(annotator, image, cat)
    records = list(selectors.records(project, "all", 10**6))
    assert len({record.id for record in records}) == len(records) == 8
    assert all(len(record.annotations) == 1 for record in records)


def test_large_images_are_read_one_at_a_time(
    project: Project, annotator: User, cat: LabelClass, more_images: Callable[[int], list[Image]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    images = more_images(5)
    for image in images:
        annotate(annotator, image, cat)
    AnnotationVersion.objects.update(content_bytes=selectors.MAX_BYTES // 2)
    read: list[int] = []
    versions = selectors._versions
    monkeypatch.setattr(selectors, "_versions", lambda ids: read.append(len(ids)) or versions(ids))
    records = list(selectors.records(project, "all", 10**6))
    assert [(record.id, len(record.annotations)) for record in records] == [(str(image.id), 1) for image in images]
    assert read == [2, 2, 1]
