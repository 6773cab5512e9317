"""SAM on torch and segment_anything (the extra `[sam]`): on the GPU where there is one, else on the CPU.

On the GPU images, and prompts that come by the many, are computed in batches and half precision. A single prompt is
computed in float32, as are the places of all: measured on MobileSAM, half precision moves scores by 0.001 and, where
places are computed in it too, the IoU of masks by up to 0.07.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import cache

import numpy as np

from inference.checkpoints import PromptDecoder, load
from inference.encode import Floats, Pixels, preprocess
from inference.frame import EMBEDDING_SHAPE, LOGITS_SIDE
from inference.models import Model, RuntimeMissing, checkpoint_key
from inference.storage import Store

try:
    import torch
    from segment_anything.modeling import Sam
except ImportError:
    raise RuntimeMissing("A SAM checkpoint") from None

log = logging.getLogger(__name__)

# On a CPU a batch takes longer than its parts. On a GPU more than these is no faster.
IMAGES_AT_ONCE = {"cuda": 4, "cpu": 1}
PROMPTS_AT_ONCE = {"cuda": 64, "cpu": 1}


@cache
def load_sam(store: Store, found: Model) -> Sam:
    """The model's Sam, which its encoder and its decoder share. Raises Missing and BadCheckpoint."""
    with store.open(checkpoint_key(found.sha256)) as checkpoint:
        return load(found, checkpoint)


@cache
def device() -> str:
    """Where torch computes on this machine; says so in the log when it is not a GPU."""
    if torch.cuda.is_available():
        return "cuda"
    log.warning("There is no GPU: torch runs on the CPU, where an image may take minutes.")
    return "cpu"


class TorchEncoder:
    """A Sam's image encoder. Threads share it: whoever's turn it is encodes all images that wait by then, in one
    batch where there is a GPU. `threads` is how many cores it uses without."""

    def __init__(self, sam: Sam, threads: int) -> None:
        self._device = device()
        if self._device == "cpu":
            torch.set_num_threads(threads)
        self._encoder = sam.image_encoder.to(self._device)
        self._batches = Batches(IMAGES_AT_ONCE[self._device])
        self._turns = Turns(self._encode_waiting)

    def encode(self, image: Pixels) -> Floats:
        embedding: Floats = self.run(preprocess(image))[0]
        return embedding

    def run(self, frames: Floats) -> Floats:
        return self._turns.run(frames)

    def _encode_waiting(self, frames: Floats) -> Floats:
        embeddings = np.empty((len(frames), *EMBEDDING_SHAPE), np.float32)

        def encode(rows: slice) -> None:
            embeddings[rows] = self._batch(frames[rows])

        self._batches.run(encode, len(frames))
        return embeddings

    @torch.inference_mode()
    def _batch(self, frames: Floats) -> Floats:
        with torch.autocast(self._device, torch.float16, enabled=self._device == "cuda"):
            return _numbers(self._encoder(torch.from_numpy(frames).to(self._device)))


class TorchDecoder:
    """A Sam's prompt encoder and mask decoder."""

    def __init__(self, sam: Sam) -> None:
        self._device = device()
        self._decoder = PromptDecoder(sam).eval().to(self._device)
        self._batches = Batches(PROMPTS_AT_ONCE[self._device])

    @torch.inference_mode()
    def run(self, embedding: Floats, coordinates: Floats, labels: Floats, mask: Floats | None) -> tuple[Floats, Floats]:
        logits, scores = self._answers(self._sent(embedding[None]), coordinates[None], labels[None], mask)
        return logits[0], scores[0]

    @torch.inference_mode()
    def run_many(
        self, embedding: Floats, coordinates: Floats, labels: Floats, least: float = -np.inf
    ) -> tuple[Floats, Floats]:
        logits = np.empty((len(labels), 4, LOGITS_SIDE, LOGITS_SIDE), np.float32)
        scores = np.empty((len(labels), 4), np.float32)
        image = self._sent(embedding[None])

        def answer(rows: slice) -> None:
            half = self._device == "cuda"
            logits[rows], scores[rows] = self._answers(image, coordinates[rows], labels[rows], None, half)

        self._batches.run(answer, len(labels))
        return logits, scores

    def _answers(
        self, image: torch.Tensor, coordinates: Floats, labels: Floats, mask: Floats | None, half: bool = False
    ) -> tuple[Floats, Floats]:
        given = np.zeros((LOGITS_SIDE, LOGITS_SIDE), np.float32) if mask is None else mask
        prompts = self._decoder.prompts(
            self._sent(coordinates),
            self._sent(labels),
            self._sent(given[None, None]),
            self._sent(np.array([mask is not None], np.float32)),
        )
        with torch.autocast(self._device, torch.float16, enabled=half):
            logits, scores = self._decoder.masks(image, *prompts)
        return _numbers(logits), _numbers(scores)

    def _sent(self, values: Floats) -> torch.Tensor:
        return torch.from_numpy(values).to(self._device)


class Batches:
    """Rows in batches of at most `size`. A batch that the GPU has no memory for is halved, and so are all after it."""

    def __init__(self, size: int) -> None:
        self.size = size

    def run(self, compute: Callable[[slice], None], count: int) -> None:
        """Computes rows 0 to count. Raises torch.OutOfMemoryError when one row alone is too much."""
        start = 0
        while start < count:
            rows = slice(start, min(start + self.size, count))
            if self._fits(compute, rows):
                start = rows.stop
            else:
                # Not while the error is handled: it holds on to the memory of the batch that failed.
                torch.cuda.empty_cache()

    def _fits(self, compute: Callable[[slice], None], rows: slice) -> bool:
        try:
            compute(rows)
        except torch.OutOfMemoryError:
            taken = rows.stop - rows.start
            if taken == 1:
                raise
            self.size = taken // 2
            log.warning("The GPU has no memory for %d at once; going on with %d.", taken, self.size)
            return False
        return True


class Turns:
    """Lets threads share what computes many rows at once better than one by one: of the threads that wait, the one
    whose turn it is computes the rows of all."""

    def __init__(self, compute: Callable[[Floats], Floats]) -> None:
        self._compute = compute
        self._turn = threading.Lock()
        self._lock = threading.Lock()
        self._waiting: list[tuple[Floats, Future[Floats]]] = []

    def run(self, rows: Floats) -> Floats:
        """What `compute` makes of the rows. An error of a turn is everyone's whose rows were in it."""
        answer = Future[Floats]()
        with self._lock:
            self._waiting.append((rows, answer))
        with self._turn:
            if not answer.done():
                self._take_turn()
        return answer.result()

    def _take_turn(self) -> None:
        with self._lock:
            taken, self._waiting = self._waiting, []
        try:
            found = self._compute(np.concatenate([rows for rows, _ in taken]))
        except BaseException as error:
            for _, answer in taken:
                answer.set_exception(error)
            return
        ends = np.cumsum([len(rows) for rows, _ in taken])
        for part, (_, answer) in zip(np.split(found, ends[:-1]), taken, strict=True):
            answer.set_result(part)


def _numbers(values: torch.Tensor) -> Floats:
    found: Floats = values.float().cpu().numpy()
    return found
