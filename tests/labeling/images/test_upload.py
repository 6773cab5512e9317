"""Photographs come in: created, known already, or refused with a sentence."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.test import RequestFactory, override_settings
from PIL import Image as Picture
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.accounts.services import create_token
from labeling.connections import sender_of
from labeling.images import keys, services
from labeling.images.models import Image
from labeling.jobs.models import Job
from labeling.projects.models import Project
from labeling.rest import Forbidden
from tests.labeling.conftest import client_of
from tests.labeling.making import API, downloaded, named_file, photo_bytes, problem, together


def send(client: APIClient, project: Project, **files: bytes) -> Any:
    body = {"files": [named_file(name.replace("_", "."), content) for name, content in files.items()]}
    return client.post(f"{API}/projects/{project.id}/images", body, format="multipart")


def rotated_jpeg() -> bytes:
    """64 × 48 stored pixels that are to be seen turned by a quarter: 48 × 64, the red half on top."""
    pixels = np.zeros((48, 64, 3), np.uint8)
    pixels[:, :32] = (255, 0, 0)
    exif = Picture.Exif()
    exif[0x0112] = 6
    file = io.BytesIO()
    Picture.fromarray(pixels).save(file, "JPEG", quality=95, exif=exif)
    return file.getvalue()


def test_each_file_has_its_own_outcome(as_manager: APIClient, project: Project, photograph: bytes) -> None:
    assert send(as_manager, project, known_jpg=photograph).status_code == 201
    response = send(
        as_manager, project, new_png=photo_bytes(1), again_jpg=photograph, text_txt=b"no picture", empty_jpg=b"",
        half_jpg=photograph[: len(photograph) // 2],
    )  # fmt: skip
    assert response.status_code == 201
    results = response.json()["results"]
    assert [(each["name"], each["outcome"]) for each in results] == [
        ("new.png", "created"),
        ("again.jpg", "duplicate"),
        ("text.txt", "refused"),
        ("empty.jpg", "refused"),
        ("half.jpg", "refused"),
    ]
    assert [each["code"] for each in results] == [None, None, "unsupported_format", "empty", "truncated"]
    assert all(each["detail"].endswith(".") for each in results[2:]), "a refusal says why in a sentence"
    assert results[1]["image"]["name"] == "known.jpg", "a duplicate shows the image that is there"
    assert all(each["image"] is None for each in results[2:])
    assert Image.objects.count() == 2


def test_a_new_image_waits_for_its_embedding(as_manager: APIClient, project: Project, photograph: bytes) -> None:
    (result,) = send(as_manager, project, dog_jpg=photograph).json()["results"]
    made = result["image"]
    assert (made["width"], made["height"], made["bytes"]) == (64, 48, len(photograph))
    assert made["embedding"] == {"state": "queued", "error": None}
    assert made["media_type"] == "image/jpeg"
    assert made["created_by"]["name"] == "Manager"
    job = Job.objects.get(target=made["id"])
    assert job.payload == {
        "image": {"key": keys.original(made["sha256"]), "sha256": made["sha256"]},
        "model": "mobile_sam",
    }


def test_nothing_to_upload_is_400(as_manager: APIClient, project: Project) -> None:
    problem(as_manager.post(f"{API}/projects/{project.id}/images", {}, format="multipart"), 400, "no_files")
    problem(as_manager.post(f"{API}/projects/{project.id}/images", {"files": ["x"]}, format="multipart"), 400)
    problem(as_manager.post(f"{API}/projects/{project.id}/images", {}, format="json"), 415)


def test_a_multipart_body_that_is_none_is_400(as_manager: APIClient, project: Project) -> None:
    path = f"{API}/projects/{project.id}/images"
    problem(as_manager.post(path, b"x", content_type="multipart/form-data"), 400)
    problem(as_manager.post(path, b"x", content_type="multipart/form-data; boundary=b"), 400)


@pytest.mark.parametrize(
    ("setting", "code"), [("UPLOAD_MAX_BYTES", "too_large"), ("UPLOAD_MAX_PIXELS", "too_many_pixels")]
)
def test_what_is_too_large_is_refused(
    as_manager: APIClient, project: Project, photograph: bytes, setting: str, code: str
) -> None:
    with override_settings(**{setting: 500}):
        (result,) = send(as_manager, project, dog_jpg=photograph).json()["results"]
    assert (result["outcome"], result["code"]) == ("refused", code)


def test_the_same_photograph_may_be_in_two_projects(
    manager: User, outsider: User, as_manager: APIClient, as_outsider: APIClient, project: Project, photograph: bytes
) -> None:
    other = Project.objects.get(name="Elsewhere")
    assert send(as_manager, project, dog_jpg=photograph).json()["results"][0]["outcome"] == "created"
    assert send(as_outsider, other, dog_jpg=photograph).json()["results"][0]["outcome"] == "created"


def test_a_deleted_photograph_may_come_again(
    as_manager: APIClient, project: Project, image: Image, photograph: bytes
) -> None:
    assert as_manager.delete(f"{API}/images/{image.id}").status_code == 204
    assert not Job.objects.filter(target=image.id).exists()
    problem(as_manager.get(f"{API}/images/{image.id}"), 404)
    (result,) = send(as_manager, project, dog_jpg=photograph).json()["results"]
    assert result["outcome"] == "created"
    assert result["image"]["embedding"]["state"] == "queued"


@pytest.mark.django_db(transaction=True)
def test_the_same_photograph_several_times_at_once_is_created_once(
    manager: User, project: Project, photograph: bytes
) -> None:
    clients = [client_of(manager) for _ in range(3)]
    answers = together(3, lambda n: send(clients[n], project, dog_jpg=photograph).json()["results"][0])
    assert all(isinstance(each, dict) for each in answers), answers
    assert sorted(each["outcome"] for each in answers) == ["created", "duplicate", "duplicate"]
    assert len({each["image"]["id"] for each in answers}) == 1
    assert Image.objects.count() == Job.objects.count() == 1


def test_a_turned_photograph_lies_upright(as_manager: APIClient, project: Project) -> None:
    content = rotated_jpeg()
    (result,) = send(as_manager, project, phone_jpg=content).json()["results"]
    made = result["image"]
    assert (made["width"], made["height"]) == (48, 64)
    shown = Picture.open(io.BytesIO(as_manager.get(made["file_url"]).content))
    assert shown.size == (48, 64)
    assert shown.getexif().get(0x0112, 1) == 1, "not turned a second time"
    red, dark = shown.convert("RGB").getpixel((24, 8)), shown.convert("RGB").getpixel((24, 56))
    assert red[0] > 200
    assert dark[0] < 50
    assert downloaded(as_manager.get(made["original_url"])) == content
    small = Picture.open(io.BytesIO(as_manager.get(made["thumbnail_url"]).content))
    assert (small.format, small.size) == ("WEBP", (48, 64))


def test_a_photograph_that_lies_upright_is_shown_as_it_is(
    as_viewer: APIClient, image: Image, photograph: bytes
) -> None:
    response = as_viewer.get(f"{API}/images/{image.id}/file")
    assert (response["Content-Type"], response.content) == ("image/jpeg", photograph)


def test_an_original_is_a_download(as_viewer: APIClient, image: Image, photograph: bytes) -> None:
    response = as_viewer.get(f"{API}/images/{image.id}/original")
    assert downloaded(response) == photograph
    assert response["Content-Disposition"] == 'attachment; filename="dog.jpg"'
    assert response["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("name", ["katze ä.png", 'a"b\\c.png', "x" * 300 + ".png", "..png", "<script>.png"])
def test_odd_names_survive(as_manager: APIClient, project: Project, name: str) -> None:
    body = {"files": [named_file(name, photo_bytes(3))]}
    (result,) = as_manager.post(f"{API}/projects/{project.id}/images", body, format="multipart").json()["results"]
    assert result["outcome"] == "created"
    response = as_manager.get(result["image"]["original_url"])
    assert response["Content-Disposition"].startswith("attachment")
    assert "\n" not in response["Content-Disposition"]


@pytest.mark.parametrize("what", ["file", "original", "thumbnail"])
def test_files_come_with_safe_headers(as_viewer: APIClient, image: Image, what: str) -> None:
    response = as_viewer.get(f"{API}/images/{image.id}/{what}")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"


@pytest.mark.parametrize("what", ["file", "original", "thumbnail"])
def test_a_client_that_wants_only_pictures_gets_one(as_viewer: APIClient, image: Image, what: str) -> None:
    assert as_viewer.get(f"{API}/images/{image.id}/{what}", headers={"Accept": "image/*"}).status_code == 200


def test_a_file_that_the_store_lost_is_404(as_viewer: APIClient, image: Image) -> None:
    Image.objects.filter(id=image.id).update(sha256="0" * 64)
    problem(as_viewer.get(f"{API}/images/{image.id}/file"), 404, "not_found")


def test_a_credit_is_kept(manager: User, project: Project) -> None:
    file = io.BytesIO(photo_bytes(5))
    made = services.add_image(by=manager, project=project.id, name="a.png", file=file, credit="Ada, CC0").image
    assert made is not None
    assert client_of(manager).get(f"{API}/images/{made.id}").json()["credit"] == "Ada, CC0"


def test_an_unready_image_can_be_moved_to_the_front(
    as_viewer: APIClient, more_images: Callable[[int], list[Image]]
) -> None:
    images = more_images(2)
    response = as_viewer.post(f"{API}/images/{images[1].id}/prioritise")
    assert response.json() == {"state": "queued", "error": None}
    first, second = (Job.objects.get(target=image.id) for image in images)
    assert second.priority > first.priority


def test_a_failed_embedding_can_be_tried_again(as_manager: APIClient, image: Image) -> None:
    Job.objects.update(state=Job.State.FAILED, error="The disk is full.", failures=3)
    shown = as_manager.get(f"{API}/images/{image.id}").json()["embedding"]
    assert shown == {"state": "failed", "error": "The disk is full."}
    assert as_manager.post(f"{API}/images/{image.id}/retry").json() == {"state": "queued", "error": None}


def test_who_may_not_upload_is_told_before_the_files_are_received(
    project: Project, manager: User, annotator: User, outsider: User
) -> None:
    """`sender_of` sees the headers only: nothing of the body has been received then."""

    def sender(user: User, scopes: list[str]) -> User | None:
        _, secret = create_token(by=user, name="Script", scopes=scopes)
        path = f"{API}/projects/{project.id}/images"
        return sender_of(RequestFactory().post(path, headers={"Authorization": f"Bearer {secret}"}))

    assert sender(manager, ["manage"]) == manager
    for user, scopes, refusal in (
        (outsider, ["manage"], NotFound),
        (annotator, ["manage"], PermissionDenied),
        (manager, ["annotate"], Forbidden),
    ):
        with pytest.raises(refusal):
            sender(user, scopes)


def test_the_files_of_who_may_not_upload_are_not_read(
    as_outsider: APIClient, as_annotator: APIClient, project: Project
) -> None:
    for client, status in ((as_outsider, 404), (as_annotator, 403)):
        answer = client.post(f"{API}/projects/{project.id}/images", b"no form", content_type="multipart/form-data")
        problem(answer, status)
