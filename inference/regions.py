"""The rectangles of an image that may be embedded on their own, so that small objects fill more of the 1024 square.

What somebody looks at is snapped to a lattice: squares whose side is a power of two from 256 pixels up, every quarter
of a side, the last ones pushed back into the image. So an image has a finite number of them, and whoever looks at
nearly the same place asks for the same one. Where a square is higher or wider than the image it is cut to the image.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LEAST_SIDE = 256
STEPS = 4
# Beyond this share of the image's longer side a region shows hardly more than the whole image does.
MOST = 0.6


@dataclass(frozen=True)
class Region:
    """A rectangle of an image in whole pixels, from (x0, y0) up to but without (x1, y1)."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def width(self) -> int:
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        return self.y1 - self.y0

    def to_json(self) -> list[int]:
        return [self.x0, self.y0, self.x1, self.y1]


@dataclass(frozen=True)
class Asked:
    """A rectangle that is looked at, in the image's pixels, not yet on the lattice; edges may lie anywhere."""

    x0: float
    y0: float
    x1: float
    y1: float

    def holding(self, places: Iterable[tuple[float, float]]) -> Asked:
        """Enlarged so that the places (x, y) lie in it too."""
        columns, rows = zip((self.x0, self.y0), (self.x1, self.y1), *places, strict=True)
        return Asked(min(columns), min(rows), max(columns), max(rows))

    def within(self, width: int, height: int) -> Asked:
        """The part in an image of width × height pixels."""
        x0, x1 = (min(max(value, 0), width) for value in (self.x0, self.x1))
        y0, y1 = (min(max(value, 0), height) for value in (self.y0, self.y1))
        return Asked(x0, y0, x1, y1)


def snap(asked: Asked, width: int, height: int) -> Region | None:
    """The smallest region of the lattice that holds what is asked of an image of width × height pixels, and of those
    the one with it nearest to the middle. Its side is at most 8/3 of the longer side asked, or LEAST_SIDE. None means
    the whole image, when the region would be nearly that."""
    seen = asked.within(width, height)
    side = LEAST_SIDE
    while side <= MOST * max(width, height):
        x, y = _origin(seen.x0, seen.x1, side, width), _origin(seen.y0, seen.y1, side, height)
        if x is not None and y is not None:
            return Region(x, y, x + min(side, width), y + min(side, height))
        side *= 2
    return None


def _origin(start: float, end: float, side: int, length: int) -> int | None:
    """Where on an axis of this length the interval begins that holds start … end; None when none does."""
    if side >= length:
        return 0
    holding = [each for each in origins(side, length) if each <= start and end <= each + side]
    middle = (start + end - side) / 2
    return min(holding, key=lambda each: abs(each - middle), default=None)


def origins(side: int, length: int) -> list[int]:
    """Where the lattice's intervals of this side begin on a longer axis."""
    last = length - side
    return [*range(0, last, side // STEPS), last]
