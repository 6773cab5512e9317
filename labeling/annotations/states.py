"""What an annotation's state may become; pure."""

from enum import StrEnum


class State(StrEnum):
    """`draft`: with its annotator. `submitted`: waits for a reviewer. Then the verdict."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


AFTER_EDIT = {
    State.DRAFT: State.DRAFT,
    # A rejected mask that was mended goes out with the next submission.
    State.REJECTED: State.DRAFT,
    # What a reviewer would have seen, or has accepted, is no longer there: it is to be judged as it is now.
    State.SUBMITTED: State.SUBMITTED,
    State.ACCEPTED: State.SUBMITTED,
}
