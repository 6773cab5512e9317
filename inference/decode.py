"""The fast half of SAM: from an embedding and a prompt to candidate masks. Stateless: a call brings its embedding."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Protocol

import numpy as np
import numpy.typing as npt
import onnxruntime

from inference import masks
from inference.contract import Candidate, Prompt, logits_from_token, token_from_logits
from inference.embeddings import Embedding
from inference.frame import LOGITS_SIDE, SIDE, inner_size
from inference.masks import Rle
from inference.models import decoder_key
from inference.storage import Missing, Store
from inference.upsample import upsample

Floats = npt.NDArray[np.float32]

# A mask that a person gives becomes logits of this size inside and outside. Measured on MobileSAM, a mask alone comes
# back with IoU 0.90 at 30, 0.79 at 10, 0.88 at 100; how well a further click corrects it does not depend on it.
MASK_LOGIT = 30.0
PADDING, CORNERS = -1, (2, 3)
CORES = os.cpu_count() or 1


class DecoderMissing(LookupError):
    """The decoder for these weights is not in the store."""


class Decoder(Protocol):
    """A mask decoder on some runtime. Points are x, y in the 1024 square; of the four answers to a prompt index 0 is
    the single one, 1 to 3 are the three readings. Safe to share between threads."""

    def run(self, embedding: Floats, coordinates: Floats, labels: Floats, mask: Floats | None) -> tuple[Floats, Floats]:
        """(logits [4, 256, 256], predicted IoU [4]) for one prompt: an embedding [256, 64, 64], points [n, 2] with
        labels [n], and mask logits [256, 256]."""

    def run_many(
        self, embedding: Floats, coordinates: Floats, labels: Floats, least: float = -np.inf
    ) -> tuple[Floats, Floats]:
        """(logits [b, 4, 256, 256], predicted IoU [b, 4]) for b prompts in one image: points [b, n, 2] with labels
        [b, n]. Logits take a megabyte a prompt, so callers bring as many prompts as they have memory for; those of
        masks with a predicted IoU below `least` may be left 0."""


class OnnxDecoder:
    """A decoder on ONNX Runtime and the CPU. One prompt runs on one core; many prompts run side by side, one at a time
    on each: in batches they take longer, since a batch's layers no longer fit the caches."""

    def __init__(self, weights: bytes, threads: int = CORES) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="decoder")

    def run(self, embedding: Floats, coordinates: Floats, labels: Floats, mask: Floats | None) -> tuple[Floats, Floats]:
        inputs = {
            "image_embeddings": embedding[None],
            "point_coords": coordinates[None],
            "point_labels": labels[None],
            "mask_input": np.zeros((1, 1, LOGITS_SIDE, LOGITS_SIDE), np.float32) if mask is None else mask[None, None],
            "has_mask_input": np.array([mask is not None], np.float32),
        }
        logits, scores = self._session.run(["masks", "iou"], inputs)
        return logits[0], scores[0]

    def run_many(
        self, embedding: Floats, coordinates: Floats, labels: Floats, least: float = -np.inf
    ) -> tuple[Floats, Floats]:
        logits = np.empty((len(labels), 4, LOGITS_SIDE, LOGITS_SIDE), np.float32)
        scores = np.empty((len(labels), 4), np.float32)

        def answer_one(index: int) -> None:
            logits[index], scores[index] = self.run(embedding, coordinates[index], labels[index], None)

        list(self._pool.map(answer_one, range(len(labels))))
        return logits, scores


_loading = threading.Lock()


def load_decoder(store: Store, weights_sha256: str) -> Decoder:
    """This process's decoder for these weights, loaded once. Raises DecoderMissing."""
    with _loading:
        return _load(store, weights_sha256)


@cache
def _load(store: Store, weights_sha256: str) -> Decoder:
    try:
        return OnnxDecoder(store.read(decoder_key(weights_sha256)))
    except Missing:
        raise DecoderMissing(f"The decoder of the weights {weights_sha256[:12]} is not installed.") from None


