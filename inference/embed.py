"""What an embed job does, and what its failures mean; knows nothing of queues."""

from __future__ import annotations

import errno
import hashlib
import re
import threading
import time

import numpy as np

from inference import pixels
from inference.decode import DecoderMissing
from inference.embeddings import Damaged, Embedding, embedding_key, pack, unpack
from inference.encode import Floats, Pixels, load_encoder, preprocess
from inference.frame import inner_size
from inference.limits import Unreadable
from inference.messages import Embedded, EmbedTask, Failure, Size, TileTask
from inference.models import BadCheckpoint, Model, NotInstalled, RuntimeMissing, UnknownModel, model
from inference.originals import OriginalLost, original
from inference.pyramid import DamagedTile, open_pyramid, scaled, tiles_key
from inference.regions import Region
from inference.settings import Settings
from inference.storage import Missing, StorageUnavailable, Store
from inference.tile_job import tile
from inference.turns import turn

_preparing = threading.Lock()


def embed(task: EmbedTask, store: Store, settings: Settings) -> Embedded:
    """Makes sure that the embedding of the image, or its region, is stored; computes it when it is not there whole."""
    began = time.monotonic()
    found = model(task.model)
    key = embedding_key(task.sha256, found.sha256, task.region)
    with turn(key):
        stored = _stored(store, key)
        blob, embedding = stored or _made(key, task, found, store, settings)
    return Embedded(
        key=key,
        sha256=hashlib.sha256(blob).hexdigest(),
        bytes=len(blob),
        model_name=found.name,
        model_sha256=found.sha256,
        width=embedding.width,
        height=embedding.height,
        seconds=round(time.monotonic() - began, 3),
        cached=stored is not None,
    )


def _stored(store: Store, key: str) -> tuple[bytes, Embedding] | None:
    try:
        blob = store.read(key)
        return blob, unpack(blob)
    except (Missing, Damaged):
        return None


def _made(key: str, task: EmbedTask, found: Model, store: Store, settings: Settings) -> tuple[bytes, Embedding]:
    embedding = _computed(task, found, store, settings)
    blob = pack(embedding)
    store.write(key, blob)
    return blob, embedding


def _computed(task: EmbedTask, found: Model, store: Store, settings: Settings) -> Embedding:
    encoder = load_encoder(store, found.name, settings.threads)
    frame, width, height = _prepared(task, store, settings)
    return Embedding(encoder.run(frame)[0], width, height)


def _prepared(task: EmbedTask, store: Store, settings: Settings) -> tuple[Floats, int, int]:
    """The encoder's input for the image or its region, and the size in pixels of what it shows. While one image is
    encoded the next is prepared, but no third: preparing takes 20 bytes a pixel, what is prepared 12 MB."""
    if task.size is not None and (task.region or task.size[0] * task.size[1] > settings.limits.pixels):
        return _from_tiles(task, task.size, store, settings)
    with original(store, task.key, task.sha256) as path, _preparing, path.open("rb") as file:
        array = _cropped(pixels.inspect(file, settings.limits).array(), task.region)
        return preprocess(array), array.shape[1], array.shape[0]


def _from_tiles(task: EmbedTask, size: Size, store: Store, settings: Settings) -> tuple[Floats, int, int]:
    """Of a large image only the tiles in question are decoded, which are made now if they are not there yet."""
    tiling = TileTask(task.job, task.attempt, task.project, task.key, task.sha256, size)
    try:
        pyramid = open_pyramid(store, tiles_key(task.sha256))
    except (Missing, DamagedTile):
        pyramid = open_pyramid(store, tile(tiling, store, settings).key)
    region = task.region or Region(0, 0, *size)
    seen = scaled(pyramid, region, size, inner_size(region.width, region.height))
    return preprocess(np.asarray(seen)), region.width, region.height


def _cropped(array: Pixels, region: Region | None) -> Pixels:
    return array if region is None else array[region.y0 : region.y1, region.x0 : region.x1]


def failure_of(error: Exception) -> Failure:
    """A job's error as people and the queue understand it."""
    match error:
        case Unreadable():
            return Failure(error.code, error.sentence, retry=False)
        case OriginalLost():
            return Failure("original_lost", str(error), retry=False)
        case UnknownModel() | NotInstalled() | DecoderMissing():
            return Failure("model_missing", str(error), retry=False)
        case BadCheckpoint():
            return Failure("model_damaged", f"{error} Install the model again.", retry=False)
        case RuntimeMissing():
            # Another worker may have what this one lacks.
            return Failure("model_missing", str(error), retry=True)
        case OSError(errno=errno.ENOSPC | errno.EDQUOT | errno.EFBIG):
            return Failure("disk_full", "The storage is full. Make room, then try again.", retry=True)
        case StorageUnavailable():
            return Failure("storage_unavailable", "The storage does not answer. Try again later.", retry=True)
    if isinstance(error, MemoryError) or re.search("allocate memory|out of memory", str(error)):
        return Failure("out_of_memory", "The worker ran out of memory on this image.", retry=True)
    return Failure("error", f"The worker failed: {type(error).__name__}: {error}"[:500], retry=True)
