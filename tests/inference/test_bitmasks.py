from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from inference import bitmasks
from inference.masks import Mask

SIDE = st.integers(1, 12)
several_masks = st.tuples(st.integers(1, 8), SIDE, SIDE).flatmap(lambda shape: arrays.arrays(np.bool_, shape))
few_scores = st.lists(st.sampled_from([0.1, 0.5, 0.9]), min_size=8, max_size=8)


def iou(a: Mask, b: Mask) -> float:
    return float((a & b).sum() / max(1, (a | b).sum()))


@given(several_masks)
def test_packed_masks_have_the_areas_and_ious_of_the_masks(masks: Mask) -> None:
    words = bitmasks.pack(masks)
    assert bitmasks.areas(words).tolist() == masks.sum(axis=(1, 2)).tolist()
    assert bitmasks.ious(words[0], words).tolist() == pytest.approx([iou(masks[0], each) for each in masks])


@given(several_masks, few_scores, st.sampled_from([0.0, 0.3, 0.7]))
def test_no_two_that_stay_are_alike_and_what_goes_has_a_better_twin(
    masks: Mask, scores: list[float], limit: float
) -> None:
    scores = scores[: len(masks)]
    kept = bitmasks.distinct(bitmasks.pack(masks), scores, limit)
    assert [scores[each] for each in kept] == sorted((scores[each] for each in kept), reverse=True)
    assert all(iou(masks[a], masks[b]) <= limit for a in kept for b in kept if a != b)
    for gone in set(range(len(masks))) - set(kept):
        assert any(scores[each] >= scores[gone] and iou(masks[gone], masks[each]) > limit for each in kept)


@given(several_masks, st.sampled_from([0.5, 0.9, 1.0]))
def test_a_parent_is_the_smallest_larger_mask_that_holds_most_of_its_part(masks: Mask, share: float) -> None:
    for each, parent in zip(masks, bitmasks.parents(bitmasks.pack(masks), share), strict=True):
        around = [m.sum() for m in masks if m.sum() > each.sum() and (m & each).sum() >= share * each.sum()]
        assert (None if parent is None else masks[parent].sum()) == min(around, default=None)
