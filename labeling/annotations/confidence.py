"""How likely a reviewer is to accept an annotation as it is; pure. What the review queue is ordered by.

docs/confidence.md has the formula in words, how it was found, and how good it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from math import exp, log
from typing import Any

from labeling.annotations import learned
from labeling.annotations.formula import DRAWN, DRAWN_INTERCEPT, SAM, SAM_INTERCEPT

# These are shares and ratios, which count by their odds; the others count as they are.
BY_ODDS = ("max", "one", "score", "stability", "precision", "recall", "predicted_iou", "stability_score")
SURE = 0.98
# How many doubts are told of a mask, and from which log odds on.
MOST_DOUBTS, LEAST_DOUBT = 3, 0.25


def from_scores(predicted_iou: float | None, stability_score: float | None) -> float | None:
    """Before a worker has looked: the lesser of SAM's predicted IoU (which can exceed 1) and the mask's stability, in
    [0, 1]. None without scores: nothing is known of the mask."""
    if predicted_iou is None or stability_score is None:
        return None
    return min(clamp(predicted_iou), clamp(stability_score))


def clamp(score: float) -> float:
    return min(1.0, max(0.0, score))


def evidence(
    signals: Mapping[str, Any], predicted_iou: float | None, stability_score: float | None
) -> dict[str, float]:
    """How much each signal says for the mask (positive) or against it, in log odds, beside what it usually is."""
    known, weights = dict(signals), DRAWN
    if predicted_iou is not None and stability_score is not None:
        known |= {"predicted_iou": predicted_iou, "stability_score": stability_score}
        weights = SAM
    return {
        name: weight * (measure(name, known[name]) - usual)
        for name, (weight, usual) in weights.items()
        if name in known
    }


def start(signals: Mapping[str, Any], predicted_iou: float | None, stability_score: float | None) -> float:
    """The start formula: log odds that the mask is accepted. What is not known counts as usual."""
    drawn = predicted_iou is None or stability_score is None
    weights, intercept = (DRAWN, DRAWN_INTERCEPT) if drawn else (SAM, SAM_INTERCEPT)
    usual = intercept + sum(weight * mean for weight, mean in weights.values())
    return usual + sum(evidence(signals, predicted_iou, stability_score).values())


def measure(name: str, value: float) -> float:
    if not name.endswith(BY_ODDS):
        return value
    share = min(SURE, max(1 - SURE, value))
    return log(share / (1 - share))


def probability(log_odds: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, log_odds))))


@dataclass(frozen=True)
class Calibrated:
    """What a project's verdicts have taught: how far to believe the start formula, and the records of classes and
    annotators, as log odds beside everybody's. Without verdicts: the start formula as it is."""

    intercept: float = 0.0
    slope: float = 1.0
    by_class: float = 0.0
    by_annotator: float = 0.0
    classes: Mapping[str, float] = field(default_factory=dict)
    annotators: Mapping[str, float] = field(default_factory=dict)
    # Of annotations/learned.py: the weight of each, and what it usually is.
    learned: Mapping[str, Sequence[float]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, coefficients: Mapping[str, Any] | None) -> "Calibrated":
        return cls(**coefficients) if coefficients else cls()

    def probability(
        self, log_odds: float, label_class: str, annotator: str, known: Mapping[str, float] | None = None
    ) -> float:
        records = self.by_class * self.classes.get(label_class, 0.0)
        records += self.by_annotator * self.annotators.get(annotator, 0.0)
        return probability(self.intercept + self.slope * log_odds + records + sum(self.weighed(known or {}).values()))

    def weighed(self, known: Mapping[str, float]) -> dict[str, float]:
        """What these measures say for the mask, in log odds; what is not known says nothing."""
        return {name: weight * (known[name] - usual) for name, (weight, usual) in self.learned.items() if name in known}


WORDS = {
    "point": "SAM makes something else of the place deepest inside it",
    "other": "SAM makes something else of another place inside it",
    "box": "SAM makes something else of its box",
    "both": "SAM makes something else of its box with a point inside",
    "mask": "SAM draws it differently when shown the mask itself",
    "predicted": "SAM was not sure of it",
    "compactness": "Its outline is ragged or stretched for its area",
    "solidity": "Its form is unusual for a good mask",
    "holes": "It has holes",
    "specks": "It has parts apart from the largest",
    "parts": "It is in several parts",
    "border": "It runs along the image's edge",
    "size": "Its size is unusual",
    "overlap": "It is nearly the same as another mask",
    "swallows": "Another mask lies inside it",
    "swallowed": "It lies inside another mask",
}
GROUPS = {"stability_score": "predicted"}
SHOWN = {"point": "point_max", "other": "other_point_max", "box": "box_max", "both": "both_one", "mask": "mask_one",
         "overlap": "overlap"}  # fmt: skip
# What a sentence says has to be so, whatever the weights make of the signals together: SAM draws something else where
# its answer has a lower IoU than this, and the others are there where their signal is above this.
AGREED = 0.9
THERE = {"holes": 0.0, "specks": 0.0, "border": 0.0, "parts": 1.0, "overlap": 0.5, "swallows": 0.5, "swallowed": 0.5}


def doubts(
    signals: Mapping[str, Any] | None, predicted_iou: float | None, stability_score: float | None
) -> list[dict[str, Any]]:
    """What speaks against the mask most, in words, the weightiest first; `weight` is in log odds."""
    grouped: dict[str, float] = {}
    for name, weight in evidence(signals or {}, predicted_iou, stability_score).items():
        group = GROUPS.get(name) or name.split("_")[0]
        grouped[group] = grouped.get(group, 0.0) + weight
    grouped |= (signals or {}).get("learned", {})
    against = sorted((weight, group) for group, weight in grouped.items() if weight <= -LEAST_DOUBT)
    told = ((weight, group, _sentence(group, signals or {})) for weight, group in against)
    worst = islice((each for each in told if each[2]), MOST_DOUBTS)
    return [{"signal": group, "text": text, "weight": round(-weight, 2)} for weight, group, text in worst]


def _is_so(group: str, signals: Mapping[str, Any]) -> bool:
    if group in THERE:
        return bool(signals.get(group, 0.0) > THERE[group])
    return group not in SHOWN or bool(signals.get(SHOWN[group], 0.0) < AGREED)


def _sentence(group: str, signals: Mapping[str, Any]) -> str | None:
    """None where it is not so."""
    if group in learned.SENTENCES:
        return learned.sentence(group, signals)
    if not _is_so(group, signals):
        return None
    shown = signals.get(SHOWN.get(group, ""))
    return f"{WORDS[group]} (IoU {shown:.2f})" if shown is not None else WORDS[group]
