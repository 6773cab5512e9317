"""What an embed job does, and what its failures mean; knows nothing of queues."""

from __future__ import annotations

import errno
import hashlib
import re
import threading
import time
from weakref import WeakValueDictionary

from inference import pixels
from inference.decode import DecoderMissing
from inference.embeddings import Damaged, Embedding, embedding_key, pack, unpack
from inference.encode import Floats, Pixels, load_encoder, preprocess
from inference.messages import Embedded, EmbedTask, Failure
from inference.models import BadCheckpoint, Model, NotInstalled, RuntimeMissing, UnknownModel, model
from inference.regions import Region
from inference.settings import Settings
from inference.storage import Missing, Store

_turns: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()
_guard = threading.Lock()
_preparing = threading.Lock()


class OriginalLost(Exception):
    """The uploaded file is not in the store, or not the one that was uploaded."""


def embed(task: EmbedTask, store: Store, settings: Settings) -> Embedded:
    """Makes sure that the embedding of the image, or its region, is stored; computes it when it is not there whole."""
    began = time.monotonic()
    found = model(task.model)
    key = embedding_key(task.sha256, found.sha256, task.region)
    with _turn(key):
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


def _turn(key: str) -> threading.Lock:
    """Held while this embedding is made: who wants it too waits, and then finds it stored."""
    with _guard:
        return _turns.setdefault(key, threading.Lock())


def _computed(task: EmbedTask, found: Model, store: Store, settings: Settings) -> Embedding:
    encoder = load_encoder(store, found.name, settings.threads)
    frame, width, height = _prepared(task, store, settings)
    return Embedding(encoder.run(frame)[0], width, height)


def _prepared(task: EmbedTask, store: Store, settings: Settings) -> tuple[Floats, int, int]:
    """The encoder's input for the image or its region, and the size in pixels of what it shows. While one image is
    encoded the next is prepared, but no third: preparing takes 20 bytes a pixel, what is prepared 12 MB."""
    data = _original(task, store)
    with _preparing:
        picture = pixels.inspect(data, pixels.Limits(settings.image_bytes, settings.image_pixels))
        array = _cropped(picture.array(), task.region)
        return preprocess(array), array.shape[1], array.shape[0]


def _cropped(array: Pixels, region: Region | None) -> Pixels:
    return array if region is None else array[region.y0 : region.y1, region.x0 : region.x1]


def _original(task: EmbedTask, store: Store) -> bytes:
    try:
        data = store.read(task.key)
    except Missing:
        raise OriginalLost("The uploaded file is no longer in the storage. Upload it again.") from None
    if hashlib.sha256(data).hexdigest() != task.sha256:
        raise OriginalLost("The stored file is not the one that was uploaded: it was altered. Upload it again.")
    return data


def failure_of(error: Exception) -> Failure:
    """A job's error as people and the queue understand it."""
    match error:
        case pixels.Unreadable():
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
    if isinstance(error, MemoryError) or re.search("allocate memory|out of memory", str(error)):
        return Failure("out_of_memory", "The worker ran out of memory on this image.", retry=True)
    return Failure("error", f"The worker failed: {type(error).__name__}: {error}"[:500], retry=True)
