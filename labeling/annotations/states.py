"""What an annotation's state may become; pure."""

from enum import StrEnum


class State(StrEnum):
    """`draft`: with its annotator. `submitted`: waits for a reviewer. Then the verdict."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Resubmission(StrEnum):
    """How the annotator answered a rejection: by changing the annotation, or by saying that it is right."""

    REWORKED = "reworked"
    DISPUTED = "disputed"


def resubmission_after_edit(state: State, before: str | None) -> Resubmission | None:
    """An edit of something rejected, or of what was sent again after a rejection, reworks it."""
    return Resubmission.REWORKED if state == State.REJECTED or before else None


AFTER_EDIT = {
    State.DRAFT: State.DRAFT,
    # A rejected mask that was mended goes out with the next submission.
    State.REJECTED: State.DRAFT,
    # What a reviewer would have seen, or has accepted, is no longer there: it is to be judged as it is now.
    State.SUBMITTED: State.SUBMITTED,
    State.ACCEPTED: State.SUBMITTED,
}
