"""Very large files, read a few rows at a time by libvips, so that no more of them than that is ever in memory.

What can be read so: JPEG files of a single scan, PNG files that are not interlaced, TIFF files cut in strips or
tiles; all with eight bits a channel, grey or RGB, with transparency or without. They become what `pixels.inspect`
makes of smaller ones: upright, in sRGB, on white.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

import pyvips
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile

from inference import pixels
from inference.colours import is_srgb
from inference.limits import Limits, check_frames, check_streamed, check_tiles, decoding
from inference.structure import count_scans

# Loaders that were not written for hostile files stay shut, and what was loaded once is not kept.
pyvips.block_untrusted_set(True)
pyvips.cache_set_max(0)
# What matters of what it says is raised.
logging.getLogger("pyvips").setLevel(logging.CRITICAL)

READERS: dict[bytes, Callable[..., Image.Image]] = {
    b"\xff\xd8\xff": JpegImageFile,
    b"\x89PNG": PngImageFile,
    b"II*\0": TiffImageFile,
    b"MM\0*": TiffImageFile,
    b"II+\0": TiffImageFile,
    b"MM\0+": TiffImageFile,
}
MODES = {"JPEG": {"L", "RGB"}, "PNG": {"L", "LA", "P", "RGB", "RGBA"}, "TIFF": {"L", "RGB", "RGBA"}}
PLANES, TOGETHER = 284, 1
TURNS: dict[Image.Transpose, Callable[[pyvips.Image], pyvips.Image]] = {
    Image.Transpose.FLIP_LEFT_RIGHT: lambda image: image.fliphor(),
    Image.Transpose.ROTATE_180: lambda image: image.rot180(),
    Image.Transpose.FLIP_TOP_BOTTOM: lambda image: image.flipver(),
    Image.Transpose.TRANSPOSE: lambda image: image.rot90().fliphor(),
    Image.Transpose.ROTATE_270: lambda image: image.rot90(),
    Image.Transpose.TRANSVERSE: lambda image: image.rot90().flipver(),
    Image.Transpose.ROTATE_90: lambda image: image.rot270(),
}
SHRINKS = (8, 4, 2)  # by which the JPEG reader makes an image smaller as it reads


@dataclass(frozen=True)
class Header:
    """What a file that can be read as a stream says of itself. Width and height are those of the upright image, the
    rest is as in pixels.Picture; `turn` is what makes it stand upright."""

    format: str
    width: int
    height: int
    media_type: str
    needs_derivative: bool
    lossless: bool
    notice: str
    turn: Image.Transpose | None
    is_srgb: bool


def read_header(file: IO[bytes], limits: Limits) -> Header | None:
    """None when the file cannot be read as a stream; what is wrong with it then, if anything, `pixels.inspect` says.
    Raises Unreadable when it can, and is beyond the limits."""
    image = _opened(file)
    if image is None:
        return None
    check_streamed(image.size, limits)
    check_tiles(image, limits)
    return decoding(lambda: _header(image, check_frames(image, limits)))


def _opened(file: IO[bytes]) -> Image.Image | None:
    """The file if it can be streamed. By its class, since Image.open refuses what is large by a limit of its own.
    Nothing is decoded."""
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    reader = next((reader for magic, reader in READERS.items() if start.startswith(magic)), None)
    try:
        image = reader(file) if reader else None
        return image if image is not None and _streams(image, file) else None
    except Exception:
        return None


def _streams(image: Image.Image, file: IO[bytes]) -> bool:
    return (
        image.mode in MODES[image.format or ""]
        and not pixels.is_deep(image)
        # With several scans, each scan has a part of every row.
        and (image.format != "JPEG" or count_scans(file, 1) == 1)
        and not image.info.get("interlace")
        and (image.format == "TIFF" or getattr(image, "n_frames", 1) == 1)
        and getattr(image, "tag_v2", {}).get(PLANES, TOGETHER) == TOGETHER
    )


def _header(image: Image.Image, frames: int) -> Header:
    # Not the PNG reader's own method, which decodes the image to look behind it.
    turn = pixels.turn_of(lambda: Image.Image.getexif(image))
    swapped = turn is not None and turn not in _KEEPING
    width, height = reversed(image.size) if swapped else image.size
    return Header(
        format=image.format or "",
        width=width,
        height=height,
        media_type=pixels.MEDIA_TYPES[image.format or ""],
        needs_derivative=turn is not None or not pixels.shows_as_it_is(image),
        lossless=pixels.is_lossless(image),
        notice=pixels.notice(image, frames),
        turn=turn,
        is_srgb=is_srgb(image.info.get("icc_profile")),
    )


_KEEPING = {Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.ROTATE_180}


def reduced(file: IO[bytes], header: Header, longest: int) -> Image.Image:
    """The upright picture with its longer side at most `longest` pixels. Raises Unreadable when the file is damaged or
    ends early: it is read to its end."""
    with NamedTemporaryFile(prefix="maskwright-") as copy:
        file.seek(0)
        shutil.copyfileobj(file, copy)
        copy.flush()
        return decoding(lambda: _reduced(Path(copy.name), header, longest))


def _reduced(path: Path, header: Header, longest: int) -> Image.Image:
    side = max(header.width, header.height)
    shrink = next((each for each in SHRINKS if header.format == "JPEG" and side >= each * longest), 1)
    options = {"shrink": shrink} if shrink > 1 else {}
    image = _shown(_loaded(path, header, access="sequential", **options), header)
    small = image.resize(min(1.0, longest / max(image.width, image.height)))
    picture = Image.frombytes("L" if small.bands == 1 else "RGB", (small.width, small.height), small.write_to_memory())
    return (picture if header.turn is None else picture.transpose(header.turn)).convert("RGB")


def upright(path: Path, header: Header) -> pyvips.Image:
    """The picture, 8-bit grey or sRGB, to be read once from top to bottom. One that lies on its side is spread out in
    a temporary file first, at three bytes a pixel: its rows are the file's columns."""
    access = "sequential" if header.turn is None else "random"
    image = _shown(_loaded(path, header, access=access), header)
    return image if header.turn is None else TURNS[header.turn](image)


def _loaded(path: Path, header: Header, **options: Any) -> pyvips.Image:
    load = {"JPEG": pyvips.Image.jpegload, "PNG": pyvips.Image.pngload, "TIFF": pyvips.Image.tiffload}[header.format]
    return load(str(path), fail_on="truncated", **options)


def _shown(image: pyvips.Image, header: Header) -> pyvips.Image:
    if not header.is_srgb:
        image = _in_srgb(image)
    return image.flatten(background=255) if image.hasalpha() else image


def _in_srgb(image: pyvips.Image) -> pyvips.Image:
    try:
        return image.icc_transform("srgb", embedded=True, intent="perceptual")
    except pyvips.Error:  # the profile is for another kind of pixels, or damaged
        return image
