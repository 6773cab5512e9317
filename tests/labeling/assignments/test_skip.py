"""An image that cannot be labeled is put aside, with a reason that its manager reads."""

from typing import Any
from uuid import UUID

from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.assignments.models import Assignment
from labeling.events.models import Event
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Project
from tests.labeling.making import API, annotate, assign, judge, problem, submit


def skip(client: APIClient, assignment: UUID, reason: str = "Only fog.") -> Any:
    return client.post(f"{API}/assignments/{assignment}/skip", {"reason": reason})


def test_a_skipped_image_leaves_the_annotators_work_and_the_manager_sees_why(
    as_manager: APIClient, as_annotator: APIClient, manager: User, annotator: User, project: Project, image: Image
) -> None:
    given = assign(manager, image, annotator)
    assert skip(as_annotator, given.id).json()["state"] == "skipped"
    assert as_annotator.get(f"{API}/me/assignments").json() == []
    (listed,) = as_manager.get(f"{API}/projects/{project.id}/images?state=skipped").json()["results"]
    assert listed["assignment"]["skip_reason"] == "Only fog."
    counts = as_manager.get(f"{API}/projects/{project.id}/progress").json()["images"]
    assert (counts["skipped"], counts["open"], counts["unassigned"]) == (1, 0, 0)
    event = Event.objects.filter(kind="assignment.changed").latest("seq")
    assert event.data["skip_reason"] == "Only fog."


def test_a_skipped_image_is_pulled_by_nobody(
    as_annotator: APIClient, as_reviewer: APIClient, project: Project, image: Image
) -> None:
    pulled = as_annotator.post(f"{API}/projects/{project.id}/assignments/next").json()
    skip(as_annotator, pulled["id"])
    for client in (as_annotator, as_reviewer):
        assert client.post(f"{API}/projects/{project.id}/assignments/next").status_code == 204


def test_a_manager_gives_a_skipped_image_again_and_its_reason_is_gone(
    as_manager: APIClient, as_annotator: APIClient, manager: User, annotator: User, project: Project, image: Image
) -> None:
    given = assign(manager, image, annotator)
    skip(as_annotator, given.id)
    body = {"annotator": str(annotator.id), "images": [str(image.id)]}
    assert as_manager.post(f"{API}/projects/{project.id}/assignments", body).json()["assigned"] == 1
    given.refresh_from_db()
    assert (given.state, given.skip_reason) == (Assignment.State.OPEN, "")


def test_whoever_skipped_an_image_can_still_hand_it_in(
    as_annotator: APIClient, manager: User, annotator: User, image: Image
) -> None:
    given = assign(manager, image, annotator)
    skip(as_annotator, given.id)
    handed_in = submit(annotator, image)
    assert (handed_in.state, handed_in.skip_reason) == (Assignment.State.SUBMITTED, "")


def test_a_verdict_on_a_skipped_image_does_not_bring_it_back(
    as_annotator: APIClient, manager: User, annotator: User, reviewer: User, image: Image, cat: LabelClass
) -> None:
    assign(manager, image, annotator)
    first, second = annotate(annotator, image, cat), annotate(annotator, image, cat)
    given = submit(annotator, image)
    judge(reviewer, first, "rejected", "Rough edge")
    skip(as_annotator, given.id)
    judge(reviewer, second, "accepted")
    given.refresh_from_db()
    assert given.state == Assignment.State.SKIPPED


def test_skipping_needs_a_reason_and_an_image_of_ones_own_that_is_not_handed_in(
    as_annotator: APIClient, as_reviewer: APIClient, manager: User, annotator: User, image: Image, cat: LabelClass
) -> None:
    given = assign(manager, image, annotator)
    problem(skip(as_annotator, given.id, " "), 400)
    assert skip(as_reviewer, given.id).status_code == 403
    annotate(annotator, image, cat)
    submit(annotator, image)
    problem(skip(as_annotator, given.id), 409, "handed_in")
