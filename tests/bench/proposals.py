"""Proposals: how many of the people's objects are among them, how many they are, and how long they take."""

import json
import statistics
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from pycocotools import mask as coco

from inference.masks import Mask
from inference.propose import propose
from tests.bench import proposal_speed, sets
from tests.bench.proposal_speed import PHOTOGRAPHS
from tests.bench.timing import milliseconds

IOUS = np.arange(0.5, 1, 0.05)
TUNED_ON = 14  # every second photograph, the first fourteen of them


@dataclass(frozen=True)
class Found:
    """Of one photograph: each object's best IoU, the number of proposals, and ms (0 where not measured)."""

    best: list[float]
    count: int
    milliseconds: float


def report(data: Path) -> str:
    """Average recall over IoU 0.5:0.05:0.95, ours beside the stored output of SamAutomaticMaskGenerator, on the
    photographs that the settings were chosen on and on the others; and what both take of time on some of them."""
    if not (data / "coco").is_dir():
        return "Proposals: the folder has no set coco, nothing was measured."
    photographs = sets.coco(data)
    tuned = set(list(photographs)[::2][:TUNED_ON])
    ours = {each: proposed(each, objects) for each, objects in photographs.items()}
    rows = {"inference.propose": ours}
    stored = data / "coco" / "reference_proposals.json"
    if stored.is_file():
        output = json.loads(stored.read_text())
        rows["SamAutomaticMaskGenerator"] = {
            each: Found(best(output[each.name], objects), len(output[each.name]), 0)
            for each, objects in photographs.items()
        }
    lines = [f"{'proposals':<28}{'recall tuned on':>16}{'held out':>10}{'all':>7}{'count held out':>16}{'all':>7}"]
    lines += [line(name, found, tuned) for name, found in rows.items()]
    if not stored.is_file():
        lines.append("The folder has no reference_proposals.json to compare with.")
    lines.append(f"Median {statistics.median(each.milliseconds for each in ours.values()) / 1000:.1f} s.\n")
    lines.append(proposal_speed.report(list(photographs)[:: len(photographs) // PHOTOGRAPHS][:PHOTOGRAPHS]))
    return "\n".join(lines)


def line(name: str, found: dict[Path, Found], tuned: set[Path]) -> str:
    held_out = [each for photograph, each in found.items() if photograph not in tuned]
    tuned_on = [each for photograph, each in found.items() if photograph in tuned]
    everything = list(found.values())
    recalls = f"{recall(tuned_on):>16.3f}{recall(held_out):>10.3f}{recall(everything):>7.3f}"
    return f"{name:<28}{recalls}{count(held_out):>16.1f}{count(everything):>7.1f}"


def recall(found: list[Found]) -> float:
    ious = np.array(list(chain.from_iterable(each.best for each in found)))
    return float((ious[:, None] >= IOUS).mean())


def count(found: list[Found]) -> float:
    return statistics.mean(each.count for each in found)


def proposed(photograph: Path, objects: list[Mask]) -> Found:
    _, decoder = sets.model()
    image, found = sets.embedding(photograph), []
    taken = milliseconds(lambda: found.extend(propose(decoder, image)))
    return Found(best([each.to_json() for each in found], objects), len(found), taken)


def best(proposals: list[dict[str, Any]], objects: list[Mask]) -> list[float]:
    """The IoU of each object with the proposal that fits it best."""
    if not proposals or not objects:
        return [0.0] * len(objects)
    wanted = [coco.encode(np.asfortranarray(each.astype(np.uint8))) for each in objects]
    return [float(each) for each in coco.iou([p["segmentation"] for p in proposals], wanted, [0] * len(wanted)).max(0)]
