"""What a propose job does, and how proposals are stored; knows nothing of queues.

A blob is one gzipped JSON document, which the web side hands out as it is: {"proposals": […], "model": "name@weights"}.
gzip's CRC-32 and length tell a damaged or truncated one.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import asdict, replace

from inference.embed import embed
from inference.embeddings import Embedding, unpack
from inference.messages import EmbedTask, Proposed, ProposeTask
from inference.models import PREPROCESSING, Model, model
from inference.propose import crop_boxes, propose
from inference.propose_contract import CropBox, Proposal, ProposalSettings
from inference.regions import Region
from inference.runtimes import load_batch_decoder
from inference.settings import Settings
from inference.storage import Missing, Store

METHOD = "1"  # a part of every key: another one where the same image and settings have other proposals

# One image's proposals have all the cores: two at once would be no faster, and take the memory of two.
_one_at_a_time = threading.Lock()


def proposals_key(image_sha256: str, weights_sha256: str, settings: ProposalSettings) -> str:
    """Where the proposals lie: by the original file's SHA-256, the weights', and all that they are asked with."""
    asked = json.dumps([METHOD, asdict(settings)], sort_keys=True)
    digest = hashlib.sha256(asked.encode()).hexdigest()[:16]
    return f"proposals/{image_sha256}/{weights_sha256}-{PREPROCESSING}-{digest}.json.gz"


def propose_masks(task: ProposeTask, store: Store, settings: Settings) -> Proposed:
    """Makes sure that the image's proposals are stored, and its embedding before them; computes what is not there
    whole."""
    began = time.monotonic()
    found = model(task.model)
    key = proposals_key(task.sha256, found.sha256, task.settings)
    with _one_at_a_time:
        blob = _stored(store, key)
        cached = blob is not None
        if blob is None:
            blob = pack(_computed(task, store, settings), found)
            store.write(key, blob)
    return Proposed(
        key=key,
        sha256=hashlib.sha256(blob).hexdigest(),
        bytes=len(blob),
        count=count(blob),
        model_name=found.name,
        model_sha256=found.sha256,
        seconds=round(time.monotonic() - began, 3),
        cached=cached,
    )


def pack(proposals: list[Proposal], found: Model) -> bytes:
    """The stored form; the same bytes for the same proposals."""
    document = {
        "proposals": [proposal.to_json() for proposal in proposals],
        "model": f"{found.name}@{found.sha256[:12]}",
    }
    return gzip.compress(json.dumps(document, separators=(",", ":")).encode(), 6, mtime=0)


def count(blob: bytes) -> int:
    """How many proposals are in the stored form. Raises OSError, EOFError, zlib.error or ValueError when it is not
    whole."""
    return len(json.loads(gzip.decompress(blob))["proposals"])


def _stored(store: Store, key: str) -> bytes | None:
    try:
        blob = store.read(key)
    except Missing:
        return None
    try:
        count(blob)
    except (OSError, EOFError, zlib.error, ValueError):
        return None
    return blob


def _computed(task: ProposeTask, store: Store, settings: Settings) -> list[Proposal]:
    embedding = _embedding(task.embedding, store, settings)
    crops = _crops(task, embedding, store, settings) if task.settings.crops else ()
    return propose(load_batch_decoder(store, task.model), embedding, task.settings, crops)


def _crops(
    task: ProposeTask, whole: Embedding, store: Store, settings: Settings
) -> Iterator[tuple[CropBox, Embedding]]:
    for x, y, width, height in crop_boxes(whole.width, whole.height):
        part = replace(task.embedding, region=Region(x, y, x + width, y + height))
        yield (x, y, width, height), _embedding(part, store, settings)


def _embedding(task: EmbedTask, store: Store, settings: Settings) -> Embedding:
    return unpack(store.read(embed(task, store, settings).key))
