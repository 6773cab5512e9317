"""What a verdict makes of an annotation; pure. docs/review.md shows it as a table."""

from labeling.annotations.models import Annotation
from labeling.annotations.states import State

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
