"""A polygon's pixels are the same however it is cut into bands, and its cost is known before it is paid."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference import masks, rasterize
from inference.masks import InvalidMask, Mask

WIDTH, HEIGHT = 23, 17
coordinates = st.floats(-4, 27, width=32) | st.integers(-8, 54).map(lambda n: n / 2)
rings = st.lists(coordinates, min_size=6, max_size=24).map(lambda flat: flat[: len(flat) // 2 * 2])
polygons = st.lists(st.lists(rings, min_size=1, max_size=3), max_size=4)


def pixel_by_pixel(parts: list[list[list[float]]]) -> Mask:
    """The reference implementation of the rule, one column and one edge at a time."""
    mask = np.zeros((HEIGHT, WIDTH), np.bool_)
    for part in parts:
        for x in range(WIDTH):
            column = np.zeros(HEIGHT, np.bool_)
            for crossing in (each for ring in part for each in crossings_of(ring, x + 0.5)):
                column ^= np.arange(HEIGHT) + 0.5 >= crossing
            mask[:, x] |= column
    return mask


def crossings_of(ring: list[float], center: float) -> list[float]:
    points = list(zip(ring[0::2], ring[1::2], strict=True))
    edges = zip(points, points[1:] + points[:1], strict=True)
    return [
        ya + (center - xa) * ((yb - ya) / (xb - xa))
        for (xa, ya), (xb, yb) in edges
        if min(xa, xb) <= center < max(xa, xb)
    ]


@given(polygons, st.sampled_from([1, 7, 1000]))
def test_a_polygon_has_the_pixels_that_the_rule_states_whatever_its_bands(parts: Any, at_once: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rasterize, "BAND_CROSSINGS", at_once)
        found = rasterize.rasterize(parts, WIDTH, HEIGHT)
    assert found == masks.encode(pixel_by_pixel(parts))


@given(polygons)
def test_area_and_runs_are_those_of_the_pixels(parts: Any) -> None:
    area, runs = rasterize.area_and_runs(parts, WIDTH, HEIGHT)
    found = rasterize.rasterize(parts, WIDTH, HEIGHT)
    assert area == masks.area(found)
    # Runs of neighboring columns may touch.
    assert len(masks.runs(found)[0]) <= runs <= len(masks.runs(found)[0]) + WIDTH - 1


@given(polygons)
def test_crossings_are_counted_without_being_listed(parts: Any) -> None:
    listed = [x for part in parts for ring in part for x in range(WIDTH) for _ in crossings_of(ring, x + 0.5)]
    assert rasterize.crossings(parts, WIDTH) == len(listed)


def zig_zag(points: int, width: int, height: int) -> list[list[list[float]]]:
    """One ring whose every edge but one spans the image."""
    x = np.where(np.arange(points) % 2 == 0, 0.5, width - 0.5)
    return [[np.stack((x, np.linspace(1, height - 1, points)), 1).ravel().tolist()]]


def test_a_zig_zag_over_the_whole_image_takes_no_more_memory_than_its_area() -> None:
    """Listed at once, its 10 million crossings took 460 MB."""
    parts = zig_zag(20_000, 500, 1000)
    assert 9_000_000 < rasterize.crossings(parts, 500) < 11_000_000
    tracemalloc.start()
    try:
        rasterize.rasterize(parts, 500, 1000)
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "ring",
    [[1], [1, 2, 3], [0, 0, float("nan"), 1], ["a", 1], [0, 0, float("inf"), 1], [0, 0, 1e300, 1], [0, 0, 10**400, 1]],
)
def test_a_ring_that_is_no_ring_is_refused(ring: Any) -> None:
    with pytest.raises(InvalidMask):
        rasterize.rasterize([[ring]], 5, 5)
