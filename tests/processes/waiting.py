"""How these tests wait, and what they do in the meantime."""

import threading
import time
import urllib.error
import uuid
from collections.abc import Callable
from http.client import HTTPException
from typing import Any, TypeVar

from tests.processes.client import Client

T = TypeVar("T")

READY_S = 90


def until(condition: Callable[[], T], seconds: float = READY_S, pause: float = 0.1) -> T:
    """Wait until the condition holds, through a server that does not answer; returns what it returned."""
    end = time.monotonic() + seconds
    while not (found := patiently(condition)):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(pause)
    return found


def settled(read: Callable[[], T], pause: float = 0.5) -> T:
    """The value of `read` once two readings in a row are the same."""
    before = read()
    while True:
        time.sleep(pause)
        now = read()
        if now == before:
            return now
        before = now


def patiently(ask: Callable[[], T]) -> T | None:
    """What it answers; None from a server that is away or says that it cannot just now."""
    try:
        return ask()
    except urllib.error.HTTPError as error:
        if error.code < 500:
            raise
    except (OSError, HTTPException):
        pass
    return None


def embeddings(client: Client, project: str) -> dict[str, int]:
    return readiness(client, project, "embeddings")


def readiness(client: Client, project: str, what: str) -> dict[str, int]:
    """How many of the project's `embeddings` or `proposals` are in each state."""
    found: dict[str, Any] = client.get(f"/projects/{project}/progress")[what]
    return {state: found[state] for state in ("queued", "running", "ready", "failed")}


def ended(client: Client, project: str, count: int, what: str = "embeddings") -> dict[str, int] | None:
    """The project's embeddings, or its proposals, once all `count` are ready or failed."""
    found = readiness(client, project, what)
    return found if found["ready"] + found["failed"] == count else None


def proposing(client: Client, name: str) -> str:
    """A project that has proposals made, few and fast."""
    project: str = client.post("/projects", {"name": name})["id"]
    propose(client, project)
    return project


def propose(client: Client, project: str) -> None:
    client.configure(project, {"proposals": {"enabled": True, "points_per_side": 4}})


class Writer(threading.Thread):
    """Somebody who keeps labeling: sends each annotation again, under the same key, until it is acknowledged."""

    def __init__(self, client: Client, image: str, label_class: str) -> None:
        super().__init__(name="writer", daemon=True)
        self.acknowledged: list[str] = []
        self._client = client
        self._path = f"/images/{image}/annotations"
        self._body = {"class_id": label_class, "kind": "tag", "source": "tag"}
        self._stopped = threading.Event()

    def run(self) -> None:
        while not self._stopped.wait(0.05):
            body = {**self._body, "id": str(uuid.uuid4())}
            key = {"Idempotency-Key": str(uuid.uuid4())}
            created: dict[str, Any] = until(lambda body=body, key=key: self._client.post(self._path, body, **key))
            self.acknowledged.append(created["id"])

    def stop(self) -> list[str]:
        self._stopped.set()
        self.join()
        return self.acknowledged
