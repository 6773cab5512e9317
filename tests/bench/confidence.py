"""Does the doubtful come first? Spoilt masks and SAM's own errors, by the start formula and beside other orders.

Formulas are tuned on one half of the photographs, and on four ways of spoiling of six, and reported on the other half;
this over and over, with other halves. `--write` keeps the formula of the first half (labeling/annotations/formula.py).
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from labeling.annotations import confidence, formula
from tests.bench.assessed import BOX, CLICK, TRUE, Assessed, everything
from tests.bench.spoilt import HELD_OUT, KINDS

HALVES = 10
QUEUES = 20  # drawn of each half
SPOILT = 0.1
FIRST = 0.2
GOOD = 0.8  # the IoU to the truth from which on a mask of SAM is good
# Of masks that somebody hands in: drawn ones, and those of SAM. Only verdicts tell better (docs/confidence.md).
PRIOR = {"drawn": 0.9, "sam": 0.8}
STRENGTH = {"drawn": 0.1, "sam": 0.03}
TUNED = [kind for kind in KINDS if kind not in HELD_OUT]

Values = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True)
class Formula:
    """Log odds that a mask is good: an intercept, and by name a weight and the mean of good masks."""

    intercept: float
    weights: dict[str, tuple[float, float]]

    def scores(self, rows: Sequence[Assessed]) -> Values:
        weights = np.array([weight for weight, _ in self.weights.values()])
        return self.intercept + measures(rows, list(self.weights)) @ weights


def measures(rows: Sequence[Assessed], names: list[str]) -> Values:
    """What the formula weighs. What is not known counts as on average."""
    known = [{**each.signals, "predicted_iou": each.predicted_iou, "stability_score": each.stability_score}
             for each in rows]  # fmt: skip
    values = np.array([
        [np.nan if each.get(name) is None else confidence.measure(name, each[name]) for name in names] for each in known
    ], np.float64)  # fmt: skip
    return np.where(np.isnan(values), np.nanmean(values, axis=0), values)


def tuned(rows: Sequence[Assessed], good: Values, weights: Values, which: str) -> Formula:
    names = list(formula.DRAWN if which == "drawn" else formula.SAM)
    values = measures(rows, names)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH[which], max_iter=3000))
    model.fit(values, good, logisticregression__sample_weight=weights)
    scaler, regression = model[0], model[1]
    slopes = regression.coef_[0] / scaler.scale_
    share = float((weights * good).sum() / weights.sum())
    shift = np.log(PRIOR[which] / (1 - PRIOR[which])) - np.log(share / (1 - share))
    intercept = float(regression.intercept_[0] - (slopes * scaler.mean_).sum() + shift)
    usual = values[good > 0].mean(axis=0)
    return Formula(intercept, {name: (float(a), float(b)) for name, a, b in zip(names, slopes, usual, strict=True)})


def tuned_drawn(rows: Sequence[Assessed]) -> Formula:
    chosen = [each for each in rows if each.kind == TRUE or each.kind in TUNED]
    good = np.array([float(each.kind == TRUE) for each in chosen])
    return tuned(chosen, good, np.where(good > 0, 1.0, 1 / len(TUNED)), "drawn")


def tuned_sam(rows: Sequence[Assessed]) -> Formula:
    chosen = [each for each in rows if each.kind in (CLICK, BOX)]
    good = np.array([float(each.iou >= GOOD) for each in chosen])
    return tuned(chosen, good, np.ones(len(chosen)), "sam")


def halves(rows: Sequence[Assessed], seed: int) -> tuple[list[Assessed], list[Assessed]]:
    """By photograph."""
    names = sorted({each.photograph for each in rows})
    first = set(np.random.default_rng(seed).permutation(names)[: len(names) // 2])
    return [each for each in rows if each.photograph in first], [each for each in rows if each.photograph not in first]


def queues(rows: Sequence[Assessed], scores: Values, random: np.random.Generator) -> list[dict[str, Any]]:
    """Queues of the true masks, a tenth of them spoilt, the kinds in turn: each with what lies in its first part."""
    of: dict[tuple[str, int], dict[str, int]] = {}
    for at, each in enumerate(rows):
        of.setdefault((each.photograph, each.object), {})[each.kind] = at
    objects = [kinds for kinds in of.values() if TRUE in kinds]
    return [_queue(objects, rows, scores, random) for _ in range(QUEUES)]


def _queue(
    objects: list[dict[str, int]], rows: Sequence[Assessed], scores: Values, random: np.random.Generator
) -> dict[str, Any]:
    wanted, kinds, chosen = max(1, round(SPOILT * len(objects))), list(KINDS), []
    spoilt = 0
    for at in random.permutation(len(objects)):
        kind = kinds[spoilt % len(kinds)]
        use = spoilt < wanted and kind in objects[at]
        chosen.append(objects[at][kind if use else TRUE])
        spoilt += use
    bad = np.array([rows[each].kind != TRUE for each in chosen])
    order = np.argsort(scores[chosen] + random.random(len(chosen)) * 1e-9)
    early = set(order[: round(FIRST * len(order))])
    found = [(rows[each].kind, at in early) for at, each in enumerate(chosen) if bad[at]]
    return {"auroc": float(roc_auc_score(~bad, scores[chosen])), "found": found}


def first_part(drawn: Sequence[dict[str, Any]], kinds: Sequence[str] = tuple(KINDS)) -> float:
    early = [early for each in drawn for kind, early in each["found"] if kind in kinds]
    return float(np.mean(early)) if early else float("nan")


def report(data: Path) -> str:
    rows = everything(data)
    if not rows:
        return "Confidence: the folder has neither coco nor berkeley, nothing was measured."
    if "--write" in sys.argv:
        write(halves(rows, 0)[0])
    return "\n\n".join((_about(rows), spoilt_table(rows), own_errors(rows)))


def _about(rows: Sequence[Assessed]) -> str:
    clicks = [each.iou < GOOD for each in rows if each.kind == CLICK]
    photographs = len({each.photograph for each in rows})
    return f"{photographs} photographs, {len(clicks)} objects, {len(rows)} masks; {np.mean(clicks):.2f} of clicks bad"


Score = Callable[[Sequence[Assessed], Formula, np.random.Generator], Values]


def spoilt_table(rows: Sequence[Assessed]) -> str:
    """Of what is spoilt, the share in the first fifth; mean and spread over the halves, all held out."""
    ways: dict[str, Score] = {
        "start formula": lambda held, tuned, random: tuned.scores(held),
        "IoU with SAM's box alone": lambda held, tuned, random: signal(held, "box_max"),
        "raw predicted IoU, of its box": lambda held, tuned, random: signal(held, "box_score"),
        "random order": lambda held, tuned, random: random.random(len(held)),
    }  # fmt: skip
    head = f"{'spoilt masks, found in the first fifth':<40}{'all':>15}{'tuned on':>10}{'held out':>10}{'AUROC':>16}"
    lines, kinds = [head], ""
    for name, way in ways.items():
        found = []
        for seed in range(HALVES):
            half, held = halves(rows, seed)
            random = np.random.default_rng(seed)
            found.append(queues(held, way(held, tuned_drawn(half), random), random))
        every = [first_part(each) for each in found]
        aurocs = [float(np.mean([queue["auroc"] for queue in each])) for each in found]
        tuned_on, held_out = (np.mean([first_part(each, of) for each in found]) for of in (TUNED, HELD_OUT))
        lines.append(f"{name:<40}{spread(every):>15}{tuned_on:>10.2f}{held_out:>10.2f}{spread(aurocs):>16}")
        if not kinds:
            kinds = ", ".join(f"{kind} {np.mean([first_part(each, [kind]) for each in found]):.2f}" for kind in KINDS)
    return "\n".join([*lines, f"By kind, start formula: {kinds}.", f"Held out: {', '.join(HELD_OUT)}."])


def signal(rows: Sequence[Assessed], name: str) -> Values:
    return np.array([each.signals.get(name, 0.0) for each in rows])


def own_errors(rows: Sequence[Assessed]) -> str:
    """One-click masks of SAM, held out: AUROC of telling those with an IoU of GOOD or more from the others."""
    found: dict[str, list[float]] = {}
    for seed in range(HALVES):
        half, held = halves(rows, seed)
        clicks = [each for each in held if each.kind == CLICK]
        good = [each.iou >= GOOD for each in clicks]
        ways = {
            "start formula": tuned_sam(half).scores(clicks),
            "raw predicted IoU": np.array([each.predicted_iou for each in clicks]),
            "lesser of predicted IoU and stability": np.array(
                [confidence.from_scores(each.predicted_iou, each.stability_score) for each in clicks]
            ),
            "random order": np.random.default_rng(seed).random(len(clicks)),
        }
        for name, scores in ways.items():
            found.setdefault(name, []).append(float(roc_auc_score(good, scores)))
    lines = [f"{'one-click masks of SAM, good or bad':<40}{'AUROC':>16}"]
    return "\n".join(lines + [f"{name:<40}{spread(each):>16}" for name, each in found.items()])


def spread(values: Sequence[float]) -> str:
    return f"{np.mean(values):.3f} ± {np.std(values):.3f}"


def write(half: Sequence[Assessed]) -> None:
    """Keep the formula that this half gives."""
    drawn, sam = tuned_drawn(half), tuned_sam(half)
    text = f'''"""The weights of the start formula, and what each signal usually is of a mask that is good.

docs/confidence.md says how they came about. Written by `python -m tests.bench confidence --write`."""

Weights = dict[str, tuple[float, float]]

# Of what was drawn, imported, or changed by hand after SAM.
DRAWN_INTERCEPT = {drawn.intercept:.3f}
DRAWN: Weights = {_written(drawn)}

# Of what SAM made and nobody has changed.
SAM_INTERCEPT = {sam.intercept:.3f}
SAM: Weights = {_written(sam)}
'''
    Path(formula.__file__).write_text(text)


def _written(found: Formula) -> str:
    return "{\n" + "".join(f'    "{n}": ({a:.3f}, {b:.3f}),\n' for n, (a, b) in found.weights.items()) + "}"
