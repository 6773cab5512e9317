"""The queue `inference`: decode the message, call the engine, encode the result; nothing else."""

from __future__ import annotations

from functools import cache
from typing import Any

from inference.assess_job import assess_masks
from inference.celery import app, reporter
from inference.embed import embed, failure_of
from inference.messages import (
    ASSESS_TASK,
    EMBED_TASK,
    PROPOSE_TASK,
    TILE_TASK,
    AssessTask,
    EmbedTask,
    ProposeTask,
    TileTask,
)
from inference.propose_job import propose_masks
from inference.settings import settings
from inference.storage import Store, open_store
from inference.tile_job import Meter, tile


@cache
def store() -> Store:
    return open_store(settings().storage, settings().timeouts)


@app.task(name=EMBED_TASK)
def embed_image(**message: Any) -> None:
    task = EmbedTask.from_json(message)
    reporter.run(task.job, task.attempt, lambda: embed(task, store(), settings()), failure_of)


@app.task(name=PROPOSE_TASK)
def propose_for_image(**message: Any) -> None:
    task = ProposeTask.from_json(message)
    reporter.run(task.job, task.attempt, lambda: propose_masks(task, store(), settings()), failure_of)


@app.task(name=TILE_TASK)
def tile_image(**message: Any) -> None:
    task, meter = TileTask.from_json(message), Meter()
    work = lambda: tile(task, store(), settings(), meter)  # noqa: E731
    reporter.run(task.job, task.attempt, work, failure_of, progress=lambda: meter.share)


@app.task(name=ASSESS_TASK)
def assess_masks_of_image(**message: Any) -> None:
    task = AssessTask.from_json(message)
    reporter.run(
        task.embedding.job, task.embedding.attempt, lambda: assess_masks(task, store(), settings()), failure_of
    )
