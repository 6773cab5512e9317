"""What changed, in words: pure."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from inference import masks
from labeling.annotations.changes import ClassWords, changes, made_by, pixel_words
from labeling.annotations.geometry import checked

SIZE = (9, 7)
CLASSES = {"c": ClassWords("Cow", {"a": "Age"}), "h": ClassWords("Horse")}
MASKS = arrays.arrays(np.bool_, (7, 9)).filter(lambda mask: bool(mask.any()))


def content(mask: Any = None, **fields: Any) -> dict[str, Any]:
    drawn = np.ones((7, 9), np.bool_) if mask is None else mask
    shape = checked("mask", {"segmentation": masks.encode(drawn).to_json()}, *SIZE)
    return {
        "label_class_id": "c", "kind": "mask", "shape": shape.shape, "bbox": list(shape.bbox), "area": shape.area,
        "attributes": {}, "z": 0, "source": "brush", "prompts": [], "model": "", "chosen_rank": None,
        "predicted_iou": None, "stability_score": None, "confidence": 0.5, **fields,
    }  # fmt: skip


def said(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return changes(before, after, CLASSES, SIZE)


@given(MASKS, st.integers(-9, 9), st.sampled_from(["c", "h", "gone"]))
def test_nothing_is_said_where_nothing_changed(mask: Any, z: int, label_class: str) -> None:
    same = content(mask, z=z, label_class_id=label_class)
    assert said(same, {**same}) == []


@given(MASKS, MASKS)
def test_pixels_that_came_and_went_are_counted(a: Any, b: Any) -> None:
    added, removed = int((b & ~a).sum()), int((a & ~b).sum())
    words = pixel_words(masks.encode(a), masks.encode(b))
    assert words == f"+{added} −{removed} px, IoU {(a & b).sum() / (a | b).sum():.2f}"
    assert pixel_words(masks.encode(b), masks.encode(a)).startswith(f"+{removed} −{added} px")


def test_a_class_an_attribute_and_the_order_have_their_words() -> None:
    before = content(attributes={"a": 3, "x": ["big", "old"]})
    after = content(attributes={"a": 4}, label_class_id="h", z=1)
    assert said(before, after) == ["class Cow → Horse", "Age: 3 → 4", "x: big, old → –", "moved up"]


def test_a_class_that_nobody_knows_any_more_is_still_said() -> None:
    assert said(content(), content(label_class_id="gone")) == ["class Cow → a class that is gone"]


def test_another_kind_says_what_it_did_to_the_pixels() -> None:
    box = {**content(), "kind": "box", "shape": {"bbox": [0, 0, 3, 2]}}
    assert said(content(), box) == ["mask → box", "box: +0 −57 px, IoU 0.10"]
    tag = {**content(), "kind": "tag", "shape": {}}
    assert said(content(), tag) == ["mask → tag"]


def test_where_something_comes_from_is_said_by_its_last_prompt() -> None:
    one = {"points": [{}], "box": None, "mask": False}
    more = {"points": [{}, {}], "box": [0, 0, 1, 1], "mask": True}
    made = content(source="sam", prompts=[one, more], model="mobile_sam@8f", chosen_rank=0)
    assert made_by(made) == "sam: 2 points and a box and an earlier mask, mobile_sam, choice 1"
    assert made_by(content()) == "by brush"
    assert said(content(), made) == ["sam: 2 points and a box and an earlier mask, mobile_sam, choice 1"]
