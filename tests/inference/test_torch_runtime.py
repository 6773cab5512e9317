"""Batches, turns and the choice of a runtime. A GPU that runs out of memory is played by a function that refuses large
batches; what needs a real one runs where there is one."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference.embed import failure_of
from inference.encode import preprocess
from inference.install import install
from inference.models import NotInstalled
from inference.pixels import Picture
from inference.runtimes import load_batch_decoder
from inference.storage import Store, open_store
from tests.inference import small_sam

torch = pytest.importorskip("torch")

from inference import torch_runtime  # noqa: E402
from inference.torch_runtime import Batches, TorchDecoder, TorchEncoder, Turns  # noqa: E402

pytestmark = pytest.mark.sam
needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")

LABELS = np.tile(np.array([1, -1], np.float32), (5, 1))
COORDINATES = np.random.default_rng(3).uniform(0, 1024, (5, 2, 2)).astype(np.float32)
EMBEDDING = np.random.default_rng(4).normal(0, 0.1, (256, 64, 64)).astype(np.float32)


class Gpu:
    """Runs out of memory for more than `most` rows at once; remembers the sizes that it was asked for."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.asked: list[int] = []

    def allocate(self, rows: int) -> None:
        self.asked.append(rows)
        if rows > self.most:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")


def test_a_batch_without_memory_is_halved_and_no_row_is_lost(caplog: pytest.LogCaptureFixture) -> None:
    gpu, done = Gpu(most=3), []

    def compute(rows: slice) -> None:
        gpu.allocate(rows.stop - rows.start)
        done.extend(range(rows.start, rows.stop))

    batches = Batches(16)
    batches.run(compute, 21)
    assert done == list(range(21))
    assert gpu.asked[:3] == [16, 8, 4]
    assert set(gpu.asked[3:]) <= {1, 2}, "what did not fit is not tried again"
    assert "no memory for 16 at once; going on with 8" in caplog.text


def test_a_row_that_is_too_much_by_itself_fails_as_out_of_memory() -> None:
    gpu = Gpu(most=0)
    with pytest.raises(torch.OutOfMemoryError) as raised:
        Batches(8).run(lambda rows: gpu.allocate(rows.stop - rows.start), 8)
    assert gpu.asked == [8, 4, 2, 1]
    failure = failure_of(raised.value)
    assert (failure.code, failure.retry) == ("out_of_memory", True)


def test_any_other_error_is_not_tried_again() -> None:
    calls = []

    def compute(rows: slice) -> None:
        calls.append(rows)
        raise RuntimeError("illegal memory access")

    with pytest.raises(RuntimeError, match="illegal"):
        Batches(8).run(compute, 8)
    assert len(calls) == 1


