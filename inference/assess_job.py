"""What an assess job does: the signals of some masks of an image, by its embedding; knows nothing of queues."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import Any

from inference import masks
from inference.assess import disagreement, signals
from inference.assess_contract import packed, unpacked
from inference.decode import Decoder
from inference.embed import embed
from inference.embeddings import Embedding, unpack
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
    every = [Seen.of(row) for row in rows]
    answers = [_answer(decoder, image, each, every) for each in every if each.wanted]
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


@dataclass(frozen=True)
class Seen:
    """A mask of the message."""

    id: str
    version: int
    by: str
    label_class: str
    wanted: bool
    mask: Rle
    box: masks.Box

    @classmethod
    def of(cls, row: dict[str, Any]) -> Seen:
        # Stored by us, so not validated again: masks from before there were limits are assessed too.
        mask = Rle((row["segmentation"]["size"][0], row["segmentation"]["size"][1]), row["segmentation"]["counts"])
        return cls(row["id"], row["version"], row["by"], row["class"], row["wanted"], mask, masks.bbox(mask))


def _answer(decoder: Decoder, image: Embedding, one: Seen, every: list[Seen]) -> dict[str, Any]:
    # Comparing pixels costs a hundred times what comparing boxes does.
    others = [each for each in every if each is not one and masks.meet(one.box, each.box)]
    theirs = [(each.mask, each.label_class == one.label_class) for each in others if each.by != one.by]
    found = signals(decoder, image, one.mask, [each.mask for each in others])
    return {"id": one.id, "version": one.version, "signals": found | disagreement(one.mask, theirs)}
