"""An image's automatic masks: ordered with it, served as they are stored, made anew by other settings."""

import gzip
import hashlib
import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from inference import masks
from labeling.accounts.models import User
from labeling.events.models import Event
from labeling.images import keys
from labeling.images.models import Image
from labeling.images.services import delete_image
from labeling.jobs import services as jobs
from labeling.jobs.models import Job
from labeling.projects.models import Project
from tests.labeling.making import API, configure, photo_bytes, problem, reorder, square, upload

EMBED, PROPOSE = Job.Kind.EMBED, Job.Kind.PROPOSE
SETTINGS = {"points_per_side", "predicted_iou", "stability", "crops", "minimum_area"}
PROPOSAL = {
    "segmentation": masks.encode(square()).to_json(), "area": 64, "bbox": [4, 6, 8, 8], "predicted_iou": 0.97,
    "stability_score": 0.95, "point_coords": [[8.0, 9.0]], "crop_box": [0, 0, 64, 48], "parent": None, "level": 0,
}  # fmt: skip
DOCUMENT = {"proposals": [PROPOSAL], "model": "mobile_sam@0123456789ab"}
BLOB = gzip.compress(json.dumps(DOCUMENT).encode(), mtime=0)


@pytest.fixture(autouse=True)
def _with_proposals(settings: Any) -> None:
    settings.PROPOSALS = True


def job_of(image: Image, kind: Job.Kind = PROPOSE) -> Job:
    return Job.objects.get(kind=kind, target=image.id)


def finish(image: Image, blob: bytes = BLOB) -> Job:
    """A worker reports that it has stored the proposals."""
    job = job_of(image)
    key = f"proposals/{image.sha256}/some.json.gz"
    keys.store().write(key, blob)
    result = {"key": key, "sha256": hashlib.sha256(blob).hexdigest(), "count": 1}
    jobs.report(event="done", job=job.id, attempt=job.attempt, worker="w", result=result)
    return job


def ask(client: APIClient, image: Image, **headers: str) -> Any:
    return client.get(f"{API}/images/{image.id}/proposals", headers=headers)


def shown(client: APIClient, image: Image) -> dict[str, Any]:
    return dict(client.get(f"{API}/images/{image.id}").json()["proposals"])


def change(client: APIClient, project: Project, **proposals: Any) -> Any:
    """Change the settings, then let a worker re-order the jobs. Returns the answer of the change."""
    answer = configure(client, project, {"proposals": proposals})
    reorder(project)
    return answer


def test_they_are_ordered_with_the_embedding_and_after_it(project: Project, image: Image) -> None:
    original = {"key": keys.original(image.sha256), "sha256": image.sha256}
    assert job_of(image, EMBED).payload == {"image": original, "model": "mobile_sam"}
    assert job_of(image).payload == {"image": original, "model": "mobile_sam", "settings": project_settings(project)}


def project_settings(project: Project) -> dict[str, Any]:
    return {name: value for name, value in project.proposals.items() if name != "enabled"}


def test_an_image_says_how_ready_they_are(as_viewer: APIClient, project: Project, image: Image) -> None:
    assert shown(as_viewer, image) == {"state": "queued", "error": None}
    Job.objects.filter(kind=PROPOSE).update(state=Job.State.RUNNING)
    (listed,) = as_viewer.get(f"{API}/projects/{project.id}/images").json()["results"]
    assert listed["proposals"] == {"state": "running", "error": None}
    assert listed["embedding"] == {"state": "queued", "error": None}
    Job.objects.filter(kind=PROPOSE).update(state=Job.State.FAILED, error="The disk is full.")
    assert shown(as_viewer, image) == {"state": "failed", "error": "The disk is full."}


