"""What a verdict makes of an annotation, and annotations of their image; pure. docs/review.md shows both as tables."""

from labeling.annotations.models import Annotation
from labeling.annotations.states import State
from labeling.assignments.models import Assignment

Standing = Annotation.Standing

APPROVING = {Standing.ACCEPTED, Standing.FIXED}


def after(verdict: str, *, needs_two: bool, approved: bool) -> State:
    """The state that follows a verdict.

    Args:
        needs_two: two reviewers have to accept what is of this class.
        approved: another reviewer has accepted this very version. Mending makes another version, which nobody has.
    """
    if verdict not in APPROVING:
        return State.REJECTED
    return State.SUBMITTED if needs_two and not approved else State.ACCEPTED


def of_image(annotations: set[str], *, missing: bool) -> Assignment.State:
    """The state of an image that was handed in.

    Args:
        annotations: the states of what is on it.
        missing: a reviewer has pointed at an object that is not, and nobody has answered.
    """
    if missing or State.REJECTED in annotations:
        return Assignment.State.RETURNED
    if annotations <= {State.ACCEPTED}:
        return Assignment.State.DONE
    return Assignment.State.RETURNED if State.DRAFT in annotations else Assignment.State.SUBMITTED
