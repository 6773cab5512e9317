"""No page costs more queries for twenty objects than for two."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.exchange import selectors as exchange
from labeling.images.models import Image
from labeling.jobs.models import Job
from labeling.projects import services as projects
from labeling.projects.models import LabelClass, Project
from labeling.review import comments
from tests.labeling.making import API, annotate, assign, said, submit

Cost = Callable[[Callable[[], Any]], int]


@pytest.fixture
def cost() -> Cost:
    def count(ask: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as captured:
            response = ask()
        assert getattr(response, "status_code", 200) in (200, 201), response
        return len(captured)

    return count


@pytest.fixture
def work(
    more_images: Callable[[int], list[Image]], manager: User, annotator: User, cat: LabelClass
) -> Callable[[int], Image]:
    """So many images, each with an annotation and an assignment, half of them handed in; answers the first."""

    def make(count: int) -> Image:
        images = more_images(count)
        for n, image in enumerate(images):
            annotate(annotator, image, cat)
            assign(manager, image, annotator)
            if n % 2:
                submit(annotator, image)
        return images[0]

    return make


def same_cost(cost: Cost, work: Callable[[int], Any], ask: Callable[[], Any], most: int) -> None:
    work(2)
    few = cost(ask)
    work(18)
    assert cost(ask) == few
    assert few <= most, f"{few} queries"


@pytest.mark.parametrize(
    ("path", "most"),
    [("images", 8), ("assignments", 6), ("progress", 14), ("members", 6), ("classes", 6)],
)
def test_pages_of_a_project(
    as_annotator: APIClient, project: Project, work: Callable[[int], Image], cost: Cost, path: str, most: int
) -> None:
    same_cost(cost, work, lambda: as_annotator.get(f"{API}/projects/{project.id}/{path}"), most)


def test_my_assignments(as_annotator: APIClient, work: Callable[[int], Image], cost: Cost) -> None:
    same_cost(cost, work, lambda: as_annotator.get(f"{API}/me/assignments"), 4)


def test_the_review_queue(as_reviewer: APIClient, project: Project, work: Callable[[int], Image], cost: Cost) -> None:
    same_cost(cost, work, lambda: as_reviewer.get(f"{API}/projects/{project.id}/review-queue"), 6)


def test_the_images_to_review(
    as_reviewer: APIClient, manager: User, annotator: User, project: Project, more_images: Any, cost: Cost
) -> None:
    def work(count: int) -> None:
        for image in more_images(count):
            assign(manager, image, annotator)
            submit(annotator, image)

    same_cost(cost, work, lambda: as_reviewer.get(f"{API}/projects/{project.id}/review-queue/images"), 10)


def test_the_next_to_review(as_reviewer: APIClient, project: Project, work: Callable[[int], Image], cost: Cost) -> None:
    path = f"{API}/projects/{project.id}/review-queue/next"
    work(2)
    as_reviewer.post(path, {})
    few = cost(lambda: as_reviewer.post(path, {}))
    work(18)
    as_reviewer.post(path, {})
    assert cost(lambda: as_reviewer.post(path, {})) == few
    assert few <= 24


def test_the_image_to_review_next(
    as_reviewer: APIClient, project: Project, work: Callable[[int], Image], cost: Cost
) -> None:
    same_cost(cost, work, lambda: as_reviewer.post(f"{API}/projects/{project.id}/review-queue/ahead", {}), 8)


def test_the_annotations_of_an_image(
    as_annotator: APIClient, annotator: User, image: Image, cat: LabelClass, cost: Cost
) -> None:
    def work(count: int) -> None:
        for _ in range(count):
            annotate(annotator, image, cat)

    same_cost(cost, work, lambda: as_annotator.get(f"{API}/images/{image.id}/annotations"), 7)


def test_the_comments_of_an_image(as_annotator: APIClient, annotator: User, image: Image, cost: Cost) -> None:
    def work(count: int) -> None:
        for _ in range(count):
            thread = said(annotator, image)
            for _ in range(2):
                comments.reply(by=annotator, image=image.id, thread=thread.id, id=uuid4(), text="Yes")

    same_cost(cost, work, lambda: as_annotator.get(f"{API}/images/{image.id}/comments"), 6)


def test_where_comments_are_open_for_me(
    as_annotator: APIClient, annotator: User, work: Callable[[int], Image], cost: Cost
) -> None:
    def talk(count: int) -> None:
        work(count)
        for image in Image.objects.all():
            said(annotator, image)

    same_cost(cost, talk, lambda: as_annotator.get(f"{API}/me/comments"), 3)


def test_verdicts_with_comments(
    as_reviewer: APIClient,
    project: Project,
    manager: User,
    annotator: User,
    more_images: Any,
    cat: LabelClass,
    cost: Cost,
) -> None:
    def judged(count: int) -> int:
        (image,) = more_images(1)
        made = [annotate(annotator, image, cat) for _ in range(count)]
        assign(manager, image, annotator)
        submit(annotator, image)
        rows = [{"annotation": str(each.id), "verdict": "accepted", "version": 1, "comment": "Good"} for each in made]
        body = {"verdicts": rows}
        return cost(lambda: as_reviewer.post(f"{API}/projects/{project.id}/verdicts", body))

    assert judged(20) == judged(2)


def test_the_history_of_an_annotation(
    as_annotator: APIClient, annotator: User, image: Image, cat: LabelClass, cost: Cost
) -> None:
    made = annotate(annotator, image, cat)
    versions = iter(range(1, 100))

    def work(count: int) -> None:
        for _ in range(count):
            headers = {"If-Match": f'"{next(versions)}"'}
            as_annotator.patch(f"{API}/annotations/{made.id}", {"model": "other"}, headers=headers)

    same_cost(cost, work, lambda: as_annotator.get(f"{API}/annotations/{made.id}/history"), 10)


def test_the_progress_of_all_my_projects(as_manager: APIClient, manager: User, cost: Cost) -> None:
    made = iter(range(100))

    def work(count: int) -> None:
        for _ in range(count):
            projects.create_project(by=manager, name=f"{next(made)}")

    same_cost(cost, work, lambda: as_manager.get(f"{API}/progress"), 14)


def test_my_projects(as_manager: APIClient, manager: User, cost: Cost) -> None:
    made = iter(range(100))

    def work(count: int) -> None:
        for _ in range(count):
            projects.create_project(by=manager, name=f"{next(made)}")

    same_cost(cost, work, lambda: as_manager.get(f"{API}/projects"), 5)


def test_the_records_of_an_export(project: Project, work: Callable[[int], Image], cost: Cost) -> None:
    def ask() -> None:
        assert list(exchange.records(project, "all", 10**6))

    same_cost(cost, work, ask, 4)


def test_a_change_of_many_annotations(
    as_annotator: APIClient, annotator: User, image: Image, cat: LabelClass, cost: Cost
) -> None:
    def change(count: int) -> int:
        made = [annotate(annotator, image, cat) for _ in range(count)]
        body = {"update": [{"id": str(each.id), "version": 1, "model": "other"} for each in made]}
        return cost(lambda: as_annotator.post(f"{API}/images/{image.id}/changes", body))

    assert change(20) == change(2)


def test_handing_in_many_annotations(
    as_annotator: APIClient, manager: User, annotator: User, more_images: Any, cat: LabelClass, cost: Cost
) -> None:
    def hand_in(count: int) -> int:
        (image,) = more_images(1)
        for _ in range(count):
            annotate(annotator, image, cat)
        made = assign(manager, image, annotator)
        return cost(lambda: as_annotator.post(f"{API}/assignments/{made.id}/submit"))

    assert hand_in(20) == hand_in(2)


def test_readiness_is_counted_by_the_database(project: Project, more_images: Any, as_viewer: APIClient) -> None:
    more_images(3)
    Job.objects.filter(id__in=Job.objects.values("id")[:1]).update(state=Job.State.DONE)
    shown = as_viewer.get(f"{API}/projects/{project.id}/progress").json()["embeddings"]
    assert shown == {
        "queued": 2, "running": 0, "ready": 1, "failed": 0, "rate_per_minute": None, "seconds_left": None
    }  # fmt: skip
