"""How these tests ask for the queue and give verdicts."""

from collections.abc import Callable
from typing import Any

from rest_framework.test import APIClient

from labeling.annotations.models import Annotation
from labeling.projects.models import Project
from tests.labeling.making import (
    API,
)  # fmt: skip

Make = Callable[..., list[Annotation]]


def queue(client: APIClient, project: Project, query: str = "") -> dict[str, Any]:
    body: dict[str, Any] = client.get(f"{API}/projects/{project.id}/review-queue?{query}").json()
    return body


def claim(client: APIClient, project: Project, **asked: Any) -> Any:
    return client.post(f"{API}/projects/{project.id}/review-queue/next", asked)


def ids(answer: Any) -> list[str]:
    """Of what a page of the queue, or a claim, shows."""
    return [each["id"] for each in answer["results"]]


def verdict(client: APIClient, annotation: Annotation, given: str = "accepted", **fields: Any) -> Any:
    body = {"verdict": given, "version": 1, **fields}
    return client.post(f"{API}/annotations/{annotation.id}/verdicts", body)


def sheet(client: APIClient, project: Project, *rows: dict[str, Any]) -> Any:
    return client.post(f"{API}/projects/{project.id}/verdicts", {"verdicts": list(rows)})


def row(annotation: Annotation, given: str = "accepted", **fields: Any) -> dict[str, Any]:
    return {"annotation": str(annotation.id), "verdict": given, "version": 1, **fields}
