"""What people call annotations by: numbers that stay, whatever becomes of the others."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection
from rest_framework.test import APIClient

from labeling.annotations.models import Annotation
from labeling.images.models import Image
from labeling.projects.models import LabelClass
from tests.labeling.annotations.asking import create, match, path
from tests.labeling.making import API, box_body, mask_body, tag_body


def changes(client: APIClient, image: Image, *bodies: dict[str, Any]) -> list[int]:
    answer = client.post(f"{API}/images/{image.id}/changes", {"create": list(bodies)})
    assert answer.status_code == 200, answer.content
    return [annotation["number"] for annotation in answer.json()["annotations"]]


def test_numbers_follow_creation_and_a_deleted_one_is_not_given_again(
    as_annotator: APIClient, image: Image, cat: LabelClass
) -> None:
    first = create(as_annotator, image, mask_body(cat)).json()
    assert first["number"] == 1
    assert changes(as_annotator, image, box_body(cat, [1, 2, 3, 4]), tag_body(cat), mask_body(cat)) == [2, 0, 3]
    last = create(as_annotator, image, box_body(cat, [1, 2, 3, 4])).json()
    as_annotator.delete(path(last), headers=match(1))
    assert changes(as_annotator, image, box_body(cat, [1, 2, 3, 4])) == [5]
    assert as_annotator.get(f"{API}/images/{image.id}").json()["numbered"] == 5
    back = as_annotator.post(path(last, "/restore"), {}, headers=match(2)).json()
    assert back["number"] == 4


def test_the_number_that_an_editor_shows_already_is_kept_where_it_is_free(
    as_annotator: APIClient, image: Image, cat: LabelClass
) -> None:
    wanted = [{**box_body(cat, [1, 2, 3, 4]), "number": number} for number in (3, 2, 7, 2**31 - 1)]
    assert changes(as_annotator, image, *wanted) == [3, 4, 7, 8]
    # Sent again, it is the same annotation with the same number.
    assert changes(as_annotator, image, wanted[0]) == [3]
    assert create(as_annotator, image, {**box_body(cat, [1, 2, 3, 4]), "number": 0}).status_code == 400


def test_annotations_from_before_there_were_numbers_get_them_in_the_order_of_creation(
    as_annotator: APIClient, image: Image, cat: LabelClass
) -> None:
    box = [1, 2, 3, 4]
    bodies = [box_body(cat, box), tag_body(cat), box_body(cat, box), box_body(cat, box)]
    changes(as_annotator, image, *bodies)
    Annotation.objects.update(number=0)
    Image.objects.update(numbered=0)
    migration = import_module("labeling.annotations.migrations.0010_numbers")
    migration.number(apps, SimpleNamespace(connection=connection))
    numbers = dict(Annotation.objects.values_list("id", "number"))
    assert [numbers[UUID(body["id"])] for body in bodies] == [1, 0, 2, 3]
    image.refresh_from_db()
    assert image.numbered == 3
