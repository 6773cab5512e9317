"""How long people have worked on images, for the manager."""

from uuid import uuid4

from rest_framework.test import APIClient

from labeling.images.models import Image
from tests.labeling.making import API, problem


def test_what_browsers_tell_adds_up_a_person_and_image_and_the_manager_sees_it(
    as_manager: APIClient, as_annotator: APIClient, as_reviewer: APIClient, image: Image
) -> None:
    for client, seconds in ((as_annotator, 30), (as_annotator, 12), (as_reviewer, 5)):
        assert client.post(f"{API}/images/{image.id}/active-time", {"seconds": seconds}).status_code == 204
    rows = as_manager.get(f"{API}/projects/{image.project_id}/active-times").json()["results"]
    assert [(row["image"], row["seconds"]) for row in rows] == [(str(image.id), 42), (str(image.id), 5)]


def test_telling_the_same_time_again_does_not_double_it(
    as_manager: APIClient, as_annotator: APIClient, image: Image
) -> None:
    key = str(uuid4())
    for _ in range(2):
        told = {"seconds": 30}
        as_annotator.post(f"{API}/images/{image.id}/active-time", told, headers={"Idempotency-Key": key})
    (row,) = as_manager.get(f"{API}/projects/{image.project_id}/active-times").json()["results"]
    assert row["seconds"] == 30


def test_more_than_an_hour_at_once_is_not_believed(as_annotator: APIClient, image: Image) -> None:
    problem(as_annotator.post(f"{API}/images/{image.id}/active-time", {"seconds": 3601}), 400)
