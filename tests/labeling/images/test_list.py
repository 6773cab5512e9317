"""The list of a project's images, and one's way through it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.assignments import selectors
from labeling.assignments.models import Assignment
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Membership, Project
from tests.labeling.making import API, annotate, assign, problem

More = Callable[[int], list[Image]]


def names(client: APIClient, project: Project, query: str = "") -> list[str]:
    response = client.get(f"{API}/projects/{project.id}/images?{query}")
    assert response.status_code == 200, response.content
    return [each["name"] for each in response.json()["results"]]


def test_images_are_listed_as_they_came_page_by_page(as_viewer: APIClient, project: Project, more_images: More) -> None:
    more_images(7)
    seen: list[str] = []
    url: str | None = f"{API}/projects/{project.id}/images?limit=3"
    while url:
        page = as_viewer.get(url).json()
        seen += [each["name"] for each in page["results"]]
        url = page["next"]
    assert seen == [f"{n}.png" for n in range(7)]


def test_images_of_one_moment_are_each_listed_once(as_viewer: APIClient, project: Project, more_images: More) -> None:
    images = more_images(5)
    Image.objects.update(created_at=images[0].created_at)
    seen: list[str] = []
    url: str | None = f"{API}/projects/{project.id}/images?limit=2"
    while url:
        page = as_viewer.get(url).json()
        seen += [each["id"] for each in page["results"]]
        url = page["next"]
    assert seen == sorted(str(image.id) for image in images)


def test_an_image_is_listed_with_the_work_on_it(
    as_viewer: APIClient, project: Project, manager: User, annotator: User, image: Image, cat: LabelClass
) -> None:
    annotate(annotator, image, cat)
    made = assign(manager, image, annotator)
    (shown,) = as_viewer.get(f"{API}/projects/{project.id}/images").json()["results"]
    assert shown["annotation_counts"] == {"draft": 1, "submitted": 0, "accepted": 0, "rejected": 0}
    assert shown["assignment"] == {
        "id": str(made.id),
        "annotator": {"id": str(annotator.id), "name": "Annotator"},
        "state": "open",
        "skip_reason": "",
        "nothing_to_label": False,
        "image_review": "",
    }


def test_images_are_filtered_by_name_state_and_annotator(
    as_viewer: APIClient, project: Project, manager: User, annotator: User, reviewer: User, more_images: More
) -> None:
    first, second, _ = more_images(3)
    assign(manager, first, annotator)
    assign(manager, second, reviewer)
    Assignment.objects.filter(image=second).update(state="done")
    assert names(as_viewer, project, "q=1.P") == ["1.png"]
    assert names(as_viewer, project, "state=unassigned") == ["2.png"]
    assert names(as_viewer, project, "state=done") == ["1.png"]
    assert names(as_viewer, project, f"annotator={annotator.id}") == ["0.png"]
    assert names(as_viewer, project, f"annotator={annotator.id}&state=done") == []
    assert names(as_viewer, project, "annotator=nobody") == ["2.png"]
    assert names(as_viewer, project, "annotator=former") == []
    Membership.objects.filter(user=annotator).delete()
    Membership.objects.filter(user=reviewer).update(roles=["viewer"])
    assert names(as_viewer, project, "annotator=former") == ["0.png", "1.png"]
    assert names(as_viewer, project, "annotator=former&state=done") == ["1.png"]
    problem(as_viewer.get(f"{API}/projects/{project.id}/images?annotator=someone"), 400, "invalid")
    assert names(as_viewer, project, "q=&state=&annotator=") == ["0.png", "1.png", "2.png"]


def test_neighbours_follow_the_list(as_viewer: APIClient, more_images: More) -> None:
    first, second, third = more_images(3)
    Image.objects.update(created_at=first.created_at)
    first, second, third = sorted((first, second, third), key=lambda image: image.id)

    def around(image: Image) -> dict[str, object]:
        shown: dict[str, object] = as_viewer.get(f"{API}/images/{image.id}/neighbours").json()
        return shown

    assert around(first) == {"previous": None, "next": str(second.id), "index": 0, "total": 3}
    assert around(second) == {"previous": str(first.id), "next": str(third.id), "index": 1, "total": 3}
    assert around(third) == {"previous": str(second.id), "next": None, "index": 2, "total": 3}


def test_neighbours_among_what_is_mine(
    as_annotator: APIClient, manager: User, annotator: User, reviewer: User, more_images: More
) -> None:
    images = more_images(4)
    for image, user in zip(images, (annotator, reviewer, annotator, annotator), strict=True):
        assign(manager, image, user)
    Assignment.objects.filter(image=images[3]).update(state="submitted")
    shown = as_annotator.get(f"{API}/images/{images[0].id}/neighbours?assignment=mine").json()
    assert shown == {"previous": None, "next": str(images[2].id), "index": 0, "total": 2}
    submitted = as_annotator.get(f"{API}/images/{images[3].id}/neighbours?assignment=mine").json()
    assert submitted == {"previous": str(images[2].id), "next": None, "index": None, "total": 2}, "not among them"


def test_neighbours_within_a_filter_of_the_list(
    as_viewer: APIClient, manager: User, annotator: User, more_images: More
) -> None:
    images = more_images(5)
    for n in (0, 3):
        assign(manager, images[n], annotator)

    def around(n: int, query: str) -> tuple[object, ...]:
        shown = as_viewer.get(f"{API}/images/{images[n].id}/neighbours?{query}").json()
        return shown["previous"], shown["next"], shown["index"], shown["total"]

    assert around(2, "state=unassigned") == (str(images[1].id), str(images[4].id), 1, 3)
    assert around(3, "state=unassigned") == (str(images[2].id), str(images[4].id), None, 3), "no longer among them"
    assert around(0, f"annotator={annotator.id}") == (None, str(images[3].id), 0, 2)
    assert around(4, "q=4.P&state=unassigned") == (None, None, 0, 1)
    problem(as_viewer.get(f"{API}/images/{images[0].id}/neighbours?state=lost"), 400)


@pytest.mark.parametrize("state", ["", "unassigned", "open"])
def test_neighbours_are_found_from_their_place_in_the_index(
    project: Project, manager: User, image: Image, state: str
) -> None:
    moment = timezone.now()
    rows = [
        Image(project=project, created_by=manager, name=f"{n}.png", sha256=f"{n:064}", media_type="image/png", bytes=1,
              width=1, height=1, created_at=moment + timedelta(seconds=n))
        for n in range(3000)
    ]  # fmt: skip
    Image.objects.bulk_create(rows)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as captured:
        selectors.neighbours(rows[2990], selectors.filtered(project, state=state))
    assert len(captured) <= 5
    for ask in captured.captured_queries[:2]:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{ask['sql']}")
            plan = "\n".join(str(row) for row in cursor.fetchall())
        if not state or connection.vendor == "sqlite":
            assert "image_of_project" in plan, plan
            assert re.search(r"created_at [<>]|created_at >=|created_at[<>]", plan), plan
            assert "SCAN images_image\n" not in plan, plan
