"""Jobs that cannot succeed, or that are told of twice: each ends, and says why."""

import json
import os
import resource
import signal
import time
import urllib.error
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from celery import Celery

from inference.broker import celery_settings
from labeling.images import keys
from tests.processes.client import Client
from tests.processes.conftest import Fresh
from tests.processes.waiting import embeddings, ended, propose, proposing, readiness, until
from tests.stack import Stack

Cost = Callable[[str, str], None]

# Less than an embedding or a photograph, more than a message or a row.
LITTLE = 96 * 1024
# Less than an image's proposals, more than a message.
LEAST = 2 * 1024


def test_a_message_that_comes_twice_and_late_changes_nothing(
    stack: Stack, client: Client, fresh: Fresh, cost: Cost
) -> None:
    project, (image,) = uploaded(client, "Twice", fresh(1))
    until(lambda: ended(client, project, 1))
    before = client.log(project)
    job = next(event["object"] for event in before if event["kind"] == "job.changed")

    broker = Celery(set_as_current=False)
    broker.conf.update(celery_settings(stack.environment["MASKWRIGHT_BROKER"]))
    original = {"key": keys.original(image["sha256"]), "sha256": image["sha256"]}
    message = {"job": job, "attempt": 1, "project": project, "model": "mobile_sam", "image": original}
    for _ in range(3):
        broker.send_task("inference.embed", kwargs=message, queue="inference")
    for event in ("started", "heartbeat", "failed", "failed", "failed"):
        late = {"event": event, "job": job, "attempt": 1, "worker": "long gone", "result": None, "error": None}
        broker.send_task("labeling.jobs.report", kwargs=late, queue="labeling")

    # What is sent behind them is done, so they have been read.
    after, _ = uploaded(client, "Behind", fresh(1))
    until(lambda: ended(client, after, 1))
    time.sleep(1)
    cost("a message three times, and five late reports", "nothing changed")
    assert client.log(project) == before
    assert embeddings(client, project) == {"queued": 0, "running": 0, "ready": 1, "failed": 0}


@pytest.mark.faults
def test_an_image_that_kills_its_worker_every_time_fails_after_three_tries(
    stack: Stack, client: Client, fresh: Fresh, cost: Cost
) -> None:
    began = time.monotonic()
    project, (image,) = uploaded(client, "Deadly", fresh(1))
    killed = 0

    def struck() -> dict[str, int] | None:
        nonlocal killed
        if sum(event["data"].get("state") == "running" for event in client.log(project)) > killed:
            os.kill(stack.processes.pid("inference"), signal.SIGKILL)
            killed += 1
        return ended(client, project, 1)

    assert until(struck)["failed"] == 1
    cost("an image that kills its worker every time", f"failed after {time.monotonic() - began:4.1f} s, 3 tries")
    assert killed == 3
    assert "killed" in reason(client, image)

    # Somebody has mended whatever it was.
    client.post(f"/images/{image['id']}/retry", {})
    assert until(lambda: ended(client, project, 1))["ready"] == 1


@pytest.mark.one_engine
def test_a_full_store_fails_the_job_with_its_reason_and_room_mends_it(
    stack: Stack, client: Client, fresh: Fresh, cost: Cost
) -> None:
    with little_room(stack.processes.pid("inference"), LITTLE):
        began = time.monotonic()
        project, (image,) = uploaded(client, "Full", fresh(1))
        assert until(lambda: ended(client, project, 1))["failed"] == 1
        cost("store full under the inference worker", f"failed after {time.monotonic() - began:4.1f} s, 3 tries")
        assert "full" in reason(client, image)
    client.post(f"/images/{image['id']}/retry", {})
    assert until(lambda: ended(client, project, 1))["ready"] == 1


