"""From an uploaded file to upright sRGB pixels, within limits; and the files that browsers get in its place.

One reading for everyone: what `inspect` returns is what the model sees, what masks are drawn on and what the
derivative shows. Orientation is applied, profiles are converted to sRGB, transparency lies on white, of sixteen bits
the upper eight of those in use count, numbers without a range are stretched from their least to their greatest, and
of several frames or pages the first is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import IO

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image

from inference.colours import is_srgb, to_srgb
from inference.limits import (
    DEFAULT,
    Limits,
    check_bytes,
    check_frames,
    check_pixels,
    check_scans,
    check_tiles,
    decoding,
)

MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",  # JPEG with further pictures after the first; phones write it
    "PNG": "image/png",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
    "TIFF": "image/tiff",
    "BMP": "image/bmp",
    "GIF": "image/gif",
}
FORMATS = [name for name in MEDIA_TYPES if name != "MPO"]  # which the JPEG reader finds out by itself
SHOWN_BY_EVERY_BROWSER = {"JPEG", "MPO", "PNG", "WEBP"}
LOSSLESS = {"PNG", "TIFF", "BMP", "GIF"}
# What an EXIF orientation asks for.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Picture:
    """An upright picture. `image` is 8-bit sRGB; `media_type` is the uploaded file's; `needs_derivative` is false
    only when every browser shows the uploaded file exactly as `image`; `notice` is a sentence about what of the
    file is not in the picture, or empty."""

    image: Image.Image
    media_type: str
    needs_derivative: bool
    lossless: bool
    notice: str = ""

    @property
    def width(self) -> int:
        return self.image.width

    @property
    def height(self) -> int:
        return self.image.height

    def array(self) -> npt.NDArray[np.uint8]:
        """RGB pixels, uint8 [height, width, 3]."""
        return np.asarray(self.image)


def inspect(file: IO[bytes] | bytes, limits: Limits = DEFAULT) -> Picture:
    """Decodes an uploaded file. Raises Unreadable with a code among empty, too_large, unsupported_format,
    too_many_pixels, too_thin, too_many_frames, too_many_scans, truncated and damaged."""
    stream = BytesIO(file) if isinstance(file, bytes) else file
    check_bytes(stream, limits)
    with decoding(lambda: Image.open(stream, formats=FORMATS)) as image:
        check_pixels(image.size, limits)
        check_tiles(image, limits)
        if image.format in ("JPEG", "MPO"):
            check_scans(stream, limits)
        frames = decoding(lambda: check_frames(image, limits))
        return decoding(lambda: _picture(image, frames))


def encode_derivative(picture: Picture) -> tuple[bytes, str]:
    """(bytes, media type) of a file that every browser shows as the picture: PNG when the uploaded file was
    lossless, else JPEG of quality 95 with full colour resolution."""
    file = BytesIO()
    if picture.lossless:
        picture.image.save(file, "PNG", compress_level=4)
    else:
        picture.image.save(file, "JPEG", quality=95, subsampling=0)
    return file.getvalue(), derivative_type(picture.lossless)


def derivative_type(lossless: bool) -> str:
    return "image/png" if lossless else "image/jpeg"


def thumbnail(image: Image.Image, longest: int = 320) -> bytes:
    """WebP of the picture with its longer side at most `longest` pixels; never enlarged."""
    scale = min(1.0, longest / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    file = BytesIO()
    image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0).save(file, "WEBP", quality=82)
    return file.getvalue()


def _picture(image: Image.Image, frames: int) -> Picture:
    deep = is_deep(image)
    image.load()
    turn = turn_of(image.getexif)
    return Picture(
        image=to_srgb(image if turn is None else image.transpose(turn)),
        media_type=MEDIA_TYPES[image.format or ""],
        needs_derivative=deep or turn is not None or not shows_as_it_is(image),
        lossless=is_lossless(image),
        notice=notice(image, frames),
    )


def turn_of(exif: Callable[[], Image.Exif]) -> Image.Transpose | None:
    """What makes the image stand upright; None when it does already."""
    with suppress(Exception):  # a damaged EXIF block; the pixels are good
        return TURNS.get(exif().get(ExifTags.Base.Orientation, 1))
    return None


def is_deep(image: Image.Image) -> bool:
    """Whether it has sixteen bits a channel; told before it is loaded."""
    return ";16" in str(getattr(image, "tile", ""))


def shows_as_it_is(image: Image.Image) -> bool:
    """Whether every browser shows the file with the colours that we give it."""
    return image.format in SHOWN_BY_EVERY_BROWSER and _is_plain(image) and not _is_animated(image)


def is_lossless(image: Image.Image) -> bool:
    return image.format in LOSSLESS and image.info.get("compression") != "jpeg"


def notice(image: Image.Image, frames: int) -> str:
    """What of the file is not in the picture, as a sentence for people."""
    if frames > 1 and image.format != "MPO":
        return f"Only the first of its {frames} {'pages' if image.format == 'TIFF' else 'frames'} is used."
    return "What is transparent is shown on white." if image.has_transparency_data else ""


def _is_animated(image: Image.Image) -> bool:
    return image.format != "MPO" and bool(getattr(image, "is_animated", False))


def _is_plain(image: Image.Image) -> bool:
    return (
        image.mode in ("RGB", "L")
        and not image.has_transparency_data
        and is_srgb(image.info.get("icc_profile"))
        and ("srgb" in image.info or abs(image.info.get("gamma", 0.45455) - 0.45455) < 0.001)
    )