def test_a_decoder_without_memory_for_its_batch_answers_the_same(
    torch_decoder: TorchDecoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    gpu, masks = Gpu(most=2), torch_decoder._decoder.masks

    def refusing(image: Any, points: Any, *others: Any) -> Any:
        gpu.allocate(len(points))
        return masks(image, points, *others)

    expected = torch_decoder.run_many(EMBEDDING, COORDINATES, LABELS)
    monkeypatch.setattr(torch_decoder, "_batches", Batches(5))
    monkeypatch.setattr(torch_decoder._decoder, "masks", refusing)
    logits, scores = torch_decoder.run_many(EMBEDDING, COORDINATES, LABELS)
    assert gpu.asked == [5, 2, 2, 1]
    assert np.abs(logits - expected[0]).max() < 0.05
    assert np.abs(scores - expected[1]).max() < 1e-3


def test_an_encoder_without_memory_for_its_batch_gives_the_same(photographs: dict[str, Picture]) -> None:
    gpu, image_encoder = Gpu(most=1), small_sam.build().image_encoder

    class Refusing(torch.nn.Module):  # type: ignore[misc, name-defined]
        def forward(self, frames: Any) -> Any:
            gpu.allocate(len(frames))
            return image_encoder(frames)

    encoder = TorchEncoder(an_object(image_encoder=Refusing()), 2)
    encoder._batches = Batches(2)
    frames = np.concatenate([preprocess(photographs[name].array()) for name in ("bison", "duck")])
    found = encoder.run(frames)
    assert gpu.asked == [2, 1, 1]
    assert found.shape == (2, 256, 64, 64)
    assert np.array_equal(found[1], encoder.encode(photographs["duck"].array()))


def an_object(**attributes: Any) -> Any:
    return type("Object", (), attributes)()


def test_without_a_gpu_torch_falls_back_to_the_cpu_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    torch_runtime.device.cache_clear()
    try:
        assert torch_runtime.device() == "cpu"
    finally:
        torch_runtime.device.cache_clear()
    assert ("There is no GPU", logging.WARNING) in [(each.message[:15], each.levelno) for each in caplog.records]


def test_who_waits_is_taken_along_in_one_turn_and_gets_its_own_rows() -> None:
    sizes: list[int] = []
    first_is_in = threading.Event()

    def compute(rows: Any) -> Any:
        sizes.append(len(rows))
        first_is_in.set()
        time.sleep(0.2)
        return rows * 10

    turns = Turns(compute)
    with ThreadPoolExecutor(5) as pool:
        first = pool.submit(turns.run, np.array([[0.0]], np.float32))
        first_is_in.wait()
        others = [pool.submit(turns.run, np.full((2, 1), number, np.float32)) for number in (1, 2, 3)]
    assert first.result().tolist() == [[0.0]]
    assert [other.result().tolist() for other in others] == [[[n * 10.0]] * 2 for n in (1, 2, 3)]
    assert sizes == [1, 6]


def test_an_error_in_a_turn_reaches_all_of_it_and_the_next_turn_goes_on() -> None:
    def compute(rows: Any) -> Any:
        if rows.min() < 0:
            raise ValueError("negative")
        return rows

    turns = Turns(compute)
    with pytest.raises(ValueError, match="negative"):
        turns.run(np.array([-1], np.float32))
    assert turns.run(np.array([1], np.float32)).tolist() == [1]


def test_proposals_of_an_onnx_model_are_never_made_by_torch(
    store: Store, weights: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch_runtime, "device", lambda: "cuda")
    assert not isinstance(load_batch_decoder(store, "mobile_sam"), TorchDecoder)


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_proposals_of_a_checkpoint_are_made_by_torch_where_there_is_a_gpu(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, device: str
) -> None:
    small_sam.save_checkpoint(tmp_path / "sam.pth")
    small_sam.register(monkeypatch, tmp_path / "sam.pth")
    own = open_store(str(tmp_path / "store"))
    monkeypatch.setattr(torch_runtime, "device", lambda: device)
    if device == "cuda":
        # Which decoder is chosen is asked here; that it runs there is tried where there is a GPU.
        monkeypatch.setattr(torch.nn.Module, "to", lambda module, *_: module)
    with pytest.raises(LookupError):
        load_batch_decoder(own, "vit_b")
    install("vit_b", own, tmp_path / "sam.pth")
    assert isinstance(load_batch_decoder(own, "vit_b"), TorchDecoder) == (device == "cuda")


def test_a_model_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(torch_runtime, "device", lambda: "cuda")
    with pytest.raises(NotInstalled, match="vit_h"):
        load_batch_decoder(open_store(str(tmp_path)), "vit_h")


@needs_gpu
def test_on_a_gpu_prompts_in_batches_are_answered_as_each_by_itself(torch_decoder: TorchDecoder) -> None:
    logits, scores = torch_decoder.run_many(EMBEDDING, COORDINATES, LABELS)
    for number in range(len(LABELS)):
        alone, score = torch_decoder.run(EMBEDDING, COORDINATES[number], LABELS[number], None)
        both, either = (alone > 0) & (logits[number] > 0), (alone > 0) | (logits[number] > 0)
        assert both.sum() >= 0.97 * either.sum()
        assert np.abs(scores[number] - score).max() < 5e-3


@needs_gpu
def test_on_a_gpu_images_in_a_batch_are_encoded_as_each_by_itself(photographs: dict[str, Picture]) -> None:
    encoder = TorchEncoder(small_sam.build(), 1)
    pictures = [each.array() for each in photographs.values()]
    together = encoder.run(np.concatenate([preprocess(each) for each in pictures]))
    for found, picture in zip(together, pictures, strict=True):
        assert np.abs(found - encoder.encode(picture)).max() < 0.05
