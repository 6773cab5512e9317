"""The dataset as it was at a moment: what was changed, deleted, restored and judged since does not count."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.annotations import services as annotations
from labeling.events.models import Event
from labeling.events.selectors import last_seqs
from labeling.images.models import Image
from labeling.projects import services as projects
from labeling.projects.models import LabelClass, Project
from tests.labeling.exchange.test_exports import run
from tests.labeling.making import API, annotate, assign, downloaded, judge, problem, square, submit

Export = Callable[..., dict[str, Any]]


@pytest.fixture
def export(as_manager: APIClient, project: Project) -> Export:
    def make(**body: Any) -> dict[str, Any]:
        response = as_manager.post(f"{API}/projects/{project.id}/exports", {"include": "all", **body})
        assert response.status_code == 201, response.content
        run(response.json())
        file = as_manager.get(f"{API}/exports/{response.json()['id']}/file")
        document: dict[str, Any] = json.loads(downloaded(file))
        return document

    return make


def now(project: Project) -> int:
    return last_seqs([project.id])[project.id]


def test_edits_deletes_and_restores_since_do_not_count(
    export: Export, annotator: User, project: Project, image: Image, cat: LabelClass, dog: LabelClass
) -> None:
    changed, gone, back = (annotate(annotator, image, cat) for _ in range(3))
    annotations.change(by=annotator, image=image.id, delete=[annotations.Deletion(back.id, 1)])
    then = now(project)
    edit = annotations.Edit(changed.id, 1, {"class_id": dog.id})
    annotations.change(by=annotator, image=image.id, update=[edit], delete=[annotations.Deletion(gone.id, 1)])
    annotations.restore(by=annotator, annotation=back.id, expected=2, version=1)
    annotate(annotator, image, cat, square(30, 30))

    document = export(event_seq=then)
    names = {each["id"]: each["name"] for each in document["categories"]}
    shown = {each["annotation_id"]: (names[each["category_id"]], each["version"]) for each in document["annotations"]}
    assert shown == {str(changed.id): ("cat", 1), str(gone.id): ("cat", 1)}
    assert document["info"]["event_seq"] == then
    latest = export()
    assert {each["annotation_id"] for each in latest["annotations"]} >= {str(changed.id), str(back.id)}
    assert str(gone.id) not in {each["annotation_id"] for each in latest["annotations"]}


def test_what_is_included_follows_the_states_of_then(
    export: Export, manager: User, annotator: User, reviewer: User, project: Project, image: Image, cat: LabelClass
) -> None:
    early, late = (annotate(annotator, image, cat) for _ in range(2))
    assign(manager, image, annotator)
    submit(annotator, image)
    judge(reviewer, early, "accepted")
    then = now(project)
    judge(reviewer, late, "accepted")
    document = export(event_seq=then, include="accepted")
    assert [each["annotation_id"] for each in document["annotations"]] == [str(early.id)]
    (shown,) = document["annotations"]
    assert (shown["state"], shown["review"]["verdict"], shown["updated_by"]) == ("accepted", "accepted", "Annotator")
    both = {each["annotation_id"]: each for each in export(event_seq=then)["annotations"]}
    assert (both[str(late.id)]["state"], both[str(late.id)]["review"]) == ("submitted", None)
    assert len(export(include="accepted")["annotations"]) == 2


def test_images_deleted_since_are_in_it_and_those_added_since_are_not(
    export: Export, manager: User, annotator: User, project: Project, image: Image, cat: LabelClass, more_images: Any
) -> None:
    annotate(annotator, image, cat)
    then = now(project)
    more_images(1)
    annotations.delete_image(by=manager, image=image.id)
    document = export(event_seq=then)
    assert [each["file_name"] for each in document["images"]] == ["dog.jpg"]
    assert len(document["annotations"]) == 1
    assert [each["file_name"] for each in export()["images"]] == ["0.png"]


def test_classes_have_the_names_they_had(
    export: Export, manager: User, project: Project, image: Image, cat: LabelClass, dog: LabelClass
) -> None:
    then = now(project)
    projects.edit_class(by=manager, label_class=cat.id, expected=1, changes={"name": "lynx", "colour": "#000000"})
    projects.add_class(by=manager, project=project.id, spec={"name": "owl"})
    annotations.delete_class(by=manager, label_class=dog.id)
    document = export(event_seq=then)
    assert [(each["name"], each["colour"]) for each in document["categories"]] == [
        ("cat", cat.colour), ("dog", dog.colour)
    ]  # fmt: skip
    assert [each["name"] for each in export()["categories"]] == ["lynx", "owl"]


def test_a_moment_is_the_last_event_before_it(
    export: Export, annotator: User, project: Project, image: Image, cat: LabelClass
) -> None:
    annotate(annotator, image, cat)
    annotate(annotator, image, cat, square(30, 30))
    first, _ = Event.objects.filter(kind="annotation.created").order_by("seq")
    Event.objects.filter(seq__gt=first.seq).update(at=first.at + timedelta(seconds=10))
    moment = first.at + timedelta(microseconds=1)
    document = export(as_of=moment.isoformat())
    assert len(document["annotations"]) == 1
    assert (document["info"]["event_seq"], datetime.fromisoformat(document["info"]["as_of"])) == (first.seq, moment)


def test_a_snapshot_has_a_name(as_manager: APIClient, project: Project, export: Export) -> None:
    assert export(name="Before the relabeling")["info"]["name"] == "Before the relabeling"
    (shown,) = as_manager.get(f"{API}/projects/{project.id}/exports").json()["results"]
    assert shown["name"] == "Before the relabeling"
    assert "before-the-relabeling-" in as_manager.get(shown["file_url"])["Content-Disposition"]


@pytest.mark.parametrize(
    "body",
    [
        {"as_of": "2001-01-01T00:00:00Z"},
        {"as_of": (timezone.now() + timedelta(days=1)).isoformat()},
        {"event_seq": 10**9},
        {"event_seq": 0},
        {"event_seq": 1, "as_of": "2026-01-01T00:00:00Z"},
        {"as_of": "yesterday"},
    ],
)
def test_a_moment_that_cannot_be_is_400(as_manager: APIClient, project: Project, body: dict[str, Any]) -> None:
    problem(as_manager.post(f"{API}/projects/{project.id}/exports", body), 400)


def test_a_moment_is_found_by_an_index(project: Project) -> None:
    moment = Event.objects.filter(project=project.id, at__lte=timezone.now()).order_by("-at", "-seq")
    Event.objects.bulk_create(Event(project=project.id, seq=100 + n, kind="test") for n in range(3000))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    plan = moment[:1].explain()
    assert "event_of_moment" in plan, plan
    assert "TEMP B-TREE" not in plan, plan
