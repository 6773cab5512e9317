"""The tiles of large images: which there are, one of them, and that they go with the image."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypedDict, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import transaction

from inference.pyramid import (
    TILE,
    DamagedTile,
    Level,
    Place,
    Pyramid,
    is_tiled,
    levels,
    open_pyramid,
    tiles_key,
)
from inference.storage import Missing
from labeling.accounts.models import User
from labeling.images import keys, selectors
from labeling.images.models import Image
from labeling.jobs import services as jobs
from labeling.jobs.models import Job
from labeling.projects.roles import Permission
from labeling.rest import Conflict, not_found

T = TypeVar("T")

# Where the tiles of an image lie takes some 50 kB of memory at 400 megapixels.
OPEN_AT_ONCE = 128


class Tiles(TypedDict):
    state: str
    error: str | None
    progress: float
    tile_size: int
    overlap: int
    levels: list[Level]
    url: str


def describe(*, user: User, image: UUID) -> Tiles:
    """The tiles that an image has or will have.

    Raises:
        NotFound: as `projects.selectors.access` does.
    """
    found = selectors.image(user, image)
    job = selectors.tiles_job(found)
    state = selectors.tiles(found)
    return Tiles(
        **state,
        progress=1.0 if state["state"] == "ready" else job.progress if job else 0.0,
        tile_size=TILE,
        overlap=0,
        levels=levels(found.width, found.height) if is_tiled(found.width, found.height) else [],
        url=f"/api/v1/images/{found.id}/tiles/{{level}}/{{x}}/{{y}}",
    )


def read(*, user: User, image: UUID, place: Place) -> tuple[bytes, str]:
    """A tile and its media type. Changes nothing, but has lost or damaged tiles made anew.

    Raises:
        NotFound: there is no such tile; and as `projects.selectors.access` does.
        Conflict: the image has no tiles, or not yet.
    """
    found = selectors.bare_image(user, image, Permission.VIEW)
    if not is_tiled(found.width, found.height):
        raise Conflict("no_tiles", "This image is small enough to be shown whole: it has no tiles.")
    key = tiles_key(found.sha256)
    try:
        return _twice(lambda: _tile(key, place))
    except (Missing, DamagedTile):
        # Not made yet, or the store lost them or their bytes went bad.
        jobs.recompute(kind=Job.Kind.TILE, target=found.id)
        jobs.prioritise(kinds=[Job.Kind.TILE], target=found.id)
        raise Conflict("tiles_not_ready", "The tiles of this image are still being made; try in a moment.") from None


def _tile(key: str, place: Place) -> tuple[bytes, str]:
    pyramid = opened(key)
    if not pyramid.has(place):
        raise not_found("tile")
    (data,) = pyramid.tiles([place])
    return data, pyramid.media_type


@lru_cache(maxsize=OPEN_AT_ONCE)
def opened(key: str) -> Pyramid:
    return open_pyramid(keys.store(), key)


def _twice(read: Callable[[], T]) -> T:
    """Tiles that were made anew may lie elsewhere than where they were seen first."""
    try:
        return read()
    except (Missing, DamagedTile):
        opened.cache_clear()
        return read()


def payload(image: Image) -> dict[str, Any]:
    """What a worker is asked for: the tiles, and the picture for browsers where the upload could not make it."""
    left_to_it = image.derivative_type and image.width * image.height > settings.WHOLE_MAX_PIXELS
    return {"image": keys.image(image), "derivative": keys.derivative(image.sha256) if left_to_it else None}


def forget(image: Image) -> None:
    """The image is gone. The same photograph may be in another project, and its tiles in use there."""
    if is_tiled(image.width, image.height):
        transaction.on_commit(lambda: _delete(image.sha256), robust=True)


def _delete(sha256: str) -> None:
    if not Image.objects.filter(sha256=sha256, deleted_at=None).exists():
        keys.store().delete(tiles_key(sha256))
