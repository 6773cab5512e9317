"""Propose jobs: what is stored, what is found again, and what is noticed."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import cv2
import pytest

from inference import propose_job
from inference.decode import DecoderMissing
from inference.embed import failure_of
from inference.embeddings import embedding_key
from inference.messages import ProposeTask
from inference.models import decoder_key, encoder_key, manifest_key, model
from inference.propose_contract import Proposal, ProposalSettings
from inference.propose_job import proposals_key, propose_masks
from inference.settings import read
from inference.storage import Store, open_store
from tests.inference.conftest import PHOTOS

SETTINGS = read({"MASKWRIGHT_THREADS": "2"})
FEW = ProposalSettings(points_per_side=4, minimum_area=0)


@pytest.fixture
def installed(store: Store, weights: str, tmp_path: Path) -> Store:
    """A store of its own for each test, with the model in it."""
    fresh = open_store(str(tmp_path / "storage"))
    for key in (encoder_key(weights), decoder_key(weights), manifest_key(weights)):
        fresh.write(key, store.read(key))
    return fresh


@pytest.fixture
def task(installed: Store) -> ProposeTask:
    """A small photograph in the store, and few points to ask at."""
    pixels = cv2.resize(cv2.imread(str(PHOTOS / "bison.jpg")), (320, 240), interpolation=cv2.INTER_AREA)
    photograph = cv2.imencode(".jpg", pixels)[1].tobytes()
    sha256 = hashlib.sha256(photograph).hexdigest()
    installed.write("original", photograph)
    return ProposeTask("job", 1, None, "original", sha256, "mobile_sam", FEW)


def test_a_message_goes_through_json_unchanged(task: ProposeTask) -> None:
    assert ProposeTask.from_json(json.loads(json.dumps(task.to_json()))) == task


def test_proposals_are_stored_once_with_the_embedding_and_found_the_next_time(
    installed: Store, task: ProposeTask
) -> None:
    first, second = (propose_masks(task, installed, SETTINGS) for _ in range(2))
    blob = installed.read(first.key)
    assert (first.cached, second.cached) == (False, True)
    assert first.sha256 == second.sha256 == hashlib.sha256(blob).hexdigest()
    assert first.bytes == len(blob)
    assert installed.exists(embedding_key(task.sha256, model("mobile_sam").sha256))
    document = json.loads(gzip.decompress(blob))
    found = [Proposal.from_json(each) for each in document["proposals"]]
    assert first.count == second.count == len(found) > 0
    assert document["model"] == f"mobile_sam@{model('mobile_sam').sha256[:12]}"
    assert all(each.segmentation.size == (240, 320) for each in found)
    scores = [each.predicted_iou for each in found]
    assert scores == sorted(scores, reverse=True)


def test_crops_find_what_the_whole_image_is_too_small_for(installed: Store, task: ProposeTask) -> None:
    whole = propose_masks(task, installed, SETTINGS)
    crops = propose_masks(replace(task, settings=replace(FEW, crops=1)), installed, SETTINGS)
    assert crops.key != whole.key
    document = json.loads(gzip.decompress(installed.read(crops.key)))
    boxes = {tuple(each["crop_box"]) for each in document["proposals"]}
    assert boxes - {(0, 0, 320, 240)}


def test_damaged_proposals_are_computed_again(installed: Store, task: ProposeTask) -> None:
    whole = propose_masks(task, installed, SETTINGS)
    blob = installed.read(whole.key)
    middle = len(blob) // 2
    altered = blob[:middle] + bytes([blob[middle] ^ 1]) + blob[middle + 1 :]
    for harmed in (blob[:-1], altered, b"", os.urandom(100)):
        installed.write(whole.key, harmed)
        again = propose_masks(task, installed, SETTINGS)
        assert not again.cached
        assert (installed.read(again.key), again.sha256) == (blob, whole.sha256), "the same image has the same ones"


def test_the_same_message_at_once_computes_once(
    installed: Store, task: ProposeTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work = threading.Semaphore(1)
    propose = propose_job.propose

    def alone(*arguments: object) -> list[Proposal]:
        assert at_work.acquire(blocking=False), "two at once"
        try:
            return propose(*arguments)  # type: ignore[arg-type]
        finally:
            at_work.release()

    monkeypatch.setattr(propose_job, "propose", alone)
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: propose_masks(task, installed, SETTINGS), range(3)))
    assert sorted(each.cached for each in done) == [False, True, True]


def test_every_setting_has_its_own_place() -> None:
    changed = [
        FEW,
        replace(FEW, points_per_side=5),
        replace(FEW, predicted_iou=0.5),
        replace(FEW, stability=0.5),
        replace(FEW, crops=1),
        replace(FEW, minimum_area=7),
    ]
    assert len({proposals_key("image", "weights", each) for each in changed}) == len(changed)
    assert len({proposals_key(image, weights, FEW) for image in "ab" for weights in "ab"}) == 4


def test_an_image_without_anything_has_no_proposals(installed: Store, task: ProposeTask) -> None:
    large = replace(task, settings=replace(FEW, minimum_area=320 * 240 + 1))
    done = propose_masks(large, installed, SETTINGS)
    assert done.count == 0
    assert propose_masks(large, installed, SETTINGS).cached


def test_a_missing_decoder_is_said_and_not_tried_again() -> None:
    failure = failure_of(DecoderMissing("It is not installed."))
    assert (failure.code, failure.retry) == ("model_missing", False)
