"""Submitting: nothing by mistake, nothing without a look, and nothing that cannot be taken back for a moment."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.annotations.models import Annotation
from labeling.assignments.models import Assignment
from labeling.events.models import Event
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Project
from labeling.review import submission, taking_back
from labeling.review.models import Claim
from tests.labeling.conftest import client_of
from tests.labeling.making import API, annotate, assign, bring_back, edit, judge, problem, remove, said, submit
from tests.labeling.review.asking import claim, ids

More = Callable[[int], list[Image]]


def post(client: APIClient, assignment: Assignment, what: str, **body: Any) -> Any:
    return client.post(f"{API}/assignments/{assignment.id}/{what}", body)


def set_policy(project: Project, **values: Any) -> None:
    project.review = {**project.review, **values}
    project.save()


@pytest.fixture
def mine(manager: User, annotator: User, image: Image) -> Assignment:
    return assign(manager, image, annotator)


# Nothing to label


def test_an_image_without_annotations_is_submitted_only_by_saying_so(as_annotator: APIClient, mine: Assignment) -> None:
    body = problem(post(as_annotator, mine, "submit"), 409, "nothing_labeled")
    assert "confirm that" in body["detail"]
    answer = post(as_annotator, mine, "submit", nothing_to_label=True).json()
    assert (answer["state"], answer["nothing_to_label"], answer["image_review"]) == (
        "submitted", True, "nothing_to_label",
    )  # fmt: skip
    event = Event.objects.latest("seq")
    assert (event.kind, event.data["nothing_to_label"]) == ("assignment.changed", True)
    again = post(as_annotator, mine, "submit", nothing_to_label=True)
    assert again.json() == answer, "submitting twice is harmless"
    assert post(as_annotator, mine, "submit").json() == answer


def test_that_there_is_nothing_is_not_said_of_an_image_with_objects(
    as_annotator: APIClient, annotator: User, image: Image, cat: LabelClass, mine: Assignment
) -> None:
    annotate(annotator, image, cat)
    problem(post(as_annotator, mine, "submit", nothing_to_label=True), 409, "not_empty")
    assert Annotation.objects.get().state == "draft"


def test_a_reviewer_sees_that_nothing_was_labeled_and_accepts_it(
    as_annotator: APIClient, as_reviewer: APIClient, as_manager: APIClient, project: Project, mine: Assignment
) -> None:
    post(as_annotator, mine, "submit", nothing_to_label=True)
    path = f"{API}/projects/{project.id}/review-queue/images"
    (shown,) = as_reviewer.get(path).json()["results"]
    assert (shown["id"], shown["assignment"]["image_review"]) == (str(mine.image_id), "nothing_to_label")
    problem(post(as_annotator, mine, "confirm", because="nothing_to_label"), 403)
    problem(post(as_reviewer, mine, "confirm", because="deleted"), 409, "not_waiting")
    answer = post(as_reviewer, mine, "confirm", because="nothing_to_label").json()
    assert (answer["state"], answer["nothing_to_label"], answer["image_review"]) == ("done", True, "")
    assert Event.objects.latest("seq").data["confirmed"] == "nothing_to_label"
    assert post(as_reviewer, mine, "confirm", because="nothing_to_label").json() == answer, "twice is harmless"
    assert as_reviewer.get(path).json() == {"results": [], "waiting": 0}
    (listed,) = as_manager.get(f"{API}/projects/{project.id}/images").json()["results"]
    assert listed["assignment"]["nothing_to_label"], "the manager goes on seeing it"


def test_a_reviewer_points_at_what_is_missing_on_an_image_without_objects(
    as_annotator: APIClient, as_reviewer: APIClient, annotator: User, reviewer: User, image: Image, cat: LabelClass,
    mine: Assignment,
) -> None:  # fmt: skip
    submit(annotator, image)
    pin = said(reviewer, image, kind="missing", x=5, y=5)
    mine.refresh_from_db()
    assert mine.state == "returned"
    as_annotator.post(f"{API}/comments/{pin.id}/resolve", {})
    problem(post(as_annotator, mine, "submit"), 409, "nothing_labeled")
    assert post(as_annotator, mine, "submit", nothing_to_label=True).json()["state"] == "submitted"
    annotate(annotator, image, cat)
    answer = post(as_annotator, mine, "submit").json()
    assert (answer["state"], answer["nothing_to_label"], answer["image_review"]) == ("submitted", False, "")


@pytest.mark.parametrize(
    ("policy", "state"),
    [
        ({"below": 1.0}, "submitted"),
        ({"below": 0.5, "sample": 0.0}, "done"),
        ({"below": 0.5, "sample": 1.0}, "submitted"),
        ({"below": 0.5, "sample": 0.0, "first": 1}, "submitted"),
    ],
)
def test_that_there_is_nothing_goes_to_review_by_policy(
    annotator: User, project: Project, image: Image, mine: Assignment, policy: dict[str, Any], state: str
) -> None:
    set_policy(project, **policy)
    assert submit(annotator, image).state == state
    by_policy = Event.objects.filter(kind="policy.accepted", image=image.id, data__nothing_to_label=True, actor=None)
    assert by_policy.exists() == (state == "done")


def test_what_a_reviewer_has_returned_comes_back_to_one_whatever_the_policy_says(
    annotator: User, reviewer: User, project: Project, image: Image, mine: Assignment
) -> None:
    submit(annotator, image)
    pin = said(reviewer, image, kind="missing", x=5, y=5)
    pin.resolved_at, pin.resolved_by = pin.at, annotator
    pin.save()
    set_policy(project, below=0.5, sample=0.0)
    assert submit(annotator, image).state == "submitted"


def test_nobody_accepts_that_there_is_nothing_on_their_own_image(
    as_reviewer: APIClient, manager: User, reviewer: User, project: Project, image: Image
) -> None:
    own = assign(manager, image, reviewer)
    submit(reviewer, image)
    problem(post(as_reviewer, own, "confirm", because="nothing_to_label"), 409, "own_image")
    path = f"{API}/projects/{project.id}/review-queue/images"
    assert as_reviewer.get(path).json()["waiting"] == 0
    set_policy(project, own=True)
    assert as_reviewer.get(path).json()["waiting"] == 1
    assert post(as_reviewer, own, "confirm", because="nothing_to_label").json()["state"] == "done"


# Taking it back


def test_a_submission_is_taken_back_as_if_it_had_not_been(
    as_annotator: APIClient, as_reviewer: APIClient, annotator: User, project: Project, image: Image, cat: LabelClass,
    mine: Assignment,
) -> None:  # fmt: skip
    set_policy(project, below=0.5, sample=0.0)
    annotate(annotator, image, cat)
    annotate(annotator, image, cat, predicted_iou=0.99, stability_score=1)
    before = list(Annotation.objects.order_by("id").values("state", "verdict", "review", "version", "provisional"))
    submitted = post(as_annotator, mine, "submit").json()
    assert set(Annotation.objects.values_list("state", flat=True)) == {"submitted", "accepted"}
    assert len(ids(claim(as_reviewer, project).json())) == 1
    answer = post(as_annotator, mine, "submit/undo", submission=submitted["submission"]).json()
    assert (answer["state"], answer["draft_count"]) == ("open", 2)
    after = list(Annotation.objects.order_by("id").values("state", "verdict", "review", "version", "provisional"))
    assert after == before
    assert not Claim.objects.exists()
    kinds = list(Event.objects.order_by("seq").values_list("kind", flat=True))[-2:]
    assert kinds == ["annotations.taken_back", "assignment.changed"]
    again = post(as_annotator, mine, "submit/undo", submission=submitted["submission"])
    assert again.json() == answer, "taking it back twice is harmless"
    assert as_reviewer.get(f"{API}/projects/{project.id}/review-queue").json()["waiting"] == 0
    history = as_annotator.get(f"{API}/annotations/{Annotation.objects.earliest('created_at').id}/history").json()
    assert [entry["kind"] for entry in history["results"]] == ["taken_back", "submitted", "created"]


def test_only_the_latest_submission_is_taken_back_and_the_one_before_stays(
    as_annotator: APIClient, annotator: User, image: Image, cat: LabelClass, mine: Assignment
) -> None:
    first = annotate(annotator, image, cat)
    earlier = post(as_annotator, mine, "submit").json()["submission"]
    second = annotate(annotator, image, cat)
    latest = post(as_annotator, mine, "submit").json()["submission"]
    problem(post(as_annotator, mine, "submit/undo", submission=earlier), 409, "too_late")
    answer = post(as_annotator, mine, "submit/undo", submission=latest).json()
    assert answer["state"] == "returned", "the second is a draft again"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("submitted", "draft")


@pytest.mark.parametrize("what", ["verdict", "missing", "confirmed", "given away"])
def test_what_a_reviewer_has_decided_about_is_not_taken_back(
    as_annotator: APIClient, as_reviewer: APIClient, manager: User, annotator: User, reviewer: User, image: Image,
    cat: LabelClass, mine: Assignment, what: str,
) -> None:  # fmt: skip
    made = annotate(annotator, image, cat) if what != "confirmed" else None
    number = submit(annotator, image).submission
    if what == "verdict":
        assert made
        annotate(annotator, image, cat)
        judge(reviewer, made, "accepted")
        edit(annotator, made)
    elif what == "missing":
        said(reviewer, image, kind="missing", x=5, y=5)
    elif what == "confirmed":
        post(as_reviewer, mine, "confirm", because="nothing_to_label")
    else:
        Assignment.objects.update(annotator=manager)
    client = as_annotator if what != "given away" else client_of(manager)
    problem(post(client, mine, "submit/undo", submission=number), 409, "too_late")


def test_a_verdict_that_was_taken_back_does_not_count(
    as_annotator: APIClient, as_reviewer: APIClient, annotator: User, reviewer: User, image: Image, cat: LabelClass,
    mine: Assignment,
) -> None:  # fmt: skip
    made = annotate(annotator, image, cat)
    number = submit(annotator, image).submission
    as_reviewer.post(f"{API}/verdicts/{judge(reviewer, made, 'accepted').id}/undo", {})
    assert post(as_annotator, mine, "submit/undo", submission=number).json()["state"] == "open"


def test_nobody_takes_back_for_someone_else_but_a_manager(
    as_reviewer: APIClient, as_manager: APIClient, annotator: User, image: Image, cat: LabelClass, mine: Assignment
) -> None:
    annotate(annotator, image, cat)
    number = submit(annotator, image).submission
    problem(post(as_reviewer, mine, "submit/undo", submission=number), 403, "permission_denied")
    assert post(as_manager, mine, "submit/undo", submission=number).json()["state"] == "open"


def test_an_image_that_was_pulled_has_a_lease_again(
    as_annotator: APIClient, annotator: User, project: Project, image: Image
) -> None:
    pulled = as_annotator.post(f"{API}/projects/{project.id}/assignments/next").json()
    number = submit(annotator, image).submission
    path = f"{API}/assignments/{pulled['id']}/submit/undo"
    answer = as_annotator.post(path, {"submission": number}).json()
    assert (answer["state"], answer["nothing_to_label"], answer["image_review"]) == ("open", False, "")
    assert answer["lease_until"] is not None


def test_many_annotations_are_taken_back_by_slices(
    annotator: User, image: Image, cat: LabelClass, mine: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeling.review.submission.SLICE", 2)
    monkeypatch.setattr(taking_back, "SLICE", 2)
    made = [annotate(annotator, image, cat) for _ in range(5)]
    submission.submit_ahead(by=annotator, assignment=mine.id)
    submitted = submission.submit(by=annotator, assignment=mine.id)
    asked = {"by": annotator, "assignment": mine.id, "submission": submitted.submission or 0}
    assert taking_back._take_back_slice(annotator, mine.id, submitted.submission or 0)
    mine.refresh_from_db()
    assert mine.state == "submitted", "interrupted here, it is taken back by asking again"
    taking_back.take_back_ahead(**asked)
    assert taking_back.take_back(**asked).state == "open"
    assert set(Annotation.objects.values_list("state", flat=True)) == {"draft"}
    counts = Event.objects.filter(kind="annotations.taken_back").order_by("seq").values_list("data__count", flat=True)
    assert list(counts) == [2, 2, 1]
    named = [row.versions.latest("event_seq").event_seq for row in made]
    assert set(named) == set(Event.objects.filter(kind="annotations.taken_back").values_list("seq", flat=True))


# Edits of what was submitted


@pytest.fixture
def done(annotator: User, reviewer: User, image: Image, cat: LabelClass, mine: Assignment) -> list[Annotation]:
    """Two accepted masks, with which the image is done."""
    made = [annotate(annotator, image, cat) for _ in range(2)]
    submit(annotator, image)
    for row in made:
        judge(reviewer, row, "accepted")
    mine.refresh_from_db()
    assert mine.state == "done"
    return made


def test_drawing_on_a_done_image_makes_it_submittable_again(
    as_annotator: APIClient, annotator: User, image: Image, cat: LabelClass, mine: Assignment, done: list[Annotation]
) -> None:
    drawn = annotate(annotator, image, cat)
    mine.refresh_from_db()
    assert mine.state == "returned"
    (listed,) = as_annotator.get(f"{API}/me/assignments").json()
    assert (listed["draft_count"], listed["rejected_count"]) == (1, 0)
    remove(annotator, drawn)
    mine.refresh_from_db()
    assert mine.state == "done", "nothing is left to be submitted"
    annotate(annotator, image, cat)
    assert submit(annotator, image).state == "submitted"


def test_editing_what_was_accepted_sends_the_image_back_to_review(
    annotator: User, reviewer: User, mine: Assignment, done: list[Annotation]
) -> None:
    edit(annotator, done[0])
    mine.refresh_from_db()
    assert mine.state == "submitted"
    event = Event.objects.latest("seq")
    assert (event.kind, event.data["state"]) == ("assignment.changed", "submitted")
    judge(reviewer, done[0], "accepted")
    mine.refresh_from_db()
    assert mine.state == "done"


def test_deleting_what_was_accepted_sends_the_image_back_to_review(
    as_reviewer: APIClient, annotator: User, project: Project, mine: Assignment, done: list[Annotation]
) -> None:
    remove(annotator, done[0])
    mine.refresh_from_db()
    assert (mine.state, mine.image_review) == ("submitted", "deleted")
    assert Event.objects.latest("seq").data["image_review"] == "deleted"
    (shown,) = as_reviewer.get(f"{API}/projects/{project.id}/review-queue/images").json()["results"]
    assert shown["assignment"]["image_review"] == "deleted"
    assert post(as_reviewer, mine, "confirm", because="deleted").json()["state"] == "done"


def test_undoing_the_deletion_changes_nothing_that_was_decided(
    annotator: User, mine: Assignment, done: list[Annotation]
) -> None:
    for row in done:
        remove(annotator, row)
    assert bring_back(annotator, done[0]).state == "accepted"
    mine.refresh_from_db()
    assert (mine.state, mine.image_review) == ("submitted", "deleted")
    assert bring_back(annotator, done[1]).state == "accepted"
    mine.refresh_from_db()
    assert (mine.state, mine.image_review) == ("done", "")


def test_what_comes_back_after_a_reviewer_saw_it_go_is_judged_anew(
    as_reviewer: APIClient, annotator: User, mine: Assignment, done: list[Annotation]
) -> None:
    remove(annotator, done[0])
    post(as_reviewer, mine, "confirm", because="deleted")
    assert bring_back(annotator, done[0]).state == "submitted"
    mine.refresh_from_db()
    assert mine.state == "submitted"


def test_another_deletion_does_not_bring_back_what_a_reviewer_saw_go(
    as_reviewer: APIClient, annotator: User, mine: Assignment, done: list[Annotation]
) -> None:
    remove(annotator, done[0])
    post(as_reviewer, mine, "confirm", because="deleted")
    remove(annotator, done[1])
    assert bring_back(annotator, done[0]).state == "submitted"
    assert bring_back(annotator, done[1]).state == "accepted"
    mine.refresh_from_db()
    assert (mine.state, mine.image_review) == ("submitted", "")


def test_what_a_reviewer_has_deleted_is_judged_anew(
    annotator: User, reviewer: User, mine: Assignment, done: list[Annotation]
) -> None:
    remove(reviewer, done[0])
    remove(annotator, done[1])
    assert bring_back(annotator, done[0]).state == "submitted"


def test_deleting_what_was_accepted_is_seen_though_the_image_had_come_back(
    annotator: User, reviewer: User, image: Image, cat: LabelClass, mine: Assignment
) -> None:
    kept, bad = (annotate(annotator, image, cat) for _ in range(2))
    submit(annotator, image)
    judge(reviewer, kept, "accepted")
    judge(reviewer, bad, "rejected", "Duplicate")
    remove(annotator, kept)
    remove(annotator, bad)
    annotate(annotator, image, cat)
    mine.refresh_from_db()
    assert (mine.state, mine.image_review) == ("returned", "deleted")
    submit(annotator, image)
    mine.refresh_from_db()
    assert (mine.state, mine.image_review) == ("submitted", "deleted")


def test_that_there_is_nothing_does_not_hide_what_was_deleted(
    annotator: User, project: Project, mine: Assignment, done: list[Annotation]
) -> None:
    set_policy(project, below=0.1, sample=0.0, first=0)
    for row in done:
        remove(annotator, row)
    submission.submit(by=annotator, assignment=mine.id, nothing_to_label=True)
    mine.refresh_from_db()
    assert (mine.state, mine.image_review) == ("submitted", "deleted")


def test_a_reviewers_deletion_is_a_decision(reviewer: User, mine: Assignment, done: list[Annotation]) -> None:
    remove(reviewer, done[0])
    mine.refresh_from_db()
    assert (mine.state, mine.image_review) == ("done", "")


def test_deleting_all_that_was_submitted_leaves_something_to_look_at(
    annotator: User, image: Image, cat: LabelClass, mine: Assignment
) -> None:
    made = annotate(annotator, image, cat)
    submit(annotator, image)
    remove(annotator, made)
    mine.refresh_from_db()
    assert (mine.state, mine.image_review) == ("submitted", "deleted")


def test_an_image_that_came_back_stays_until_it_is_submitted(
    annotator: User, reviewer: User, image: Image, cat: LabelClass, mine: Assignment
) -> None:
    kept, bad = (annotate(annotator, image, cat) for _ in range(2))
    submit(annotator, image)
    judge(reviewer, kept, "accepted")
    judge(reviewer, bad, "rejected", "Duplicate")
    remove(annotator, bad)
    mine.refresh_from_db()
    assert mine.state == "returned"
    assert submit(annotator, image).state == "done"


def test_edits_of_an_image_in_work_move_nothing(
    annotator: User, image: Image, cat: LabelClass, mine: Assignment
) -> None:
    made = annotate(annotator, image, cat)
    edit(annotator, made)
    remove(annotator, made)
    mine.refresh_from_db()
    assert mine.state == "open"
    assert Event.objects.latest("seq").kind == "annotation.deleted"
