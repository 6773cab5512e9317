"""A stored mask that holds one object too many: does one negative click on that object take it out, and only it? And a
stored mask that is nearly right: is it better after one click?"""

from itertools import permutations
from pathlib import Path

import cv2
import numpy as np

from inference import masks
from inference.clicks import predict
from inference.contract import Prompt
from inference.decode import decode
from inference.masks import Mask
from tests.bench import corrections, sets
from tests.bench.clicks import next_click

LEAST_PIXELS = 1500
FAR = 64


def report(data: Path) -> str:
    return f"{_objects_too_many(data)}\n\n{corrections.report(data)}"


def _objects_too_many(data: Path) -> str:
    """One pair of neighbours a photograph: the share of the object that went, and the IoU of what was left with
    what was there, more than FAR pixels away from it."""
    if not (data / "coco").is_dir():
        return "Edits: the folder has no set coco, nothing was measured."
    _, decoder = sets.model()
    rows: dict[str, list[tuple[float, float]]] = {"clicks.predict": [], "decode": []}
    for photograph, objects in sets.coco(data).items():
        pair = neighbours(objects)
        if pair is None:
            continue
        stays, goes = pair
        click = next_click(goes, np.zeros_like(goes), np.zeros_like(goes))
        prompt = Prompt((click,), mask=masks.encode(stays | goes), multimask=False)
        embedding = sets.embedding(photograph)
        answers = {
            "clicks.predict": predict(decoder, embedding, prompt).best,
            "decode": decode(decoder, embedding, prompt)[0],
        }
        for name, answer in answers.items():
            rows[name].append(judged(masks.decode(answer.segmentation), stays, goes))
    lines = [f"{'one negative click':<28}{'object gone':>13}{'IoU far away':>14}{'>= 0.98':>9}{'pairs':>7}"]
    for name, row in rows.items():
        gone, kept = np.array(row).T
        lines.append(f"{name:<28}{gone.mean():>13.3f}{kept.mean():>14.3f}{(kept >= 0.98).mean():>9.2f}{len(row):>7}")
    return "\n".join(lines)


def neighbours(objects: list[Mask]) -> tuple[Mask, Mask] | None:
    """The two nearest objects of a photograph that do not overlap much: what stays and what goes."""
    large = [each for each in objects if each.sum() >= LEAST_PIXELS]
    apart = [(a, b) for a, b in permutations(large, 2) if (a & b).sum() < 0.02 * (a | b).sum()]
    if not apart:
        return None
    stays, goes = min(apart, key=lambda pair: float(distance(pair[0])[pair[1]].min()))
    return stays & ~goes, goes


def distance(mask: Mask) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """How far each pixel lies from the mask."""
    return np.asarray(cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5), np.float32)


def judged(left: Mask, stays: Mask, goes: Mask) -> tuple[float, float]:
    far = distance(goes) > FAR
    before, after = (stays | goes) & far, left & far
    kept = float((before & after).sum() / (before | after).sum()) if (before | after).any() else 1.0
    return float((goes & ~left).sum() / goes.sum()), kept
