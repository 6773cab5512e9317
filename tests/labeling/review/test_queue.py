"""The queue by confidence, who holds what of it, and progress."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.annotations import limits
from labeling.annotations import services as annotations
from labeling.annotations.models import Annotation
from labeling.events.models import Event
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Membership, Project
from labeling.review import claims, submission
from labeling.review.models import Claim
from tests.labeling.making import (
    API,
    annotate,
    assign,
    photo_bytes,
    problem,
    submit,
    together,
    upload,
)  # fmt: skip
from tests.labeling.review.asking import Make, claim, ids, queue, row, sheet


def test_the_doubtful_come_first_then_the_unknown_then_the_sure(
    as_reviewer: APIClient, project: Project, submitted: Make
) -> None:
    high, none, low, over, even = submitted(0.9, None, 0.2, 1.4, 0.5)
    order = [str(each.id) for each in (low, even, none, high, over)]
    page = queue(as_reviewer, project)
    assert ids(page) == order
    assert [each["confidence"] for each in page["results"]] == [0.2, 0.5, None, 0.9, 1.0]
    assert page["waiting"] == 5
    assert ids(claim(as_reviewer, project, count=5).json()) == order


def test_pages_lead_through_the_unknown(as_reviewer: APIClient, project: Project, submitted: Make) -> None:
    made = submitted(0.9, None, 0.2, None, None, 0.7)
    known = {0.2: 0, None: 1, 0.7: 2, 0.9: 3}
    expected = sorted(made, key=lambda each: (known[each.predicted_iou], each.id))
    seen: list[str] = []
    url: str | None = f"{API}/projects/{project.id}/review-queue?limit=1"
    while url and len(seen) < 20:
        page = as_reviewer.get(url).json()
        seen += ids(page)
        url = page["next"]
    assert seen == [str(each.id) for each in expected]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("confidence_min=0", [0.2, 0.5, 0.7]),
        ("confidence_max=1", [0.2, 0.5, 0.7]),
        ("confidence_min=0.3&confidence_max=0.6", [0.5]),
        ("confidence_min=0.5&confidence_max=0.5", [0.5]),
        ("confidence_min=0.6", [0.7]),
        ("confidence_unknown=true", [None, None]),
        ("confidence_unknown=true&q=cat", [None, None]),
        ("confidence_min=0&q=cat", [0.2, 0.5, 0.7]),
    ],
)
def test_a_band_finds_only_known_confidences(
    as_reviewer: APIClient, project: Project, submitted: Make, query: str, found: list[float | None]
) -> None:
    submitted(0.7, None, 0.2, None, 0.5)
    assert [each["confidence"] for each in queue(as_reviewer, project, query)["results"]] == found


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
    annotations.change(by=annotator, image=image.id, delete=[annotations.Deletion(gone.id, 1)])
    assert queue(as_reviewer, project)["waiting"] == 1
    annotations.delete_image(by=manager, image=image.id)
    assert queue(as_reviewer, project) == {"next": None, "results": [], "waiting": 0}
    assert claim(as_reviewer, project).json()["results"] == []


def test_claiming_gives_the_least_certain_with_its_image(
    as_reviewer: APIClient, project: Project, submitted: Make, image: Image
) -> None:
    _, low = submitted(0.9, 0.2)
    answer = claim(as_reviewer, project).json()
    (item,) = answer["results"]
    assert (item["id"], answer["waiting"]) == (str(low.id), 2)
    assert item["image_detail"]["id"] == str(image.id)
    assert item["image_detail"]["assignment"]["annotator"]["name"] == "Annotator"
    until = Claim.objects.get().until
    assert timedelta(minutes=4) < until - timezone.now() <= timedelta(minutes=5)


def test_two_reviewers_get_two_masks(project: Project, submitted: Make, reviewer: User, second_reviewer: User) -> None:
    low, high = submitted(0.2, 0.9)
    first = claims.claim(by=reviewer, project=project.id)
    second = claims.claim(by=second_reviewer, project=project.id)
    assert (first, second) == ([low], [high])
    assert claims.claim(by=reviewer, project=project.id) == [low], "one's own comes again"


def test_a_claim_ends_when_its_lease_does_and_when_one_goes_on(
    project: Project, submitted: Make, reviewer: User, second_reviewer: User
) -> None:
    low, high = submitted(0.2, 0.9)
    claims.claim(by=reviewer, project=project.id)
    assert claims.claim(by=reviewer, project=project.id, skip=[low.id]) == [high]
    assert claims.claim(by=second_reviewer, project=project.id) == [low]
    Claim.objects.filter(annotation=high).update(until=timezone.now() - timedelta(seconds=1))
    assert claims.claim(by=second_reviewer, project=project.id, skip=[low.id]) == [high]


def test_who_has_seen_an_image_gets_the_least_certain_of_the_others(
    as_reviewer: APIClient,
    project: Project,
    manager: User,
    annotator: User,
    image: Image,
    cat: LabelClass,
    submitted: Make,
    more_images: Callable[[int], list[Image]],
) -> None:
    low, _ = submitted(0.2, 0.3)
    (other,) = more_images(1)
    high = annotate(annotator, other, cat, predicted_iou=0.9, stability_score=1)
    assign(manager, other, annotator)
    submit(annotator, other)
    assert ids(claim(as_reviewer, project).json()) == [str(low.id)]
    assert ids(claim(as_reviewer, project, skip_images=[str(image.id)]).json()) == [str(high.id)]
    assert ids(claim(as_reviewer, project, skip_images=[str(image.id), str(other.id)]).json()) == []


def test_who_skips_everything_gets_nothing(as_reviewer: APIClient, project: Project, submitted: Make) -> None:
    made = submitted(0.2, 0.9)
    assert claim(as_reviewer, project, skip=[str(each.id) for each in made]).json()["results"] == []


@pytest.mark.django_db(transaction=True)
def test_reviewers_who_claim_at_once_get_different_masks(project: Project, submitted: Make) -> None:
    submitted(*[0.5] * 4)
    people = [User.objects.create_user(f"p{n}@example.org", name=f"P{n}") for n in range(6)]
    Membership.objects.bulk_create(Membership(project=project, user=each, roles=["reviewer"]) for each in people)
    claimed = together(6, lambda n: claims.claim(by=people[n], project=project.id))
    assert not [each for each in claimed if isinstance(each, Exception)], claimed
    ids = [each.id for held in claimed if isinstance(held, list) for each in held]
    assert len(set(ids)) == len(ids) == 4
    assert Claim.objects.count() == 4


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
        "images": {
            "total": 2,
            "available": 1,
            "to_review": 0,
            "unassigned": 1,
            "open": 0,
            "submitted": 1,
            "returned": 0,
            "done": 0,
            "skipped": 0,
        },
        "embeddings": {**shown["embeddings"], "queued": 2, "running": 0, "ready": 0, "failed": 0},
        "proposals": {**shown["proposals"], "queued": 0, "running": 0, "ready": 0, "failed": 0},
        "annotations": {"draft": 1, "submitted": 2, "accepted": 0, "rejected": 0},
        "classes": {str(cat.id): 3},
        "workers_alive": 0,
    }
    assert as_viewer.get(f"{API}/progress").json() == [shown]


def test_pages_and_claims_of_large_masks_are_short(
    as_reviewer: APIClient, project: Project, submitted: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = submitted(0.1, 0.2, 0.3, 0.4, 0.5)
    monkeypatch.setattr(limits, "MAX_PAGE_BYTES", 100)
    for mask, size in zip(made, (60, 40, 900, 50, 40), strict=True):
        Annotation.objects.filter(id=mask.id).update(content_bytes=size)
    expected = [[0, 1], [2], [3, 4]]
    address: str | None = f"{API}/projects/{project.id}/review-queue"
    for indices in expected:
        assert address
        page = as_reviewer.get(address).json()
        assert ids(page) == [str(made[n].id) for n in indices]
        address = page["next"]
    assert address is None
    tab, held = str(uuid4()), list[str]()
    for indices in expected:
        answer = claim(as_reviewer, project, tab=tab, count=60, keep=held).json()
        assert ids(answer) == [str(made[n].id) for n in indices]
        held += ids(answer)
    assert Claim.objects.count() == 5
    assert not ids(claim(as_reviewer, project, tab=tab, count=60, keep=held).json())


def test_a_sheet_of_too_many_bytes_is_to_be_sent_in_parts(
    as_reviewer: APIClient, project: Project, submitted: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = submitted(0.1, 0.2, 0.3)
    Annotation.objects.update(content_bytes=1000)
    monkeypatch.setattr(limits, "MAX_CHANGED_BYTES", 2500)
    rows = [row(mask) for mask in made]
    refused = problem(sheet(as_reviewer, project, *rows), 400, "too_many_bytes")
    assert "refused" not in refused
    parts = (sheet(as_reviewer, project, *part).json() for part in (rows[:2], rows[2:]))
    undo = {"verdicts": [verdict for part in parts for verdict in ids(part)]}
    problem(as_reviewer.post(f"{API}/projects/{project.id}/verdicts/undo", undo), 400, "too_many_bytes")


def test_large_drafts_are_handed_in_by_small_slices(
    manager: User, annotator: User, image: Image, cat: LabelClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        annotate(annotator, image, cat)
    Annotation.objects.update(content_bytes=60)
    monkeypatch.setattr(limits, "MAX_PAGE_BYTES", 120)
    made = assign(manager, image, annotator)
    submission.submit_ahead(by=annotator, assignment=made.id)
    assert Annotation.objects.filter(state="submitted").count() == 4
    counts = Event.objects.filter(kind="annotations.submitted").values_list("data__count", flat=True)
    assert list(counts) == [2, 2]
    submit(annotator, image)
    assert Annotation.objects.filter(state="submitted").count() == 5
