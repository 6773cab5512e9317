"""The signals of a mask: pure ones by properties, the whole on a real photograph."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from inference import assess, masks
from inference.embeddings import Embedding
from inference.masks import Mask


@st.composite
def squares(draw: st.DrawFn) -> Mask:
    mask = np.zeros((40, 60), np.bool_)
    x, y, side = draw(st.integers(0, 40)), draw(st.integers(0, 20)), draw(st.integers(3, 15))
    mask[y : y + side, x : x + side] = True
    return mask


@given(squares())
def test_the_form_of_a_square_is_whole_and_solid(mask: Mask) -> None:
    found = assess.form(masks.encode(mask))
    assert (found["parts"], found["holes"], found["specks"], found["solidity"]) == (1, 0, 0, 1)
    assert 0 <= found["border"] <= 1


@given(squares(), squares())
def test_overlap_is_told_from_both_sides(one: Mask, two: Mask) -> None:
    a, b = masks.encode(one), masks.encode(two)
    here, there = assess.overlap(a, [b]), assess.overlap(b, [a])
    assert here["overlap"] == there["overlap"]
    assert abs(here["swallows"] - there["swallowed"]) < 1e-9
    assert all(0 <= each <= 1 for each in here.values())


@given(squares())
def test_points_lie_in_the_mask(mask: Mask) -> None:
    for x, y in assess.interior(mask):
        assert mask[int(y), int(x)]


def test_holes_and_parts_are_seen() -> None:
    mask = np.zeros((40, 60), np.bool_)
    mask[5:25, 5:25] = True
    mask[10:14, 10:14] = False
    mask[30:34, 40:44] = True
    found = assess.form(masks.encode(mask))
    assert found["parts"] == 2
    assert found["holes"] == 16 / 400
    assert abs(found["specks"] - 16 / 400) < 1e-9


def test_a_mask_too_small_to_be_seen_has_a_form_and_no_answers() -> None:
    mask = np.zeros((4000, 6000), np.bool_)
    mask[10:13, 10:13] = True
    image = Embedding(np.zeros((256, 64, 64), np.float32), 6000, 4000)
    assert "box_max" not in assess.signals(None, image, masks.encode(mask))  # type: ignore[arg-type]


@given(squares(), squares(), st.booleans())
def test_people_disagree_only_about_the_same_thing(one: Mask, two: Mask, alike: bool) -> None:
    a, b = masks.encode(one), masks.encode(two)
    found = assess.disagreement(a, [(b, alike)])
    assert found.keys() == ({"disagreement"} if masks.iou(a, b) >= assess.SAME else set())
    assert found == {} or found["disagreement"] == (1 - masks.iou(a, b) if alike else 1)
    assert assess.disagreement(a, []) == {}


def test_the_margin_is_between_the_two_best_readings() -> None:
    assert assess.margin(np.array([0.9, 0.5, 0.8], np.float32)) == np.float32(0.9) - np.float32(0.8)
