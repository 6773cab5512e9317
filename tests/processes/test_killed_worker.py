"""A worker process that dies takes nothing with it but a lease."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from tests.processes.client import Client
from tests.stack import Stack

T = TypeVar("T")


def test_an_inference_worker_killed_in_mid_image_costs_one_lease(
    stack: Stack, client: Client, photographs: list[Path]
) -> None:
    project = client.post("/projects", {"name": "Killed"})["id"]
    client.upload(project, *photographs[:4])

    _until(lambda: client.get(f"/projects/{project}/progress")["embeddings"]["running"] > 0, 60, pause=0.02)
    killed = stack.processes.pid("inference")
    os.kill(killed, signal.SIGKILL)
    start = time.monotonic()
    progress: dict[str, Any] = _until(lambda: _all_ready(client, project, 4), 90)
    seconds = time.monotonic() - start

    print(f"all images ready {seconds:.1f} s after kill -9 of the worker")
    assert progress["embeddings"] == {"queued": 0, "running": 0, "ready": 4, "failed": 0}
    assert stack.processes.pid("inference") != killed
    # The lease is 15 s; the rest is starting a worker again and the images themselves, on a busy machine.
    assert seconds < 60


def test_a_click_is_answered_by_the_weights_that_the_worker_used(client: Client, photographs: list[Path]) -> None:
    project = client.post("/projects", {"name": "Clicked"})["id"]
    (result,) = client.upload(project, next(path for path in photographs if path.stem == "sheep"))
    image = result["image"]
    _until(lambda: _all_ready(client, project, 1), 60)

    prompt = {"points": [{"x": image["width"] / 2, "y": image["height"] / 2, "label": 1}]}
    prediction = client.post(f"/images/{image['id']}/predict", prompt)

    scores = [candidate["score"] for candidate in prediction["candidates"]]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert scores[0] > 0.9, "the sheep fills the middle of its photograph"
    assert prediction["model"].startswith("mobile_sam@")


def _all_ready(client: Client, project: str, count: int) -> dict[str, Any] | None:
    progress: dict[str, Any] = client.get(f"/projects/{project}/progress")
    return progress if progress["embeddings"]["ready"] == count else None


def _until(condition: Callable[[], T], seconds: float, pause: float = 0.2) -> T:
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(pause)
    return found
