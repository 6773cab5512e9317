"""How many clicks an object takes: simulated, each click at the centre of the largest error so far."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from inference import masks
from inference.clicks import predict
from inference.contract import Point, Prompt, Ranking
from inference.masks import Mask
from tests.bench import sets
from tests.bench.sets import Target

MOST_CLICKS = 20
GOALS = (0.85, 0.90)

Answer = Callable[[Prompt], Ranking]


def report(data: Path) -> str:
    """Mean clicks to each goal; MOST_CLICKS where a goal is not reached. The preselected candidate is the first, as
    SamPredictor's users take it."""
    if not (data / "berkeley").is_dir():
        return "Clicks: the folder has no set berkeley, nothing was measured."
    _, decoder = sets.model()
    found: dict[str, list[list[float]]] = {}
    for target in sets.berkeley(data):
        answer = partial(predict, decoder, sets.embedding(target.photograph))
        found.setdefault("preselected", []).append(simulated(target, answer))
        found.setdefault("chosen in the tray", []).append(simulated(target, answer, chooses=True))
    halves = (("tuned on", slice(0, None, 2)), ("held out", slice(1, None, 2)), ("all", slice(None)))
    lines = [f"{'clicks to IoU 0.85 / 0.90':<28}" + "".join(f"{name:>16}" for name, _ in halves) + "   never 0.90"]
    for name, runs in found.items():
        figures = "".join(f"{clicks(runs[half], 0.85):>9.2f} /{clicks(runs[half], 0.90):>5.2f}" for _, half in halves)
        lines.append(f"{name:<28}{figures}{sum(max(run) < 0.90 for run in runs):>13}")
    return "\n".join(lines)


def clicks(runs: Sequence[list[float]], goal: float) -> float:
    return float(np.mean([next((n for n, iou in enumerate(run, 1) if iou >= goal), MOST_CLICKS) for run in runs]))


def simulated(target: Target, answer: Answer, chooses: bool = False) -> list[float]:
    """The IoU after each click, until the last goal is reached. As the editor does it: three readings at first, the
    preferred one is taken, or the one that fits where the person `chooses` in the tray; then one, with the last
    answer's logits and all the points."""
    found, points = np.zeros_like(target.mask), list[Point]()
    ious: list[float] = []
    clicked = np.zeros_like(target.mask)
    logits: str | None = None
    while len(ious) < MOST_CLICKS and (not ious or ious[-1] < GOALS[-1]):
        points.append(next_click(found, target.mask, clicked))
        ranking = answer(Prompt(tuple(points), logits=logits, multimask=logits is None))
        fits = [iou(masks.decode(each.segmentation), target.mask) for each in ranking.candidates]
        taken = int(np.argmax(fits)) if chooses else ranking.preferred
        found, logits = masks.decode(ranking.candidates[taken].segmentation), ranking.candidates[taken].logits
        ious.append(fits[taken])
    return ious


def iou(a: Mask, b: Mask) -> float:
    return float((a & b).sum() / (a | b).sum())


def next_click(found: Mask, wanted: Mask, clicked: Mask) -> Point:
    """At the deepest pixel of what is missing or too much, whichever is deeper; never twice at one place, which
    `clicked` keeps."""
    depths = [depth(wanted & ~found) * ~clicked, depth(found & ~wanted) * ~clicked]
    label = 1 if depths[0].max() >= depths[1].max() else 0
    deepest = depths[1 - label]
    row, column = np.unravel_index(int(deepest.argmax()), deepest.shape)
    clicked[row, column] = True
    return Point(float(column) + 0.5, float(row) + 0.5, label)


def depth(mask: Mask) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """How far each pixel lies from the mask's edge; the image's edge is one."""
    return np.asarray(cv2.distanceTransform(np.pad(mask, 1).astype(np.uint8), cv2.DIST_L2, 0)[1:-1, 1:-1], np.float32)
