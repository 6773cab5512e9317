"""What a tile job does, and how tiles are stored; knows nothing of queues."""

from __future__ import annotations

import errno
import hashlib
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import pyvips

from inference import pixels, streams
from inference.limits import Limits, explained
from inference.messages import Tiled, TileTask
from inference.originals import original
from inference.pyramid import TILE, Place, place_of, tile_count, tile_name, tiles_key
from inference.settings import Settings
from inference.storage import Missing, Store
from inference.turns import turn

# As pictures that browsers get: what was lossless stays so. Chroma is kept whole, since masks follow edges of colour.
SUFFIXES = {True: ".png[compression=1]", False: ".jpg[Q=90,subsample_mode=off]"}

# One image has all the cores, and a picture that cannot be streamed is held whole.
_one_at_a_time = threading.Lock()


@dataclass
class Meter:
    """How much of a job is done, from 0 to 1."""

    share: float = 0.0


def tile(task: TileTask, store: Store, settings: Settings, meter: Meter | None = None) -> Tiled:
    """Makes sure that the image's tiles are stored, and before them what browsers get in the file's place where that
    was left to a worker; makes what is not there whole."""
    began = time.monotonic()
    key = tiles_key(task.sha256)
    with turn(key):
        found = _stored(store, key, task)
        sha256, size = found or _made(task, key, store, settings, meter or Meter())
    return Tiled(
        key=key,
        sha256=sha256,
        bytes=size,
        seconds=round(time.monotonic() - began, 3),
        cached=found is not None,
        count=tile_count(*task.size),
    )


def _stored(store: Store, key: str, task: TileTask) -> tuple[str, int] | None:
    """(SHA-256, bytes) of what is stored, if it is whole and everything is there."""
    if task.derivative is not None and not store.exists(task.derivative):
        return None
    with suppress(Missing, zipfile.BadZipFile), store.open(key) as file, zipfile.ZipFile(file) as archive:
        if len(archive.infolist()) == tile_count(*task.size) and archive.testzip() is None:
            return _digest(file)
    return None


def _made(task: TileTask, key: str, store: Store, settings: Settings, meter: Meter) -> tuple[str, int]:
    with original(store, task.key, task.sha256) as path, TemporaryDirectory(prefix="maskwright-") as folder:
        spare = Path(folder)
        with _one_at_a_time, _explained():
            tiles = _write_tiles(_picture(path, settings.limits), spare, meter)
            derivative = _write_derivative(_picture(path, settings.limits), spare) if task.derivative else None
        if task.derivative and derivative:
            with derivative.open("rb") as file:
                store.write(task.derivative, file)
        with tiles.open("rb") as file:
            store.write(key, file)
            return _digest(file)


@dataclass(frozen=True)
class _Picture:
    """An upright picture in sRGB, to be read once."""

    image: pyvips.Image
    lossless: bool


def _picture(path: Path, limits: Limits) -> _Picture:
    """As a stream where that gives exactly the pixels that `pixels.inspect` gives, and where nothing else can be."""
    with path.open("rb") as file:
        header = streams.read_header(file, limits)
        if header and not (header.needs_derivative and header.width * header.height <= limits.pixels):
            return _Picture(streams.upright(path, header), header.lossless)
        file.seek(0)
        picture = pixels.inspect(file, limits)
    return _Picture(pyvips.Image.new_from_array(picture.array()), picture.lossless)


def _write_tiles(picture: _Picture, spare: Path, meter: Meter) -> Path:
    picture.image.set_progress(True)
    picture.image.signal_connect("eval", lambda _, now: setattr(meter, "share", now.percent / 100))
    picture.image.dzsave(
        str(spare / "tiles"),
        layout="dz",
        tile_size=TILE,
        overlap=0,
        depth="onetile",
        region_shrink="mean",
        suffix=SUFFIXES[picture.lossless],
        keep="none",
    )
    return _packed(spare / "tiles_files", spare / "tiles.zip")


def _packed(folder: Path, archive: Path) -> Path:
    """The tiles as one archive, always the same for the same tiles: in order, and without the time of day."""
    files = sorted(((path, _place(path)) for path in folder.glob("*/*_*.*")), key=lambda each: each[1])
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for path, place in files:
            packed.writestr(zipfile.ZipInfo(tile_name(place, path.suffix[1:])), path.read_bytes())
            path.unlink()
    return archive


def _place(path: Path) -> Place:
    return place_of(f"{path.parent.name}/{path.name}")


def _write_derivative(picture: _Picture, spare: Path) -> Path:
    """What pixels.encode_derivative makes of smaller ones."""
    path = spare / "derivative"
    if picture.lossless:
        picture.image.pngsave(str(path), compression=4, keep="none")
    else:
        picture.image.jpegsave(str(path), Q=95, subsample_mode="off", keep="none")
    return path


def _digest(file: IO[bytes]) -> tuple[str, int]:
    size = file.seek(0, 2)
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest(), size  # type: ignore[arg-type]


@contextmanager
def _explained() -> Iterator[None]:
    """libvips says everything with one exception."""
    try:
        yield
    except pyvips.Error as error:
        if "No space left" in str(error):
            raise OSError(errno.ENOSPC, "No space left for temporary files.") from error
        raise explained(error) from error
