"""The queue by confidence, claims, and verdicts with what follows from them."""

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
from labeling.review import services
from labeling.review.models import Claim, Verdict
from tests.labeling.making import (
    API,
    annotate,
    assign,
    mask_body,
    photo_bytes,
    problem,
    square,
    submit,
    together,
    upload,
)  # fmt: skip

Make = Callable[..., list[Annotation]]


@pytest.fixture
def submitted(manager: User, annotator: User, image: Image, cat: LabelClass) -> Make:
    """Makes masks with these scores (None for one without) and hands them in."""

    def make(*scores: float | None) -> list[Annotation]:
        made = [annotate(annotator, image, cat, predicted_iou=score, stability_score=score and 1) for score in scores]
        assign(manager, image, annotator)
        submit(annotator, image)
        return made

    return make


@pytest.fixture
def second_reviewer(project: Project) -> User:
    user = User.objects.create_user("second@example.org", name="Second")
    Membership.objects.create(project=project, user=user, roles=["reviewer"])
    return user


def queue(client: APIClient, project: Project, query: str = "") -> dict[str, Any]:
    body: dict[str, Any] = client.get(f"{API}/projects/{project.id}/review-queue?{query}").json()
    return body


def claim(client: APIClient, project: Project, skip: list[str] | None = None) -> Any:
    return client.post(f"{API}/projects/{project.id}/review-queue/next", {"skip": skip or []})


def verdict(client: APIClient, annotation: Annotation, given: str = "accepted", **fields: Any) -> Any:
    body = {"verdict": given, "version": 1, **fields}
    return client.post(f"{API}/annotations/{annotation.id}/verdicts", body)


def test_the_least_certain_comes_first_and_the_unknown_before_it(
    as_reviewer: APIClient, project: Project, submitted: Make
) -> None:
    high, none, low, over = submitted(0.9, None, 0.2, 1.4)
    page = queue(as_reviewer, project)
    assert [each["id"] for each in page["results"]] == [str(each.id) for each in (none, low, high, over)]
    assert page["waiting"] == 4


def test_equals_keep_one_order_over_pages(as_reviewer: APIClient, project: Project, submitted: Make) -> None:
    made = submitted(*[None] * 7)
    seen: list[str] = []
    url: str | None = f"{API}/projects/{project.id}/review-queue?limit=2"
    while url and len(seen) < 20:
        page = as_reviewer.get(url).json()
        seen += [each["id"] for each in page["results"]]
        url = page["next"]
    assert seen == sorted(str(each.id) for each in made)


def test_paging_does_not_go_round_in_circles_among_many_equals(
    as_reviewer: APIClient, project: Project, annotator: User, image: Image, cat: LabelClass
) -> None:
    pattern = annotate(annotator, image, cat)
    fields = {name: getattr(pattern, name) for name in Annotation.CONTENT}
    Annotation.objects.bulk_create(
        Annotation(
            project=project, image=image, created_by=annotator, updated_by=annotator, state="submitted", **fields
        )
        for _ in range(1500)
    )
    seen: set[str] = set()
    url: str | None = f"{API}/projects/{project.id}/review-queue?limit=400"
    for _ in range(4):
        assert url
        page = as_reviewer.get(url).json()
        seen |= {each["id"] for each in page["results"]}
        url = page["next"]
    assert (len(seen), url) == (1500, None)


def test_drafts_deleted_masks_and_deleted_images_do_not_wait(
    as_reviewer: APIClient,
    project: Project,
    manager: User,
    annotator: User,
    image: Image,
    cat: LabelClass,
    submitted: Make,
) -> None:
    _, gone = submitted(0.5, 0.6)
    annotate(annotator, image, cat)
    Annotation.objects.filter(id=gone.id).update(deleted_at=timezone.now())
    assert queue(as_reviewer, project)["waiting"] == 1
    Image.objects.update(deleted_at=timezone.now())
    assert queue(as_reviewer, project) == {"next": None, "previous": None, "results": [], "waiting": 0}
    assert claim(as_reviewer, project).status_code == 204


def test_claiming_gives_the_least_certain_with_its_image(
    as_reviewer: APIClient, project: Project, submitted: Make, image: Image
) -> None:
    _, low = submitted(0.9, 0.2)
    item = claim(as_reviewer, project).json()
    assert (item["id"], item["waiting"]) == (str(low.id), 2)
    assert item["image_detail"]["id"] == str(image.id)
    assert item["image_detail"]["assignment"]["annotator"]["name"] == "Annotator"
    until = Claim.objects.get().until
    assert timedelta(minutes=4) < until - timezone.now() <= timedelta(minutes=5)


