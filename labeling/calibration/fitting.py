"""Fitting confidences to verdicts; pure. Only the labeling worker imports it: scikit-learn takes a while to load."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from labeling.annotations.confidence import Calibrated, probability

BINS = 10
FOLDS = 5
DRAWS = 400
# How many verdicts a class or an annotator needs before their record counts about as much as everybody's.
PRIOR = 10
# Of the records' weights: they are worth something only where there is much evidence.
STRENGTH = 1.0
LEAST_SPREAD = 1e-6
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """One verdict: what the start formula said (log odds), whether it was accepted as it was, and what it was about.
    Those of one `group`, an image, are never on both sides of a split."""

    start: float
    accepted: bool
    label_class: str
    annotator: str
    group: str
    learned: Mapping[str, float] = field(default_factory=dict)


def fit(verdicts: Sequence[Judged]) -> dict[str, Any]:
    """The coefficients of annotations.confidence.Calibrated. Logistic regression on the start formula's log odds and on
    the records of classes and annotators, and on the signals of annotations/learned.py; where all verdicts are alike,
    their rate with a doubt of one in each."""
    accepted = np.array([each.accepted for each in verdicts])
    classes, annotators = (_records(verdicts, name) for name in ("label_class", "annotator"))
    found = {"classes": classes, "annotators": annotators}
    if accepted.all() or not accepted.any():
        return {**found, "intercept": _log_odds(int(accepted.sum()), len(accepted), 0.5, 2), "slope": 0.0}
    records = np.array([[each.start, classes[each.label_class], annotators[each.annotator]] for each in verdicts])
    usual = _usual(verdicts)
    values = np.hstack([records, _standardised(verdicts, usual)])
    model = LogisticRegression(C=STRENGTH).fit(values, accepted)
    slope, by_class, by_annotator, *weights = (float(each) for each in model.coef_[0])
    learned = {
        name: (weight / spread, mean) for weight, (name, (mean, spread)) in zip(weights, usual.items(), strict=True)
    }
    return {**found, "intercept": float(model.intercept_[0]), "slope": max(0.0, slope),
            "by_class": by_class, "by_annotator": by_annotator, "learned": learned}  # fmt: skip


def _usual(verdicts: Sequence[Judged]) -> dict[str, tuple[float, float]]:
    """The mean and the spread of what is known of each learned signal, where it says anything."""
    values: dict[str, list[float]] = {}
    for each in verdicts:
        for name, value in each.learned.items():
            values.setdefault(name, []).append(value)
    found = {name: (float(np.mean(known)), float(np.std(known))) for name, known in sorted(values.items())}
    return {name: (mean, spread) for name, (mean, spread) in found.items() if spread > LEAST_SPREAD}


def _standardised(verdicts: Sequence[Judged], usual: Mapping[str, tuple[float, float]]) -> Floats:
    """What is not known is as usual, which is 0."""
    rows = [
        [(each.learned.get(name, mean) - mean) / spread for name, (mean, spread) in usual.items()] for each in verdicts
    ]
    return np.array(rows, np.float64).reshape(len(verdicts), len(usual))


def _records(verdicts: Sequence[Judged], name: str) -> dict[str, float]:
    """How much better or worse than everybody's each one's acceptance is, in log odds, held back where it is little."""
    rate = float(np.mean([each.accepted for each in verdicts]))
    mean = _log_odds(round(rate * len(verdicts)), len(verdicts), 0.5, 2)
    of_each: dict[str, list[bool]] = {}
    for each in verdicts:
        of_each.setdefault(getattr(each, name), []).append(each.accepted)
    return {key: _log_odds(sum(of), len(of), rate, PRIOR) - mean for key, of in of_each.items()}


def _log_odds(accepted: int, n: int, rate: float, prior: float) -> float:
    """Of a rate that was seen, as if `prior` verdicts at `rate` had come before."""
    share = min(0.99, max(0.01, (accepted + prior * rate) / (n + prior)))
    return float(np.log(share / (1 - share)))


def predicted(coefficients: dict[str, Any], verdicts: Sequence[Judged]) -> Floats:
    """The confidences that these coefficients would have given."""
    calibrated = Calibrated.from_json(coefficients)
    found = [calibrated.probability(each.start, each.label_class, each.annotator, each.learned) for each in verdicts]
    return np.array(found)


def out_of_fold(verdicts: Sequence[Judged]) -> Floats:
    """Each verdict's confidence by a fit that has seen neither it nor anything of its image."""
    groups = [each.group for each in verdicts]
    found = np.zeros(len(verdicts))
    for seen, unseen in GroupKFold(min(FOLDS, len(set(groups)))).split(groups, groups=groups):
        found[unseen] = predicted(fit([verdicts[each] for each in seen]), [verdicts[each] for each in unseen])
    return found


def report(verdicts: Sequence[Judged]) -> dict[str, Any]:
    """How good a fit to these verdicts is on verdicts that it has not seen, beside the start formula."""
    accepted = np.array([each.accepted for each in verdicts], np.float64)
    confidences = out_of_fold(verdicts)
    begun = np.array([probability(each.start) for each in verdicts])
    low, high = interval(confidences, accepted)
    return {
        "ece": ece(confidences, accepted), "ece_low": low, "ece_high": high,
        "auroc": auroc(confidences, accepted),
        "start_ece": ece(begun, accepted), "start_auroc": auroc(begun, accepted),
        "bins": bins(confidences, accepted),
    }  # fmt: skip


def bins(confidences: Floats, accepted: Floats, count: int = BINS) -> list[dict[str, Any]]:
    """Bins of equal width that are not empty: mean confidence, share accepted, and how many."""
    place = np.minimum((confidences * count).astype(int), count - 1)
    rows = [(confidences[place == each], accepted[place == each]) for each in range(count) if (place == each).any()]
    return [{"confidence": float(said.mean()), "accepted": float(came.mean()), "n": len(said)} for said, came in rows]


def ece(confidences: Floats, accepted: Floats) -> float:
    """Expected calibration error: how far the bins' confidences are from what came, weighted by how many they hold."""
    found = bins(confidences, accepted)
    return float(sum(each["n"] * abs(each["confidence"] - each["accepted"]) for each in found) / len(accepted))


def interval(confidences: Floats, accepted: Floats) -> tuple[float, float]:
    """Of 95 %, by drawing the verdicts anew."""
    random = np.random.default_rng(0)
    drawn = (random.integers(len(accepted), size=len(accepted)) for _ in range(DRAWS))
    low, high = np.quantile([ece(confidences[each], accepted[each]) for each in drawn], (0.025, 0.975))
    return float(low), float(high)


def auroc(confidences: Floats, accepted: Floats) -> float | None:
    return float(roc_auc_score(accepted, confidences)) if 0 < accepted.mean() < 1 else None
