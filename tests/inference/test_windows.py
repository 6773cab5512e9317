"""Masks and windows of their images."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from inference import counts, masks
from inference.masks import Mask
from inference.regions import Region
from inference.windows import inside, outside, placed, union

HEIGHT, WIDTH = 7, 9
drawn = arrays.arrays(np.bool_, (HEIGHT, WIDTH))


@st.composite
def windows(draw: st.DrawFn) -> Region:
    x0, y0 = draw(st.integers(0, WIDTH - 1)), draw(st.integers(0, HEIGHT - 1))
    return Region(x0, y0, draw(st.integers(x0 + 1, WIDTH)), draw(st.integers(y0 + 1, HEIGHT)))


def part(mask: Mask, window: Region) -> Mask:
    return mask[window.y0 : window.y1, window.x0 : window.x1]


@given(drawn, windows())
def test_the_inside_is_the_window_of_the_mask(mask: Mask, window: Region) -> None:
    found = inside(masks.encode(mask), window)
    assert found == masks.encode(part(mask, window))


@given(drawn, windows())
def test_the_outside_is_the_mask_with_its_window_empty(mask: Mask, window: Region) -> None:
    found = outside(masks.encode(mask), window)
    part(mask, window)[:] = False
    assert found == masks.encode(mask)


@given(drawn, windows())
def test_inside_and_outside_together_are_the_mask(mask: Mask, window: Region) -> None:
    rle = masks.encode(mask)
    back = placed(inside(rle, window), window, rle.size)
    assert union(outside(rle, window), back) == rle
    assert masks.area(back) == part(mask, window).sum()


@given(drawn, drawn)
def test_the_union_is_either(a: Mask, b: Mask) -> None:
    assert union(masks.encode(a), masks.encode(b)) == masks.encode(a | b)


def test_a_window_of_a_mask_of_100_megapixels_costs_no_array_of_that_size() -> None:
    whole = masks.Rle((10_000, 10_000), *counts.to_strings(np.array([0, 100_000_000]), np.array([2])))
    window = Region(300, 400, 556, 656)
    found = inside(whole, window)
    assert masks.area(found) == 256 * 256
    assert masks.bbox(placed(found, window, whole.size)) == (300, 400, 256, 256)
