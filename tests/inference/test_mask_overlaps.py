"""Which of many masks share pixels, compared with their pixels; and that many sparse ones cost no square."""

from itertools import chain
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference import mask_overlaps, masks
from inference.mask_crops import cropped
from inference.mask_overlaps import Placed, overlapping

HEIGHT, WIDTH = 4, 5
pixels = st.sets(st.integers(0, HEIGHT * WIDTH - 1), min_size=1, max_size=6)


def part(of: set[int], height: int = HEIGHT, width: int = WIDTH) -> Placed:
    """The mask of these pixels, counted column by column."""
    starts = np.array(sorted(of), np.int64)
    x, y, rle = cropped(masks.from_runs(starts, starts + 1, (height, width)))
    return rle, (x, y)


@pytest.mark.parametrize("together", [1000, 1])
@given(fresh=st.lists(pixels, max_size=4), others=st.lists(pixels, max_size=4))
def test_a_mask_that_shares_pixels_is_found(together: int, fresh: list[set[int]], others: list[set[int]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mask_overlaps, "BLOCK_MASKS", together)
        found = overlapping([part(of) for of in fresh], [part(of) for of in others], (HEIGHT, WIDTH))
    shared = {n for n, of in enumerate(fresh) if any(of & other for other in chain(fresh[:n], fresh[n + 1 :], others))}
    assert found in shared if shared else found is None


def test_many_masks_with_large_boxes_are_compared_at_once() -> None:
    side = 4000
    many = [part({2 * n, side * side - 1 - 2 * n}, side, side) for n in range(3000)]
    began = process_time()
    assert overlapping(many[:1000], many[1000:], (side, side)) is None
    assert process_time() - began < 5
    assert overlapping(many[:1000], [*many[1000:], many[7]], (side, side)) == 7
