"""A project changes its model: masks stay, clicks go on, embeddings are made anew in the background."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rest_framework.test import APIClient

from inference.embed import embed
from inference.embeddings import Embedding, embedding_key, pack
from inference.frame import EMBEDDING_SHAPE
from inference.install import install
from inference.messages import EmbedTask
from inference.models import MODELS, decoder_key, manifest_key
from inference.settings import read
from inference.storage import open_store
from labeling.accounts.models import User
from labeling.events.models import Event
from labeling.images import keys, services
from labeling.images.models import Image
from labeling.jobs import services as jobs
from labeling.jobs.models import Job
from labeling.projects.models import LabelClass, Project
from tests.inference import small_sam
from tests.labeling.making import API, annotate, configure, listed, photo_bytes, problem, reorder, upload

WEIGHTS = Path(__file__).parents[3] / "var" / "test-store"
EMBED = Job.Kind.EMBED
CLICK = {"points": [{"x": 30, "y": 20, "label": 1}]}
More = Callable[[int], list[Image]]


@pytest.fixture
def mobile_sam() -> str:
    """The SHA-256 of mobile_sam's weights; decoder and manifest are in the web side's store."""
    weights = open_store(str(WEIGHTS))
    sha256 = install("mobile_sam", weights)
    for key in (decoder_key(sha256), manifest_key(sha256)):
        keys.store().write(key, weights.read(key))
    return sha256


@pytest.fixture
def vit_b() -> Iterator[str]:
    """SAM ViT-B is installed, as far as the list of models knows."""
    key = manifest_key(MODELS["vit_b"].sha256)
    keys.store().write(key, b"{}")
    yield "vit_b"
    keys.store().delete(key)


def change(client: APIClient, project: Project, model: Any) -> Any:
    """Change the model, then let a worker re-order the jobs. Returns the answer of the change."""
    answer = configure(client, project, {"model": model})
    reorder(project)
    return answer


def predict(client: APIClient, image: Image) -> Any:
    return client.post(f"{API}/images/{image.id}/predict", CLICK)


def finish(image: Image, name: str, weights: str) -> None:
    """A worker reports that the image is embedded, and has stored noise."""
    values = np.random.default_rng(0).normal(0, 0.1, EMBEDDING_SHAPE).astype(np.float32)
    key = embedding_key(image.sha256, weights)
    keys.store().write(key, pack(Embedding(values, image.width, image.height)))
    job = Job.objects.get(target=image.id)
    result = {"key": key, "model": {"name": name, "sha256": weights}}
    jobs.report(event="done", job=job.id, attempt=job.attempt, worker="w", result=result)


def test_the_models_that_are_installed_are_listed(as_viewer: APIClient, mobile_sam: str, vit_b: str) -> None:
    listed = as_viewer.get(f"{API}/models").json()
    assert listed[:2] == [{"name": "mobile_sam", "title": "MobileSAM"}, {"name": "vit_b", "title": "SAM ViT-B"}]
    assert "vit_h" not in [each["name"] for each in listed]


@pytest.mark.parametrize("model", ["vit_h", "sam_3", "../mobile_sam", "x" * 51, "", None, 3])
def test_a_model_that_is_not_installed_cannot_be_chosen(
    as_manager: APIClient, project: Project, image: Image, mobile_sam: str, model: object
) -> None:
    before = Job.objects.get(kind=EMBED).id
    body = problem(change(as_manager, project, model), 400)
    assert body["errors"][0]["pointer"] == "/model"
    assert (Project.objects.get(id=project.id).model, Job.objects.get(kind=EMBED).id) == ("mobile_sam", before)


def test_the_images_are_embedded_anew_and_new_ones_by_the_new_model(
    as_manager: APIClient, project: Project, manager: User, more_images: More, mobile_sam: str, vit_b: str
) -> None:
    ready, running, failed, queued = more_images(4)
    finish(ready, "mobile_sam", mobile_sam)
    Job.objects.filter(target=running.id).update(state=Job.State.RUNNING, attempt=1)
    Job.objects.filter(target=failed.id).update(state=Job.State.FAILED, failures=3, error="It broke.")
    assert change(as_manager, project, "vit_b").json()["model"] == "vit_b"
    late = upload(manager, project, "late.png", photo_bytes(99))
    made = {job.target: job for job in Job.objects.filter(kind=EMBED)}
    assert set(made) == {image.id for image in (ready, running, failed, queued, late)}
    for image in (ready, running, failed, queued, late):
        job = made[image.id]
        assert (job.state, job.failures, job.error, job.attempt) == (Job.State.QUEUED, 0, "", 0)
        assert job.payload == {
            "image": {"key": keys.original(image.sha256), "sha256": image.sha256},
            "model": "vit_b",
        }


def test_the_same_model_again_queues_nothing(as_manager: APIClient, project: Project, image: Image) -> None:
    before = Job.objects.get(kind=EMBED).id
    assert change(as_manager, project, "mobile_sam").status_code == 200
    assert Job.objects.get(kind=EMBED).id == before


def test_masks_stay_as_they_are(
    as_manager: APIClient, project: Project, annotator: User, image: Image, cat: LabelClass, vit_b: str
) -> None:
    annotate(annotator, image, cat)
    before = listed(as_manager, image)
    assert change(as_manager, project, "vit_b").status_code == 200
    assert listed(as_manager, image) == before


def test_clicks_are_answered_from_the_old_embedding_until_the_new_one_is_there(
    as_manager: APIClient, as_annotator: APIClient, project: Project, image: Image, mobile_sam: str, vit_b: str
) -> None:
    finish(image, "mobile_sam", mobile_sam)
    change(as_manager, project, "vit_b")
    shown = as_annotator.get(f"{API}/images/{image.id}").json()
    assert shown["embedding"] == {"state": "ready", "error": None}
    assert predict(as_annotator, image).json()["model"].startswith("mobile_sam@")
    told = Event.objects.filter(project=project.id, kind="jobs.reordered").get()
    assert told.data == {"images": 1}
    progress = as_annotator.get(f"{API}/projects/{project.id}/progress").json()["embeddings"]
    assert (progress["queued"], progress["ready"]) == (1, 0)
    finish(image, "vit_b", mobile_sam)
    assert predict(as_annotator, image).json()["model"].startswith("vit_b@")


def test_what_the_old_model_s_worker_reports_late_counts_no_more(
    as_manager: APIClient, project: Project, image: Image, mobile_sam: str, vit_b: str
) -> None:
    old = Job.objects.get(kind=EMBED)
    change(as_manager, project, "vit_b")
    jobs.report(event="done", job=old.id, attempt=1, worker="w", result={"key": "old"})
    job = Job.objects.get(kind=EMBED)
    assert (job.state, job.result) == (Job.State.QUEUED, None)


def test_an_embedding_that_cannot_be_made_anew_says_why(
    as_manager: APIClient, as_annotator: APIClient, project: Project, image: Image, mobile_sam: str, vit_b: str
) -> None:
    finish(image, "mobile_sam", mobile_sam)
    change(as_manager, project, "vit_b")
    job = Job.objects.get(kind=EMBED)
    Job.objects.filter(id=job.id).update(state=Job.State.RUNNING, attempt=1)
    error = {"code": "model_missing", "message": "It is not installed.", "retry": False}
    jobs.report(event="failed", job=job.id, attempt=1, worker="w", error=error)
    assert "It is not installed." in problem(predict(as_annotator, image), 409, "embedding_failed")["detail"]


@pytest.mark.sam
def test_from_a_checkpoint_to_a_mask(
    as_manager: APIClient,
    project: Project,
    manager: User,
    image: Image,
    photograph: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small_sam.save_checkpoint(tmp_path / "sam.pth")
    small = small_sam.register(monkeypatch, tmp_path / "sam.pth")
    install("vit_b", keys.store(), tmp_path / "sam.pth")
    assert change(as_manager, project, "vit_b").status_code == 200
    assert not embed_as_a_worker(image)["cached"]
    answer = predict(as_manager, image).json()
    assert answer["model"] == f"vit_b@{small.sha256[:12]}"
    assert 1 <= len(answer["candidates"]) <= 3

    other = Project.objects.create(name="Other", created_by=manager, model="vit_b")
    other.memberships.create(user=manager, roles=["manager"])
    assert embed_as_a_worker(upload(manager, other, "same.jpg", photograph))["cached"], "the same content is known"


def embed_as_a_worker(image: Image) -> dict[str, Any]:
    """What a worker makes of the image's job, with the messages in JSON both ways."""
    job = Job.objects.get(target=image.id)
    message = json.loads(json.dumps({"job": str(job.id), "attempt": 0, "project": str(job.project), **job.payload}))
    result: dict[str, Any] = embed(EmbedTask.from_json(message), keys.store(), read({})).to_json()
    jobs.report(event="done", job=job.id, attempt=0, worker="w", result=json.loads(json.dumps(result)))
    assert hashlib.sha256(keys.store().read(result["key"])).hexdigest() == result["sha256"]
    return result


def test_the_storage_is_asked_for_models_before_the_project_is_locked(
    as_manager: APIClient, project: Project, vit_b: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A storage that hangs holds up nobody who uploads into the project."""
    order: list[str] = []
    installed, hold = services.selectors.models, services.hold
    monkeypatch.setattr(services.selectors, "models", lambda: order.append("asked") or installed())
    monkeypatch.setattr(services, "hold", lambda project: order.append("locked") or hold(project))
    assert configure(as_manager, project, {"model": vit_b}).status_code == 200
    assert order == ["asked", "locked"]