@pytest.mark.one_engine
def test_a_full_store_refuses_an_upload_and_keeps_nothing_of_it(
    stack: Stack, client: Client, fresh: Fresh, cost: Cost
) -> None:
    project = client.post("/projects", {"name": "No room"})["id"]
    photographs = sorted(fresh(12), key=lambda path: path.stat().st_size)
    large = next(path for path in photographs if path.stat().st_size > LITTLE)
    # Above FILE_UPLOAD_MAX_MEMORY_SIZE, so it needs room before it reaches the store.
    larger = photographs[-1]
    with little_room(stack.processes.pid("web"), LITTLE):
        (refused,) = client.upload(project, large)
        with pytest.raises(urllib.error.HTTPError) as unreceived:
            client.upload(project, larger)
    assert (refused["outcome"], refused["code"]) == ("refused", "storage_unavailable")
    assert (unreceived.value.code, json.load(unreceived.value)["code"]) == (503, "storage_unavailable")
    assert client.get(f"/projects/{project}/images")["results"] == []
    assert not list(storage(stack).rglob(".writing-*"))
    (result,) = client.upload(project, large)
    assert result["outcome"] == "created"
    cost("store full under the web process", "upload refused, nothing kept, taken with room")


@pytest.mark.one_engine
def test_a_lost_original_fails_at_once(stack: Stack, client: Client, fresh: Fresh, cost: Cost) -> None:
    began = time.monotonic()
    # Busy with others, so that there is time to lose this one.
    project, images = uploaded(client, "Lost", fresh(4))
    lost = images[-1]
    (storage(stack) / keys.original(lost["sha256"])).unlink()
    assert until(lambda: ended(client, project, 4)) == {"queued": 0, "running": 0, "ready": 3, "failed": 1}
    cost("an original removed from the store", f"failed after {time.monotonic() - began:4.1f} s, the others ready")
    assert "no longer in the storage" in reason(client, lost)


@pytest.mark.one_engine
def test_a_damaged_model_fails_with_its_reason(stack: Stack, client: Client, fresh: Fresh, cost: Cost) -> None:
    with damaged(storage(stack) / "models"):
        # A new process: one that has read its model does not read it again.
        os.kill(stack.processes.pid("inference"), signal.SIGKILL)
        began = time.monotonic()
        project, (image,) = uploaded(client, "Damaged", fresh(1))
        assert until(lambda: ended(client, project, 1))["failed"] == 1
        cost("every model file damaged in the store", f"failed after {time.monotonic() - began:4.1f} s")
        assert reason(client, image)
    client.post(f"/images/{image['id']}/retry", {})
    assert until(lambda: ended(client, project, 1))["ready"] == 1


def test_proposals_that_are_asked_for_twice_and_late_are_made_once(
    stack: Stack, client: Client, fresh: Fresh, cost: Cost
) -> None:
    project = proposing(client, "Twice")
    (image,) = [result["image"] for result in client.upload(project, *fresh(1))]
    until(lambda: readiness(client, project, "proposals")["running"], pause=0.02)
    log = client.log(project)
    job = next(event["object"] for event in log if event["data"].get("kind") == "propose")
    settings = {**client.get(f"/projects/{project}")["proposals"]}
    del settings["enabled"]
    original = {"key": keys.original(image["sha256"]), "sha256": image["sha256"]}
    message = {"job": job, "attempt": 1, "project": project, "model": "mobile_sam", "image": original,
               "settings": settings}  # fmt: skip
    broker = Celery(set_as_current=False)
    broker.conf.update(celery_settings(stack.environment["MASKWRIGHT_BROKER"]))

    def again() -> None:
        for _ in range(2):
            broker.send_task("inference.propose", kwargs=message, queue="inference")

    again()
    until(lambda: ended(client, project, 1, "proposals"))
    before, first = client.log(project), client.get(f"/images/{image['id']}/proposals")
    (blob,) = (storage(stack) / "proposals" / image["sha256"]).iterdir()
    made = blob.stat().st_mtime_ns
    again()

    # What is sent behind them is done, so they have been read.
    after, _ = uploaded(client, "Behind", fresh(1))
    until(lambda: ended(client, after, 1))
    time.sleep(1)
    cost("proposals asked for four more times, also late", "made once")
    assert client.log(project) == before
    assert sum(event["data"].get("state") == "ready" for event in before) == 2, "the embedding, and the proposals"
    assert client.get(f"/images/{image['id']}/proposals") == first
    assert blob.stat().st_mtime_ns == made


