"""The whole way of a click, through the real processes."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from uuid import uuid4

import cv2
import numpy as np
import pytest
from django.conf import settings

from inference import masks
from inference.masks import Mask, Rle
from labeling.connections import WAITING
from tests.processes.client import Client
from tests.processes.waiting import ended, until

FAR = 64
# Two hens that stand side by side in the photograph of chickens.
HEN, NEIGHBOUR = [520, 125, 720, 520], [370, 70, 562, 512]
ON_NEIGHBOUR = {"x": 475, "y": 300, "label": 0}


@pytest.fixture(scope="module")
def images(client: Client, photographs: list[Path]) -> dict[str, Any]:
    """A photograph of a sheep and one of chickens, by their names, embedded."""
    project = client.post("/projects", {"name": "Clicked"})["id"]
    results = client.upload(project, *(path for path in photographs if path.stem in ("sheep", "chicken")))
    until(lambda: ended(client, project, 2))
    return {result["name"].removesuffix(".jpg"): result["image"] for result in results}


@pytest.mark.one_engine
def test_a_click_is_answered_by_the_weights_that_the_worker_used(client: Client, images: dict[str, Any]) -> None:
    image = images["sheep"]
    prompt = {"points": [{"x": image["width"] / 2, "y": image["height"] / 2, "label": 1}]}
    prediction = client.post(f"/images/{image['id']}/predict", prompt)

    candidates = prediction["candidates"]
    scores = [each["score"] for each in candidates]
    assert len(candidates) == 3
    assert scores == sorted(scores, reverse=True)
    assert prediction["preferred"] in range(3)
    assert all(0 <= each["score"] <= 1 for each in candidates)
    assert candidates[0]["score"] > 0.9, "the sheep fills the middle of its photograph"
    assert prediction["model"].startswith("mobile_sam@")


@pytest.mark.one_engine
def test_one_negative_click_takes_an_object_out_of_a_mask_and_leaves_the_rest(
    client: Client, images: dict[str, Any]
) -> None:
    path = f"/images/{images['chicken']['id']}/predict"

    def mask_of(**prompt: Any) -> Mask:
        answer = client.post(path, prompt)
        return masks.decode(Rle.from_json(answer["candidates"][answer["preferred"]]["segmentation"]))

    stays, goes = mask_of(box=HEN, multimask=False), mask_of(box=NEIGHBOUR, multimask=False)
    both = stays | goes
    left = mask_of(points=[ON_NEIGHBOUR], mask=masks.encode(both).to_json())
    far = cv2.distanceTransform((~goes).astype(np.uint8), cv2.DIST_L2, 5) > FAR
    assert min(stays.sum(), goes.sum()) > 5 * (stays & goes).sum(), "they are two"
    assert (goes & ~left).sum() >= 0.9 * goes.sum()
    assert (both & far).sum() > 5000
    assert (left & both & far).sum() / ((left | both) & far).sum() >= 0.98


def test_a_crowd_is_told_to_come_back_and_saving_goes_on(client: Client, images: dict[str, Any]) -> None:
    image = images["sheep"]
    prompt = {"points": [{"x": image["width"] / 2, "y": image["height"] / 2, "label": 1}]}
    label_class = client.post(f"/projects/{image['project']}/classes", {"name": "sheep"})["id"]
    tag = {"id": str(uuid4()), "class_id": label_class, "kind": "tag", "source": "tag"}

    def click(_: int) -> tuple[int, str | None]:
        try:
            client.post(f"/images/{image['id']}/predict", prompt)
        except HTTPError as error:
            return error.code, error.headers["Retry-After"]
        return 200, None

    crowd = settings.PREDICTS_AT_ONCE * (1 + WAITING) + 12
    with ThreadPoolExecutor(crowd) as pool:
        answers = pool.map(click, range(crowd))
        client.post(f"/images/{image['id']}/changes", {"create": [tag]})
        told = list(answers)
    assert set(told) <= {(200, None), (503, "1")}
    assert (503, "1") in told
    assert told.count((200, None)) >= settings.PREDICTS_AT_ONCE
    assert click(0) == (200, None), "when they are gone there is room"
