"""Clicks in a part of an image, which is embedded when somebody looks closely."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import numpy as np
import pytest
from django.test import TestCase
from django.utils import timezone
from pycocotools import mask as coco
from rest_framework.exceptions import NotFound
from rest_framework.test import APIClient

from inference.contract import token_from_logits
from inference.embeddings import Embedding, embedding_key, pack
from inference.frame import EMBEDDING_SHAPE
from inference.regions import Region as Rectangle
from labeling.accounts.models import User
from labeling.annotations.predict import embeddings
from labeling.images import keys, regions
from labeling.images import services as images
from labeling.images.models import Image, Region
from labeling.jobs.models import Job
from labeling.projects import services as projects
from labeling.projects.models import Project
from tests.labeling.annotations.asking import predict
from tests.labeling.making import photo_bytes, problem, together, upload

committed = partial(TestCase.captureOnCommitCallbacks, execute=True)
RECTANGLE = Rectangle(128, 64, 384, 320)
CLICK: dict[str, Any] = {"points": [{"x": 250, "y": 200, "label": 1}], "region": [200, 150, 300, 250]}


@pytest.fixture
def large(project: Project, manager: User) -> Image:
    """600 × 400 pixels, which is enough to have regions."""
    return upload(manager, project, "large.png", photo_bytes(1, (600, 400)))


def region_job() -> Job:
    return Job.objects.get(kind=Job.Kind.REGION)


@pytest.fixture
def finish(decoder: str) -> Callable[[], str]:
    """Does what a worker does with the region that waits; the stored embedding's key."""
    embeddings.cache_clear()

    def done() -> str:
        job = region_job()
        rectangle = Rectangle(*job.payload["region"])
        values = np.random.default_rng(0).normal(0, 0.1, EMBEDDING_SHAPE).astype(np.float32)
        key = embedding_key(job.payload["image"]["sha256"], decoder, rectangle)
        keys.store().write(key, pack(Embedding(values, rectangle.width, rectangle.height)))
        result = {"key": key, "model": {"name": "mobile_sam", "sha256": decoder}}
        Job.objects.filter(id=job.id).update(state=Job.State.DONE, result=result, finished_at=timezone.now())
        return key

    return done


def test_a_part_that_nobody_has_looked_at_is_ordered_and_urgent(as_annotator: APIClient, large: Image) -> None:
    problem(predict(as_annotator, large, CLICK), 409, "region_not_ready")
    problem(predict(as_annotator, large, CLICK), 409, "region_not_ready")
    job = region_job()
    assert job.priority > 0
    assert job.target == Region.objects.get(image=large).id
    assert job.payload == {
        "image": {"key": keys.original(large.sha256), "sha256": large.sha256},
        "model": "mobile_sam",
        "region": RECTANGLE.to_json(),
    }


def test_a_part_is_answered_in_the_images_pixels(
    as_annotator: APIClient, large: Image, finish: Callable[[], str]
) -> None:
    predict(as_annotator, large, CLICK)
    finish()
    answer = predict(as_annotator, large, CLICK).json()
    assert answer["region"] == RECTANGLE.to_json()
    assert answer["candidates"]
    for each in answer["candidates"]:
        mask = coco.decode(each["segmentation"])
        assert mask.shape == (400, 600)
        mask[RECTANGLE.y0 : RECTANGLE.y1, RECTANGLE.x0 : RECTANGLE.x1] = 0
        assert not mask.any()
    again = {**CLICK, "logits": answer["candidates"][0]["logits"], "multimask": False}
    assert predict(as_annotator, large, again).status_code == 200


@pytest.mark.parametrize("frame", ["5,5,1,1", "left", "1,2,3", ":"])
def test_logits_of_a_region_that_is_none_are_400(as_annotator: APIClient, large: Image, frame: str) -> None:
    token = token_from_logits(np.zeros((256, 256), np.float32))
    problem(predict(as_annotator, large, {**CLICK, "logits": f"{frame}:{token}"}), 400, "invalid_prompt")


def test_who_looks_at_nearly_the_whole_image_is_answered_from_it(
    as_annotator: APIClient, image: Image, ready: str
) -> None:
    body = {"points": [{"x": 30, "y": 20, "label": 1}], "region": [20, 10, 40, 30]}
    assert predict(as_annotator, image, body).json()["region"] is None
    assert not Region.objects.exists()


def test_points_outside_of_what_is_looked_at_enlarge_it(as_annotator: APIClient, large: Image) -> None:
    far = {**CLICK, "points": [*CLICK["points"], {"x": 590, "y": 390, "label": 0}]}
    problem(predict(as_annotator, large, far), 409, "embedding_not_ready")
    assert not Region.objects.exists(), "the whole image holds them"


@pytest.mark.parametrize("region", [[5, 5, 5, 9], "x", [1, 2, 3], [700, 0, 800, 100]])
def test_a_region_that_is_none_is_400_with_its_place(as_annotator: APIClient, large: Image, region: Any) -> None:
    body = problem(predict(as_annotator, large, {**CLICK, "region": region}), 400, "invalid_prompt")
    assert body["errors"][0]["pointer"].startswith("/region")


