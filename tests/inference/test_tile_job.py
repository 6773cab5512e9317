"""Tile jobs: that everyone sees the same pixels, what is stored, what is found again, and what is noticed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from inference import tile_job
from inference.embed import failure_of
from inference.limits import Limits
from inference.messages import TileTask
from inference.pixels import inspect
from inference.pyramid import TILE, DamagedTile, levels, open_pyramid
from inference.settings import read
from inference.storage import Store, open_store
from inference.tile_job import Meter, tile

WIDTH, HEIGHT = 1301, 767
SETTINGS = read({})
STREAMING = replace(SETTINGS, limits=Limits(pixels=WIDTH * HEIGHT - 1))

Pixels = npt.NDArray[np.uint8]


@pytest.fixture
def fresh(tmp_path: Path) -> Store:
    return open_store(str(tmp_path / "storage"))


def scene() -> Image.Image:
    """Another colour everywhere, soft enough for JPEG, with one corner to tell up from down by."""
    x, y = np.meshgrid(np.linspace(0, 1, WIDTH), np.linspace(0, 1, HEIGHT))
    bands = [255 * x, 255 * y, 127 + 120 * np.sin(9 * x + 7 * y)]
    image = Image.fromarray(np.stack(bands, axis=2).astype(np.uint8))
    image.paste((255, 0, 0), (0, 0, 90, 40))
    return image


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def orientation(value: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = value
    return exif


def task_of(content: bytes, store: Store, **options: Any) -> TileTask:
    store.write("original", content)
    size = (WIDTH, HEIGHT)
    return TileTask(
        "job", 1, None, "original", hashlib.sha256(content).hexdigest(), options.pop("size", size), **options
    )


def joined(store: Store, key: str, size: tuple[int, int]) -> Pixels:
    """The picture that the tiles of the last level make."""
    pyramid, last = open_pyramid(store, key), levels(*size)[-1]
    whole = Image.new("RGB", size)
    for column in range(last.columns):
        for row in range(last.rows):
            (data,) = pyramid.tiles([(last.level, column, row)])
            whole.paste(Image.open(BytesIO(data)), (column * TILE, row * TILE))
    return np.asarray(whole)


TRANSPARENT = scene().convert("RGBA")
TRANSPARENT.putalpha(Image.linear_gradient("L").resize((WIDTH, HEIGHT)))
LOSSLESS = {
    "png": saved(scene(), "PNG"),
    "png_grey": saved(scene().convert("L"), "PNG"),
    "png_palette": saved(scene().convert("P"), "PNG"),
    "png_transparent": saved(TRANSPARENT, "PNG"),
    "png_16": saved(Image.fromarray(np.asarray(scene().convert("L")).astype(np.uint16) * 257), "PNG"),
    "png_1": saved(scene().convert("1"), "PNG"),
    "png_turned": saved(scene(), "PNG", exif=orientation(6)),
    "tiff": saved(scene(), "TIFF"),
    "tiff_deflate": saved(scene(), "TIFF", compression="tiff_adobe_deflate"),
    "tiff_transparent": saved(TRANSPARENT, "TIFF"),
    "tiff_cmyk": saved(scene().convert("CMYK"), "TIFF"),
    "bmp": saved(scene(), "BMP"),
    "gif": saved(scene(), "GIF"),
}
LOSSY = {
    "jpeg": saved(scene(), "JPEG", quality=92),
    "jpeg_grey": saved(scene().convert("L"), "JPEG"),
    "jpeg_progressive": saved(scene(), "JPEG", progressive=True),
    "jpeg_cmyk": saved(scene().convert("CMYK"), "JPEG"),
    "webp": saved(scene(), "WEBP"),
    "avif": saved(scene(), "AVIF"),
    **{f"jpeg_turned_{turn}": saved(scene(), "JPEG", exif=orientation(turn)) for turn in range(2, 9)},
}


@pytest.mark.parametrize("name", [*LOSSLESS, *LOSSY])
def test_tiles_show_the_pixels_that_masks_are_drawn_on(name: str, fresh: Store) -> None:
    """Exactly those of a lossless file, and as near as a good JPEG is to those of a lossy one."""
    content = (LOSSLESS | LOSSY)[name]
    picture = inspect(content)
    size = (picture.width, picture.height)
    made = tile(task_of(content, fresh, size=size), fresh, SETTINGS)
    difference = np.abs(joined(fresh, made.key, size).astype(int) - picture.array().astype(int))
    if name in LOSSLESS:
        assert difference.max() == 0
    else:
        assert difference.mean() < 1


@pytest.mark.parametrize(
    "name", ["jpeg", "jpeg_grey", *(f"jpeg_turned_{turn}" for turn in range(2, 9)), "png", "png_palette",
             "png_transparent", "png_turned", "tiff", "tiff_deflate", "tiff_transparent"],
)  # fmt: skip
def test_what_is_too_large_to_be_held_whole_is_streamed_to_the_same_pixels(name: str, fresh: Store) -> None:
    content = (LOSSLESS | LOSSY)[name]
    picture = inspect(content)
    size = (picture.width, picture.height)
    task = task_of(content, fresh, size=size, derivative="derivative" if picture.needs_derivative else None)
    made = tile(task, fresh, STREAMING)
    shown = [joined(fresh, made.key, size)]
    if picture.needs_derivative:
        shown.append(np.asarray(Image.open(BytesIO(fresh.read("derivative"))).convert("RGB")))
    for each in shown:
        difference = np.abs(each.astype(int) - picture.array().astype(int))
        # Rounding differs where something is transparent, and nowhere else.
        assert difference.max() <= 1 if name in LOSSLESS else difference.mean() < 1


def test_every_level_is_the_next_one_at_half_the_size(fresh: Store) -> None:
    made = tile(task_of(LOSSLESS["png"], fresh), fresh, SETTINGS)
    pyramid = open_pyramid(fresh, made.key)
    assert [places.shape[:2] for places in pyramid.places] == [
        (each.columns, each.rows) for each in levels(WIDTH, HEIGHT)
    ]
    assert made.count == sum(each.columns * each.rows for each in levels(WIDTH, HEIGHT))
    (least,) = pyramid.tiles([(0, 0, 0)])
    assert Image.open(BytesIO(least)).size == (326, 192)
    assert np.asarray(Image.open(BytesIO(least)))[0, 0].tolist() == [255, 0, 0]


def test_tiles_are_stored_once_and_found_the_next_time(fresh: Store) -> None:
    task, meter = task_of(LOSSY["jpeg"], fresh), Meter()
    first, second = tile(task, fresh, SETTINGS, meter), tile(task, fresh, SETTINGS)
    blob = fresh.read(first.key)
    assert (first.cached, second.cached) == (False, True)
    assert first.sha256 == second.sha256 == hashlib.sha256(blob).hexdigest()
    assert first.bytes == second.bytes == len(blob)
    assert meter.share > 0.5
    fresh.delete(first.key)
    assert tile(task, fresh, SETTINGS).sha256 == first.sha256, "the same image has the same tiles"


def test_damaged_tiles_are_noticed_and_made_again(fresh: Store) -> None:
    task = task_of(LOSSY["jpeg"], fresh)
    made = tile(task, fresh, SETTINGS)
    blob = fresh.read(made.key)
    altered = blob[:200] + bytes([blob[200] ^ 1]) + blob[201:]
    fresh.write(made.key, altered)
    with pytest.raises(DamagedTile):
        open_pyramid(fresh, made.key).tiles([(0, 0, 0)])
    for harmed in (altered, blob[:-1], b"", b"PK"):
        fresh.write(made.key, harmed)
        again = tile(task, fresh, SETTINGS)
        assert not again.cached
        assert fresh.read(again.key) == blob


def test_a_job_that_is_killed_half_way_leaves_nothing_and_is_done_again(
    fresh: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    task = task_of(LOSSY["jpeg"], fresh)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with monkeypatch.context() as patched:
        patched.setattr(tile_job, "_packed", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            tile(task, fresh, SETTINGS)
    assert [path.name for path in (tmp_path / "storage").rglob("*") if path.is_file()] == ["original"]
    assert not list(tmp_path.glob("maskwright-*"))
    assert not tile(task, fresh, SETTINGS).cached


def test_a_file_that_ends_early_is_refused_with_its_reason(fresh: Store) -> None:
    for content in (LOSSY["jpeg"], LOSSLESS["png"]):
        with pytest.raises(Exception) as refused:  # noqa: PT011 - what it says is what counts
            tile(task_of(content[: len(content) // 2], fresh), fresh, SETTINGS)
        failure = failure_of(refused.value)
        assert failure.code in ("truncated", "damaged")
        assert not failure.retry


def test_a_message_goes_through_json_unchanged(fresh: Store) -> None:
    task = task_of(b"x", fresh, derivative="there")
    assert TileTask.from_json(json.loads(json.dumps(task.to_json()))) == task
