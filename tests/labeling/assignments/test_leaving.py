"""People leave a project, and nothing that they had is stranded."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.assignments import leaving
from labeling.assignments.models import Assignment
from labeling.events.models import Event
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Membership, Project
from tests.labeling.making import API, annotate, assign, judge, problem, submit

More = Callable[[int], list[Image]]


@pytest.fixture
def work(manager: User, annotator: User, reviewer: User, more_images: More, cat: LabelClass) -> dict[str, Image]:
    """An image of the annotator in each state."""
    images = dict(zip(("open", "returned", "submitted", "skipped", "done"), more_images(5), strict=True))
    for state, image in images.items():
        assign(manager, image, annotator)
        if state in ("returned", "submitted", "done"):
            made = annotate(annotator, image, cat)
            submit(annotator, image)
            if state != "submitted":
                judge(reviewer, made, "accepted" if state == "done" else "rejected", "Rough edge")
    Assignment.objects.filter(image=images["skipped"]).update(state="skipped")
    return images


def member(user: User) -> Membership:
    return Membership.objects.get(user=user)


def remove(client: APIClient, user: User, query: str = "") -> Any:
    return client.delete(f"{API}/members/{member(user).id}{query}")


def holders() -> dict[str, str]:
    """The annotator of the image in each state."""
    return {row.state: row.annotator.name for row in Assignment.objects.select_related("annotator")}


def test_the_open_images_of_who_leaves_are_nobodys_again(
    as_manager: APIClient, as_reviewer: APIClient, annotator: User, project: Project, work: dict[str, Image]
) -> None:
    counts = as_manager.get(f"{API}/members/{member(annotator).id}/work").json()
    assert counts == dict.fromkeys(("open", "returned", "submitted", "skipped", "done"), 1)
    assert remove(as_manager, annotator).status_code == 204
    assert holders() == dict.fromkeys(("submitted", "skipped", "done"), "Annotator")
    progress = as_manager.get(f"{API}/projects/{project.id}/progress").json()["images"]
    assert (progress["unassigned"], progress["available"]) == (2, 2)
    kinds = list(Event.objects.order_by("seq").values_list("kind", flat=True))[-3:]
    assert kinds == ["assignment.removed", "assignment.removed", "member.removed"]
    pulled = as_reviewer.post(f"{API}/projects/{project.id}/assignments/next").json()
    assert pulled["image"]["id"] == str(work["open"].id)


def test_the_images_of_who_leaves_are_handed_over(
    as_manager: APIClient, annotator: User, reviewer: User, work: dict[str, Image]
) -> None:
    assert remove(as_manager, annotator, f"?hand_to={reviewer.id}").status_code == 204
    assert holders() == {
        **dict.fromkeys(("open", "returned", "submitted"), "Reviewer"),
        **dict.fromkeys(("skipped", "done"), "Annotator"),
    }


def test_images_are_handed_over_only_to_who_labels_here_and_stays(
    as_manager: APIClient, annotator: User, viewer: User, outsider: User, work: dict[str, Image]
) -> None:
    for user, code in ((viewer, "not_an_annotator"), (outsider, "not_an_annotator"), (annotator, "same_person")):
        body = problem(remove(as_manager, annotator, f"?hand_to={user.id}"), 400, code)
        assert body["errors"][0]["pointer"] == "/hand_to"
    assert len(holders()) == 5, "nothing was done"
    assert member(annotator)


def test_the_last_manager_keeps_their_images(as_manager: APIClient, manager: User, image: Image) -> None:
    assign(manager, image, manager)
    problem(remove(as_manager, manager), 409, "last_manager")
    assert Assignment.objects.get().annotator == manager


@pytest.mark.parametrize("to_pool", [True, False])
def test_many_images_are_moved_by_slices_and_the_person_leaves_last(
    as_manager: APIClient, manager: User, annotator: User, reviewer: User, more_images: More,
    monkeypatch: pytest.MonkeyPatch, to_pool: bool,
) -> None:  # fmt: skip
    monkeypatch.setattr(leaving, "SLICE", 2)
    for image in more_images(5):
        assign(manager, image, annotator)
    hand_to = None if to_pool else reviewer.id
    assert leaving._move_slice(manager, member(annotator).id, hand_to)
    assert Assignment.objects.filter(annotator=annotator).count() == 3
    assert member(annotator), "interrupted here, it is finished by asking again"
    assert remove(as_manager, annotator, f"?hand_to={hand_to}" if hand_to else "").status_code == 204
    # The slice before went to the same heir.
    assert Assignment.objects.filter(annotator=reviewer).count() == (0 if to_pool else 5)
    assert not Assignment.objects.filter(annotator=annotator).exists()
    assert not Membership.objects.filter(user=annotator).exists()


@pytest.mark.parametrize("how", ["left", "may only look"])
def test_what_people_had_who_label_here_no_more_is_available(
    as_manager: APIClient, as_reviewer: APIClient, annotator: User, project: Project, work: dict[str, Image], how: str
) -> None:
    if how == "left":
        Membership.objects.filter(user=annotator).delete()
    else:
        Membership.objects.filter(user=annotator).update(roles=["viewer"])
    progress = as_manager.get(f"{API}/projects/{project.id}/progress").json()["images"]
    assert (progress["unassigned"], progress["available"]) == (0, 2)
    path = f"{API}/projects/{project.id}/assignments/next"
    pulled = as_reviewer.post(path).json()
    assert (pulled["image"]["id"], pulled["state"]) == (str(work["open"].id), "open")
    Assignment.objects.filter(id=pulled["id"]).update(state="submitted")
    pulled = as_reviewer.post(path).json()
    assert (pulled["image"]["id"], pulled["state"]) == (str(work["returned"].id), "returned")
    Assignment.objects.filter(id=pulled["id"]).update(state="submitted")
    assert as_reviewer.post(path).status_code == 204
