"""Verdicts, and what follows from them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.annotations.models import Annotation
from labeling.assignments.models import Assignment
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Membership, Project
from labeling.review import claims, services
from labeling.review.models import Claim, Verdict
from tests.labeling.making import (
    API,
    annotate,
    mask_body,
    problem,
    square,
    submit,
    together,
)  # fmt: skip
from tests.labeling.review.asking import Make, claim, row, sheet, verdict


def test_accepting_is_recorded_and_shown(as_reviewer: APIClient, submitted: Make) -> None:
    (made,) = submitted(0.7)
    response = verdict(as_reviewer, made, comment="Fine ears.")
    assert response.status_code == 201
    given = response.json()
    assert (given["verdict"], given["version"], given["by"]["name"]) == ("accepted", 1, "Reviewer")
    shown = as_reviewer.get(f"{API}/annotations/{made.id}").json()
    assert (shown["state"], shown["version"]) == ("accepted", 1)
    assert (shown["review"]["verdict"], shown["review"]["comment"]) == ("accepted", "Fine ears.")
    assert Verdict.objects.get().confidence == 0.7
    assert Assignment.objects.get().state == "done"


def test_all_have_to_be_accepted_for_the_image_to_be_done(as_reviewer: APIClient, submitted: Make) -> None:
    first, second = submitted(0.2, 0.9)
    verdict(as_reviewer, first)
    assert Assignment.objects.get().state == "submitted"
    verdict(as_reviewer, second)
    assert Assignment.objects.get().state == "done"


def test_a_rejection_goes_back_to_its_annotator_with_the_reason(
    as_reviewer: APIClient, as_annotator: APIClient, submitted: Make
) -> None:
    (made,) = submitted(0.7)
    assert verdict(as_reviewer, made, "rejected", reason="Rough edge", comment="Left ear").status_code == 201
    (mine,) = as_annotator.get(f"{API}/me/assignments").json()
    assert (mine["state"], mine["rejected_count"]) == ("returned", 1)
    shown = as_annotator.get(f"{API}/annotations/{made.id}").json()
    assert shown["state"] == "rejected"
    review = shown["review"]
    assert (review["reason"], review["comment"], review["by"]["name"]) == ("Rough edge", "Left ear", "Reviewer")


def test_after_mending_it_waits_again(as_reviewer: APIClient, as_annotator: APIClient, submitted: Make) -> None:
    (made,) = submitted(0.7)
    verdict(as_reviewer, made, "rejected", reason="Rough edge")
    path = f"{API}/annotations/{made.id}"
    mended = as_annotator.patch(path, {"model": "other"}, headers={"If-Match": '"1"'}).json()
    assert (mended["state"], mended["review"]["reason"]) == ("draft", "Rough edge")
    assert as_annotator.post(f"{API}/assignments/{Assignment.objects.get().id}/submit").json()["state"] == "submitted"
    assert verdict(as_reviewer, made, version=2).status_code == 201
    assert Assignment.objects.get().state == "done"


@pytest.mark.parametrize("reason", ["", "Because", None])
def test_rejecting_needs_one_of_the_projects_reasons(
    as_reviewer: APIClient, submitted: Make, reason: str | None
) -> None:
    (made,) = submitted(0.7)
    fields = {} if reason is None else {"reason": reason}
    body = problem(verdict(as_reviewer, made, "rejected", **fields), 400, "reason_missing")
    assert body["errors"][0]["pointer"] == "/reason"
    assert "Rough edge" in body["detail"]
    assert Annotation.objects.get().state == "submitted"


def test_a_verdict_on_what_changed_is_412_with_what_is_there_now(
    as_reviewer: APIClient, as_annotator: APIClient, submitted: Make
) -> None:
    (made,) = submitted(0.7)
    path = f"{API}/annotations/{made.id}"
    now = as_annotator.patch(path, {"model": "other"}, headers={"If-Match": '"1"'}).json()
    assert problem(verdict(as_reviewer, made), 412, "stale_version")["current"] == now
    as_annotator.delete(path, headers={"If-Match": '"2"'})
    body = problem(verdict(as_reviewer, made, version=3), 412, "stale_version")
    assert "deleted" in body["detail"]
    assert not Verdict.objects.exists()


def test_what_does_not_wait_cannot_be_judged(
    as_reviewer: APIClient, annotator: User, image: Image, cat: LabelClass
) -> None:
    made = annotate(annotator, image, cat)
    assert "draft" in problem(verdict(as_reviewer, made), 409, "not_waiting")["detail"]
    Annotation.objects.update(state="accepted")
    problem(verdict(as_reviewer, made, "rejected", reason="Rough edge"), 409, "not_waiting")


def test_what_someone_else_looks_at_cannot_be_judged(
    as_reviewer: APIClient, project: Project, submitted: Make, second_reviewer: User
) -> None:
    (made,) = submitted(0.7)
    claims.claim(by=second_reviewer, project=project.id)
    body = problem(verdict(as_reviewer, made), 409, "claimed")
    assert body["by"] == "Second"
    Claim.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert verdict(as_reviewer, made).status_code == 201
    assert not Claim.objects.exists()


def test_a_reviewer_mends_and_accepts(
    as_reviewer: APIClient, project: Project, submitted: Make, cat: LabelClass
) -> None:
    (made,) = submitted(0.7)
    claim(as_reviewer, project)
    values = {"segmentation": mask_body(cat, square(20, 20, 5))["segmentation"]}
    mended = as_reviewer.patch(f"{API}/annotations/{made.id}", values, headers={"If-Match": '"1"'}).json()
    assert (mended["state"], mended["version"]) == ("submitted", 2)
    assert verdict(as_reviewer, made, "fixed", version=2).status_code == 201
    shown = as_reviewer.get(f"{API}/annotations/{made.id}").json()
    assert (shown["state"], shown["review"]["verdict"], shown["updated_by"]["name"]) == (
        "accepted",
        "fixed",
        "Reviewer",
    )
    assert Assignment.objects.get().state == "done"


def test_a_sheet_of_verdicts_is_all_or_nothing(as_reviewer: APIClient, project: Project, submitted: Make) -> None:
    first, second = submitted(0.2, 0.9)
    problem(sheet(as_reviewer, project, row(first), row(second, "rejected")), 400, "reason_missing")
    problem(sheet(as_reviewer, project, row(first), row(second, version=5)), 412, "stale_version")
    problem(sheet(as_reviewer, project, row(first), row(Annotation(id=uuid4()))), 404, "not_found")
    assert not Verdict.objects.exists()
    answer = sheet(as_reviewer, project, row(first), row(second, "rejected", reason="Duplicate"))
    assert [each["verdict"] for each in answer.json()["results"]] == ["accepted", "rejected"]
    assert Assignment.objects.get().state == "returned"


def test_a_refused_sheet_says_which_and_why_so_that_the_rest_can_be_sent_again(
    as_reviewer: APIClient, as_annotator: APIClient, project: Project, submitted: Make, second_reviewer: User
) -> None:
    made = submitted(0.1, 0.2, 0.3, 0.4, 0.5)
    claims.claim(by=second_reviewer, project=project.id)
    as_annotator.patch(f"{API}/annotations/{made[1].id}", {"model": "other"}, headers={"If-Match": '"1"'})
    as_annotator.delete(f"{API}/annotations/{made[2].id}", headers={"If-Match": '"1"'})
    body = problem(sheet(as_reviewer, project, *map(row, made)), 409, "claimed")
    assert [(each["annotation"], each["code"]) for each in body["refused"]] == [
        (str(made[0].id), "claimed"), (str(made[1].id), "stale_version"), (str(made[2].id), "stale_version")
    ]  # fmt: skip
    assert "Second" in body["refused"][0]["detail"]
    assert "Annotator" in body["refused"][1]["detail"]
    assert not Verdict.objects.exists()
    assert sheet(as_reviewer, project, *map(row, made[3:])).status_code == 201


def test_a_single_verdict_is_refused_in_the_same_words(as_reviewer: APIClient, submitted: Make) -> None:
    (made,) = submitted(0.5)
    body = problem(verdict(as_reviewer, made, version=7), 412, "stale_version")
    assert body["refused"] == [{"annotation": str(made.id), "code": "stale_version", "detail": body["detail"]}]


def test_one_annotation_has_one_verdict_on_a_sheet(as_reviewer: APIClient, project: Project, submitted: Make) -> None:
    (made,) = submitted(0.5)
    problem(sheet(as_reviewer, project, row(made), row(made, "rejected", reason="Duplicate")), 400, "id_twice")
    problem(sheet(as_reviewer, project), 400)


def test_a_sheet_is_of_one_project(
    as_reviewer: APIClient, project: Project, reviewer: User, outsider: User, submitted: Make
) -> None:
    (made,) = submitted(0.5)
    other = Project.objects.get(name="Elsewhere")
    problem(sheet(as_reviewer, other, row(made)), 404)
    Membership.objects.create(project=other, user=reviewer, roles=["reviewer"])
    problem(sheet(as_reviewer, other, row(made)), 400, "another_project")


def test_what_lies_on_a_deleted_image_cannot_be_judged(
    as_reviewer: APIClient, project: Project, submitted: Make
) -> None:
    (made,) = submitted(0.5)
    Image.objects.update(deleted_at=timezone.now())
    problem(verdict(as_reviewer, made), 404)
    problem(sheet(as_reviewer, project, row(made)), 404)


@pytest.mark.django_db(transaction=True)
def test_of_two_verdicts_at_once_one_counts(
    project: Project, submitted: Make, reviewer: User, second_reviewer: User
) -> None:
    (made,) = submitted(0.5)
    people = (reviewer, second_reviewer)

    def give(n: int) -> Any:
        judgement = services.Judgement(made.id, Verdict.Choice.ACCEPTED, 1)
        return services.judge(by=people[n], project=project.id, judgements=[judgement])

    answers = together(2, give)
    assert sum(isinstance(each, Exception) for each in answers) == 1, answers
    assert Verdict.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_judging_and_handing_in_at_once_do_not_wait_for_each_other(
    project: Project, submitted: Make, reviewer: User, annotator: User, image: Image, cat: LabelClass
) -> None:
    for made in submitted(*[0.5] * 5):
        annotate(annotator, image, cat)
        judgement = services.Judgement(made.id, Verdict.Choice.ACCEPTED, 1)
        acts: list[Callable[[], object]] = [
            lambda judgement=judgement: services.judge(by=reviewer, project=project.id, judgements=[judgement]),
            lambda: submit(annotator, image),
        ]
        answers = together(2, lambda n, acts=acts: acts[n]())
        assert not [each for each in answers if isinstance(each, Exception)], answers
    assert Annotation.objects.filter(state="submitted").count() == 5


def test_a_verdict_keeps_how_long_it_took(as_reviewer: APIClient, submitted: Make) -> None:
    first, second, third = submitted(0.1, 0.2, 0.3)
    assert verdict(as_reviewer, first, seconds=1.4).json()["seconds"] == 1.4
    assert verdict(as_reviewer, second).json()["seconds"] is None
    assert verdict(as_reviewer, third, seconds=3601).status_code == 400
    assert verdict(as_reviewer, third, seconds=-1).status_code == 400
