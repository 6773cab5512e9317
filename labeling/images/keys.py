"""Where an image's bytes lie in the store, by the SHA-256 of the original."""

from functools import cache
from typing import Any

from django.conf import settings

from inference.messages import image_json
from inference.pyramid import is_tiled
from inference.storage import Store, open_store
from labeling.images.models import Image


@cache
def store() -> Store:
    """The object storage that the web side and the workers share."""
    return open_store(settings.STORAGE, settings.STORAGE_TIMEOUTS)


def original(sha256: str) -> str:
    return f"originals/{sha256[:2]}/{sha256}"


def derivative(sha256: str) -> str:
    return f"derivatives/{sha256[:2]}/{sha256}"


def thumbnail(sha256: str) -> str:
    return f"thumbnails/{sha256[:2]}/{sha256}.webp"


def image(image: Image) -> dict[str, Any]:
    """The image as the workers' messages name it: with its size when it has tiles, which they then read."""
    size = (image.width, image.height) if is_tiled(image.width, image.height) else None
    return image_json(original(image.sha256), image.sha256, size)