@pytest.mark.faults
def test_an_image_whose_proposals_kill_the_worker_fails_after_three_tries_and_the_queue_goes_on(
    stack: Stack, client: Client, fresh: Fresh, cost: Cost
) -> None:
    project = proposing(client, "Deadly proposals")
    began = time.monotonic()
    deadly, other = [result["image"]["id"] for result in client.upload(project, *fresh(2))]
    killed = 0

    def struck() -> dict[str, int] | None:
        nonlocal killed
        running = {"kind": "propose", "target": deadly, "state": "running"}.items()
        if sum(running <= event["data"].items() for event in client.log(project)) > killed:
            os.kill(stack.processes.pid("inference"), signal.SIGKILL)
            killed += 1
        return ended(client, project, 2, "proposals")

    assert until(struck) == {"queued": 0, "running": 0, "ready": 1, "failed": 1}
    cost("proposals that kill their worker every time", f"failed after {time.monotonic() - began:4.1f} s, 3 tries")
    assert killed == 3
    assert "killed" in reason(client, {"id": deadly}, "proposals")
    assert client.get(f"/images/{other}")["proposals"]["state"] == "ready"
    assert embeddings(client, project)["ready"] == 2

    client.post(f"/images/{deadly}/retry", {})
    assert until(lambda: ended(client, project, 2, "proposals"))["ready"] == 2


@pytest.mark.one_engine
def test_a_store_that_fills_up_under_proposals_fails_them_with_the_reason(
    stack: Stack, client: Client, fresh: Fresh, cost: Cost
) -> None:
    project, (image,) = uploaded(client, "Full of proposals", fresh(1))
    until(lambda: ended(client, project, 1))
    with little_room(stack.processes.pid("inference"), LEAST):
        began = time.monotonic()
        propose(client, project)
        assert until(lambda: ended(client, project, 1, "proposals"))["failed"] == 1
        cost("store full in mid-proposals", f"failed after {time.monotonic() - began:4.1f} s, 3 tries")
    assert "full" in reason(client, image, "proposals")
    assert not list(storage(stack).rglob(".writing-*"))
    client.post(f"/images/{image['id']}/retry", {})
    assert until(lambda: ended(client, project, 1, "proposals"))["ready"] == 1


@pytest.mark.one_engine
def test_proposals_that_the_store_has_damaged_are_made_again(
    stack: Stack, client: Client, fresh: Fresh, cost: Cost
) -> None:
    project = proposing(client, "Damaged proposals")
    (image,) = [result["image"] for result in client.upload(project, *fresh(1))]
    until(lambda: ended(client, project, 1, "proposals"))
    whole = client.get(f"/images/{image['id']}/proposals")
    (blob,) = (storage(stack) / "proposals" / image["sha256"]).iterdir()
    blob.write_bytes(blob.read_bytes()[:-9])
    began = time.monotonic()
    with pytest.raises(urllib.error.HTTPError, match="409"):
        client.get(f"/images/{image['id']}/proposals")
    until(lambda: ended(client, project, 1, "proposals"))
    cost("stored proposals truncated", f"noticed, made again after {time.monotonic() - began:4.1f} s")
    assert client.get(f"/images/{image['id']}/proposals") == whole


def uploaded(client: Client, name: str, files: list[Path]) -> tuple[str, list[dict[str, Any]]]:
    project = client.post("/projects", {"name": name})["id"]
    return project, [result["image"] for result in client.upload(project, *files)]


def reason(client: Client, image: dict[str, Any], of: str = "embedding") -> str:
    found = client.get(f"/images/{image['id']}")[of]
    assert found["state"] == "failed"
    return str(found["error"])


def storage(stack: Stack) -> Path:
    return Path(stack.environment["MASKWRIGHT_STORAGE"])


@contextmanager
def little_room(pid: int, room: int) -> Iterator[None]:
    """The process can write no file of more bytes, as on a disk that is full."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


@contextmanager
def damaged(folder: Path) -> Iterator[None]:
    """Every large file in the folder has lost its second half."""
    whole = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.stat().st_size > LITTLE}
    assert whole
    for path, content in whole.items():
        path.write_bytes(content[: len(content) // 2])
    try:
        yield
    finally:
        for path, content in whole.items():
            path.write_bytes(content)
