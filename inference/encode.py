"""The slow half of SAM: from an image to its embedding."""

from __future__ import annotations

import threading
from functools import cache
from typing import Protocol

import numpy as np
import numpy.typing as npt
import onnxruntime
from PIL import Image

from inference.frame import SIDE, inner_size
from inference.models import Model, NotInstalled, encoder_key, model
from inference.storage import Missing, Store

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

# The mean and deviation of the pixels that SAM was trained on, RGB in 0…255.
MEAN = np.array([123.675, 116.28, 103.53], np.float32)
DEVIATION = np.array([58.395, 57.12, 57.375], np.float32)


class Encoder(Protocol):
    """An image encoder on some runtime. Threads may share it; what they bring is encoded in turn."""

    def encode(self, image: Pixels) -> Floats:
        """The embedding, float32 [256, 64, 64], of an upright RGB image, uint8 [height, width, 3]."""

    def run(self, frames: Floats) -> Floats:
        """The embeddings [n, 256, 64, 64] of frames [n, 3, 1024, 1024], each as `preprocess` makes it."""


class OnnxEncoder:
    """An image encoder on ONNX Runtime: `input` [1, 3, 1024, 1024] → [1, 256, 64, 64]."""

    def __init__(self, weights: bytes, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        usable = onnxruntime.get_available_providers()
        providers = [each for each in ("CUDAExecutionProvider", "CPUExecutionProvider") if each in usable]
        self._session = onnxruntime.InferenceSession(weights, options, providers=providers)
        self._turn = threading.Lock()

    def encode(self, image: Pixels) -> Floats:
        embedding: Floats = self.run(preprocess(image))[0]
        return embedding

    def run(self, frames: Floats) -> Floats:
        return np.concatenate([self._run(frame[None]) for frame in frames])

    def _run(self, frame: Floats) -> Floats:
        # One image has all the cores: two at once would be no faster, and take the memory of two.
        with self._turn:
            embedding: Floats = self._session.run(None, {"input": frame})[0]
            return embedding


def preprocess(image: Pixels) -> Floats:
    """The encoder's input, float32 [1, 3, 1024, 1024]: the longer side scaled to 1024 as segment_anything does it
    (bilinear with antialiasing, rounded to bytes), normalised, zeros to the right and below."""
    width, height = inner_size(image.shape[1], image.shape[0])
    scaled = np.asarray(Image.fromarray(image).resize((width, height), Image.Resampling.BILINEAR), np.float32)
    square = np.zeros((1, 3, SIDE, SIDE), np.float32)
    square[0, :, :height, :width] = ((scaled - MEAN) / DEVIATION).transpose(2, 0, 1)
    return square


_loading = threading.Lock()


def load_encoder(store: Store, name: str, threads: int) -> Encoder:
    """This process's encoder of the model `name`, loaded once. Raises UnknownModel, NotInstalled and RuntimeMissing."""
    with _loading:
        return _load(store, model(name), threads)


@cache
def _load(store: Store, found: Model, threads: int) -> Encoder:
    try:
        if found.runtime == "onnx":
            return OnnxEncoder(store.read(encoder_key(found.sha256)), threads)
        return _torch_encoder(store, found, threads)
    except Missing:
        raise NotInstalled(found.name) from None


def _torch_encoder(store: Store, found: Model, threads: int) -> Encoder:
    # Only here: torch takes seconds to import, and the workers of other models do not have it.
    from inference import torch_runtime

    return torch_runtime.TorchEncoder(torch_runtime.load_sam(store, found), threads)
