"""The table of what follows from a verdict, and two reviewers for one class."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.annotations.models import Annotation
from labeling.annotations.states import Resubmission, State, resubmission_after_edit
from labeling.assignments.models import Assignment
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Project
from labeling.review import claims
from labeling.review.states import Decider, after, of_image, who_decides
from tests.labeling.making import API, judge, mask_body, problem, square
from tests.labeling.review.asking import Make, claim, ids
from tests.labeling.review.asking import verdict as judge_as

W, A, R, D = State.SUBMITTED, State.ACCEPTED, State.REJECTED, State.DRAFT


@pytest.mark.parametrize(
    ("verdict", "needs_two", "approved", "state"),
    [
        ("accepted", False, False, A),
        ("fixed", False, False, A),
        ("rejected", False, False, R),
        ("accepted", True, False, W),
        ("fixed", True, False, W),
        ("rejected", True, False, R),
        ("accepted", True, True, A),
        ("fixed", True, True, A),
        ("rejected", True, True, R),
        # The class needed two when the first came, and does no more.
        ("accepted", False, True, A),
    ],
)
def test_the_table(verdict: str, needs_two: bool, approved: bool, state: State) -> None:
    assert after(verdict, needs_two=needs_two, approved=approved) == state


@pytest.mark.parametrize(
    ("on_it", "missing", "state"),
    [
        (set(), False, "done"),
        ({A}, False, "done"),
        ({A, W}, False, "submitted"),
        ({A, W, R}, False, "returned"),
        ({A, D}, False, "returned"),
        ({R, D}, False, "returned"),
        (set(), True, "returned"),
        ({A}, True, "returned"),
        ({W}, True, "returned"),
    ],
)
def test_the_table_of_images(on_it: set[str], missing: bool, state: str) -> None:
    assert of_image(on_it, missing=missing, look=False) == state
    assert of_image(on_it, missing=missing, look=True) == ("submitted" if state == "done" else state)


people = st.uuids(version=4)
roles = st.lists(st.sampled_from(["reviewer", "manager"]), min_size=1, unique=True)


@given(st.dictionaries(people, roles, max_size=5), people, st.lists(people, max_size=2), st.data())
def test_a_dispute_is_decided_by_somebody_else_wherever_there_is_anybody(
    reviewers: dict[UUID, list[str]], stranger: UUID, strangers: list[UUID], data: st.DataObject
) -> None:
    rejecter = data.draw(st.sampled_from([*reviewers, stranger]))
    makers = data.draw(st.lists(st.sampled_from([*reviewers, *strangers, stranger]), max_size=2))
    decider = who_decides(rejecter=rejecter, reviewers=reviewers, excluded=makers)
    others = {user: set(roles) for user, roles in reviewers.items() if user not in {rejecter, *makers}}
    assert (decider == Decider.REJECTER) == (not others)
    assert (decider == Decider.REVIEWER) == any("reviewer" in roles for roles in others.values())


@given(st.sampled_from(State), st.sampled_from([None, *Resubmission]))
def test_an_edit_reworks_what_was_rejected_and_disputes_nothing(state: State, before: Resubmission | None) -> None:
    after_edit = resubmission_after_edit(state, before)
    assert after_edit in (None, Resubmission.REWORKED)
    assert (after_edit is None) == (state != R and before is None)


@pytest.fixture
def waiting(project: Project, cat: LabelClass, submitted: Make) -> Annotation:
    """A mask of a class that two have to accept."""
    project.review = {**project.review, "second_for": [str(cat.id)]}
    project.save()
    return submitted(0.7)[0]


def test_accepted_by_one_it_waits_for_another(
    as_reviewer: APIClient, project: Project, waiting: Annotation, reviewer: User, second_reviewer: User
) -> None:
    assert judge_as(as_reviewer, waiting).status_code == 201
    waiting.refresh_from_db()
    assert (waiting.state, waiting.verdict, waiting.approved_by) == ("submitted", None, reviewer)
    assert Assignment.objects.get().state == "submitted"
    assert claim(as_reviewer, project).json()["results"] == [], "not to who has accepted it"
    problem(judge_as(as_reviewer, waiting), 409, "second_reviewer")
    assert claims.claim(by=second_reviewer, project=project.id) == [waiting]
    judge(second_reviewer, waiting, "accepted")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.verdict) == ("accepted", "accepted")
    assert Assignment.objects.get().state == "done"


def test_the_second_may_reject(waiting: Annotation, reviewer: User, second_reviewer: User) -> None:
    judge(reviewer, waiting, "accepted")
    judge(second_reviewer, waiting, "rejected", "Rough edge")
    waiting.refresh_from_db()
    assert waiting.state == "rejected"


def test_what_the_second_mends_waits_for_somebody_else_to_accept_it_as_it_is_now(
    as_reviewer: APIClient, project: Project, waiting: Annotation, second_reviewer: User, cat: LabelClass, image: Image
) -> None:
    judge(second_reviewer, waiting, "accepted")
    (item,) = claim(as_reviewer, project).json()["results"]
    assert item["approved"]
    values = {"segmentation": mask_body(cat, square(20, 20, 5))["segmentation"]}
    as_reviewer.patch(f"{API}/annotations/{waiting.id}", values, headers={"If-Match": '"1"'})
    assert judge_as(as_reviewer, waiting, "fixed", version=2).status_code == 201
    waiting.refresh_from_db()
    assert waiting.state == "submitted"
    assert claims.claim(by=second_reviewer, project=project.id) == [waiting], "who accepted another version"
    judge(second_reviewer, waiting, "accepted")
    waiting.refresh_from_db()
    assert waiting.state == "accepted"


def test_a_class_that_needs_two_is_reviewed_however_sure_we_are(
    as_reviewer: APIClient, project: Project, cat: LabelClass, submitted: Make
) -> None:
    project.review = {**project.review, "below": 0, "sample": 0, "second_for": [str(cat.id)]}
    project.save()
    (made,) = submitted(0.99)
    assert ids(claim(as_reviewer, project).json()) == [str(made.id)]
