"""What a project has its reviewers look at; pure. docs/review.md says it in words."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID


class Because(StrEnum):
    """Why somebody looks at an annotation."""

    RETURNED = "returned"
    SECOND = "second"
    FIRST = "first"
    BELOW = "below"
    SAMPLE = "sample"


@dataclass(frozen=True)
class Policy:
    """Review what has a confidence below `below` (1: everything), a share `sample` of the rest drawn at random, the
    first `first` annotations of each annotator, and the classes `second_for`, which two reviewers have to accept.
    `own`: people may judge what they drew themselves."""

    below: float
    sample: float
    first: int
    second_for: frozenset[str]
    own: bool

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Policy":
        """The policy as a project keeps it."""
        return cls(**{**values, "second_for": frozenset(values["second_for"])})

    def requires_review(self, confidence: float | None) -> bool:
        """Whether the confidence alone is a reason to review. None is unknown."""
        return self.below >= 1 or (self.below > 0 if confidence is None else confidence < self.below)

    def needs_two(self, label_class: UUID) -> bool:
        return str(label_class) in self.second_for


def reviews_nothing(policy: Policy, *, assignment: UUID, earlier: int, judged: bool) -> bool:
    """Whether a reviewer looks at an image on which nothing is labeled. There is no class, and no confidence, in that.

    Args:
        earlier: how many annotations of its annotator were handed in before.
        judged: a reviewer has had the image before.
    """
    return judged or earlier < policy.first or policy.below >= 1 or drawn(assignment, policy.sample)


def drawn(annotation: UUID, share: float) -> bool:
    """Whether the annotation is in the random sample: the same answer whenever it is asked, and a larger share only
    adds to a smaller one."""
    digest = hashlib.sha256(annotation.bytes).digest()
    return int.from_bytes(digest[:8]) < share * 2**64


def because(
    policy: Policy, *, annotation: UUID, label_class: UUID, confidence: float | None, earlier: int, judged: bool
) -> Because | None:
    """Why this annotation is to be reviewed; None when the policy accepts it.

    Args:
        confidence: None is unknown, which any bound above 0 sends to the reviewers.
        earlier: how many of its annotator's were handed in before it.
        judged: a reviewer has had it before: only people take back what people said.
    """
    reasons = {
        Because.RETURNED: judged,
        Because.SECOND: policy.needs_two(label_class),
        Because.FIRST: earlier < policy.first,
        Because.BELOW: policy.requires_review(confidence),
        Because.SAMPLE: drawn(annotation, policy.sample),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)
