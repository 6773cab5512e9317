"""The lattice of regions."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inference.regions import LEAST_SIDE, MOST, Asked, Region, origins, snap

sides = st.integers(1, 12_000)
share = st.floats(0, 1)


@st.composite
def looks(draw: st.DrawFn) -> tuple[Asked, int, int]:
    """A part of an image that somebody looks at, and the image's width and height."""
    width, height = draw(sides), draw(sides)
    x0, x1 = sorted(draw(share) * width for _ in range(2))
    y0, y1 = sorted(draw(share) * height for _ in range(2))
    return Asked(x0, y0, x1, y1), width, height


def asking(region: Region) -> Asked:
    return Asked(*region.to_json())


def lattice(width: int, height: int) -> set[Region]:
    """All regions of an image."""
    found, side = set(), LEAST_SIDE
    while side <= MOST * max(width, height):
        columns, rows = (origins(side, each) if side < each else [0] for each in (width, height))
        found |= {Region(x, y, x + min(side, width), y + min(side, height)) for x in columns for y in rows}
        side *= 2
    return found


@given(looks())
def test_a_region_holds_what_is_asked_and_lies_in_the_image(look: tuple[Asked, int, int]) -> None:
    asked, width, height = look
    region = snap(asked, width, height)
    assume(region is not None)
    assert region is not None
    assert 0 <= region.x0 <= asked.x0 <= asked.x1 <= region.x1 <= width
    assert 0 <= region.y0 <= asked.y0 <= asked.y1 <= region.y1 <= height


@given(looks())
def test_a_region_is_hardly_larger_than_what_is_asked(look: tuple[Asked, int, int]) -> None:
    asked, width, height = look
    longer = max(asked.x1 - asked.x0, asked.y1 - asked.y0)
    region = snap(asked, width, height) or Region(0, 0, width, height)
    assert max(region.width, region.height) <= max(LEAST_SIDE, longer * 8 / 3) / MOST


@given(looks())
def test_a_region_asked_for_is_the_same_region(look: tuple[Asked, int, int]) -> None:
    asked, width, height = look
    region = snap(asked, width, height)
    assume(region is not None)
    assert region is not None
    assert snap(asking(region), width, height) == region


@given(looks())
def test_regions_are_of_a_finite_lattice(look: tuple[Asked, int, int]) -> None:
    asked, width, height = look
    assume(max(width, height) < 3000)
    assert snap(asked, width, height) in lattice(width, height) | {None}


def test_the_lattice_reaches_every_edge() -> None:
    assert origins(256, 400) == [0, 64, 128, 144]
    assert origins(256, 512) == [0, 64, 128, 192, 256]
    assert len(lattice(500, 300)) == 5 * 2


@given(looks(), st.lists(st.tuples(share, share), min_size=1, max_size=5))
def test_what_is_asked_can_be_enlarged_to_hold_places(
    look: tuple[Asked, int, int], places: list[tuple[float, float]]
) -> None:
    asked, width, height = look
    places = [(x * width, y * height) for x, y in places]
    larger = asked.holding(places)
    for x, y in [*places, (asked.x0, asked.y0), (asked.x1, asked.y1)]:
        assert larger.x0 <= x <= larger.x1
        assert larger.y0 <= y <= larger.y1


@pytest.mark.parametrize(
    ("asked", "region"),
    [
        (Asked(3000, 2000, 3100, 2080), Region(2944, 1920, 3200, 2176)),
        (Asked(-50, -50, 20, 20), Region(0, 0, 256, 256)),
        (Asked(5990, 3990, 7000, 7000), Region(5744, 3744, 6000, 4000)),
        (Asked(0, 0, 6000, 4000), None),
        (Asked(100, 100, 4400, 300), None),
    ],
)
def test_regions_of_a_photograph_of_24_megapixels(asked: Asked, region: Region | None) -> None:
    assert snap(asked, 6000, 4000) == region


def test_a_wide_image_has_regions_of_its_height() -> None:
    assert snap(Asked(900, 0, 1600, 500), 8000, 500) == Region(768, 0, 1792, 500)
