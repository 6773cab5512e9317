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


def iou(a: Mask, b: Mask) -> float:
    return float((a & b).sum() / max(1, (a | b).sum()))


@given(several_masks)
def test_packed_masks_have_the_areas_and_ious_of_the_masks(masks: Mask) -> None:
    words = bitmasks.pack(masks)
    assert bitmasks.areas(words).tolist() == masks.sum(axis=(1, 2)).tolist()
    assert bitmasks.ious(words[0], words).tolist() == pytest.approx([iou(masks[0], each) for each in masks])
