"""Cursors and limits: a list refuses every cursor that it has not written itself."""

import base64

import pytest
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.exchange.services import order_export
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Project
from tests.labeling.making import API, annotate, assign, problem

LISTS = [
    "projects",
    "projects/{project}/images",
    "projects/{project}/assignments",
    "projects/{project}/active-times",
    "projects/{project}/exports",
    "projects/{project}/review-queue",
    "images/{image}/deleted",
    "images/{image}/comments",
    "annotations/{annotation}/history",
]


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


CURSORS = [
    "x",
    "é",
    "%00",
    "9" * 30,
    *map(
        _encoded,
        [
            "p=",
            "p=x",
            "p=2024-13-45",
            "p=0001-01-01T00:00:00%2B14:00",
            "p=9999-12-31T23:59:59-14:00",
            "p=" + "9" * 30,
            "p=1e400",
            "p=%00",
            "o=" + "9" * 30,
            "o=-1",
            "o=x",
            "r=x",
            "nan/3f0c6f0e-9f5c-4b53-8f5b-2a6d0cf2b8a1",
            "0.5/x",
            "0.5",
        ],
    ),
]


@pytest.fixture
def addresses(manager: User, project: Project, image: Image, cat: LabelClass) -> list[str]:
    annotation = annotate(manager, image, cat)
    assign(manager, image, manager)
    order_export(by=manager, project=project.id, format="coco", include="accepted")
    ids = {"project": project.id, "image": image.id, "annotation": annotation.id}
    return [f"{API}/{address.format(**ids)}" for address in LISTS]


def test_no_list_accepts_a_cursor_that_it_has_not_made(as_manager: APIClient, addresses: list[str]) -> None:
    for address in addresses:
        for cursor in CURSORS:
            response = as_manager.get(address, {"cursor": cursor})
            assert problem(response, 400)["errors"][0]["pointer"] == "/cursor", (address, cursor)


@pytest.mark.parametrize("limit", ["x", "-1", "0", "1.5"])
def test_no_list_accepts_a_limit_that_is_no_number(as_manager: APIClient, addresses: list[str], limit: str) -> None:
    for address in addresses:
        response = as_manager.get(address, {"limit": limit})
        assert problem(response, 400)["errors"][0]["pointer"] == "/limit", address


def test_a_limit_above_the_largest_page_is_the_largest_page(as_manager: APIClient, addresses: list[str]) -> None:
    for address in addresses:
        assert as_manager.get(address, {"limit": "9" * 30}).status_code == 200, address


def test_pages_lead_through_a_list(as_manager: APIClient, project: Project, more_images: object) -> None:
    more_images(3)  # type: ignore[operator]
    address, names = f"{API}/projects/{project.id}/images?limit=1", []
    while address:
        page = as_manager.get(address).json()
        names += [image["name"] for image in page["results"]]
        address = page["next"]
    assert names == ["0.png", "1.png", "2.png"]
