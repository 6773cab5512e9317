"""Embeddings as they are stored, and a bounded cache of them.

A blob is: the magic bytes, a version byte, the SHA-256 of all that follows, the image's width and height, for each
channel a middle value and a step as float32; then the values, value = middle + step * level, each level as its
difference from the mean of the levels to its left and above it (0 outside): all lower bytes, then all upper ones,
deflated. Neighbours are alike, so differences take a bit less than levels do, and a megabyte has room for nine bits a
value where it had for eight.
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
VERSION = 2
MAX_BYTES = 1_000_000
STEPS = (511, 383, 255, 127)  # of a channel's range; the finest that fits is taken
HEADER = struct.Struct("<5sB32s")
SIZE = struct.Struct("<II")
CHANNELS = EMBEDDING_SHAPE[0]
VALUES = EMBEDDING_SHAPE[0] * EMBEDDING_SHAPE[1] * EMBEDDING_SHAPE[2]

Floats = npt.NDArray[np.float32]
Levels = npt.NDArray[np.int16]


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
    """The stored form, of at most MAX_BYTES."""
    for steps in STEPS:
        blob = _packed(embedding, steps)
        if len(blob) <= MAX_BYTES:
            break
    return blob


def _packed(embedding: Embedding, steps: int) -> bytes:
    rows = embedding.values.reshape(CHANNELS, -1)
    least, middle = rows.min(axis=1, keepdims=True), steps // 2
    step = np.maximum((rows.max(axis=1, keepdims=True) - least) / steps, np.float32(1e-12))
    levels = np.rint((rows - least) / step).astype(np.int16) - np.int16(middle)
    scales = np.concatenate((least + middle * step, step)).astype("<f4").tobytes()
    body = SIZE.pack(embedding.width, embedding.height) + scales + _deflated(levels.reshape(EMBEDDING_SHAPE))
    return HEADER.pack(MAGIC, VERSION, hashlib.sha256(body).digest()) + body


def unpack(blob: bytes) -> Embedding:
    """The embedding out of its stored form. Raises Damaged."""
    body = _checked(blob)
    width, height = SIZE.unpack_from(body)
    scales = np.frombuffer(body, "<f4", 2 * CHANNELS, SIZE.size).reshape(2, CHANNELS, 1)
    levels = _inflated(body[SIZE.size + scales.nbytes :]).reshape(CHANNELS, -1)
    values = scales[0] + scales[1] * levels
    return Embedding(values.astype(np.float32).reshape(EMBEDDING_SHAPE), width, height)


def _deflated(levels: Levels) -> bytes:
    """Differences are folded to 0, -1, 1, -2, 2 … → 0, 1, 2, 3, 4 …, so that the upper bytes are nearly all 0. Runs
    are all that repeats in them: looking for more would take twice as long and find nothing."""
    padded = np.pad(levels, ((0, 0), (1, 0), (1, 0)))
    differences = levels - ((padded[:, 1:, :-1] + padded[:, :-1, 1:]) >> 1)
    folded = ((differences << 1) ^ (differences >> 15)).astype("<u2")
    deflate = zlib.compressobj(strategy=zlib.Z_RLE)
    return deflate.compress(folded.reshape(-1, 1).view(np.uint8).T.tobytes()) + deflate.flush()


def _inflated(deflated: bytes) -> Levels:
    planes = np.frombuffer(zlib.decompress(deflated, bufsize=2 * VALUES), np.uint8).reshape(2, VALUES)
    folded = np.ascontiguousarray(planes.T).view("<u2").reshape(EMBEDDING_SHAPE)
    return _summed((folded >> 1).astype(np.int16) ^ -(folded & 1).astype(np.int16))


def _summed(differences: Levels) -> Levels:
    """Level by level along a channel's rows would be a long way. All levels of a diagonal follow from the one before,
    so a channel is slanted until its diagonals are rows."""
    _, height, width = EMBEDDING_SHAPE
    y, x = np.mgrid[:height, :width]
    slanted = np.zeros((height + width, height + 1, CHANNELS), np.int16)
    slanted[x + y + 1, y + 1] = differences.transpose(1, 2, 0)
    for diagonal in range(1, height + width):
        top, bottom = max(0, diagonal - width), min(diagonal, height)
        left, above = slanted[diagonal - 1, top + 1 : bottom + 1], slanted[diagonal - 1, top:bottom]
        slanted[diagonal, top + 1 : bottom + 1] += (left + above) >> 1
    return np.ascontiguousarray(slanted[x + y + 1, y + 1].transpose(2, 0, 1))


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