def test_two_reviewers_get_two_masks(project: Project, submitted: Make, reviewer: User, second_reviewer: User) -> None:
    low, high = submitted(0.2, 0.9)
    first = services.claim_next(by=reviewer, project=project.id)
    second = services.claim_next(by=second_reviewer, project=project.id)
    assert (first, second) == (low, high)
    assert services.claim_next(by=reviewer, project=project.id) == low, "one's own comes again"


def test_a_claim_ends_when_its_lease_does_and_when_one_goes_on(
    project: Project, submitted: Make, reviewer: User, second_reviewer: User
) -> None:
    low, high = submitted(0.2, 0.9)
    services.claim_next(by=reviewer, project=project.id)
    assert services.claim_next(by=reviewer, project=project.id, skip=[low.id]) == high
    assert services.claim_next(by=second_reviewer, project=project.id) == low
    Claim.objects.filter(annotation=high).update(until=timezone.now() - timedelta(seconds=1))
    assert services.claim_next(by=second_reviewer, project=project.id, skip=[low.id]) == high


def test_who_skips_everything_gets_nothing(as_reviewer: APIClient, project: Project, submitted: Make) -> None:
    made = submitted(0.2, 0.9)
    assert claim(as_reviewer, project, [str(each.id) for each in made]).status_code == 204


@pytest.mark.django_db(transaction=True)
def test_reviewers_who_claim_at_once_get_different_masks(project: Project, submitted: Make) -> None:
    submitted(*[0.5] * 4)
    people = [User.objects.create_user(f"p{n}@example.org", name=f"P{n}") for n in range(6)]
    Membership.objects.bulk_create(Membership(project=project, user=each, roles=["reviewer"]) for each in people)
    claimed = together(6, lambda n: services.claim_next(by=people[n], project=project.id))
    assert not [each for each in claimed if isinstance(each, Exception)], claimed
    ids = [each.id for each in claimed if isinstance(each, Annotation)]
    assert len(set(ids)) == len(ids) == 4
    assert Claim.objects.count() == 4


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
    mended = as_annotator.patch(path, {"z": 1}, headers={"If-Match": '"1"'}).json()
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
    now = as_annotator.patch(path, {"z": 1}, headers={"If-Match": '"1"'}).json()
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
    services.claim_next(by=second_reviewer, project=project.id)
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


def sheet(client: APIClient, project: Project, *rows: dict[str, Any]) -> Any:
    return client.post(f"{API}/projects/{project.id}/verdicts", {"verdicts": list(rows)})


def row(annotation: Annotation, given: str = "accepted", **fields: Any) -> dict[str, Any]:
    return {"annotation": str(annotation.id), "verdict": given, "version": 1, **fields}


def test_a_sheet_of_verdicts_is_all_or_nothing(as_reviewer: APIClient, project: Project, submitted: Make) -> None:
    first, second = submitted(0.2, 0.9)
    problem(sheet(as_reviewer, project, row(first), row(second, "rejected")), 400, "reason_missing")
    problem(sheet(as_reviewer, project, row(first), row(second, version=5)), 412, "stale_version")
    problem(sheet(as_reviewer, project, row(first), row(Annotation(id=uuid4()))), 404, "not_found")
    assert not Verdict.objects.exists()
    answer = sheet(as_reviewer, project, row(first), row(second, "rejected", reason="Duplicate"))
    assert [each["verdict"] for each in answer.json()["results"]] == ["accepted", "rejected"]
    assert Assignment.objects.get().state == "returned"


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


def test_progress_counts_what_there_is(
    as_viewer: APIClient, project: Project, manager: User, submitted: Make, image: Image, cat: LabelClass
) -> None:
    submitted(0.5, 0.6)
    free = upload(manager, project, "b.png", photo_bytes(1))
    annotate(manager, free, cat)
    shown = as_viewer.get(f"{API}/projects/{project.id}/progress").json()
    assert shown == {
        "project": str(project.id),
        "cover": str(image.id),
        "images": {"total": 2, "unassigned": 1, "open": 0, "submitted": 1, "returned": 0, "done": 0},
        "embeddings": {"queued": 2, "running": 0, "ready": 0, "failed": 0},
        "annotations": {"draft": 1, "submitted": 2, "accepted": 0, "rejected": 0},
        "classes": {str(cat.id): 3},
        "workers_alive": 0,
    }
    assert as_viewer.get(f"{API}/progress").json() == [shown]
