from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from inference.masks import Mask
from inference.propose_relations import Ratios, levels, parents, unlike

SIDE = st.integers(1, 12)
several_masks = st.tuples(st.integers(0, 8), SIDE, SIDE).flatmap(lambda shape: arrays.arrays(np.bool_, shape))


def iou(a: Mask, b: Mask) -> float:
    return float((a & b).sum() / max(1, (a | b).sum()))


def shares(masks: Mask) -> Ratios:
    """The share of each mask's pixels that lie in each; 0 of an empty one."""
    common = (masks[:, None] & masks[None]).sum(axis=(2, 3))
    return np.asarray(common / np.maximum(1, masks.sum(axis=(1, 2)))[:, None])


@given(several_masks, st.sampled_from([0.0, 0.3, 0.7]))
def test_no_two_that_stay_are_alike_and_what_goes_is_like_one_before_it(masks: Mask, limit: float) -> None:
    kept = unlike(len(masks), lambda one, many: np.array([iou(masks[one], masks[each]) for each in many]), limit)
    assert kept == sorted(kept)
    assert all(iou(masks[a], masks[b]) <= limit for a in kept for b in kept if a != b)
    for gone in set(range(len(masks))) - set(kept):
        assert any(iou(masks[gone], masks[each]) > limit for each in kept if each < gone)


@given(several_masks, st.sampled_from([0.5, 0.9, 1.0]))
def test_a_parent_is_the_smallest_larger_mask_that_holds_most_of_its_part(masks: Mask, least: float) -> None:
    found = parents(masks.sum(axis=(1, 2)), shares(masks), least)
    for each, parent in zip(masks, found, strict=True):
        held = [
            m.sum() for m in masks if m.sum() > each.sum() and each.any() and (m & each).sum() >= least * each.sum()
        ]
        assert (None if parent is None else masks[parent].sum()) == min(held, default=None)


@given(several_masks, st.sampled_from([0.5, 0.9]))
def test_a_tree_has_no_circles_and_levels_are_depths_in_it(masks: Mask, least: float) -> None:
    links = parents(masks.sum(axis=(1, 2)), shares(masks), least)
    for each, level in enumerate(levels(links)):
        steps, parent = 0, links[each]
        while parent is not None:
            steps, parent = steps + 1, links[parent]
            assert steps < len(masks)
        assert level == steps
