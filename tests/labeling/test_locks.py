"""Large work blocks nobody: slices, one order of locks, and few statements after a project's log is locked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.annotations import services as annotations
from labeling.annotations.models import Annotation
from labeling.assignments import assigning
from labeling.assignments.models import Assignment
from labeling.events.models import Event
from labeling.images import reordering
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Project
from labeling.rest import Conflict
from labeling.review import services as review
from labeling.review import submission
from labeling.review.models import Verdict
from tests.labeling import locks
from tests.labeling.making import API, annotate, assign, submit

More = Callable[[int], list[Image]]
Act = Callable[[], Any]
# Events, one statement that lets versions name them, and counters.
MAX_STATEMENTS_BEHIND_LOG = 12


@pytest.fixture
def drafts(image: Image, annotator: User, manager: User, cat: LabelClass, monkeypatch: Any) -> list[Annotation]:
    """Five drafts on an assigned image, that are handed in by slices of two."""
    monkeypatch.setattr(submission, "SLICE", 2)
    assign(manager, image, annotator)
    return sorted((annotate(annotator, image, cat) for _ in range(5)), key=lambda row: row.id)


def states(rows: list[Annotation]) -> list[str]:
    return [Annotation.objects.get(id=row.id).state for row in rows]


def test_many_drafts_are_handed_in_by_slices_each_with_its_event(
    as_annotator: APIClient, image: Image, drafts: list[Annotation]
) -> None:
    assignment = Assignment.objects.get()
    answer = as_annotator.post(f"{API}/assignments/{assignment.id}/submit")
    assert answer.json()["state"] == "submitted"
    assert states(drafts) == ["submitted"] * 5
    log = list(Event.objects.order_by("seq").values_list("kind", "seq"))
    assert [kind for kind, _ in log[-3:]] == ["annotations.submitted", "annotations.submitted", "assignment.changed"]
    named = [row.versions.latest("event_seq").event_seq for row in drafts]
    last = [seq for _, seq in log[-3:]]
    assert named == [last[0], last[0], last[1], last[1], last[2]]


def test_a_submit_that_was_interrupted_leaves_the_image_open_and_is_finished_by_the_next(
    as_annotator: APIClient, annotator: User, drafts: list[Annotation], monkeypatch: pytest.MonkeyPatch
) -> None:
    assignment = Assignment.objects.get()
    assert submission._submit_slice(annotator, assignment.id)
    assignment.refresh_from_db()
    assert (assignment.state, states(drafts)) == ("open", ["submitted"] * 2 + ["draft"] * 3)
    answer = as_annotator.post(f"{API}/assignments/{assignment.id}/submit")
    assert (answer.json()["state"], states(drafts)) == ("submitted", ["submitted"] * 5)


def test_a_verdict_on_half_a_submit_does_not_close_the_image(
    annotator: User, reviewer: User, drafts: list[Annotation]
) -> None:
    assignment = Assignment.objects.get()
    submission._submit_slice(annotator, assignment.id)
    judgements = [review.Judgement(row.id, Verdict.Choice.ACCEPTED, 1) for row in drafts[:2]]
    review.judge(by=reviewer, project=assignment.project_id, judgements=judgements)
    assignment.refresh_from_db()
    assert assignment.state == "open"


def test_what_keeps_an_image_back_is_found_before_anything_is_handed_in(
    annotator: User, drafts: list[Annotation], cat: LabelClass
) -> None:
    cat.attributes = [{"id": "w", "name": "Weather", "kind": "text", "required": True}]
    cat.save()
    Annotation.objects.exclude(id=drafts[-1].id).update(attributes={"w": "sun"})
    with pytest.raises(Conflict):
        submission.submit_ahead(by=annotator, assignment=Assignment.objects.get().id)
    assert states(drafts) == ["draft"] * 5


def test_a_replayed_submit_hands_in_nothing_more(
    as_annotator: APIClient, annotator: User, image: Image, drafts: list[Annotation], cat: LabelClass
) -> None:
    path = f"{API}/assignments/{Assignment.objects.get().id}/submit"
    headers = {"Idempotency-Key": "3f0c6f0e-9f5c-4b53-8f5b-0123456789ab"}
    first = as_annotator.post(path, headers=headers)
    later = [annotate(annotator, image, cat) for _ in range(3)]
    assert as_annotator.post(path, headers=headers).json() == first.json()
    assert states(later) == ["draft"] * 3


@dataclass
class Bulk:
    """Large operations. Each method prepares `count` rows and returns the operation on all of them."""

    project: Project
    manager: User
    annotator: User
    reviewer: User
    cat: LabelClass
    more_images: More

    def edit(self, count: int) -> Act:
        rows = self._drawn(count)
        edits = [annotations.Edit(row.id, 1, {"model": "other"}) for row in rows]
        return lambda: annotations.change(by=self.annotator, image=rows[0].image_id, update=edits)

    def hand_in(self, count: int) -> Act:
        image = self._drawn(count)[0].image
        return lambda: submit(self.annotator, image)

    def judge(self, count: int) -> Act:
        rows = self._drawn(count)
        submit(self.annotator, rows[0].image)
        judgements = [review.Judgement(row.id, Verdict.Choice.ACCEPTED, 1) for row in rows]
        return lambda: review.judge(by=self.reviewer, project=self.project.id, judgements=judgements)

    def undo(self, count: int) -> Act:
        verdicts = [verdict.id for verdict in self.judge(count)()]
        return lambda: review.undo(by=self.reviewer, project=self.project.id, verdicts=verdicts)

    def give(self, count: int) -> Act:
        ids = [image.id for image in self.more_images(count)]
        return lambda: assigning.assign(
            by=self.manager, project=self.project.id, annotator=self.annotator.id, images=ids
        )

    def delete_image(self, count: int) -> Act:
        image = self._drawn(count)[0].image_id
        return lambda: annotations.delete_image(by=self.manager, image=image)

    def reorder(self, count: int) -> Act:
        self.more_images(count)
        Project.objects.filter(id=self.project.id).update(model=f"model-{count}")
        return lambda: reordering.reorder(self.project.id, lambda done: None)

    def _drawn(self, count: int) -> list[Annotation]:
        (image,) = self.more_images(1)
        assign(self.manager, image, self.annotator)
        pattern = annotate(self.annotator, image, self.cat)
        fields = {name: getattr(pattern, name) for name in Annotation.CONTENT}
        people = {"created_by": self.annotator, "updated_by": self.annotator}
        made = [Annotation(project=self.project, image=image, **people, **fields) for _ in range(count - 1)]
        return [pattern, *Annotation.objects.bulk_create(made)]


@pytest.mark.parametrize("name", ["edit", "hand_in", "judge", "undo", "give", "delete_image", "reorder"])
def test_the_log_is_held_for_no_more_statements_the_more_is_done(
    name: str, project: Project, manager: User, annotator: User, reviewer: User, cat: LabelClass, more_images: More
) -> None:
    bulk = Bulk(project, manager, annotator, reviewer, cat, more_images)
    behind = []
    for count in (2, 9):
        act = getattr(bulk, name)(count)
        with locks.watching() as watch:
            act()
        behind.append(max(len(transaction.behind_log) for transaction in watch.holding_log))
    assert behind[0] == behind[1] <= MAX_STATEMENTS_BEHIND_LOG, behind


def test_every_table_has_its_place_in_the_order() -> None:
    models = [model for model in apps.get_models() if model.__module__.startswith("labeling.")]
    assert {model._meta.db_table for model in models} <= set(locks.ORDER), "see docs/locks.md"
