"""Encoding: a hundred photographs through what a worker does with its messages, beside the bare encoder."""

import hashlib
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from celery import Celery

from inference.broker import celery_settings
from inference.embed import embed, failure_of
from inference.encode import Encoder, Floats, load_encoder, preprocess
from inference.install import install
from inference.messages import EmbedTask
from inference.models import MODELS, Model, WeightFile, model
from inference.pixels import inspect
from inference.reports import Reporter
from inference.settings import Settings, read
from inference.storage import Store, open_store
from tests.stack import MODELS as MODEL_STORE
from tests.stack import ROOT

PHOTOS = ROOT / "labeling" / "demo" / "photos"
BLOCKS, BLOCK = 10, 10  # a hundred photographs, in blocks that take turns with as many of the bare encoder
JOBS_AT_ONCE = 2  # as the worker is started (labeling/demo/processes.py)


@dataclass(frozen=True)
class Spent:
    """What a block took: seconds on the wall and of all cores together, an image."""

    wall: float
    cpu: float


def report() -> str:
    lines = [f"{'encoding 100 photographs, s an image':<44}{'worker':>9}{'bare':>9}{'rate':>7}{'CPU':>9}{'bare':>9}"]
    lines.append(row("mobile_sam on ONNX Runtime", measured("mobile_sam", open_store(str(MODEL_STORE)))))
    lines.append(on_a_gpu())
    return "\n".join(lines)


def row(what: str, blocks: list[tuple[Spent, Spent]]) -> str:
    """Medians over the blocks; the rate is the worker's as a share of the bare encoder's."""
    ours, bare = zip(*blocks, strict=True)
    wall, bare_wall = (statistics.median(each.wall for each in side) for side in (ours, bare))
    cpu, bare_cpu = (statistics.median(each.cpu for each in side) for side in (ours, bare))
    rate = statistics.median(b.wall / a.wall for a, b in blocks)
    return f"{what:<44}{wall:>9.3f}{bare_wall:>9.3f}{rate:>7.0%}{cpu:>9.3f}{bare_cpu:>9.3f}"


def measured(name: str, models: Store) -> list[tuple[Spent, Spent]]:
    """For each block, the worker's part and the bare encoder's right after it."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"{folder}/storage")
        weights = install(name, models)
        for file in models.filesystem.glob(f"{models.root}/models/{weights}/*"):
            store.write(f"models/{weights}/{Path(file).name}", Path(file).read_bytes())
        settings = read(os.environ)
        encoder = load_encoder(store, name, settings.threads)
        frame = preprocess(inspect(next(PHOTOS.glob("*.jpg")).read_bytes()).array())
        with reporting(Path(folder)) as reporter:
            work = worker(reporter, store, settings)
            work(tasks(store, name, 0, 2))
            encoder.run(frame)
            starts = range(2, 2 + BLOCKS * BLOCK, BLOCK)
            return [beside(work, tasks(store, name, start, BLOCK), encoder, frame) for start in starts]


def beside(
    work: Callable[[list[EmbedTask]], None], messages: list[EmbedTask], encoder: Encoder, frame: Floats
) -> tuple[Spent, Spent]:
    return spent(partial(work, messages)), spent(partial(bare, encoder, frame))


def bare(encoder: Encoder, frame: Floats) -> None:
    for _ in range(BLOCK):
        encoder.run(frame)


def spent(block: Callable[[], object]) -> Spent:
    wall, cpu = time.perf_counter(), time.process_time()
    block()
    return Spent((time.perf_counter() - wall) / BLOCK, (time.process_time() - cpu) / BLOCK)


def tasks(store: Store, name: str, start: int, count: int) -> list[EmbedTask]:
    """Messages for so many of the demo's photographs in turn, each of bytes that nobody has embedded."""
    photographs = sorted(PHOTOS.glob("*.jpg"))
    return [task(store, name, photographs[number % len(photographs)], number) for number in range(start, start + count)]


def task(store: Store, name: str, photograph: Path, number: int) -> EmbedTask:
    data = photograph.read_bytes() + number.to_bytes(4, "big")
    sha256 = hashlib.sha256(data).hexdigest()
    store.write(f"originals/{sha256}", data)
    return EmbedTask(str(number), 1, None, f"originals/{sha256}", sha256, name)


def worker(reporter: Reporter, store: Store, settings: Settings) -> Callable[[list[EmbedTask]], None]:
    """What tasks.py does with each message, as many at once as a worker takes."""

    def run(message: EmbedTask) -> None:
        reporter.run(message.job, message.attempt, lambda: embed(message, store, settings), failure_of)

    def work(messages: list[EmbedTask]) -> None:
        with ThreadPoolExecutor(JOBS_AT_ONCE) as pool:
            list(pool.map(run, messages))

    return work


@contextmanager
def reporting(folder: Path) -> Iterator[Reporter]:
    """A reporter whose messages go to a broker that nobody reads."""
    app = Celery("bench", set_as_current=False)
    app.conf.update(celery_settings(f"filesystem://{folder}/broker"))
    yield Reporter(app)
    app.close()


def on_a_gpu() -> str:
    """SAM ViT-B with random weights, on which speed does not depend."""
    import torch

    if not torch.cuda.is_available():
        return "There is no GPU: SAM ViT-B on torch was not measured."
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"{folder}/models")
        found = random_vit_b(Path(folder))
        MODELS[found.name] = found
        install(found.name, store, Path(folder) / found.files[0].name)
        return row("SAM ViT-B on torch and CUDA", measured(found.name, store))


def random_vit_b(folder: Path) -> Model:
    import torch
    from segment_anything import sam_model_registry

    found = model("vit_b")
    path = folder / found.files[0].name
    torch.save(sam_model_registry["vit_b"]().state_dict(), path)
    return replace(found, files=(WeightFile(path.name, hashlib.sha256(path.read_bytes()).hexdigest()),))


if __name__ == "__main__":
    print(report())
