"""A stored mask that is wrong somewhere, and one click in the middle of its largest error: is it better afterwards?"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inference import masks
from inference.clicks import predict
from inference.contract import Candidate, Point, Prompt, Ranking
from inference.decode import Decoder, decode
from inference.embeddings import Embedding
from inference.frame import SIDE
from inference.mask_edits import REST_DISTANCE, changed, rest_of
from inference.masks import Mask, Rle
from tests.bench import sets, spoilt
from tests.bench.clicks import iou, next_click

# The IoU to the truth of a mask that is nearly right.
NEARLY = (0.75, 0.85)
# Pixels from the click.
FAR = 64
TRIES = 30
KINDS = {
    "shifted": spoilt.shifted,
    "eroded": spoilt.eroded,
    "dilated": spoilt.dilated,
    "part cut": spoilt.part_cut,
    "disc cut": spoilt.disc_cut,
    "disc added": spoilt.disc_added,
    "neighbor swallowed": None,
}


@dataclass(frozen=True)
class Case:
    """A mask of a photograph that is wrong somewhere, and the click that is to mend it."""

    kind: str
    held_out: bool
    image: Embedding
    truth: Mask
    before: Mask
    click: Point


@dataclass(frozen=True)
class Judged:
    """Whether the mask is better after the click, its gain in IoU, and its IoU with the mask before, far away."""

    kind: str
    better: bool
    gain: float
    far: float


def report(data: Path) -> str:
    """For each way of answering the click: how many masks are better, by how much IoU, and the IoU with the mask before
    of what is more than FAR pixels from the click. Masks of every second object were used to choose the rules."""
    _, decoder = sets.model()
    found: dict[tuple[str, bool], list[Judged]] = {}
    for case in cases(data, decoder):
        for name, answer in ANSWERS.items():
            after = masks.decode(answer(decoder, case))
            found.setdefault((name, case.held_out), []).append(judged(case, after))
    lines = [f"{'one corrective click':<34}{'better':>8}{'gain':>8}{'far away':>10}{'>= 0.99':>9}{'masks':>7}"]
    halves = ((half, name) for half in (False, True) for name in ANSWERS)
    lines += [_line(f"{name}, {'held out' if half else 'tuned on'}", found[name, half]) for half, name in halves]
    lines.append("preselected, held out, by kind")
    by_kind = {kind: [row for row in found["preselected", True] if row.kind == kind] for kind in KINDS}
    return "\n".join(lines + [_line(kind, rows) for kind, rows in by_kind.items()])


def _line(name: str, rows: list[Judged]) -> str:
    better, gain, far = (np.array([getattr(row, field) for row in rows]) for field in ("better", "gain", "far"))
    figures = f"{better.mean():>8.3f}{gain.mean():>8.3f}{far.mean():>10.4f}{(far >= 0.99).mean():>9.2f}"
    return f"{name:<34}{figures}{len(rows):>7}"


def judged(case: Case, after: Mask) -> Judged:
    gain = iou(after, case.truth) - iou(case.before, case.truth)
    rows, columns = np.indices(case.truth.shape) + 0.5
    far = np.hypot(columns - case.click.x, rows - case.click.y) > FAR
    union = (case.before | after) & far
    agreement = float((case.before & after & far).sum() / union.sum()) if union.any() else 1.0
    return Judged(case.kind, gain > 0, gain, agreement)


def cases(data: Path, decoder: Decoder) -> Iterator[Case]:
    for index, target in enumerate(sets.berkeley(data)):
        image = sets.embedding(target.photograph)
        random = np.random.default_rng(int(hashlib.sha256(target.name.encode()).hexdigest()[:8], 16))
        for kind, spoil in KINDS.items():
            before = (
                spoil(target.mask, [], random, NEARLY)
                if spoil
                else neighbor_swallowed(decoder, image, target.mask, random)
            )
            if before is not None and before.sum() >= spoilt.LEAST_PIXELS:
                click = next_click(before, target.mask, np.zeros_like(before))
                yield Case(kind, index % 2 == 1, image, target.mask, before, click)


def neighbor_swallowed(decoder: Decoder, image: Embedding, mask: Mask, random: spoilt.Random) -> Mask | None:
    """With something that SAM finds beside it."""
    far, side = spoilt.away(mask), np.sqrt(mask.sum())
    places = np.argwhere((far > 0.05 * side) & (far < 0.5 * side))
    for row, column in random.permutation(places)[:TRIES] if len(places) else ():
        point = Point(float(column) + 0.5, float(row) + 0.5, 1)
        for reading in decode(decoder, image, Prompt((point,))):
            both = mask | masks.decode(reading.segmentation)
            if NEARLY[0] <= iou(both, mask) <= NEARLY[1]:
                return both
    return None


def preselected(decoder: Decoder, case: Case) -> Rle:
    return _ranking(decoder, case).best.segmentation


def best_in_tray(decoder: Decoder, case: Case) -> Rle:
    """What somebody takes who looks at all candidates."""
    found = [each.segmentation for each in _ranking(decoder, case).candidates]
    return max(found, key=lambda each: iou(masks.decode(each), case.truth))


def _ranking(decoder: Decoder, case: Case) -> Ranking:
    return predict(decoder, case.image, Prompt((case.click,), mask=masks.encode(case.before)))


def largest_change(decoder: Decoder, case: Case) -> Rle:
    """What was preselected before: the largest part of at most half that can be cut out, or the best reading of what is
    joined."""
    mask, click = masks.encode(case.before), case.click
    points = [Point(click.x, click.y, 1)]
    if click.label == 0:
        points += rest_of(mask, (click,), REST_DISTANCE * max(case.image.width, case.image.height) / SIDE)
    readings = decode(decoder, case.image, Prompt(tuple(points)))
    area = masks.area(mask)

    def rank(reading: Candidate) -> tuple[bool, float]:
        change = abs(masks.area(changed(mask, reading.segmentation, (click,))) - area)
        if click.label == 0:
            return change <= area / 2, change
        return change > 0, reading.score + reading.stability_score

    return changed(mask, max(readings, key=rank).segmentation, (click,))


def plain_sam(decoder: Decoder, case: Case) -> Rle:
    """The mask as logits and the click, as SamPredictor takes them; the reading with the best predicted IoU."""
    return decode(decoder, case.image, Prompt((case.click,), mask=masks.encode(case.before)))[0].segmentation


ANSWERS: dict[str, Callable[[Decoder, Case], Rle]] = {
    "preselected": preselected,
    "best in the tray": best_in_tray,
    "largest change (before)": largest_change,
    "plain SAM": plain_sam,
}
