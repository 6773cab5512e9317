"""The tiles of a large image: which there are, who gets them, and what becomes of them."""

import hashlib
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image as Picture
from rest_framework.test import APIClient

from inference.messages import TileTask
from inference.pyramid import tiles_key
from inference.settings import read
from inference.tile_job import tile
from labeling.accounts.models import User
from labeling.images import keys, services
from labeling.images.models import Image
from labeling.jobs import services as jobs
from labeling.jobs.models import Job
from labeling.projects.models import Project
from labeling.projects.services import create_project
from tests.labeling.making import API, photo_bytes, problem, upload

pytestmark = pytest.mark.django_db

SIZE = (4200, 600)


def panorama(seed: int = 1) -> bytes:
    noise = np.random.default_rng(seed).integers(0, 255, (SIZE[1] // 20, SIZE[0] // 20, 3), np.uint8)
    file = io.BytesIO()
    Picture.fromarray(noise).resize(SIZE, Picture.Resampling.BICUBIC).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def large(manager: User, project: Project) -> Image:
    return upload(manager, project, "panorama.png", panorama())


def job_of(image: Image) -> Job:
    return Job.objects.get(kind=Job.Kind.TILE, target=image.id)


def cut(image: Image) -> None:
    """What a worker does with the message, and reports."""
    job = job_of(image)
    task = TileTask.from_json({"job": str(job.id), "attempt": 1, "project": None, **job.payload})
    made = tile(task, keys.store(), read({}))
    jobs.report(event="done", job=job.id, attempt=1, worker="w", result=made.to_json())


def tiles(client: APIClient, image: Image) -> dict[str, Any]:
    return dict(client.get(f"{API}/images/{image.id}/tiles").json())


def test_a_large_image_says_how_it_is_cut_and_how_far_that_is(as_manager: APIClient, large: Image) -> None:
    told = tiles(as_manager, large)
    assert (told["state"], told["progress"], told["tile_size"], told["overlap"]) == ("queued", 0, 512, 0)
    assert told["levels"][-1] == {"level": 4, "width": 4200, "height": 600, "columns": 9, "rows": 2}
    assert told["levels"][0] == {"level": 0, "width": 263, "height": 38, "columns": 1, "rows": 1}
    jobs.report(event="heartbeat", job=job_of(large).id, attempt=0, worker="w", progress=0.5)
    cut(large)
    assert as_manager.get(f"{API}/images/{large.id}").json()["tiles"] == {"state": "ready", "error": None}
    assert tiles(as_manager, large)["progress"] == 1


def test_a_tile_shows_its_part_of_the_picture_and_may_be_kept(as_manager: APIClient, large: Image) -> None:
    cut(large)
    answer = as_manager.get(f"{API}/images/{large.id}/tiles/4/8/1")
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    part = np.asarray(Picture.open(io.BytesIO(answer.content)))
    whole = np.asarray(Picture.open(io.BytesIO(panorama())))
    assert np.array_equal(part, whole[512:, 4096:])


@pytest.mark.parametrize("place", ["4/9/0", "4/0/2", "5/0/0", "99/0/0"])
def test_there_is_no_tile_beyond_the_picture(as_manager: APIClient, large: Image, place: str) -> None:
    cut(large)
    assert as_manager.get(f"{API}/images/{large.id}/tiles/{place}").status_code == 404


def test_an_outsider_gets_no_tile_even_when_they_are_there(as_outsider: APIClient, large: Image) -> None:
    cut(large)
    for path in ("tiles", "tiles/0/0/0"):
        assert as_outsider.get(f"{API}/images/{large.id}/{path}").status_code == 404


def test_before_they_are_made_whoever_asks_is_told_so_and_comes_next(as_manager: APIClient, large: Image) -> None:
    keys.store().delete(tiles_key(large.sha256))  # of another test, with the same photograph
    answer = as_manager.get(f"{API}/images/{large.id}/tiles/0/0/0")
    assert problem(answer, 409)["code"] == "tiles_not_ready"
    assert job_of(large).priority == jobs.URGENT


def test_lost_tiles_are_made_again(as_manager: APIClient, large: Image) -> None:
    cut(large)
    assert as_manager.get(f"{API}/images/{large.id}/tiles/0/0/0").status_code == 200
    keys.store().delete(tiles_key(large.sha256))
    assert problem(as_manager.get(f"{API}/images/{large.id}/tiles/0/0/0"), 409)["code"] == "tiles_not_ready"
    assert job_of(large).state == Job.State.QUEUED
    cut(large)
    assert as_manager.get(f"{API}/images/{large.id}/tiles/0/0/0").status_code == 200


def test_a_small_image_has_none(as_manager: APIClient, manager: User, project: Project) -> None:
    small = upload(manager, project, "small.png", photo_bytes(1))
    assert (tiles(as_manager, small)["state"], tiles(as_manager, small)["levels"]) == ("none", [])
    assert problem(as_manager.get(f"{API}/images/{small.id}/tiles/0/0/0"), 409)["code"] == "no_tiles"
    assert not Job.objects.filter(kind=Job.Kind.TILE).exists()


def test_tiles_go_with_the_last_image_that_has_the_photograph(
    manager: User, large: Image, django_capture_on_commit_callbacks: Any
) -> None:
    other = upload(manager, create_project(by=manager, name="Other"), "again.png", panorama())
    cut(large)
    for image, left in ((large, True), (other, False)):
        with django_capture_on_commit_callbacks(execute=True):
            services.delete_image(by=manager, image=image.id)
        assert keys.store().exists(tiles_key(large.sha256)) is left


def test_what_is_too_large_to_be_held_whole_comes_in_all_the_same(
    as_manager: APIClient, manager: User, project: Project, settings: Any
) -> None:
    settings.WHOLE_MAX_PIXELS = SIZE[0] * SIZE[1] - 1
    file = io.BytesIO()
    turned = Picture.Exif()
    turned[0x0112] = 6
    Picture.open(io.BytesIO(panorama())).save(file, "PNG", exif=turned)
    image = upload(manager, project, "turned.png", file.getvalue())
    assert (image.width, image.height) == (SIZE[1], SIZE[0])
    assert hashlib.sha256(file.getvalue()).hexdigest() == image.sha256
    assert job_of(image).payload["derivative"] == keys.derivative(image.sha256)
    thumbnail = as_manager.get(f"{API}/images/{image.id}/thumbnail").content
    assert Picture.open(io.BytesIO(thumbnail)).size == (46, 320)
    cut(image)
    shown = np.asarray(Picture.open(io.BytesIO(as_manager.get(f"{API}/images/{image.id}/file").content)))
    assert np.array_equal(shown, np.rot90(np.asarray(Picture.open(io.BytesIO(panorama()))), -1))
