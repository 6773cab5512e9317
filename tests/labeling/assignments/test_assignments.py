"""Who labels what: given by a manager or pulled, and handed in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.annotations import services as annotations
from labeling.annotations.models import Annotation
from labeling.assignments import assigning, services
from labeling.assignments.models import Assignment
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Membership, Project
from tests.labeling.conftest import client_of
from tests.labeling.making import API, annotate, assign, judge, problem, submit, together

More = Callable[[int], list[Image]]


def give(client: APIClient, project: Project, annotator: User, *images: Image, **more: Any) -> Any:
    body = {"annotator": str(annotator.id), "images": [str(image.id) for image in images], **more}
    return client.post(f"{API}/projects/{project.id}/assignments", body)


def outcomes(response: Any) -> list[str]:
    assert response.status_code == 201, response.content
    return [each["outcome"] for each in response.json()["results"]]


def test_images_are_given_changed_hands_and_known(
    as_manager: APIClient, project: Project, annotator: User, reviewer: User, more_images: More
) -> None:
    first, second = more_images(2)
    assert outcomes(give(as_manager, project, annotator, first)) == ["assigned"]
    response = give(as_manager, project, annotator, first, second)
    assert outcomes(response) == ["already", "assigned"]
    assert response.json()["assigned"] == 1
    assert outcomes(give(as_manager, project, reviewer, second)) == ["reassigned"]
    assert Assignment.objects.get(image=second).annotator == reviewer


def test_whoever_labels_may_take_what_nobody_has_and_only_that(
    as_annotator: APIClient, as_reviewer: APIClient, project: Project, annotator: User, reviewer: User, image: Image
) -> None:
    assert outcomes(give(as_annotator, project, annotator, image)) == ["assigned"]
    assert outcomes(give(as_annotator, project, annotator, image)) == ["already"]
    problem(give(as_reviewer, project, reviewer, image), 403, "permission_denied")
    assert Assignment.objects.get(image=image).annotator == annotator


def test_an_image_named_twice_is_given_once(
    as_manager: APIClient, project: Project, annotator: User, image: Image
) -> None:
    assert outcomes(give(as_manager, project, annotator, image, image)) == ["assigned"]


def test_only_who_may_label_is_given_images(
    as_manager: APIClient, project: Project, viewer: User, outsider: User, image: Image
) -> None:
    for user in (viewer, outsider):
        body = problem(give(as_manager, project, user, image), 400, "not_an_annotator")
        assert body["errors"][0]["pointer"] == "/annotator"
    assert not Assignment.objects.exists()


def test_images_that_are_not_there_are_not_given(
    as_manager: APIClient, project: Project, annotator: User, image: Image, more_images: More
) -> None:
    (gone,) = more_images(1)
    as_manager.delete(f"{API}/images/{gone.id}")
    problem(give(as_manager, project, annotator, image, gone), 400, "no_such_image")
    problem(give(as_manager, project, annotator, image, Image(id=uuid4())), 400, "no_such_image")
    assert not Assignment.objects.exists(), "all or nothing"


@pytest.mark.parametrize("state", ["submitted", "done"])
def test_what_is_finished_is_left_alone_unless_it_is_asked_for(
    as_manager: APIClient, as_annotator: APIClient, project: Project, manager: User, annotator: User, reviewer: User,
    more_images: More, state: str,
) -> None:  # fmt: skip
    first, second = more_images(2)
    assign(manager, first, annotator)
    Assignment.objects.update(state=state, nothing_to_label=True)
    answer = give(as_manager, project, reviewer, first, second)
    assert outcomes(answer) == ["left", "assigned"]
    assert (answer.json()["assigned"], answer.json()["left"]) == (1, 1)
    held = Assignment.objects.get(image=first)
    assert (held.state, held.annotator) == (state, annotator)
    assert outcomes(give(as_manager, project, annotator, first)) == ["left"]
    problem(give(as_annotator, project, annotator, first, include_finished=True), 403, "permission_denied")
    assert outcomes(give(as_manager, project, reviewer, first, include_finished=True)) == ["assigned"]
    held.refresh_from_db()
    assert (held.state, held.annotator, held.nothing_to_label) == ("open", reviewer, False)


def undo(client: APIClient, project: Project, given: Any) -> Any:
    return client.post(f"{API}/projects/{project.id}/assignments/undo", given.json()["undo"])


def take_away(client: APIClient, project: Project, *images: Image) -> Any:
    body = {"images": [str(image.id) for image in images]}
    return client.post(f"{API}/projects/{project.id}/assignments/unassign", body)


FIELDS = ("id", "image", "annotator", "state", "skip_reason", "created_at", "nothing_to_label", "image_review")


def test_assigning_is_undone_where_nothing_has_happened_since(
    as_manager: APIClient, project: Project, manager: User, annotator: User, reviewer: User, more_images: More
) -> None:
    first, second, skipped, done, pulled = more_images(5)
    for image in (second, skipped, done):
        assign(manager, image, annotator)
    Assignment.objects.filter(image=skipped).update(state="skipped", skip_reason="Too dark")
    Assignment.objects.filter(image=done).update(state="done", nothing_to_label=True)
    before = list(Assignment.objects.order_by("id").values(*FIELDS))
    given = give(as_manager, project, reviewer, first, second, skipped, done, pulled, include_finished=True)
    assert Assignment.objects.filter(annotator=reviewer, state="open").count() == 5
    services.skip(by=reviewer, assignment=Assignment.objects.get(image=pulled).id, reason="Empty")
    assert undo(as_manager, project, given).json() == {"undone": 4, "left": 1}
    after = list(Assignment.objects.exclude(image=pulled).order_by("id").values(*FIELDS))
    assert after == before
    assert undo(as_manager, project, given).json() == {"undone": 0, "left": 5}, "undoing twice is harmless"
    assert list(Assignment.objects.exclude(image=pulled).order_by("id").values(*FIELDS)) == before


def test_images_are_taken_away_and_given_back(
    as_manager: APIClient, project: Project, manager: User, annotator: User, reviewer: User, more_images: More,
    cat: LabelClass,
) -> None:  # fmt: skip
    open_, done, free, taken = more_images(4)
    annotate(annotator, open_, cat)
    for image in (open_, done, taken):
        assign(manager, image, annotator)
    Assignment.objects.filter(image=done).update(state="done")
    before = Assignment.objects.values(*FIELDS).get(image=open_)
    answer = take_away(as_manager, project, open_, done, free, taken)
    assert [each["outcome"] for each in answer.json()["results"]] == ["unassigned", "left", "already", "unassigned"]
    assert (answer.json()["unassigned"], answer.json()["left"]) == (2, 1)
    assert set(Assignment.objects.values_list("image", flat=True)) == {done.id}
    assert Annotation.objects.count() == 1, "what was labeled stays"
    assign(manager, taken, reviewer)
    assert undo(as_manager, project, answer).json() == {"undone": 1, "left": 1}
    assert Assignment.objects.values(*FIELDS).get(image=open_) == before
    assert Assignment.objects.get(image=taken).annotator == reviewer


def test_only_ones_own_assigning_is_undone(
    as_manager: APIClient, project: Project, manager: User, annotator: User, reviewer: User, image: Image
) -> None:
    given = give(as_manager, project, annotator, image)
    Membership.objects.filter(user=reviewer).update(roles=["manager"])
    problem(undo(client_of(reviewer), project, given), 409, "nothing_to_undo")
    path = f"{API}/projects/{project.id}/assignments/undo"
    for first, last in ((5, 4), (1, 5000)):
        problem(as_manager.post(path, {"first": first, "last": last}), 400, "invalid_range")
    assert give(as_manager, project, annotator, image).json()["undo"] is None, "nothing changed"


def test_an_image_that_was_deleted_meanwhile_is_not_given_back(
    as_manager: APIClient, project: Project, manager: User, annotator: User, image: Image
) -> None:
    assign(manager, image, annotator)
    answer = take_away(as_manager, project, image)
    as_manager.delete(f"{API}/images/{image.id}")
    assert undo(as_manager, project, answer).json() == {"undone": 0, "left": 1}


def test_mine_are_listed_over_all_projects_what_came_back_first(
    as_annotator: APIClient, manager: User, annotator: User, more_images: More, cat: LabelClass
) -> None:
    first, second, third = more_images(3)
    for image in (first, second, third):
        assign(manager, image, annotator)
    annotate(annotator, second, cat)
    Assignment.objects.filter(image=second).update(state="returned")
    Annotation.objects.update(state="rejected")
    Assignment.objects.filter(image=third).update(state="submitted")
    listed = as_annotator.get(f"{API}/me/assignments").json()
    assert [(each["image"]["name"], each["state"]) for each in listed] == [("1.png", "returned"), ("0.png", "open")]
    assert (listed[0]["annotation_count"], listed[0]["rejected_count"]) == (1, 1)
    assert listed[0]["project"]["name"] == "Animals"


def test_who_left_the_project_has_nothing_of_it_to_do(
    as_annotator: APIClient, manager: User, annotator: User, image: Image
) -> None:
    assign(manager, image, annotator)
    Membership.objects.filter(user=annotator).delete()
    assert as_annotator.get(f"{API}/me/assignments").json() == []


def test_taking_an_image_back_keeps_what_was_labeled(
    as_manager: APIClient, manager: User, annotator: User, image: Image, cat: LabelClass
) -> None:
    annotate(annotator, image, cat)
    made = assign(manager, image, annotator)
    assert as_manager.delete(f"{API}/assignments/{made.id}").status_code == 204
    problem(as_manager.get(f"{API}/assignments/{made.id}"), 404)
    assert Annotation.objects.count() == 1


def pull(client: APIClient, project: Project) -> Any:
    return client.post(f"{API}/projects/{project.id}/assignments/next")


def test_pulling_gives_the_oldest_free_image_for_half_an_hour(
    as_annotator: APIClient, project: Project, manager: User, reviewer: User, more_images: More
) -> None:
    first, second, _ = more_images(3)
    assign(manager, first, reviewer)
    made = pull(as_annotator, project).json()
    assert made["image"]["id"] == str(second.id)
    lease = Assignment.objects.get(id=made["id"]).lease_until
    assert lease is not None
    assert timedelta(minutes=29) < lease - timezone.now() <= timedelta(minutes=30)


def test_pulling_again_gives_what_one_has_and_renews_the_lease(
    as_annotator: APIClient, project: Project, more_images: More
) -> None:
    more_images(2)
    first = pull(as_annotator, project).json()
    Assignment.objects.update(lease_until=timezone.now() + timedelta(minutes=1))
    again = pull(as_annotator, project).json()
    assert again["id"] == first["id"]
    assert again["lease_until"] > first["lease_until"]


def test_a_lease_that_ran_out_frees_the_image(
    as_annotator: APIClient, as_reviewer: APIClient, project: Project, image: Image
) -> None:
    first = pull(as_annotator, project).json()
    assert pull(as_reviewer, project).status_code == 204
    Assignment.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert as_annotator.get(f"{API}/me/assignments").json() == []
    taken = pull(as_reviewer, project).json()
    assert (taken["id"], taken["annotator"]["name"]) == (first["id"], "Reviewer")


def test_what_a_manager_gave_has_no_lease_to_run_out(
    as_annotator: APIClient, as_reviewer: APIClient, project: Project, manager: User, annotator: User, image: Image
) -> None:
    assign(manager, image, annotator)
    assert pull(as_annotator, project).json()["lease_until"] is None
    assert pull(as_reviewer, project).status_code == 204


@pytest.mark.django_db(transaction=True)
def test_eight_who_pull_at_once_get_eight_images(project: Project, manager: User, more_images: More) -> None:
    more_images(6)
    people = [User.objects.create_user(f"p{n}@example.org", name=f"P{n}") for n in range(8)]
    Membership.objects.bulk_create(Membership(project=project, user=each, roles=["annotator"]) for each in people)

    def take(n: int) -> Any:
        made = services.pull(by=people[n], project=project.id)
        return made and made.image_id

    taken = together(8, take)
    assert taken.count(None) == 2, taken
    assert len(set(taken) - {None}) == 6
    assert Assignment.objects.count() == 6


@pytest.mark.django_db(transaction=True)
def test_who_pulls_several_times_at_once_gets_one_image(project: Project, annotator: User, more_images: More) -> None:
    more_images(4)
    taken = together(4, lambda n: services.pull(by=annotator, project=project.id))
    assert len({each.image_id for each in taken if isinstance(each, Assignment)}) == 1, taken
    assert Assignment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_giving_one_image_to_several_at_once_gives_it_to_one(
    project: Project, manager: User, annotator: User, reviewer: User, image: Image
) -> None:
    def give_to(n: int) -> Any:
        user = (annotator, reviewer)[n % 2]
        return assigning.assign(by=manager, project=project.id, annotator=user.id, images=[image.id])

    answers = together(4, give_to)
    assert all(isinstance(each, assigning.Assigned) for each in answers), answers
    assert Assignment.objects.count() == 1


def test_submitting_hands_the_drafts_in(
    as_annotator: APIClient, manager: User, annotator: User, image: Image, cat: LabelClass
) -> None:
    annotate(annotator, image, cat)
    made = assign(manager, image, annotator)
    answer = as_annotator.post(f"{API}/assignments/{made.id}/submit").json()
    assert (answer["state"], answer["annotation_count"]) == ("submitted", 1)
    assert Annotation.objects.get().state == "submitted"
    again = as_annotator.post(f"{API}/assignments/{made.id}/submit")
    assert again.json() == answer, "handing in twice is harmless"


def test_nobody_hands_in_for_someone_else_but_a_manager(
    as_reviewer: APIClient, as_manager: APIClient, manager: User, annotator: User, image: Image, cat: LabelClass
) -> None:
    annotate(annotator, image, cat)
    made = assign(manager, image, annotator)
    problem(as_reviewer.post(f"{API}/assignments/{made.id}/submit"), 403, "permission_denied")
    assert as_manager.post(f"{API}/assignments/{made.id}/submit").json()["state"] == "submitted"


def test_what_was_drawn_after_handing_in_can_be_handed_in_too(
    as_annotator: APIClient, manager: User, annotator: User, reviewer: User, image: Image, cat: LabelClass
) -> None:
    first = annotate(annotator, image, cat)
    made = assign(manager, image, annotator)
    submit(annotator, image)
    second = annotate(annotator, image, cat)
    assert as_annotator.post(f"{API}/assignments/{made.id}/submit").json()["state"] == "submitted"
    for each in (first, second):
        judge(reviewer, each, "accepted")
    assert Assignment.objects.get().state == "done"
    annotate(annotator, image, cat)
    assert as_annotator.post(f"{API}/assignments/{made.id}/submit").json()["state"] == "submitted"
    assert Annotation.objects.filter(state="submitted").count() == 1


def test_what_was_rejected_has_to_be_touched_first(
    as_annotator: APIClient, manager: User, annotator: User, reviewer: User, image: Image, cat: LabelClass
) -> None:
    first, second = annotate(annotator, image, cat), annotate(annotator, image, cat)
    made = assign(manager, image, annotator)
    submit(annotator, image)
    judge(reviewer, first, "rejected", "Rough edge")
    judge(reviewer, second, "rejected", "Duplicate")
    body = problem(as_annotator.post(f"{API}/assignments/{made.id}/submit"), 409, "rejected_unchanged")
    assert "2 rejected annotations have not been changed" in body["detail"]
    annotations.change(by=annotator, image=image.id, update=[annotations.Edit(first.id, 1, {"model": "other"})])
    problem(as_annotator.post(f"{API}/assignments/{made.id}/submit"), 409, "rejected_unchanged")
    annotations.change(by=annotator, image=image.id, delete=[annotations.Deletion(second.id, 1)])
    assert as_annotator.post(f"{API}/assignments/{made.id}/submit").json()["state"] == "submitted"
    assert Annotation.objects.get(id=first.id).state == "submitted"


def test_who_deletes_all_that_was_rejected_is_done(
    as_annotator: APIClient, manager: User, annotator: User, reviewer: User, image: Image, cat: LabelClass
) -> None:
    kept, bad = annotate(annotator, image, cat), annotate(annotator, image, cat)
    made = assign(manager, image, annotator)
    submit(annotator, image)
    judge(reviewer, kept, "accepted")
    judge(reviewer, bad, "rejected", "Duplicate")
    annotations.change(by=annotator, image=image.id, delete=[annotations.Deletion(bad.id, 1)])
    assert as_annotator.post(f"{API}/assignments/{made.id}/submit").json()["state"] == "done"


def test_assignments_of_a_project_are_listed(
    as_viewer: APIClient, project: Project, manager: User, annotator: User, image: Image
) -> None:
    made = assign(manager, image, annotator)
    (listed,) = as_viewer.get(f"{API}/projects/{project.id}/assignments").json()["results"]
    assert listed == as_viewer.get(f"{API}/assignments/{made.id}").json()
    assert listed["annotator"]["email"] == "annotator@example.org"