def decode(decoder: Decoder, embedding: Embedding, prompt: Prompt) -> list[Candidate]:
    """The masks that the prompt may mean, by score, the highest first: three, or one when prompt.multimask is false,
    less those without a pixel unless all are. Agrees with segment_anything's SamPredictor.predict.

    Raises InvalidPrompt when the prompt makes no sense for the image.
    """
    logits, scores = answer(decoder, embedding, prompt)
    # By the scores as SAM gave them: several above 1 would be equal once they are clamped.
    order = np.argsort(-scores, kind="stable")
    candidates = [candidate(logits[index], float(scores[index]), embedding) for index in order]
    return [each for each in candidates if each.area] or candidates


def answer(decoder: Decoder, embedding: Embedding, prompt: Prompt) -> tuple[Floats, Floats]:
    """(logits [n, 256, 256], predicted IoU [n]) of the decoder, as it gives them: three readings, or one when
    prompt.multimask is false. Raises InvalidPrompt when the prompt makes no sense for the image."""
    logits, scores = answers(decoder, embedding, prompt)
    chosen = slice(1, 4) if prompt.multimask else slice(0, 1)
    return logits[chosen], scores[chosen]


def answers(decoder: Decoder, embedding: Embedding, prompt: Prompt) -> tuple[Floats, Floats]:
    """(logits [4, 256, 256], predicted IoU [4]): the single answer and the three readings. Raises InvalidPrompt."""
    prompt.check(embedding.width, embedding.height)
    coordinates, labels = _points(prompt, embedding.width, embedding.height)
    return decoder.run(embedding.values, coordinates, labels, _mask_logits(prompt))


def _points(prompt: Prompt, width: int, height: int) -> tuple[Floats, Floats]:
    """Points and the box's corners in the 1024 square, and their labels. As in training, points without a box are
    followed by one that counts for nothing."""
    points = [(point.x, point.y, point.label) for point in prompt.points]
    if prompt.box is not None:
        box = prompt.box
        points += [(box.x0, box.y0, CORNERS[0]), (box.x1, box.y1, CORNERS[1])]
    rows = np.array(points, np.float64).reshape(-1, 3)
    inner_width, inner_height = inner_size(width, height)
    rows[:, :2] *= (inner_width / width, inner_height / height)
    if points and prompt.box is None:
        rows = np.concatenate((rows, [(0, 0, PADDING)]))
    return rows[:, :2].astype(np.float32), rows[:, 2].astype(np.float32)


def _mask_logits(prompt: Prompt) -> Floats | None:
    if prompt.logits is not None:
        return logits_from_token(prompt.logits)
    return None if prompt.mask is None else logits_from_mask(prompt.mask)


def logits_from_mask(rle: Rle) -> Floats:
    """Logits [256, 256] that stand for a mask: it is looked up at the centres of the 1024 square's pixels and
    averaged over each four by four of them."""
    height, width = rle.size
    inner_width, inner_height = inner_size(width, height)
    square = np.zeros((SIDE, SIDE), np.bool_)
    square[:inner_height, :inner_width] = sampled(rle, inner_width, inner_height)
    block = SIDE // LOGITS_SIDE
    coverage = square.reshape(LOGITS_SIDE, block, LOGITS_SIDE, block).mean(axis=(1, 3), dtype=np.float32)
    return np.asarray((coverage * 2 - 1) * MASK_LOGIT, np.float32)


def sampled(rle: Rle, width: int, height: int) -> masks.Mask:
    """The mask at width × height points spread evenly over the image; costs what its crop costs."""
    x, y, crop = masks.crop(rle)
    columns = ((np.arange(width) + 0.5) * (rle.size[1] / width)).astype(np.int64) - x
    rows = ((np.arange(height) + 0.5) * (rle.size[0] / height)).astype(np.int64) - y
    across = (columns >= 0) & (columns < crop.shape[1])
    down = (rows >= 0) & (rows < crop.shape[0])
    sampled = np.zeros((height, width), np.bool_)
    sampled[np.ix_(down, across)] = crop[np.ix_(rows[down], columns[across])]
    return sampled


def candidate(logits: Floats, score: float, embedding: Embedding) -> Candidate:
    """The candidate in the image's pixels that logits [256, 256] mean."""
    mask = upsample(logits, embedding.width, embedding.height)
    return Candidate(
        segmentation=mask.rle,
        bbox=masks.bbox(mask.rle),
        area=masks.area(mask.rle),
        score=min(max(score, 0.0), 1.0),
        stability_score=mask.stability_score,
        logits=token_from_logits(logits),
    )
