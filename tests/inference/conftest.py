"""The model, installed once for all runs, and photographs to point at."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from inference.decode import Decoder, load_decoder
from inference.embeddings import Embedding
from inference.encode import Encoder, load_encoder
from inference.install import install
from inference.models import encoder_key
from inference.pixels import Picture, inspect
from inference.point_decoder import PointDecoder, load_point_decoder
from inference.storage import Store, open_store
from inference.weights import fetch_weights

if TYPE_CHECKING:
    from segment_anything.modeling import Sam

    from inference.torch_runtime import TorchDecoder

# So that tests import `reference` whatever import mode pytest runs in.
sys.path.insert(0, str(Path(__file__).parent))

ROOT = Path(__file__).resolve().parents[2]
PHOTOS = ROOT / "labeling" / "demo" / "photos"
CACHE = ROOT / "var" / "test-store"
THREADS = 2


@pytest.fixture(scope="session")
def store() -> Store:
    """A store that outlives the run: it keeps the models, so that only the first run waits for npm."""
    return open_store(str(CACHE))


@pytest.fixture(scope="session")
def weights(store: Store) -> str:
    """The SHA-256 of mobile_sam's weights, which are in the store."""
    return install("mobile_sam", store)


@pytest.fixture(scope="session")
def encoder(store: Store, weights: str) -> Encoder:
    return load_encoder(store, "mobile_sam", THREADS)


@pytest.fixture(scope="session")
def decoder(store: Store, weights: str) -> Decoder:
    return load_decoder(store, weights)


@pytest.fixture(scope="session")
def point_decoder(store: Store, weights: str) -> Decoder:
    """What answers clicks and makes proposals on a CPU."""
    found = load_point_decoder(store, weights)
    assert isinstance(found, PointDecoder)
    return found


@pytest.fixture(scope="session")
def photographs() -> dict[str, Picture]:
    return {name: inspect((PHOTOS / f"{name}.jpg").read_bytes()) for name in ("bison", "duck", "owl")}


@pytest.fixture(scope="session")
def embedded(encoder: Encoder, photographs: dict[str, Picture]) -> dict[str, Embedding]:
    """The photographs' embeddings, unpacked from no store: exactly what the encoder gave."""
    return {
        name: Embedding(encoder.encode(each.array()), each.width, each.height) for name, each in photographs.items()
    }


@pytest.fixture(scope="session")
def sam(store: Store, weights: str) -> Sam:
    """segment_anything's own Sam on the same weights, on the CPU."""
    return _sam(store, weights)


@pytest.fixture(scope="session")
def torch_decoder(store: Store, weights: str) -> TorchDecoder:
    """The same weights on torch; with a Sam of its own, which is on the GPU where there is one."""
    from inference.torch_runtime import TorchDecoder

    return TorchDecoder(_sam(store, weights))


def _sam(store: Store, weights: str) -> Sam:
    """The decoder's export is kept beside the models, since the store has the cut decoder."""
    import torch
    from reference import build_sam  # type: ignore[import-not-found]

    # Its threads wait for each other busily, which takes ten times as long where others use the cores too.
    torch.set_num_threads(1)
    if not store.exists("package/sam.onnx"):
        store.write("package/sam.onnx", fetch_weights("mobile_sam")["sam.onnx"])
    return build_sam(store.read(encoder_key(weights)), store.read("package/sam.onnx"))
