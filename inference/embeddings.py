"""Embeddings as they are stored, and a bounded cache of them.

A blob is: the magic bytes, a version byte, the SHA-256 of all that follows, the image's width and height, and for
each channel its least value and its step as float32; then the values as deflated bytes, value = least + step * byte.
One byte a value with a scale for each channel keeps masks as they are and an embedding under a megabyte.
"""

from __future__ import annotations

import hashlib
import struct
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference.frame import EMBEDDING_SHAPE
from inference.models import PREPROCESSING
from inference.regions import Region
from inference.storage import Store

MAGIC = b"MWEMB"
VERSION = 1
HEADER = struct.Struct("<5sB32s")
SIZE = struct.Struct("<II")
CHANNELS = EMBEDDING_SHAPE[0]
VALUES = EMBEDDING_SHAPE[0] * EMBEDDING_SHAPE[1] * EMBEDDING_SHAPE[2]

Floats = npt.NDArray[np.float32]


class Damaged(ValueError):
    """A stored embedding that is truncated, altered, or none at all."""


@dataclass(frozen=True)
class Embedding:
    """The embedding, float32 [256, 64, 64], of an upright image or of a region of one, whose size is in pixels."""

    values: Floats
    width: int
    height: int


def embedding_key(image_sha256: str, weights_sha256: str, region: Region | None = None) -> str:
    """Where the embedding lies: by the original file's SHA-256, the weights', the preprocessing's version and, when
    it is of a part of the image, the rectangle."""
    name = f"{weights_sha256}-{PREPROCESSING}"
    if region is not None:
        name += "-" + "-".join(map(str, region.to_json()))
    return f"embeddings/{image_sha256}/{name}.emb"


def pack(embedding: Embedding) -> bytes:
    """The stored form."""
    rows = embedding.values.reshape(CHANNELS, -1)
    least = rows.min(axis=1, keepdims=True)
    step = np.maximum((rows.max(axis=1, keepdims=True) - least) / 255, np.float32(1e-12))
    levels = np.rint((rows - least) / step).astype(np.uint8)
    scales = np.concatenate((least, step)).astype("<f4").tobytes()
    body = SIZE.pack(embedding.width, embedding.height) + scales + zlib.compress(levels.tobytes(), 6)
    return HEADER.pack(MAGIC, VERSION, hashlib.sha256(body).digest()) + body


def unpack(blob: bytes) -> Embedding:
    """The embedding out of its stored form. Raises Damaged."""
    body = _checked(blob)
    width, height = SIZE.unpack_from(body)
    scales = np.frombuffer(body, "<f4", 2 * CHANNELS, SIZE.size).reshape(2, CHANNELS, 1)
    levels = np.frombuffer(zlib.decompress(body[SIZE.size + scales.nbytes :], bufsize=VALUES), np.uint8)
    values = scales[0] + scales[1] * levels.reshape(CHANNELS, -1)
    return Embedding(values.astype(np.float32).reshape(EMBEDDING_SHAPE), width, height)


def _checked(blob: bytes) -> bytes:
    if len(blob) < HEADER.size:
        raise Damaged("The stored embedding is truncated.")
    magic, version, digest = HEADER.unpack_from(blob)
    if magic != MAGIC or version != VERSION:
        raise Damaged("The stored embedding is of no form that this version reads.")
    body = blob[HEADER.size :]
    if hashlib.sha256(body).digest() != digest:
        raise Damaged("The stored embedding does not match its checksum.")
    return body


class EmbeddingCache:
    """The embeddings used last, up to `max_bytes` of them in memory. Safe to share between threads; several that
    want the same embedding at once wait for one load. `looked` hears of every look whether it was there."""

    def __init__(self, store: Store, max_bytes: int, looked: Callable[[bool], None] = lambda hit: None) -> None:
        self._store = store
        self._looked = looked
        self._max_bytes = max_bytes
        self._kept: OrderedDict[str, Embedding] = OrderedDict()
        self._loading: dict[str, Future[Embedding]] = {}
        self._lock = threading.Lock()

    def get(self, key: str) -> Embedding:
        """The embedding under `key`. Raises Missing and Damaged."""
        with self._lock:
            self._looked(key in self._kept)
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            running = self._loading.get(key)
            if running is None:
                mine = self._loading[key] = Future[Embedding]()
        return running.result() if running else self._load(key, mine)

    def _load(self, key: str, future: Future[Embedding]) -> Embedding:
        try:
            embedding = unpack(self._store.read(key))
        except BaseException as error:
            with self._lock:
                del self._loading[key]
            future.set_exception(error)
            raise
        with self._lock:
            del self._loading[key]
            self._keep(key, embedding)
        future.set_result(embedding)
        return embedding

    def _keep(self, key: str, embedding: Embedding) -> None:
        self._kept[key] = embedding
        while len(self._kept) > 1 and sum(each.values.nbytes for each in self._kept.values()) > self._max_bytes:
            self._kept.popitem(last=False)
