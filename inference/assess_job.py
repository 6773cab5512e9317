"""What an assess job does: the signals of some masks of an image, by its embedding; knows nothing of queues."""

from __future__ import annotations

import hashlib
import time
from typing import Any

from inference.assess import disagreement, signals
from inference.assess_contract import packed, unpacked
from inference.embed import embed
from inference.embeddings import unpack
from inference.masks import Rle
from inference.messages import Assessed, AssessTask
from inference.models import model
from inference.runtimes import load_batch_decoder
from inference.settings import Settings
from inference.storage import Store


def assess_masks(task: AssessTask, store: Store, settings: Settings) -> Assessed:
    """Stores the signals of the masks; makes the image's embedding before where it is not there whole."""
    began = time.monotonic()
    found = model(task.embedding.model)
    image = unpack(store.read(embed(task.embedding, store, settings).key))
    decoder = load_batch_decoder(store, task.embedding.model)
    rows = unpacked(store.read(task.masks))["masks"]
    every = {row["id"]: Rle.from_json(row["segmentation"]) for row in rows}
    answers = [
        {
            "id": row["id"],
            "version": row["version"],
            "signals": signals(decoder, image, every[row["id"]], [every[id] for id in every if id != row["id"]])
            | disagreement(every[row["id"]], _theirs(row, rows, every)),
        }
        for row in rows
        if row["wanted"]
    ]
    blob = packed({"signals": answers})
    key = task.masks.replace("masks.json.gz", "signals.json.gz")
    store.write(key, blob)
    return Assessed(
        key=key,
        sha256=hashlib.sha256(blob).hexdigest(),
        bytes=len(blob),
        count=len(answers),
        model_name=found.name,
        model_sha256=found.sha256,
        seconds=round(time.monotonic() - began, 3),
        cached=False,
    )


def _theirs(row: dict[str, Any], rows: list[dict[str, Any]], every: dict[str, Rle]) -> list[tuple[Rle, bool]]:
    """Other people's masks of the image, and whether each has the same class."""
    return [(every[each["id"]], each["class"] == row["class"]) for each in rows if each["by"] != row["by"]]
