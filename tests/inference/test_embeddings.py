from __future__ import annotations

import threading
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.embeddings import Damaged, Embedding, EmbeddingCache, embedding_key, pack, unpack
from inference.regions import Region
from inference.storage import Missing, Store, open_store


def an_embedding(seed: int = 0) -> Embedding:
    values = np.random.default_rng(seed).normal(0, 0.1, (256, 64, 64)).astype(np.float32)
    return Embedding(values, 640, 427)


BLOB = pack(an_embedding())


def a_smooth_embedding() -> Embedding:
    """Neighbours are alike in it, as they are in what an encoder gives."""
    blurred = [cv2.GaussianBlur(channel, (0, 0), 1) for channel in an_embedding().values]
    return Embedding(np.stack(blurred), 640, 427)


def test_an_embedding_comes_back_within_half_a_step_of_nine_bits() -> None:
    embedding = a_smooth_embedding()
    back = unpack(pack(embedding))
    spread = np.ptp(embedding.values, axis=(1, 2)) / 511
    assert (back.width, back.height) == (640, 427)
    assert (np.abs(back.values - embedding.values).max(axis=(1, 2)) <= spread * 0.51).all()


def test_what_would_be_over_a_megabyte_is_stored_in_coarser_steps() -> None:
    noise = Embedding(np.random.default_rng(1).uniform(-1, 1, (256, 64, 64)).astype(np.float32), 640, 427)
    blob = pack(noise)
    assert len(blob) <= 1_000_000
    assert np.abs(unpack(blob).values - noise.values).max() < 2 / 127


@settings(max_examples=20)
@given(st.integers(0, 9999), st.floats(1e-6, 1e6), st.floats(-1e3, 1e3))
def test_any_channel_comes_back_whatever_its_range(seed: int, scale: float, offset: float) -> None:
    values = (an_embedding(seed).values * scale + offset).astype(np.float32)
    spread = np.ptp(values, axis=(1, 2)) / 127
    back = unpack(pack(Embedding(values, 1, 1))).values
    assert (np.abs(back - values).max(axis=(1, 2)) <= spread * 0.51 + 1e-6 * abs(offset)).all()


def test_a_channel_without_variation_comes_back() -> None:
    embedding = Embedding(np.full((256, 64, 64), 3.5, np.float32), 1, 1)
    assert np.allclose(unpack(pack(embedding)).values, 3.5)


@settings(max_examples=60)
@given(st.integers(0, len(BLOB) - 1), st.integers(1, 255))
def test_an_altered_byte_is_noticed(place: int, change: int) -> None:
    altered = bytearray(BLOB)
    altered[place] ^= change
    with pytest.raises(Damaged):
        unpack(bytes(altered))


@pytest.mark.parametrize("length", [0, 1, 5, 37, 38, 100, len(BLOB) - 1])
def test_a_truncated_blob_is_noticed(length: int) -> None:
    with pytest.raises(Damaged):
        unpack(BLOB[:length])


def test_the_key_names_image_weights_and_preprocessing() -> None:
    assert embedding_key("aa", "bb") == "embeddings/aa/bb-1.emb"


def test_the_key_of_a_region_names_its_rectangle() -> None:
    assert embedding_key("aa", "bb", Region(64, 0, 320, 256)) == "embeddings/aa/bb-1-64-0-320-256.emb"


class CountingStore(Store):
    """Counts its reads, and holds each until it is let go."""

    def watch(self) -> tuple[list[str], threading.Event]:
        return self.__dict__.setdefault("watched", ([], threading.Event()))  # type: ignore[no-any-return]

    def read(self, key: str) -> bytes:
        reads, go = self.watch()
        reads.append(key)
        go.wait(5)
        return super().read(key)


@pytest.fixture
def counting(tmp_path: Path) -> CountingStore:
    plain = open_store(str(tmp_path))
    store = CountingStore(plain.filesystem, plain.root)
    for name in ("a", "b", "c"):
        store.write(name, BLOB)
    return store


def test_several_that_want_one_embedding_at_once_load_it_once(counting: CountingStore) -> None:
    reads, go = counting.watch()
    cache = EmbeddingCache(counting, 100_000_000)
    found: list[Embedding] = []
    threads = [threading.Thread(target=lambda: found.append(cache.get("a"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join()
    assert reads == ["a"]
    assert len(found) == 8
    assert all(each is found[0] for each in found)


def test_the_cache_keeps_what_was_used_last_within_its_bytes(counting: CountingStore) -> None:
    reads, go = counting.watch()
    go.set()
    cache = EmbeddingCache(counting, 2 * 256 * 64 * 64 * 4)
    for key in ("a", "b", "a", "c", "a", "b"):
        cache.get(key)
    assert reads == ["a", "b", "c", "b"]


def test_a_failed_load_is_told_to_everyone_and_tried_again_by_the_next(counting: CountingStore) -> None:
    reads, go = counting.watch()
    go.set()
    cache = EmbeddingCache(counting, 100_000_000)
    counting.write("late", BLOB[:-1])
    with pytest.raises(Damaged):
        cache.get("late")
    with pytest.raises(Missing):
        cache.get("never")
    counting.write("late", BLOB)
    assert cache.get("late").width == 640
    assert reads == ["late", "never", "late"]
