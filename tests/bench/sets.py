"""The sets of photographs that `BENCH_DATA` brings, and their embeddings, made once a machine."""

import hashlib
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from pycocotools import mask

from inference.decode import Decoder
from inference.embeddings import VERSION, Embedding, embedding_key, pack, unpack
from inference.encode import load_encoder
from inference.install import install
from inference.masks import Mask
from inference.pixels import inspect
from inference.point_decoder import load_point_decoder
from inference.storage import open_store
from tests.stack import MODELS


@dataclass(frozen=True)
class Target:
    """An object to be labeled: its name, the photograph it is in, and its mask [height, width]."""

    name: str
    photograph: Path
    mask: Mask


def berkeley(data: Path) -> Iterator[Target]:
    """Photographs with one object each, the mask's file named like the photograph's, with a letter for a second."""
    for file in sorted((data / "berkeley" / "masks").iterdir()):
        drawn = np.asarray(cv2.imread(str(file), cv2.IMREAD_GRAYSCALE))
        photograph = data / "berkeley" / "images" / f"{file.stem.rstrip('ab')}.jpg"
        yield Target(file.stem, photograph, drawn > 127)


@cache
def model() -> tuple[str, Decoder]:
    """The SHA-256 of mobile_sam's weights, and its decoder."""
    store = open_store(str(MODELS))
    weights = install("mobile_sam", store)
    return weights, load_point_decoder(store, weights)


def embedding(photograph: Path) -> Embedding:
    """As the API reads it: out of its stored form, which is made once and kept in the temporary folder."""
    kept = open_store(str(Path(tempfile.gettempdir()) / f"maskwright-bench-{VERSION}"))
    data = photograph.read_bytes()
    key = embedding_key(hashlib.sha256(data).hexdigest(), model()[0])
    if not kept.exists(key):
        picture = inspect(data)
        values = load_encoder(open_store(str(MODELS)), "mobile_sam", 1).encode(picture.array())
        kept.write(key, pack(Embedding(values, picture.width, picture.height)))
    return unpack(kept.read(key))


def coco(data: Path) -> dict[Path, list[Mask]]:
    """Photographs and the masks of their objects, crowds left out."""
    instances = json.loads((data / "coco" / "instances.json").read_text())
    sizes = {each["id"]: (each["height"], each["width"]) for each in instances["images"]}
    objects: dict[int, list[Mask]] = {each: [] for each in sizes}
    for each in instances["annotations"]:
        if not each["iscrowd"]:
            parts = mask.frPyObjects(each["segmentation"], *sizes[each["image_id"]])
            objects[each["image_id"]].append(mask.decode(mask.merge(parts)) > 0)
    return {
        data / "coco" / "images" / each["file_name"]: objects[each["id"]]
        for each in sorted(instances["images"], key=lambda each: str(each["file_name"]))
    }
