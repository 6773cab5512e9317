"""Decodes points and boxes on a CPU in about 0.6 of the time, by the graphs of point_graph.py."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import numpy.typing as npt
import onnxruntime

from inference.decode import CORES, PADDING, Decoder, load_decoder
from inference.decoder_parameters import NO_MASK, TOKENS, parameters
from inference.frame import EMBEDDING_SHAPE, LOGITS_SIDE, SIDE
from inference.models import decoder_key
from inference.point_graph import MASKS, Parameters, masks_graph, transformer_graph
from inference.storage import Store

Floats = npt.NDArray[np.float32]

log = logging.getLogger(__name__)

# The work grows with the points; beyond these the export is as fast.
FEW_POINTS = 12


class PointDecoder:
    """As `decoder`, whose export to ONNX `weights` is, and with its answers, which it is asked for where a prompt has a
    mask or many points. Of many prompts it works out the scores first, and then only the masks that are asked for.
    Raises KeyError for an export whose parameters cannot all be told."""

    def __init__(self, decoder: Decoder, weights: bytes, threads: int = CORES) -> None:
        found = parameters(weights)
        self._decoder = decoder
        self._transformer = _session(transformer_graph(found))
        self._masks = _session(masks_graph(found))
        self._prompts = _Prompts(found)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="points")

    def run(self, embedding: Floats, coordinates: Floats, labels: Floats, mask: Floats | None) -> tuple[Floats, Floats]:
        if mask is not None or len(labels) > FEW_POINTS:
            return self._decoder.run(embedding, coordinates, labels, mask)
        tokens = self._prompts.tokens(coordinates[None], labels[None])[0]
        scores, seen, filters = self._scored(self._image(embedding), tokens)
        return self._drawn(seen, filters), scores

    def run_many(
        self, embedding: Floats, coordinates: Floats, labels: Floats, least: float = -np.inf
    ) -> tuple[Floats, Floats]:
        logits = np.zeros((len(labels), MASKS, LOGITS_SIDE, LOGITS_SIDE), np.float32)
        scores = np.empty((len(labels), MASKS), np.float32)
        image, tokens = self._image(embedding), self._prompts.tokens(coordinates, labels)

        def answer_one(index: int) -> None:
            scores[index], seen, filters = self._scored(image, tokens[index])
            wanted = np.flatnonzero(scores[index] >= least)
            if len(wanted):
                logits[index, wanted] = self._drawn(seen, filters[wanted])

        list(self._pool.map(answer_one, range(len(labels))))
        return logits, scores

    def _image(self, embedding: Floats) -> dict[str, Floats]:
        return {"places": self._prompts.places(embedding), "positions": self._prompts.positions}

    def _scored(self, image: dict[str, Floats], tokens: Floats) -> tuple[Floats, Floats, Floats]:
        """The scores of the four masks, and what they are drawn from."""
        scores, seen, filters = self._transformer.run(["scores", "seen", "filters"], {"tokens": tokens, **image})
        return scores, seen, filters

    def _drawn(self, seen: Floats, filters: Floats) -> Floats:
        logits: Floats = self._masks.run(["logits"], {"seen": seen, "filters": filters})[0]
        return logits


def _session(graph: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


class _Prompts:
    """SAM's prompt encoder, without masks: what goes into the transformer."""

    def __init__(self, found: Parameters) -> None:
        encoder = "prompt_encoder"
        self._frequencies = found[f"{encoder}.pe_layer.positional_encoding_gaussian_matrix"]
        kinds = ["not_a_point_embed.weight", *(f"point_embeddings.{label}.weight" for label in range(4))]
        self._kinds = np.concatenate([found[f"{encoder}.{kind}"] for kind in kinds])
        self._tokens = found[TOKENS]
        self._no_mask = found[NO_MASK]
        side = EMBEDDING_SHAPE[1]
        rows, columns = np.divmod(np.arange(side * side), side)
        self.positions = self._encoded((np.stack((columns, rows), 1) + 0.5) / side)

    def places(self, embedding: Floats) -> Floats:
        """[4096, 256], row by row, of an embedding [256, 64, 64]."""
        return np.ascontiguousarray(embedding.reshape(EMBEDDING_SHAPE[0], -1).T) + self._no_mask

    def tokens(self, coordinates: Floats, labels: Floats) -> Floats:
        """[b, 5 + n, 256] of points [b, n, 2] in the square with labels [b, n]."""
        encoded = self._encoded((coordinates + 0.5) / SIDE)
        points = np.where(labels[..., None] == PADDING, 0, encoded) + self._kinds[labels.astype(np.int64) - PADDING]
        own = np.broadcast_to(self._tokens, (len(labels), *self._tokens.shape))
        return np.concatenate((own, points), axis=1)

    def _encoded(self, shares: npt.NDArray[np.floating]) -> Floats:
        """[..., 256] of places [..., 2], x and y as shares of the square."""
        angles = (2 * shares.astype(np.float32) - 1) @ self._frequencies * np.float32(2 * np.pi)
        return np.concatenate((np.sin(angles), np.cos(angles)), axis=-1)


_loading = threading.Lock()


def load_point_decoder(store: Store, weights_sha256: str) -> Decoder:
    """This process's decoder on the CPU for these weights, loaded once. Raises DecoderMissing."""
    with _loading:
        return _load(store, weights_sha256)


@cache
def _load(store: Store, weights_sha256: str) -> Decoder:
    decoder = load_decoder(store, weights_sha256)
    try:
        return PointDecoder(decoder, store.read(decoder_key(weights_sha256)))
    except KeyError as name:
        log.warning("The decoder %s lacks %s: clicks and proposals will take longer.", weights_sha256[:12], name)
        return decoder
