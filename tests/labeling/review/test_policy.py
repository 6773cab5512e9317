"""What a project's policy has people look at: the pure decision, and what handing in makes of it."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.annotations.models import Annotation, AnnotationVersion
from labeling.annotations.policy import Because, Policy, because, drawn
from labeling.assignments.models import Assignment
from labeling.events.models import Event
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Project
from labeling.review.models import Verdict
from tests.labeling.making import API, annotate, assign, configure, judge, problem, submit
from tests.labeling.review.asking import ids, queue

shares = st.floats(0, 1)
classes = st.uuids()


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    return Policy(
        below=draw(shares),
        sample=draw(shares),
        first=draw(st.integers(0, 5)),
        second_for=frozenset(str(each) for each in draw(st.lists(classes, max_size=2))),
        own=draw(st.booleans()),
    )


def why(policy: Policy, annotation: UUID, **facts: object) -> Because | None:
    given_facts = {"label_class": UUID(int=1), "confidence": 1.0, "earlier": 10, "judged": False, **facts}
    return because(policy, annotation=annotation, **given_facts)  # type: ignore[arg-type]


@given(policies(), st.uuids(), shares, st.integers(0, 10))
def test_what_a_reviewer_has_had_before_always_comes_back_to_one(
    policy: Policy, annotation: UUID, confidence: float, earlier: int
) -> None:
    assert why(policy, annotation, confidence=confidence, earlier=earlier, judged=True) == Because.RETURNED


@given(policies(), st.uuids(), shares, st.integers(0, 10))
def test_what_the_policy_accepts_has_no_reason_to_be_looked_at(
    policy: Policy, annotation: UUID, confidence: float, earlier: int
) -> None:
    accepted = why(policy, annotation, confidence=confidence, earlier=earlier) is None
    assert accepted == (
        confidence >= policy.below
        and policy.below < 1
        and not drawn(annotation, policy.sample)
        and earlier >= policy.first
        and not policy.needs_two(UUID(int=1))
    )


@given(policies(), st.uuids())
def test_what_is_unknown_is_looked_at_unless_no_confidence_is_too_low(policy: Policy, annotation: UUID) -> None:
    assert policy.requires_review(None) == (policy.below > 0)
    assert policy.below == 0 or why(policy, annotation, confidence=None) is not None


@given(policies(), st.uuids(), shares, shares)
def test_who_is_less_certain_is_never_looked_at_less(policy: Policy, annotation: UUID, one: float, two: float) -> None:
    low, high = sorted((one, two))
    assert why(policy, annotation, confidence=low) is not None or why(policy, annotation, confidence=high) is None


@given(st.uuids(), shares, shares)
def test_a_larger_sample_holds_the_smaller_one(annotation: UUID, one: float, two: float) -> None:
    small, large = sorted((one, two))
    assert not drawn(annotation, small) or drawn(annotation, large)
    assert drawn(annotation, 1)
    assert not drawn(annotation, 0)


@pytest.mark.parametrize("share", [0.05, 0.3])
def test_the_sample_has_its_size(share: float) -> None:
    hits = sum(drawn(UUID(int=n), share) for n in range(20_000))
    # Four standard deviations.
    assert abs(hits / 20_000 - share) < 4 * (share * (1 - share) / 20_000) ** 0.5


def set_policy(project: Project, **values: object) -> None:
    project.review = {**project.review, "sample": 0, **values}
    project.save(update_fields=["review"])


def hand_in(manager: User, annotator: User, image: Image, cat: LabelClass, *scores: float) -> list[Annotation]:
    made = [annotate(annotator, image, cat, predicted_iou=score, stability_score=1) for score in scores]
    assign(manager, image, annotator)
    submit(annotator, image)
    for each in made:
        each.refresh_from_db()
    return made


def test_what_is_sure_enough_is_accepted_by_policy_and_by_nobody(
    as_annotator: APIClient, project: Project, manager: User, annotator: User, image: Image, cat: LabelClass
) -> None:
    set_policy(project, below=0.8)
    low, high = hand_in(manager, annotator, image, cat, 0.7, 0.9)
    assert (low.state, high.state, high.verdict) == ("submitted", "accepted", "policy")
    review = as_annotator.get(f"{API}/annotations/{high.id}").json()["review"]
    assert (review["verdict"], review["by"]) == ("policy", None)
    assert not Verdict.objects.exists(), "nobody looked at it"
    event = Event.objects.get(kind="policy.accepted")
    assert (event.actor, event.data["annotations"]) == (None, [str(high.id)])
    assert AnnotationVersion.objects.get(annotation=high, event_seq=event.seq).state == "accepted"
    assert Assignment.objects.get().state == "submitted"


def test_an_image_of_which_nothing_needs_review_is_done(
    as_reviewer: APIClient, project: Project, manager: User, annotator: User, image: Image, cat: LabelClass
) -> None:
    set_policy(project, below=0.5)
    (high,) = hand_in(manager, annotator, image, cat, 0.9)
    assert Assignment.objects.get().state == "done"
    assert queue(as_reviewer, project)["waiting"] == 0
    assert ids(queue(as_reviewer, project, "verdict=policy")) == [str(high.id)]


def test_the_sample_is_marked_whether_or_not_it_would_be_looked_at_anyway(
    project: Project, reviewer: User, manager: User, annotator: User, image: Image, cat: LabelClass
) -> None:
    set_policy(project, below=0.8, sample=1)
    low, high = hand_in(manager, annotator, image, cat, 0.7, 0.9)
    assert [(each.state, each.sampled) for each in (low, high)] == [("submitted", True), ("submitted", True)]
    assert judge(reviewer, high, "accepted").sampled


def test_of_a_new_annotator_the_first_are_looked_at(
    project: Project, manager: User, annotator: User, more_images: "object", cat: LabelClass
) -> None:
    set_policy(project, below=0, first=3)
    first, second = more_images(2)  # type: ignore[operator]
    made = hand_in(manager, annotator, first, cat, 0.9, 0.9) + hand_in(manager, annotator, second, cat, 0.9, 0.9)
    assert [each.state for each in made].count("accepted") == 1
    assert made[0].state == made[1].state == "submitted"


def test_what_was_rejected_is_looked_at_again_however_sure_we_are(
    project: Project, reviewer: User, manager: User, annotator: User, image: Image, cat: LabelClass
) -> None:
    set_policy(project, below=1)
    (made,) = hand_in(manager, annotator, image, cat, 0.9)
    judge(reviewer, made, "rejected", "Rough edge")
    set_policy(project, below=0)
    from labeling.annotations import services

    services.change(by=annotator, image=image.id, update=[services.Edit(made.id, 1, {"model": "other"})])
    submit(annotator, image)
    made.refresh_from_db()
    assert made.state == "submitted"


def test_a_manager_changes_any_part_of_the_policy(
    as_manager: APIClient, as_reviewer: APIClient, project: Project, cat: LabelClass
) -> None:
    path = f"{API}/projects/{project.id}"
    assert as_manager.get(path).json()["review"] == {
        "below": 1.0, "sample": 0.05, "first": 0, "second_for": [], "own": False
    }  # fmt: skip
    configure(as_manager, project, {"review": {"below": 0.8}})
    changed = configure(as_manager, project, {"review": {"second_for": [str(cat.id), str(cat.id)]}}).json()["review"]
    assert (changed["below"], changed["second_for"]) == (0.8, [str(cat.id)])
    problem(configure(as_manager, project, {"review": {"below": 1.2}}), 400, "max_value")
    body = problem(configure(as_manager, project, {"review": {"second_for": [str(project.id)]}}), 400, "no_such_class")
    assert body["errors"][0]["pointer"] == "/review/second_for"
    problem(configure(as_reviewer, project, {"review": {"below": 0}}), 403)
