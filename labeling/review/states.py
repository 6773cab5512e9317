"""What a verdict makes of an annotation, and annotations of their image; pure. docs/review.md shows both as tables."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from uuid import UUID

from labeling.annotations.models import Annotation
from labeling.annotations.states import State
from labeling.assignments.models import Assignment
from labeling.projects.roles import Role

Standing = Annotation.Standing


class Decider(StrEnum):
    """The person who decides a dispute: another reviewer, else a manager, else the rejecter again."""

    REVIEWER = "reviewer"
    MANAGER = "manager"
    REJECTER = "rejecter"


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


def who_decides(
    *, rejecter: UUID, reviewers: Mapping[UUID, Collection[str]], excluded: Collection[UUID | None]
) -> Decider:
    """The person who decides about an annotation whose annotator disputes its rejection.

    Args:
        reviewers: the roles of everybody in the project who may review.
        excluded: who drew and changed the annotation, unless people judge their own; and who has accepted it already,
            where it needs two.
    """
    others = [set(roles) for user, roles in reviewers.items() if user != rejecter and user not in excluded]
    if any(Role.REVIEWER in roles for roles in others):
        return Decider.REVIEWER
    return Decider.MANAGER if others else Decider.REJECTER


def of_image(annotations: set[str], *, missing: bool, look: bool) -> Assignment.State:
    """The state of an image that was handed in.

    Args:
        annotations: the states of what is on it.
        missing: a reviewer has pointed at an object that is not, and nobody has answered.
        look: a reviewer has to look at the image itself.
    """
    if missing or annotations & {State.REJECTED, State.DRAFT}:
        return Assignment.State.RETURNED
    return Assignment.State.SUBMITTED if look or State.SUBMITTED in annotations else Assignment.State.DONE
