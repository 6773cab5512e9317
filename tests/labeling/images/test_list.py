"""The list of a project's images, and one's way through it."""

from collections.abc import Callable

from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.assignments.models import Assignment
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Project
from tests.labeling.making import API, annotate, assign

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
