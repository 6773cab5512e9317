"""The counts that are kept are those that counting gives, whatever was done and in which order."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from django.db.models import Count, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from rest_framework.exceptions import ValidationError

from labeling.accounts.models import User
from labeling.annotations import image_totals, services, tally
from labeling.annotations.models import Annotation, ImageTotal, Tally
from labeling.assignments.models import Assignment
from labeling.images.models import Image
from labeling.projects import services as projects
from labeling.projects.models import LabelClass, Project
from labeling.rest import Conflict
from labeling.review import services as review
from labeling.review import submission
from labeling.review.models import Verdict
from tests.labeling.making import annotate, assign, mask_body, photo_bytes, submit, together, upload

STEPS = ("create", "edit", "relabel", "delete", "restore", "hand in", "accept", "reject", "undo")


def kept() -> Counter[tuple[UUID, UUID, str]]:
    rows = Tally.objects.exclude(n=0).values_list("label_class", "annotator", "state", "n")
    return Counter({(label_class, annotator, state): n for label_class, annotator, state, n in rows})


def counted() -> Counter[tuple[UUID, UUID, str]]:
    rows = Annotation.objects.filter(deleted_at=None, image__deleted_at=None)
    return Counter(rows.values_list("label_class", "created_by", "state"))


def totals() -> list[tuple[UUID, int, int]]:
    """The image totals that are kept."""
    return list(
        ImageTotal.objects.exclude(annotations=0).order_by("image").values_list("image", "annotations", "bytes")
    )


def summed() -> list[tuple[UUID, int, int]]:
    rows = Annotation.objects.filter(deleted_at=None, image__deleted_at=None).values("image").order_by("image")
    return list(rows.annotate(n=Count("id"), bytes=Sum("content_bytes")).values_list("image", "n", "bytes"))


class World:
    """A project in which anything may happen that the services let happen."""

    def __init__(self) -> None:
        self.people = [User.objects.create_user(f"{name}{uuid4().hex}@example.org", name=name) for name in "ab"]
        classes = [{"name": "cat"}, {"name": "dog"}]
        self.people[0].may_create_projects = True
        self.project = projects.create_project(by=self.people[0], name="World", classes=classes)  # type: ignore[arg-type]
        projects.add_member(by=self.people[0], project=self.project.id, email=self.people[1].email,
                            roles=["reviewer"], name="")  # type: ignore[list-item]  # fmt: skip
        # What is sure is accepted by policy.
        self.project.review = {**self.project.review, "below": 0.5, "sample": 0}
        self.project.save()
        self.classes = list(self.project.classes.all())
        self.image = upload(self.people[0], self.project, "a.png", photo_bytes(1))
        assign(self.people[0], self.image, self.people[0])

    def try_steps(self, steps: list[tuple[str, int]]) -> None:
        for what, pick in steps:
            with suppress(Conflict, services.Stale, ValidationError):
                self.step(what, pick)

    def step(self, what: str, pick: int) -> None:
        annotator, reviewer = self.people
        rows = list(Annotation.objects.order_by("created_at", "id"))
        row = rows[pick % len(rows)] if rows else None
        if what == "create":
            scores = {"predicted_iou": pick % 10 / 10, "stability_score": 1}
            annotate(self.people[pick % 2], self.image, self.classes[pick % 2], **scores)
        elif what == "hand in":
            submit(annotator, self.image)
        elif row is None:
            return
        elif what in ("edit", "relabel"):
            values = {"attributes": {"a": "x" * pick}} if what == "edit" else {"class_id": self.classes[pick % 2].id}
            edit = services.Edit(row.id, row.version, values)
            services.change(by=annotator, image=self.image.id, update=[edit])
        elif what == "delete":
            services.change(by=annotator, image=self.image.id, delete=[services.Deletion(row.id, row.version)])
        elif what == "restore":
            services.restore(by=annotator, annotation=row.id, expected=row.version, version=None)
        elif what == "undo":
            latest = Verdict.objects.order_by("at").last()
            if latest:
                review.undo(by=reviewer, project=latest.project, verdicts=[latest.id])
        else:
            choice = Verdict.Choice.ACCEPTED if what == "accept" else Verdict.Choice.REJECTED
            judgement = review.Judgement(row.id, choice, row.version, "Rough edge", seconds=pick / 3)
            review.judge(by=reviewer, project=self.project.id, judgements=[judgement])


class TallyTest(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 9)), min_size=5, max_size=25))
    def test_the_counts_are_those_of_a_recount(self, steps: list[tuple[str, int]]) -> None:
        world = World()
        for step in steps:
            world.try_steps([step])
            assert kept() == counted(), step
            assert totals() == summed(), step
        assert tally.waiting(world.project.id) == Annotation.objects.filter(state="submitted", deleted_at=None).count()
        services.delete_image(by=world.people[0], image=world.image.id)
        assert not kept()
        assert not ImageTotal.objects.exists()


def test_a_recount_mends_what_was_written_without_the_services(
    project: Project, annotator: User, image: Image, cat: LabelClass
) -> None:
    annotate(annotator, image, cat)
    Annotation.objects.update(state="accepted")
    ImageTotal.objects.update(bytes=3)
    tally.recount(project.id)
    image_totals.recount(project.id)
    assert totals() == summed()
    assert kept() == counted() == Counter({(cat.id, annotator.id, "accepted"): 1})


@pytest.mark.django_db(transaction=True)
def test_the_counts_stand_when_an_image_is_deleted_while_it_is_drawn_on(
    project: Project, manager: User, annotator: User, cat: LabelClass, more_images: Callable[[int], list[Image]]
) -> None:
    for image in more_images(4):
        annotate(annotator, image, cat)
        drawn = [{**mask_body(cat), "id": uuid4(), "class_id": cat.id} for _ in range(5)]

        def act(n: int, image: Image = image, drawn: list[dict[str, object]] = drawn) -> object:
            if n == 5:
                return services.delete_image(by=manager, image=image.id)
            return services.change(by=annotator, image=image.id, create=[drawn[n]])

        raised = [each for each in together(6, act) if isinstance(each, Exception)]
        assert {type(each).__name__ for each in raised} <= {"NotFound"}, raised
        assert kept() == counted()
        assert totals() == summed()
    assert not kept()
    assert not Annotation.objects.filter(deleted_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_the_counts_stand_when_many_hand_in_and_judge_at_once(
    project: Project, manager: User, annotator: User, reviewer: User, cat: LabelClass, dog: LabelClass,
    more_images: Callable[[int], list[Image]],
) -> None:  # fmt: skip
    images = more_images(8)
    for image in images:
        for label_class in (cat, dog):
            annotate(annotator, image, label_class)
        assign(manager, image, annotator)

    def act(n: int) -> None:
        submission.submit(by=annotator, assignment=Assignment.objects.get(image=images[n]).id)
        rows = Annotation.objects.filter(image=images[n])
        judgements = [review.Judgement(row.id, Verdict.Choice.ACCEPTED, 1) for row in rows]
        review.judge(by=reviewer, project=project.id, judgements=judgements[n % 2 :])

    assert not [each for each in together(8, act) if isinstance(each, Exception)]
    assert kept() == counted()
    assert sum(kept().values()) == 16
