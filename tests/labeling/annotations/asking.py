"""How these tests ask the API about annotations."""

from typing import Any

from rest_framework.test import APIClient

from labeling.annotations.models import Annotation
from labeling.images.models import Image
from tests.labeling.making import (
    API,
)  # fmt: skip


def create(client: APIClient, image: Image, body: dict[str, Any]) -> Any:
    return client.post(f"{API}/images/{image.id}/annotations", body)


def path(annotation: dict[str, Any] | Annotation, rest: str = "") -> str:
    id = annotation.id if isinstance(annotation, Annotation) else annotation["id"]
    return f"{API}/annotations/{id}{rest}"


def match(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}