def test_they_are_served_as_they_are_stored(as_viewer: APIClient, image: Image) -> None:
    finish(image)
    answer = ask(as_viewer, image, Accept_Encoding="br, gzip")
    assert (answer.status_code, answer.content) == (200, BLOB)
    assert (answer["Content-Type"], answer["Content-Encoding"]) == ("application/json", "gzip")
    plain = ask(as_viewer, image)
    assert plain.json() == DOCUMENT
    assert "Content-Encoding" not in plain
    assert "Accept-Encoding" in plain["Vary"]


def test_whoever_has_them_is_not_sent_them_again(as_viewer: APIClient, image: Image) -> None:
    finish(image)
    first = ask(as_viewer, image)
    again = ask(as_viewer, image, If_None_Match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    other = gzip.compress(b'{"proposals":[],"model":"m"}', mtime=0)
    jobs.recompute(kind=PROPOSE, target=image.id)
    finish(image, other)
    assert ask(as_viewer, image, If_None_Match=first["ETag"]).json()["proposals"] == []


def test_asking_costs_few_queries(as_viewer: APIClient, image: Image) -> None:
    finish(image)
    with CaptureQueriesContext(connection) as captured:
        assert ask(as_viewer, image).status_code == 200
    assert len(captured) <= 5


def test_who_waits_for_them_is_next(as_viewer: APIClient, image: Image) -> None:
    problem(ask(as_viewer, image), 409, "proposals_not_ready")
    assert job_of(image).priority > 0
    assert job_of(image, EMBED).priority == 0


def test_looking_at_an_image_moves_both_its_jobs_to_the_front(as_viewer: APIClient, image: Image) -> None:
    assert as_viewer.post(f"{API}/images/{image.id}/prioritise").status_code == 200
    assert job_of(image).priority == job_of(image, EMBED).priority > 0


def test_why_there_are_none_is_said(
    as_viewer: APIClient, as_manager: APIClient, project: Project, image: Image
) -> None:
    Job.objects.filter(kind=PROPOSE).update(state=Job.State.FAILED, error="The disk is full.")
    assert "The disk is full." in problem(ask(as_viewer, image), 409, "proposals_failed")["detail"]
    change(as_manager, project, enabled=False)
    problem(ask(as_viewer, image), 409, "proposals_off")


@pytest.mark.parametrize("harm", [None, BLOB[:-1], b"", b"something else"])
def test_what_the_store_lost_or_harmed_is_made_again_and_never_served(
    as_viewer: APIClient, image: Image, harm: bytes | None
) -> None:
    job = finish(image)
    job.refresh_from_db()
    key = job.result["key"]
    keys.store().delete(key) if harm is None else keys.store().write(key, harm)
    problem(ask(as_viewer, image), 409, "proposals_not_ready")
    job.refresh_from_db()
    assert (job.state, job.result) == (Job.State.QUEUED, None)
    assert job.priority > 0


def test_a_failed_image_is_tried_again_whatever_failed(as_manager: APIClient, image: Image) -> None:
    finish(image)
    for failed in ([PROPOSE], [EMBED, PROPOSE]):
        Job.objects.filter(kind__in=failed).update(state=Job.State.FAILED, failures=3, error="It broke.")
        assert as_manager.post(f"{API}/images/{image.id}/retry").status_code == 200
        for kind in failed:
            assert (job_of(image, kind).state, job_of(image, kind).failures) == (Job.State.QUEUED, 0)


def test_a_deleted_image_waits_for_nothing(manager: User, image: Image) -> None:
    delete_image(by=manager, image=image.id)
    assert not Job.objects.exists()


def test_a_project_says_what_they_are_made_by(as_viewer: APIClient, project: Project) -> None:
    told = as_viewer.get(f"{API}/projects/{project.id}").json()["proposals"]
    assert told == {"enabled": True, **project_settings(project)}
    assert set(told) == {"enabled", *SETTINGS}


def test_other_settings_make_them_anew_and_the_old_ones_stay_until_then(
    as_manager: APIClient, project: Project, manager: User, image: Image
) -> None:
    embedding, old = job_of(image, EMBED).id, finish(image)
    answer = change(as_manager, project, points_per_side=32, crops=1)
    assert answer.json()["proposals"] == {**project.proposals, "points_per_side": 32, "crops": 1}
    job = job_of(image)
    assert job.id != old.id
    assert job.state == Job.State.QUEUED
    assert job.payload["settings"] == {**project_settings(project), "points_per_side": 32, "crops": 1}
    assert job_of(image, EMBED).id == embedding, "the embedding is the same"
    assert shown(as_manager, image)["state"] == "ready"
    assert ask(as_manager, image).json() == DOCUMENT
    late = upload(manager, project, "late.png", photo_bytes(5))
    assert job_of(late).payload["settings"]["points_per_side"] == 32


def test_the_same_settings_again_queue_nothing(as_manager: APIClient, project: Project, image: Image) -> None:
    before = set(Job.objects.values_list("id", flat=True))
    assert change(as_manager, project, **project.proposals).status_code == 200
    assert set(Job.objects.values_list("id", flat=True)) == before


def test_turned_off_nothing_waits_and_turned_on_everything_is_ordered(
    as_manager: APIClient, project: Project, manager: User, more_images: Any
) -> None:
    ready, running, waiting = more_images(3)
    finish(ready)
    Job.objects.filter(target=running.id, kind=PROPOSE).update(state=Job.State.RUNNING, attempt=1)
    lost = job_of(running)
    assert change(as_manager, project, enabled=False).json()["proposals"]["enabled"] is False
    assert not Job.objects.filter(kind=PROPOSE).exists()
    assert Job.objects.filter(kind=EMBED).count() == 3
    assert shown(as_manager, ready) == {"state": "off", "error": None}
    jobs.report(event="done", job=lost.id, attempt=1, worker="w", result={"key": "k"})
    late = upload(manager, project, "late.png", photo_bytes(9))
    assert shown(as_manager, late)["state"] == "off"

    change(as_manager, project, enabled=True)
    ordered = list(Job.objects.filter(kind=PROPOSE).order_by("created_at").values_list("target", flat=True))
    assert ordered == [image.id for image in (ready, running, waiting, late)], "as the images came"
    told = Event.objects.filter(project=project.id, kind="jobs.reordered").latest("seq")
    assert told.data == {"images": 4}


def test_another_model_makes_them_anew_too(
    as_manager: APIClient, project: Project, image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeling.images.services._require_installed", lambda model: None)
    configure(as_manager, project, {"model": "vit_b"})
    reorder(project)
    assert {job.payload["model"] for job in Job.objects.filter(target=image.id)} == {"vit_b"}
    assert Job.objects.filter(target=image.id).count() == 2


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("enabled", ["perhaps", None, 2]),
        ("points_per_side", [3, 65, 8.5, "many", None, True]),
        ("predicted_iou", [-0.1, 1.1, "nan", "inf", None, "high"]),
        ("stability", [-0.1, 1.1, "nan", None]),
        ("crops", [-1, 2, None]),
        ("minimum_area", [-1, 1.5, 10**10, None]),
    ],
)
def test_settings_that_make_no_sense_are_refused_with_their_place(
    as_manager: APIClient, project: Project, image: Image, field: str, values: list[Any]
) -> None:
    before = set(Job.objects.values_list("id", flat=True))
    for value in values:
        body = problem(change(as_manager, project, **{field: value}), 400)
        assert body["errors"][0]["pointer"] == f"/proposals/{field}", value
    assert Project.objects.get(id=project.id).proposals == project.proposals
    assert set(Job.objects.values_list("id", flat=True)) == before


def test_only_a_manager_changes_them(as_annotator: APIClient, project: Project, image: Image) -> None:
    problem(change(as_annotator, project, enabled=False), 403)
    assert Job.objects.filter(kind=PROPOSE).exists()
