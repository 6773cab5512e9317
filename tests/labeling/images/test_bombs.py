"""Files that were made to keep a server busy are refused with a sentence, and hold up nobody else."""

import threading
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image as Picture
from rest_framework.test import APIClient

from inference.pixels import thumbnail
from labeling.accounts.models import User
from labeling.images import crops, intake, keys, services
from labeling.images.intake import FairLock, TooManyUploads, Uploads
from labeling.images.models import Image
from labeling.projects.models import Project
from tests.inference.bombs import many_frames, many_scans, saved_thin
from tests.labeling.making import API, named_file, photo_bytes, problem


def send(client: APIClient, project: Project, *contents: bytes) -> Any:
    body = {"files": [named_file(f"{n}.jpg", content) for n, content in enumerate(contents)]}
    return client.post(f"{API}/projects/{project.id}/images", body, format="multipart")


def test_every_bomb_is_refused_with_a_sentence_and_at_once(as_manager: APIClient, project: Project) -> None:
    bombs = [many_scans(425_000), many_frames(1_000_000), saved_thin(1, 65_500), saved_thin(65_500, 1), photo_bytes(1)]
    results = send(as_manager, project, *bombs).json()["results"]
    assert [result["code"] for result in results] == [
        "too_many_scans",
        "too_many_frames",
        "too_thin",
        "too_thin",
        None,
    ]
    assert results[2]["detail"] == (
        "The image has 1 × 65,500 pixels: its longer side may be at most 500 times its shorter one."
    )
    assert all(result["detail"].endswith(".") for result in results[:4])
    assert results[4]["outcome"] == "created"


def test_a_file_that_takes_too_long_is_refused_and_the_next_one_taken_in(
    as_manager: APIClient, project: Project, settings: Any
) -> None:
    settings.UPLOAD_SECONDS = 0.3
    slow = many_scans(size=0, side=3000, times=60)
    (refused,) = send(as_manager, project, slow).json()["results"]
    assert refused["code"] == "takes_too_long"
    assert "takes more than 0.3 seconds to decode" in refused["detail"]
    (created,) = send(as_manager, project, photo_bytes(2)).json()["results"]
    assert created["outcome"] == "created"


def test_files_that_are_left_when_the_time_of_their_request_is_over_are_to_be_sent_again(
    as_manager: APIClient, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each look at the clock takes 25 seconds, so two files begin within 60."""
    clock = iter(range(0, 1000, 25))
    monkeypatch.setattr(services, "monotonic", lambda: next(clock))
    results = send(as_manager, project, *(photo_bytes(seed) for seed in range(10, 14))).json()["results"]
    assert [result["code"] for result in results] == [None, None, "not_attempted", "not_attempted"]
    assert results[3]["detail"] == "The files before this one took all the time of their request. Send this one again."


def test_a_person_with_as_many_uploads_as_one_may_have_is_told_to_come_back(
    as_manager: APIClient, manager: User, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "uploads", Uploads(of_person=1, of_project=5))
    with intake.uploads.one(manager.id, uuid4()):
        refused = send(as_manager, project, photo_bytes(3))
    assert problem(refused, 503, "overloaded")["retry_after"] == 5
    assert refused["Retry-After"] == "5"
    assert send(as_manager, project, photo_bytes(3)).status_code == 201


def test_neither_a_person_nor_a_project_takes_all_uploads() -> None:
    uploads, (ann, ben, eve), (cats, dogs) = (
        Uploads(of_person=2, of_project=3),
        [uuid4() for _ in range(3)],
        (
            uuid4(),
            uuid4(),
        ),
    )
    with uploads.one(ann, cats), uploads.one(ann, cats):
        with pytest.raises(TooManyUploads), uploads.one(ann, dogs):
            pass
        with uploads.one(ben, cats), pytest.raises(TooManyUploads), uploads.one(eve, cats):
            pass
        with uploads.one(ben, dogs):
            pass
    with uploads.one(ann, cats), uploads.one(ann, dogs):
        pass


def test_of_those_who_wait_the_next_turn_is_another_persons() -> None:
    """Ann has a turn and asks for three more, then Ben for two and Eve for one."""
    lock, served = FairLock(), []
    ann, ben, eve = uuid4(), uuid4(), uuid4()
    names = {ann: "Ann", ben: "Ben", eve: "Eve"}

    def ask(person: Any) -> None:
        with lock.turn(person):
            served.append(names[person])

    threads = []
    with lock.turn(ann):
        for person in (ann, ann, ann, ben, ben, eve):
            threads.append(threading.Thread(target=ask, args=[person]))
            threads[-1].start()
            while sum(len(waiting) for waiting in lock._waiting.values()) < len(threads):
                pass
    for thread in threads:
        thread.join()
    assert served == ["Ann", "Ben", "Eve", "Ann", "Ben", "Ann"]


def test_of_a_bomb_that_was_stored_before_parts_are_cut_from_its_thumbnail(
    as_viewer: APIClient, project: Project, manager: User
) -> None:
    crops._decoded.cache_clear()
    bomb = many_scans(425_000)
    Image.objects.create(
        project=project, created_by=manager, name="bomb.jpg", sha256="b" * 64, bytes=len(bomb),
        width=1000, height=1000, media_type="image/jpeg",
    )  # fmt: skip
    keys.store().write(keys.original("b" * 64), bomb)
    keys.store().write(keys.thumbnail("b" * 64), thumbnail(Picture.new("RGB", (1000, 1000))))
    image = Image.objects.get(sha256="b" * 64)
    answer = as_viewer.get(f"{API}/images/{image.id}/crop", {"box": "0,0,500,500", "size": 480})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
