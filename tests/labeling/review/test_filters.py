"""Which part of the queue a link asks for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.annotations import services as annotations
from labeling.annotations.models import Annotation
from labeling.images.models import Image
from labeling.images.words import words_in
from labeling.projects.models import LabelClass, Membership, Project
from labeling.review import services
from labeling.review.models import Verdict
from labeling.review.queue import Place
from tests.labeling.making import annotate, assign, judge, photo_bytes, problem, square, submit, upload
from tests.labeling.review.asking import claim, ids, queue


@pytest.fixture
def other_annotator(project: Project, person: Callable[[str], User]) -> User:
    user = person("other")
    Membership.objects.create(project=project, user=user, roles=["annotator"])
    return user


@pytest.fixture
def scene(
    project: Project, manager: User, annotator: User, other_annotator: User, reviewer: User, cat: LabelClass,
    dog: LabelClass, image: Image,
) -> dict[str, Annotation]:  # fmt: skip
    """One annotation that each filter finds and no other, and a plain one; those that were judged wait no more."""
    street = upload(manager, project, "Street-0042.png", photo_bytes(5, (300, 200)))
    scores: dict[str, Any] = {"predicted_iou": 0.5, "stability_score": 0.9}
    made = {
        "plain": annotate(annotator, image, cat, **scores),
        "dog": annotate(annotator, image, dog, **scores),
        "of another": annotate(other_annotator, image, cat, **scores),
        "polygon": annotate(annotator, image, cat, **{**scores, "source": "polygon"}),
        "sure": annotate(annotator, image, cat, predicted_iou=0.8, stability_score=0.9),
        "on the street": annotate(annotator, street, cat, square(0, 0, 20, (200, 300)), **scores),
        "medium": annotate(annotator, street, cat, square(0, 0, 40, (200, 300)), **scores),
        "large": annotate(annotator, street, cat, square(0, 0, 100, (200, 300)), **scores),
        **{verdict: annotate(annotator, image, cat, **scores) for verdict in ("accepted", "fixed", "rejected")},
    }
    for each in (image, street):
        assign(manager, each, annotator)
        submit(annotator, each)
    mended = made["plain"]
    judgement = services.Judgement(mended.id, Verdict.Choice.REJECTED, 1, "Rough edge", "The left ear is gone")
    services.judge(by=reviewer, project=project.id, judgements=[judgement])
    annotations.change(by=annotator, image=image.id, update=[annotations.Edit(mended.id, 1, {"model": "other"})])
    submit(annotator, image)
    for verdict in ("accepted", "fixed", "rejected"):
        judge(reviewer, made[verdict], verdict, "Rough edge" if verdict == "rejected" else "")
    return made


JUDGED = {"accepted", "fixed", "rejected"}
STREET = {"on the street", "medium", "large"}
HERE = {"plain", "dog", "of another", "polygon", "sure"}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", HERE | STREET),
        ("verdict=waiting", HERE | STREET),
        ("class_id={dog}", {"dog"}),
        ("annotator={other}", {"of another"}),
        ("source=polygon", {"polygon"}),
        ("size=small", HERE | {"on the street"}),
        ("size=medium", {"medium"}),
        ("size=large", {"large"}),
        ("image={street}", STREET),
        ("confidence_min=0.6", {"sure"}),
        ("confidence_max=0.6&image={image}", HERE - {"sure"}),
        ("confidence_min=0.5&confidence_max=0.5&image={image}", HERE - {"sure"}),
        ("commented=true", {"plain"}),
        ("verdict=accepted", {"accepted"}),
        ("verdict=fixed", {"fixed"}),
        ("verdict=rejected", {"rejected"}),
        ("verdict=policy", set()),
        ("q=street", STREET),
        ("q=STR", STREET),
        ("q=42", set()),
        ("q=0042.png", STREET),
        ("q=street 004", STREET),
        ("q=street 7", set()),
        ("q=og", HERE - HERE | {"dog"}),
        ("q=left ear", {"plain"}),
        ("q=ear gon", {"plain"}),
        ("q=right ear", set()),
        ("q=dog", HERE),
        ("q=dog&size=small&class_id={dog}", {"dog"}),
        ("q=%20", HERE | STREET),
        ("q=--", set()),
        ("q=xylophone", set()),
    ],
)
def test_a_filter_finds_what_it_names(
    as_reviewer: APIClient, project: Project, scene: dict[str, Annotation], dog: LabelClass, other_annotator: User,
    image: Image, query: str, names: set[str],
) -> None:  # fmt: skip
    street = scene["large"].image_id
    asked = query.format(dog=dog.id, other=other_annotator.id, image=image.id, street=street)
    page = queue(as_reviewer, project, asked)
    known = {str(each.id): name for name, each in scene.items()}
    assert {known[id] for id in ids(page)} == names
    assert len(ids(page)) == len(names), "each once"
    order = [(each["confidence"], each["id"]) for each in page["results"]]
    assert order == sorted(order)
    if "verdict" not in query:
        body = dict(pair.split("=", 1) for pair in asked.split("&") if pair)
        claimed = claim(as_reviewer, project, **{**body, "q": body.get("q", "").replace("%20", " ")}, count=60)
        assert ids(claimed.json()) == ids(page), "what is listed is what is claimed"


@pytest.mark.parametrize(
    ("query", "code", "pointer"),
    [
        ("class_id=cat", "invalid", "/class_id"),
        ("annotator=7", "invalid", "/annotator"),
        ("source=dream", "invalid_choice", "/source"),
        ("size=huge", "invalid_choice", "/size"),
        ("confidence_min=2", "max_value", "/confidence_min"),
        ("confidence_min=0.7&confidence_max=0.2", "invalid", "/confidence_min"),
        ("confidence_unknown=true&confidence_max=0.2", "invalid", "/confidence_unknown"),
        ("verdict=maybe", "invalid_choice", "/verdict"),
        ("cursor=somewhere", "invalid_cursor", "/cursor"),
        ("cursor=bmFuL3g=", "invalid_cursor", "/cursor"),
        ("limit=0", "min_value", "/limit"),
        ("class_id={nowhere}", "no_such_class", "/class_id"),
        ("image={nowhere}", "no_such_image", "/image"),
    ],
)
def test_what_cannot_be_is_said(as_reviewer: APIClient, project: Project, query: str, code: str, pointer: str) -> None:
    path = f"/api/v1/projects/{project.id}/review-queue?{query.format(nowhere=uuid4())}"
    body = problem(as_reviewer.get(path), 400, code)
    assert body["errors"][0]["pointer"] == pointer


def test_a_page_leads_to_the_next_of_the_same_filter(
    as_reviewer: APIClient, project: Project, scene: dict[str, Annotation]
) -> None:
    whole = ids(queue(as_reviewer, project, "size=small"))
    seen: list[str] = []
    url: str | None = f"/api/v1/projects/{project.id}/review-queue?size=small&limit=2"
    while url:
        page = as_reviewer.get(url).json()
        assert len(page["results"]) <= 2
        seen += ids(page)
        url = page["next"]
    assert seen == whole


@given(st.floats(0, 1), st.uuids())
def test_a_cursor_says_the_place(confidence: float, id: Any) -> None:
    assert Place.from_cursor(Place(confidence, id).cursor) == Place(confidence, id)


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_words_are_found_by_themselves(text: str) -> None:
    for word in words_in(text):
        assert word[:40] in words_in(word)
        assert word.isalnum()


def test_a_deleted_annotation_has_no_verdict_that_stands(
    as_reviewer: APIClient, project: Project, scene: dict[str, Annotation]
) -> None:
    Annotation.objects.filter(id=scene["accepted"].id).update(deleted_at=timezone.now() - timedelta(days=1))
    assert ids(queue(as_reviewer, project, "verdict=accepted")) == []
