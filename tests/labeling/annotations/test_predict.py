"""From a prompt to candidates, by the real decoder on an embedding of noise."""

import json
from typing import Any

import pytest
from pycocotools import mask as coco
from rest_framework.test import APIClient

from inference.embeddings import EmbeddingCache
from labeling.images import keys
from labeling.images.models import Image
from labeling.jobs.models import Job
from labeling.projects.models import LabelClass
from tests.labeling.annotations.asking import Mark, predict
from tests.labeling.making import API, mask_body, problem, square

CLICK = {"points": [{"x": 30, "y": 20, "label": 1}]}


def test_a_click_is_answered_with_three_candidates_by_score(
    as_annotator: APIClient, image: Image, ready: str, decoder: str
) -> None:
    response = predict(as_annotator, image, CLICK)
    assert response.status_code == 200, response.content
    answer = response.json()
    assert answer["model"] == f"mobile_sam@{decoder[:12]}"
    candidates = answer["candidates"]
    assert len(candidates) == 3
    scores = [each["score"] for each in candidates]
    assert scores == sorted(scores, reverse=True)
    assert answer["preferred"] in range(3)
    for each in candidates:
        assert set(each) == {"segmentation", "bbox", "area", "score", "stability_score", "logits"}
        assert coco.decode(each["segmentation"]).shape == (48, 64)
        assert coco.area(each["segmentation"]) == each["area"]
        assert 0 <= each["score"] <= 1
        assert 0 <= each["stability_score"] <= 1


def test_a_candidate_can_be_refined_and_kept(
    as_annotator: APIClient, image: Image, ready: str, cat: LabelClass
) -> None:
    first = predict(as_annotator, image, CLICK).json()["candidates"][0]
    body = {**CLICK, "box": [10, 5, 50, 40], "logits": first["logits"], "multimask": False}
    (refined,) = predict(as_annotator, image, body).json()["candidates"]
    mask = first if first["area"] else refined
    if mask["area"]:
        kept = mask_body(cat, segmentation=mask["segmentation"], source="sam")
        made = as_annotator.post(f"{API}/images/{image.id}/annotations", kept).json()
        assert (coco.decode(made["segmentation"]) == coco.decode(mask["segmentation"])).all()


@pytest.mark.parametrize("label", [1, 0])
@pytest.mark.parametrize(("multimask", "readings"), [(True, 3), (False, 1)])
def test_any_mask_may_be_the_prompt_also_with_nothing_but_a_negative_click(
    as_annotator: APIClient, image: Image, ready: str, cat: LabelClass, label: int, multimask: bool, readings: int
) -> None:
    mask = mask_body(cat, square())["segmentation"]
    body = {"points": [{"x": 8, "y": 10, "label": label}], "mask": mask, "multimask": multimask}
    response = predict(as_annotator, image, body)
    assert response.status_code == 200, response.content
    assert len(response.json()["candidates"]) == readings


@pytest.mark.parametrize(
    "body",
    [
        {}, [], "x", {"points": []}, {"points": [{"x": 64.5, "y": 1, "label": 1}]},
        {"points": [{"x": 1, "y": -1, "label": 1}]}, {"points": [{"x": 1, "y": 1, "label": 2}]},
        {"points": [{"x": 1, "y": 1}]}, {"points": [{"x": "a", "y": 1, "label": 1}]}, {"points": {}},
        {"points": [{"x": 1e400, "y": 1, "label": 1}]}, {"box": [5, 5, 5, 9]}, {"box": [1, 2, 3]},
        {"box": [9, 9, 1, 1]}, {**CLICK, "logits": "x"}, {**CLICK, "logits": 3},
        {**CLICK, "mask": {"size": [64, 48], "counts": "PP1"}}, {**CLICK, "mask": {"size": [48, 64], "counts": "o"}},
        {**CLICK, "multimask": "maybe"},
    ],
)  # fmt: skip
def test_a_prompt_that_makes_no_sense_is_400_with_a_sentence(
    as_annotator: APIClient, image: Image, ready: str, body: Any
) -> None:
    text = json.dumps(body).replace("Infinity", "1e400")
    response = as_annotator.post(f"{API}/images/{image.id}/predict", text, content_type="application/json")
    assert problem(response, 400, "invalid_prompt")["detail"].endswith(".")


def test_an_error_in_a_prompt_says_where(as_annotator: APIClient, image: Image, ready: str) -> None:
    body = {"points": [CLICK["points"][0], {"x": 99, "y": 1, "label": 1}]}
    pointer = problem(predict(as_annotator, image, body), 400)["errors"][0]["pointer"]
    assert pointer.startswith("/points/1")


def test_an_image_that_is_not_ready_is_next(as_annotator: APIClient, image: Image) -> None:
    body = problem(predict(as_annotator, image, CLICK), 409, "embedding_not_ready")
    assert "next in the queue" in body["detail"]
    assert Job.objects.get().priority > 0


def test_an_image_that_failed_says_why(as_annotator: APIClient, image: Image) -> None:
    Job.objects.update(state=Job.State.FAILED, error="The disk is full.")
    assert "The disk is full." in problem(predict(as_annotator, image, CLICK), 409, "embedding_failed")["detail"]


def test_an_embedding_that_was_lost_is_made_again(
    as_annotator: APIClient, image: Image, embedded: Mark, decoder: str
) -> None:
    job = embedded({"key": "embeddings/none.emb", "model": {"name": "mobile_sam", "sha256": decoder}})
    problem(predict(as_annotator, image, CLICK), 409, "embedding_not_ready")
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED
    assert job.priority > 0


def test_an_embedding_that_went_bad_is_made_again(
    as_annotator: APIClient, image: Image, embedded: Mark, decoder: str
) -> None:
    keys.store().write("embeddings/bad.emb", b"not an embedding")
    job = embedded({"key": "embeddings/bad.emb", "model": {"name": "mobile_sam", "sha256": decoder}})
    problem(predict(as_annotator, image, CLICK), 409, "embedding_not_ready")
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED


def test_a_model_that_is_not_installed_is_said(as_annotator: APIClient, image: Image, embedded: Mark) -> None:
    embedded({"key": "embeddings/x.emb", "model": {"name": "vit_b", "sha256": "0" * 64}})
    problem(predict(as_annotator, image, CLICK), 409, "model_not_installed")


def test_looking_at_an_image_loads_what_the_first_click_in_it_needs(
    as_viewer: APIClient, image: Image, ready: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = EmbeddingCache(keys.store(), 1)
    monkeypatch.setattr("labeling.annotations.predict.embeddings", lambda: cache)
    response = as_viewer.post(f"{API}/images/{image.id}/prioritise")
    assert (response.status_code, response.json()["state"]) == (200, "ready")
    keys.store().delete(ready)
    assert cache.get(ready).width == image.width


def test_looking_at_an_image_whose_embedding_is_lost_or_not_there_yet_is_harmless(
    as_viewer: APIClient, image: Image, embedded: Mark, decoder: str
) -> None:
    assert as_viewer.post(f"{API}/images/{image.id}/prioritise").json()["state"] == "queued"
    embedded({"key": "embeddings/lost.emb", "model": {"name": "mobile_sam", "sha256": decoder}})
    assert as_viewer.post(f"{API}/images/{image.id}/prioritise").status_code == 200
