"""The tiles of a large picture: how they lie, and how to read some of them without reading the rest.

Level 0 is the smallest, in one tile; each level has twice the pixels a side of the one before, the last one those of
the picture. A pixel of a level is exactly 2 × 2 of the next. All of them are one blob: a ZIP archive without
compression, the coarse levels first, so that a tile is a range of its bytes with a CRC-32 of its own.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from math import ceil

import numpy as np
import numpy.typing as npt
from PIL import Image

from inference.regions import Region
from inference.storage import Store

VERSION = "1"
TILED_FROM = 4096  # pixels along the longer side, beyond which an image has tiles
TILE = 512
MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png"}
LOCAL_HEADER = 30

Size = tuple[int, int]
Place = tuple[int, int, int]  # level, column, row


class DamagedTile(Exception):
    """The bytes of a tile are not those that were stored."""


def is_tiled(width: int, height: int) -> bool:
    return max(width, height) > TILED_FROM


def tiles_key(sha256: str) -> str:
    """Where the tiles of the original with this SHA-256 lie."""
    return f"tiles/{sha256[:2]}/{sha256}-{VERSION}.zip"


@dataclass(frozen=True)
class Level:
    """One picture of the pyramid, in pixels and in tiles."""

    level: int
    width: int
    height: int

    @property
    def columns(self) -> int:
        return ceil(self.width / TILE)

    @property
    def rows(self) -> int:
        return ceil(self.height / TILE)


def levels(width: int, height: int) -> list[Level]:
    """The levels of a picture, the smallest first."""
    sizes = [(width, height)]
    while max(sizes[-1]) > TILE:
        sizes.append((ceil(sizes[-1][0] / 2), ceil(sizes[-1][1] / 2)))
    return [Level(each, *size) for each, size in enumerate(reversed(sizes))]


def tile_count(width: int, height: int) -> int:
    return sum(each.columns * each.rows for each in levels(width, height))


@dataclass(frozen=True)
class Pyramid:
    """Where the tiles lie in a blob: for each level an array [columns, rows, 3] of where a tile's bytes begin, how
    many there are, and their CRC-32."""

    store: Store
    key: str
    media_type: str
    places: tuple[npt.NDArray[np.int64], ...]

    def has(self, place: Place) -> bool:
        level, column, row = place
        return level < len(self.places) and column < self.places[level].shape[0] and row < self.places[level].shape[1]

    def tiles(self, places: Iterable[Place]) -> list[bytes]:
        """The bytes of tiles that there are. Raises Missing and DamagedTile."""
        entries = [self.places[level][column, row] for level, column, row in places]
        found = self.store.read_ranges(self.key, [(int(start), int(start + size)) for start, size, _ in entries])
        for data, (_, size, crc) in zip(found, entries, strict=True):
            if len(data) != size or zlib.crc32(data) != crc:
                raise DamagedTile("A stored tile is damaged.")
        return found


def open_pyramid(store: Store, key: str) -> Pyramid:
    """Reads where the tiles lie, and none of them. Raises Missing and DamagedTile."""
    try:
        with store.open(key) as file, zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        raise DamagedTile("The stored tiles are damaged.") from None
    found = {place_of(each.filename): each for each in entries}
    arrays = []
    for level in range(1 + max(level for level, _, _ in found)):
        columns, rows = (1 + max(place[axis] for place in found if place[0] == level) for axis in (1, 2))
        array = np.zeros((columns, rows, 3), np.int64)
        for (at, column, row), each in found.items():
            if at == level:
                array[column, row] = (each.header_offset + LOCAL_HEADER + len(each.filename), each.file_size, each.CRC)
        arrays.append(array)
    return Pyramid(store, key, MEDIA_TYPES[entries[0].filename.rpartition(".")[2]], tuple(arrays))


def tile_name(place: Place, suffix: str) -> str:
    level, column, row = place
    return f"{level}/{column}_{row}.{suffix}"


def place_of(name: str) -> Place:
    level, _, rest = name.partition("/")
    column, _, row = rest.partition(".")[0].partition("_")
    return int(level), int(column), int(row)


def scaled(pyramid: Pyramid, region: Region, size: Size, target: Size) -> Image.Image:
    """A region of the picture, whose size (width, height) is given, scaled to the target's; from the coarsest level
    that has as many pixels there. Raises Missing and DamagedTile."""
    level = next(
        (each for each in levels(*size) if max(region.width, region.height) / _step(each, size) >= max(target)),
        levels(*size)[-1],
    )
    step = _step(level, size)
    box = (region.x0 / step, region.y0 / step, region.x1 / step, region.y1 / step)
    left, top = (int(edge) // TILE for edge in box[:2])
    right, bottom = (ceil(edge / TILE) for edge in box[2:])
    part = _joined(pyramid, level, (left, top, right, bottom))
    inside = tuple(edge - TILE * start for edge, start in zip(box, (left, top, left, top), strict=True))
    return part.resize(target, Image.Resampling.BILINEAR, box=_within(inside, part))


def _step(level: Level, size: Size) -> int:
    """How many of the picture's pixels are one of the level's, along a side."""
    return 1 << (len(levels(*size)) - 1 - level.level)


def _within(box: tuple[float, ...], part: Image.Image) -> tuple[float, float, float, float]:
    # The last column of a level may stand for one of the picture's, and so be half of a step.
    return box[0], box[1], min(box[2], part.width), min(box[3], part.height)


def _joined(pyramid: Pyramid, level: Level, tiles: tuple[int, int, int, int]) -> Image.Image:
    """The tiles from (left, top) up to but without (right, bottom), as one picture."""
    left, top, right, bottom = tiles
    places = [(level.level, column, row) for column in range(left, right) for row in range(top, bottom)]
    whole = Image.new(
        "RGB", (min(right * TILE, level.width) - left * TILE, min(bottom * TILE, level.height) - top * TILE)
    )
    for (_, column, row), data in zip(places, pyramid.tiles(places), strict=True):
        whole.paste(Image.open(BytesIO(data)).convert("RGB"), ((column - left) * TILE, (row - top) * TILE))
    return whole
