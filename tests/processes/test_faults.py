"""Whatever dies at work: every job ends ready within 90 s, what was acknowledged is there, and nothing is twice."""

import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import redis

from tests import engines
from tests.engines import Engines
from tests.processes.client import Client
from tests.processes.conftest import Fresh
from tests.processes.waiting import Writer, embeddings, ended, proposing, readiness, until
from tests.stack import Stack

Fault = Callable[[Stack, Any], None]


def kill(*names: str) -> Fault:
    def strike(stack: Stack, servers: Any) -> None:
        for name in names:
            os.kill(stack.processes.pid(name), signal.SIGKILL)

    return strike


def wipe_broker(stack: Stack, servers: Any) -> None:
    """Everything that is under way is gone, and so is what the broker knows of its queues."""
    broker = stack.environment["MASKWRIGHT_BROKER"]
    if broker.startswith("redis://"):
        redis.Redis.from_url(broker).flushall()
        return
    for folder in Path(unquote(urlsplit(broker).path)).iterdir():
        shutil.rmtree(folder)


def restart_postgres(stack: Stack, servers: Engines) -> None:
    servers.postgres.kill()
    servers.postgres.start()


def restart_redis(stack: Stack, servers: Engines) -> None:
    servers.redis.kill()
    servers.redis.start()


FAULTS: dict[str, Fault] = {
    "kill -9 of the web process": kill("web"),
    "kill -9 of the labeling worker": kill("labeling"),
    "kill -9 of the inference worker": kill("inference"),
    "kill -9 of all three": kill("web", "labeling", "inference"),
    "broker wiped": wipe_broker,
}
if engines.COVERED in os.environ:
    FAULTS |= {"kill -9 of PostgreSQL": restart_postgres, "kill -9 of Redis": restart_redis}


# `make test` tries these, `make faults` all of them.
SAMPLE = {"kill -9 of all three", "broker wiped", "kill -9 of PostgreSQL", "kill -9 of Redis"}
SAMPLE_IN_MID_PROPOSALS = {"kill -9 of the inference worker"}


def sampled(faults: Iterable[str], sample: set[str]) -> list[Any]:
    return [fault if fault in sample else pytest.param(fault, marks=pytest.mark.faults) for fault in faults]


@pytest.mark.parametrize("fault", sampled(FAULTS, SAMPLE))
def test_after_a_fault_every_job_ends_and_nothing_acknowledged_is_lost(
    fault: str, stack: Stack, servers: Engines | None, client: Client, fresh: Fresh, cost: Callable[[str, str], None]
) -> None:
    project = client.post("/projects", {"name": fault, "classes": [{"name": "thing"}]})["id"]
    (label_class,) = client.get(f"/projects/{project}/classes")
    results = client.upload(project, *fresh(3))
    image = results[0]["image"]["id"]
    writer = Writer(client, image, label_class["id"])
    writer.start()
    until(lambda: embeddings(client, project)["running"], pause=0.02)

    began = time.monotonic()
    FAULTS[fault](stack, servers)
    until(lambda: ended(client, project, 3))
    seconds = time.monotonic() - began
    acknowledged = writer.stop()

    cost(fault, f"all ready after {seconds:4.1f} s, {len(acknowledged)} acknowledged writes all there")
    assert embeddings(client, project) == {"queued": 0, "running": 0, "ready": 3, "failed": 0}
    assert {row["id"] for row in client.get(f"/images/{image}/annotations")["results"]} == set(acknowledged)
    log = client.log(project)
    assert [event["seq"] for event in log] == list(range(1, len(log) + 1))
    created = Counter(event["object"] for event in log if event["kind"] == "annotation.created")
    assert created == Counter(acknowledged)
    ready = Counter(event["data"]["target"] for event in log if event["data"].get("state") == "ready")
    assert set(ready.values()) == {1}, "each image became ready once"


@pytest.mark.parametrize("fault", sampled((fault for fault in FAULTS if "web" not in fault), SAMPLE_IN_MID_PROPOSALS))
def test_after_a_fault_in_mid_proposals_every_image_has_them_once(
    fault: str, stack: Stack, servers: Engines | None, client: Client, fresh: Fresh, cost: Callable[[str, str], None]
) -> None:
    project = proposing(client, f"Proposals: {fault}")
    images = [result["image"]["id"] for result in client.upload(project, *fresh(2))]
    until(lambda: readiness(client, project, "proposals")["running"], pause=0.02)

    began = time.monotonic()
    FAULTS[fault](stack, servers)
    # Both: the report of an embedding may be lost with the broker, and it is then made again after its proposals.
    until(lambda: ended(client, project, 2, "proposals") and ended(client, project, 2))
    cost(f"{fault}, in mid-proposals", f"all ready after {time.monotonic() - began:4.1f} s")

    for what in ("embeddings", "proposals"):
        assert readiness(client, project, what) == {"queued": 0, "running": 0, "ready": 2, "failed": 0}
    ready = [event["data"] for event in client.log(project) if event["data"].get("state") == "ready"]
    assert Counter((data["kind"], data["target"]) for data in ready) == Counter(
        (kind, image) for kind in ("embed", "propose") for image in images
    )
    for image in images:
        assert client.get(f"/images/{image}/proposals")["model"].startswith("mobile_sam@")
