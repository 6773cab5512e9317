"""Are confidences probabilities? Fitted to 200 verdicts, measured on all others, of photographs that were not seen."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from labeling.annotations import confidence, learned
from labeling.calibration import fitting
from tests.bench.assessed import Assessed, everything

VERDICTS = 200
FITS = 20
GOOD = 0.8
# How unsure reviewers are of the bound: the spread, in IoU, of what they take for it; and how often one slips.
DOUBT, SLIPS = 0.05, 0.02


def report(data: Path) -> str:
    rows = everything(data)
    if not rows:
        return "Calibration: the folder has neither coco nor berkeley, nothing was measured."
    found = [_fitted(rows, seed) for seed in range(FITS)]
    lines = [f"{FITS} fits to {VERDICTS} verdicts, each measured on {min(n for _, _, n in found)} others or more"]
    lines.append(f"{'':<28}{'ECE':>16}{'95 % of draws':>18}{'AUROC':>10}")
    for name, at in (("start formula", 0), ("calibrated", 1)):
        eces = [each[at][0] for each in found]
        low, high = (np.mean([each[at][side] for each in found]) for side in (1, 2))
        auroc = np.mean([each[at][3] for each in found])
        lines.append(
            f"{name:<28}{np.mean(eces):>8.3f} ± {np.std(eces):.3f}{f'{low:.3f} to {high:.3f}':>18}{auroc:>10.3f}"
        )
    share = np.mean([each[1][0] <= 0.05 for each in found])
    return "\n".join([*lines, f"ECE at most 0.05 in {share:.0%} of the fits."])


Found = tuple[float, float, float, float]


def _fitted(rows: Sequence[Assessed], seed: int) -> tuple[Found, Found, int]:
    """Figures of the start formula and of the calibrated one, and on how many verdicts."""
    random = np.random.default_rng(seed)
    verdicts = [_judged(each, random) for each in rows]
    names = sorted({each.group for each in verdicts})
    order = {name: place for place, name in enumerate(random.permutation(names))}
    verdicts.sort(key=lambda each: order[each.group])
    seen, groups = verdicts[:VERDICTS], {each.group for each in verdicts[:VERDICTS]}
    unseen = [each for each in verdicts if each.group not in groups]
    accepted = np.array([float(each.accepted) for each in unseen])
    begun = np.array([confidence.probability(each.start) for each in unseen])
    calibrated = fitting.predicted(fitting.fit(seen), unseen)
    first, second = (_figures(each, accepted) for each in (begun, calibrated))
    return first, second, len(unseen)


def _figures(confidences: fitting.Floats, accepted: fitting.Floats) -> Found:
    low, high = fitting.interval(confidences, accepted)
    return fitting.ece(confidences, accepted), low, high, fitting.auroc(confidences, accepted) or 0.5


def _judged(row: Assessed, random: np.random.Generator) -> fitting.Judged:
    """A reviewer's verdict, by the IoU to the truth."""
    accepted = row.iou + random.normal(0, DOUBT) >= GOOD
    if random.random() < SLIPS:
        accepted = not accepted
    start = confidence.start(row.signals, row.predicted_iou, row.stability_score)
    known = learned.measures(row.signals)
    return fitting.Judged(start, bool(accepted), "class", "annotator", row.photograph, known)
