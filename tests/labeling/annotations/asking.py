"""How these tests ask the API about annotations."""

from collections.abc import Callable
from typing import Any

from rest_framework.test import APIClient

from labeling.annotations.models import Annotation
from labeling.images.models import Image
from labeling.jobs.models import Job
from tests.labeling.making import (
    API,
)  # fmt: skip

Mark = Callable[[dict[str, Any]], Job]


def create(client: APIClient, image: Image, body: dict[str, Any]) -> Any:
    return client.post(f"{API}/images/{image.id}/annotations", body)


def predict(client: APIClient, image: Image, body: Any) -> Any:
    return client.post(f"{API}/images/{image.id}/predict", body)


def path(annotation: dict[str, Any] | Annotation, rest: str = "") -> str:
    id = annotation.id if isinstance(annotation, Annotation) else annotation["id"]
    return f"{API}/annotations/{id}{rest}"


def match(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}