def test_only_who_may_annotate_orders_a_part(as_viewer: APIClient, as_outsider: APIClient, large: Image) -> None:
    problem(predict(as_viewer, large, CLICK), 403)
    problem(predict(as_outsider, large, CLICK), 404)
    assert not Region.objects.exists()


def test_a_part_that_was_lost_or_damaged_is_made_again(
    as_annotator: APIClient, large: Image, finish: Callable[[], str]
) -> None:
    predict(as_annotator, large, CLICK)
    keys.store().write(finish(), b"damaged")
    problem(predict(as_annotator, large, CLICK), 409, "region_not_ready")
    assert (region_job().state, region_job().result) == (Job.State.QUEUED, None)


def test_a_part_that_failed_says_why_and_is_tried_again_after_a_while(as_annotator: APIClient, large: Image) -> None:
    predict(as_annotator, large, CLICK)
    Job.objects.update(state=Job.State.FAILED, error="The disk is full.", finished_at=timezone.now())
    assert "The disk is full." in problem(predict(as_annotator, large, CLICK), 409, "region_failed")["detail"]
    Job.objects.update(finished_at=timezone.now() - regions.RETRIED_AFTER - timedelta(seconds=1))
    problem(predict(as_annotator, large, CLICK), 409, "region_not_ready")
    assert region_job().state == Job.State.QUEUED


def test_a_part_as_another_model_saw_it_is_made_anew(
    as_annotator: APIClient, manager: User, large: Image, finish: Callable[[], str]
) -> None:
    predict(as_annotator, large, CLICK)
    key = finish()
    projects.edit_project(by=manager, project=large.project_id, expected=1, changes={"model": "vit_b"})
    with committed():
        problem(predict(as_annotator, large, CLICK), 409, "region_not_ready")
    assert region_job().payload["model"] == "vit_b"
    assert region_job().state == Job.State.QUEUED
    assert not keys.store().exists(key)


def rectangle(number: int) -> Rectangle:
    return Rectangle(number, 0, number + 256, 256)


def test_orders_that_nobody_waits_for_any_more_are_forgotten(annotator: User, large: Image) -> None:
    for number in range(3):
        regions.order(by=annotator, image=large, rectangle=rectangle(number))
    Region.objects.update(asked_at=timezone.now() - regions.STILL_WANTED - timedelta(seconds=1))
    regions.order(by=annotator, image=large, rectangle=rectangle(0))  # still asked for
    regions.order(by=annotator, image=large, rectangle=rectangle(9))
    assert set(Region.objects.values_list("x0", flat=True)) == {0, 9}
    assert Job.objects.filter(kind=Job.Kind.REGION).count() == 2


def test_an_image_has_few_regions_that_wait(annotator: User, large: Image) -> None:
    for number in range(regions.WAITING + 3):
        regions.order(by=annotator, image=large, rectangle=rectangle(number))
    assert Job.objects.filter(kind=Job.Kind.REGION).count() == Region.objects.count() == regions.WAITING
    assert Region.objects.filter(x0=regions.WAITING + 2).exists(), "the newest is among them"


def test_an_image_keeps_a_bounded_number_of_regions(annotator: User, large: Image) -> None:
    for number in range(regions.KEPT + 2):
        job = regions.order(by=annotator, image=large, rectangle=rectangle(number))
        Job.objects.filter(id=job.id).update(state=Job.State.DONE, result={"key": f"embeddings/{number}.emb"})
        keys.store().write(f"embeddings/{number}.emb", b"an embedding")
    with committed():
        regions.order(by=annotator, image=large, rectangle=rectangle(1000))
    assert Region.objects.count() == regions.KEPT
    assert not Region.objects.filter(x0=0).exists()
    assert not keys.store().exists("embeddings/2.emb")
    assert keys.store().exists("embeddings/9.emb")


def test_regions_go_with_their_image_but_not_what_another_project_uses(
    as_annotator: APIClient, manager: User, large: Image, finish: Callable[[], str]
) -> None:
    predict(as_annotator, large, CLICK)
    key = finish()
    elsewhere = projects.create_project(by=manager, name="The same photograph")
    twin = upload(manager, elsewhere, "twin.png", photo_bytes(1, (600, 400)))
    regions.order(by=manager, image=twin, rectangle=RECTANGLE)
    Job.objects.filter(kind=Job.Kind.REGION).update(result={"key": key})
    with committed():
        images.delete_image(by=manager, image=large.id)
    assert not Region.objects.filter(image=large).exists()
    assert keys.store().exists(key)
    with committed():
        images.delete_image(by=manager, image=twin.id)
    assert not keys.store().exists(key)
    assert not Job.objects.filter(kind=Job.Kind.REGION).exists()


def test_nothing_is_ordered_for_an_image_that_is_gone(manager: User, large: Image) -> None:
    images.delete_image(by=manager, image=large.id)
    with pytest.raises(NotFound):
        regions.order(by=manager, image=large, rectangle=RECTANGLE)
    assert not Region.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_who_look_at_once_order_each_part_once(annotator: User, large: Image) -> None:
    def look(number: int) -> Job:
        return regions.order(by=annotator, image=large, rectangle=rectangle(number % 3))

    jobs = together(12, look)
    assert [each for each in jobs if isinstance(each, Exception)] == []
    assert Region.objects.count() == Job.objects.filter(kind=Job.Kind.REGION).count() == 3
