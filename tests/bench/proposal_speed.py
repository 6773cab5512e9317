"""How long proposals take, beside segment_anything's generator on the same weights and photographs, in one run."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segment_anything import SamAutomaticMaskGenerator

from inference.embeddings import Embedding
from inference.encode import load_encoder
from inference.install import install
from inference.pixels import Picture, inspect
from inference.propose import propose
from inference.runtimes import load_batch_decoder
from inference.storage import open_store
from inference.weights import fetch_weights
from tests.inference.reference import build_sam
from tests.stack import MODELS

DEFAULT_BATCH = 64
BATCHES = (1, 2, 4, 8)
PHOTOGRAPHS = 3


@dataclass(frozen=True)
class Spent:
    """Seconds on the wall, and of all cores together, which other work on the machine changes less."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Speed:
    """Of one photograph, from its pixels to its masks: ours before, between and after the generator's."""

    name: str
    ours: list[Spent]
    defaults: Spent
    best_batch: Spent


def report(photographs: list[Path]) -> str:
    """A line a photograph, and the least ratio of any."""
    sam = build_sam(*(fetch_weights("mobile_sam")[name] for name in ("encoder.onnx", "sam.onnx")))
    ours = generator()
    scanned = {batch: timed(theirs(sam, batch, side=6), picture(photographs[0])).wall for batch in BATCHES}
    best = min(scanned, key=lambda batch: scanned[batch])
    lines = ["The generator, ms a point by batch: " + ", ".join(f"{b}: {s / 36e-3:.0f}" for b, s in scanned.items())]
    lines.append(
        f"{'seconds':<20}{'ours':>22}{'defaults':>10}{'ratio':>8}{'CPU':>8}{f'batch {best}':>10}{'ratio':>8}{'CPU':>8}"
    )
    speeds = []
    for each in photographs:
        speeds.append(beside(each, ours, theirs(sam, DEFAULT_BATCH), theirs(sam, best)))
        lines.append(line(speeds[-1]))
    least = (
        min(s.defaults.wall / max(each.wall for each in s.ours[:2]) for s in speeds),
        min(s.best_batch.wall / max(each.wall for each in s.ours[1:]) for s in speeds),
    )
    lines.append(f"Least ratios, with the slower of ours before and after: {least[0]:.1f} and {least[1]:.1f}.")
    return "\n".join(lines)


def line(speed: Speed) -> str:
    ours = " / ".join(f"{each.wall:.1f}" for each in speed.ours)
    wall, cpu = (statistics.median(getattr(each, name) for each in speed.ours) for name in ("wall", "cpu"))
    theirs = "".join(
        f"{each.wall:>10.1f}{each.wall / wall:>8.1f}{each.cpu / cpu:>8.1f}"
        for each in (speed.defaults, speed.best_batch)
    )
    return f"{speed.name:<20}{ours:>22}{theirs}"


Call = Callable[[Picture], Any]


def beside(photograph: Path, ours: Call, defaults: Call, best_batch: Call) -> Speed:
    """In turn, since a machine's speed drifts."""
    image = picture(photograph)
    calls = (ours, defaults, ours, best_batch, ours)
    first, slow, second, faster, third = (timed(call, image) for call in calls)
    return Speed(photograph.stem, [first, second, third], slow, faster)


def picture(photograph: Path) -> Picture:
    return inspect(photograph.read_bytes())


def timed(call: Call, image: Picture) -> Spent:
    wall, cpu = time.perf_counter(), time.process_time()
    call(image)
    return Spent(time.perf_counter() - wall, time.process_time() - cpu)


def generator() -> Call:
    """Ours, as the worker runs it: the encoder, then propose with its defaults."""
    store = open_store(str(MODELS))
    install("mobile_sam", store)
    encoder, decoder = load_encoder(store, "mobile_sam", 2), load_batch_decoder(store, "mobile_sam")

    def call(image: Picture) -> Any:
        return propose(decoder, Embedding(encoder.encode(image.array()), image.width, image.height))

    return call


def theirs(sam: Any, batch: int, side: int = 32) -> Call:
    made = SamAutomaticMaskGenerator(sam, points_per_side=side, points_per_batch=batch)
    return lambda image: made.generate(image.array())
