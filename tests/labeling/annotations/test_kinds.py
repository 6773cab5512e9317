"""What a project lets its annotations be: of which kinds, and whether masks may overlap."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from inference import masks
from labeling.accounts.models import User
from labeling.annotations import limits
from labeling.annotations.geometry import checked, common_pixels
from labeling.annotations.models import Annotation
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Project
from tests.labeling.annotations.asking import create, match, path
from tests.labeling.conftest import client_of
from tests.labeling.making import API, box_body, configure, mask_body, polygon_body, problem, square, tag_body, together

TRIANGLE = [[[4.0, 4, 20, 4, 20, 20]]]


def change(client: APIClient, image: Image, **changes: Any) -> Any:
    return client.post(f"{API}/images/{image.id}/changes", changes)


def test_a_project_says_which_kinds_it_uses(
    as_manager: APIClient, as_annotator: APIClient, project: Project, image: Image, cat: LabelClass
) -> None:
    made = create(as_annotator, image, box_body(cat, [1, 1, 5, 5])).json()
    changed = configure(as_manager, project, {"kinds": ["tag", "mask"]}).json()
    assert changed["kinds"] == ["mask", "tag"]
    for body in (box_body(cat, [1, 1, 5, 5]), polygon_body(cat, TRIANGLE)):
        answer = problem(create(as_annotator, image, body), 400, "kind_not_used")
        assert answer["errors"][0]["pointer"] == "/kind"
    assert create(as_annotator, image, tag_body(cat)).status_code == 201
    moved = as_annotator.patch(path(made), {"bbox": [2, 2, 5, 5]}, headers=match(1))
    assert moved.status_code == 200, "what is there stays, and can be mended"
    turned = as_annotator.patch(path(made), {"kind": "polygon", "polygon": TRIANGLE}, headers=match(2))
    problem(turned, 400, "kind_not_used")


@pytest.mark.parametrize("kinds", [[], ["circle"], "mask", [["mask"]]])
def test_a_project_uses_at_least_one_kind_that_there_is(as_manager: APIClient, project: Project, kinds: Any) -> None:
    problem(configure(as_manager, project, {"kinds": kinds}), 400)


@pytest.fixture
def exclusive(as_manager: APIClient, project: Project, image: Image) -> Image:
    """The image, in a project whose masks do not overlap."""
    configure(as_manager, project, {"overlap": "exclusive"})
    return image


def test_masks_overlap_freely_unless_the_project_says_otherwise(
    as_annotator: APIClient, image: Image, cat: LabelClass
) -> None:
    for _ in range(2):
        assert create(as_annotator, image, mask_body(cat)).status_code == 201


def test_a_new_mask_that_takes_from_an_old_one_is_409(
    as_annotator: APIClient, exclusive: Image, cat: LabelClass, dog: LabelClass
) -> None:
    old = create(as_annotator, exclusive, mask_body(cat, square(4, 6, 8))).json()
    body = mask_body(dog, square(11, 13, 8))
    answer = problem(create(as_annotator, exclusive, body), 409, "masks_overlap")
    assert "1 pixels of another one (cat)" in answer["detail"]
    assert (answer["annotation"], answer["other"]) == (body["id"], old["id"])
    assert create(as_annotator, exclusive, mask_body(dog, square(12, 6, 8))).status_code == 201, "beside it"
    assert create(as_annotator, exclusive, box_body(dog, [0, 0, 40, 40])).status_code == 201, "boxes take no pixels"
    assert Annotation.objects.filter(kind="mask").count() == 2


def test_what_changes_together_is_looked_at_together(
    as_annotator: APIClient, exclusive: Image, cat: LabelClass
) -> None:
    left, right = mask_body(cat, square(0, 0, 8)), mask_body(cat, square(8, 0, 8))
    change(as_annotator, exclusive, create=[left, right])
    over = mask_body(cat, square(4, 20, 8))
    problem(change(as_annotator, exclusive, create=[over, mask_body(cat, square(5, 20, 8))]), 409, "masks_overlap")
    whole = masks.encode(square(0, 0, 8) | square(8, 0, 8)).to_json()
    merged = change(
        as_annotator,
        exclusive,
        update=[{"id": left["id"], "version": 1, "segmentation": whole}],
        delete=[{"id": right["id"], "version": 1}],
    )
    assert merged.status_code == 200
    back = as_annotator.post(path(right, "/restore"), {}, headers=match(2))
    problem(back, 409, "masks_overlap")


def test_masks_are_compared_a_few_at_a_time(
    as_annotator: APIClient, exclusive: Image, cat: LabelClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last of many large masks is found to overlap, although they are never in memory together."""
    for n in range(4):
        create(as_annotator, exclusive, mask_body(cat, square(8 * n, 0, 8)))
    monkeypatch.setattr(limits, "MAX_PAGE_BYTES", 1)
    for n in range(4):
        problem(create(as_annotator, exclusive, mask_body(cat, square(8 * n, 4, 8))), 409, "masks_overlap")
    assert create(as_annotator, exclusive, mask_body(cat, square(0, 8, 30))).status_code == 201


def test_masks_that_overlapped_before_stay_and_change_class(
    as_manager: APIClient, as_annotator: APIClient, project: Project, image: Image, cat: LabelClass, dog: LabelClass
) -> None:
    first, _ = (create(as_annotator, image, mask_body(cat)).json() for _ in range(2))
    configure(as_manager, project, {"overlap": "exclusive"})
    assert as_annotator.patch(path(first), {"class_id": str(dog.id)}, headers=match(1)).status_code == 200
    moved = {"segmentation": masks.encode(square(5, 6, 8)).to_json()}
    problem(as_annotator.patch(path(first), moved, headers=match(2)), 409, "masks_overlap")


@pytest.mark.django_db(transaction=True)
def test_of_several_who_draw_over_each_other_at_once_one_wins(
    annotator: User, exclusive: Image, cat: LabelClass
) -> None:
    clients = [client_of(annotator) for _ in range(4)]
    codes = together(4, lambda n: create(clients[n], exclusive, mask_body(cat)).status_code)
    assert sorted(codes) == [201, 409, 409, 409]


squares = st.builds(square, st.integers(0, 50), st.integers(0, 40), st.integers(1, 20))


@given(squares, squares)
def test_common_pixels_are_counted_in_the_stored_form(a: Any, b: Any) -> None:
    one, other = (checked("mask", {"segmentation": masks.encode(mask).to_json()}, 64, 48).shape for mask in (a, b))
    assert common_pixels(one, other) == (a & b).sum()
