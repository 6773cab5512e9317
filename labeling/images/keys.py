"""Where an image's bytes lie in the store, by the SHA-256 of the original."""

from functools import cache

from django.conf import settings

from inference.storage import Store, open_store


@cache
def store() -> Store:
    """The object storage that the web side and the workers share."""
    return open_store(settings.STORAGE)


def original(sha256: str) -> str:
    return f"originals/{sha256[:2]}/{sha256}"


def derivative(sha256: str) -> str:
    return f"derivatives/{sha256[:2]}/{sha256}"


def thumbnail(sha256: str) -> str:
    return f"thumbnails/{sha256[:2]}/{sha256}.webp"
