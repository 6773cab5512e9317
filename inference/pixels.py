"""From an uploaded file to upright sRGB pixels, within limits; and the files that browsers get in its place.

One reading for everyone: what `inspect` returns is what the model sees, what masks are drawn on and what the
derivative shows. Orientation is applied, profiles are converted to sRGB, transparency lies on white, of sixteen bits
the upper eight of those in use count, numbers without a range are stretched from their least to their greatest, and
of several frames or pages the first is taken.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import IO, TypeVar

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from inference.colours import is_srgb, to_srgb

# Our own limit is checked in every case; Pillow only warns at 89 megapixels, and refuses at 179.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)

T = TypeVar("T")

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
TILE_WIDTH, TILE_LENGTH = 322, 323


@dataclass(frozen=True)
class Limits:
    """How much one upload may be: bytes of the file, pixels of the image (Pillow itself refuses over 178 million),
    pixels along a side (JPEG's own limit), frames or pages. Reading an image takes about 20 bytes a pixel."""

    bytes: int = 200_000_000
    pixels: int = 100_000_000
    side: int = 65_500
    frames: int = 1000


class Unreadable(Exception):
    """A file that is no picture we can work with: a machine's word and a sentence for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


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


def inspect(file: IO[bytes] | bytes, limits: Limits = Limits()) -> Picture:
    """Decodes an uploaded file. Raises Unreadable with a code among empty, too_large, unsupported_format,
    too_many_pixels, too_many_frames, truncated and damaged."""
    stream = BytesIO(file) if isinstance(file, bytes) else file
    _check_bytes(stream, limits)
    with _decoding(lambda: Image.open(stream, formats=FORMATS)) as image:
        _check_pixels(image.size, limits)
        _check_tiles(image, limits)
        frames = _decoding(lambda: _frames(image, limits))
        return _decoding(lambda: _picture(image, frames))


def encode_derivative(picture: Picture) -> tuple[bytes, str]:
    """(bytes, media type) of a file that every browser shows as the picture: PNG when the uploaded file was
    lossless, else JPEG of quality 95 with full colour resolution."""
    file = BytesIO()
    if picture.lossless:
        picture.image.save(file, "PNG", compress_level=4)
        return file.getvalue(), "image/png"
    picture.image.save(file, "JPEG", quality=95, subsampling=0)
    return file.getvalue(), "image/jpeg"


def thumbnail(picture: Picture, longest: int = 320) -> bytes:
    """WebP of the picture with its longer side at most `longest` pixels; never enlarged."""
    scale = min(1.0, longest / max(picture.image.size))
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    file = BytesIO()
    picture.image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0).save(file, "WEBP", quality=82)
    return file.getvalue()


def _check_bytes(stream: IO[bytes], limits: Limits) -> None:
    size = stream.seek(0, 2)
    stream.seek(0)
    if size == 0:
        raise Unreadable("empty", "The file is empty.")
    if size > limits.bytes:
        raise Unreadable("too_large", f"The file has {size:,} bytes; at most {limits.bytes:,} are allowed.")


def _check_pixels(size: tuple[int, int], limits: Limits) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise Unreadable("damaged", "The image has no pixels.")
    if width * height > limits.pixels:
        raise Unreadable(
            "too_many_pixels", f"The image has {width * height:,} pixels; at most {limits.pixels:,} are allowed."
        )
    if max(size) > limits.side:
        raise Unreadable(
            "too_many_pixels", f"The image is {max(size):,} pixels long; at most {limits.side:,} are allowed."
        )


def _check_tiles(image: Image.Image, limits: Limits) -> None:
    """A TIFF of a few pixels may be cut from one tile of gigabytes, which is decoded whole."""
    tags = getattr(image, "tag_v2", {})
    if tags.get(TILE_WIDTH, 0) * tags.get(TILE_LENGTH, 0) > limits.pixels:
        raise Unreadable("too_many_pixels", f"The file's tiles have over {limits.pixels:,} pixels each.")


def _frames(image: Image.Image, limits: Limits) -> int:
    """How many frames or pages the file has."""
    frames: int = _pages(image, limits) if image.format == "TIFF" else getattr(image, "n_frames", 1)
    if frames > limits.frames:
        raise Unreadable(
            "too_many_frames", f"The file has too many frames or pages; at most {limits.frames:,} are allowed."
        )
    return frames


def _pages(image: Image.Image, limits: Limits) -> int:
    """Counts a TIFF's pages, but not beyond the limit: Pillow's own count takes the square of their number."""
    pages = 1
    while pages <= limits.frames:
        try:
            image.seek(pages)
        except EOFError:
            break
        except Exception:  # noqa: S110 - a page after the first, which nobody will look at
            pass
        pages += 1
    image.seek(0)
    return pages


def _decoding(decode: Callable[[], T]) -> T:
    """Decoders raise nearly anything on files that were made to hurt them: all of it means one thing here."""
    try:
        return decode()
    except Unreadable:
        raise
    except Image.DecompressionBombError:
        raise Unreadable("too_many_pixels", "The image has far too many pixels.") from None
    except UnidentifiedImageError:
        raise Unreadable(
            "unsupported_format", "This is no JPEG, PNG, WebP, AVIF, TIFF, BMP or GIF file, or a damaged one."
        ) from None
    except Exception as error:
        if "truncated" in str(error).lower():
            raise Unreadable("truncated", "The file ends in the middle of the image: it is truncated.") from error
        raise Unreadable("damaged", "The file cannot be decoded: it is damaged.") from error


def _picture(image: Image.Image, frames: int) -> Picture:
    kind = image.format or ""
    deep = ";16" in str(getattr(image, "tile", ""))
    image.load()
    upright = _upright(image)
    plain = upright is image and not deep and _is_plain(image)
    return Picture(
        image=to_srgb(upright),
        media_type=MEDIA_TYPES[kind],
        needs_derivative=kind not in SHOWN_BY_EVERY_BROWSER or not plain or _is_animated(image),
        lossless=kind in LOSSLESS and image.info.get("compression") != "jpeg",
        notice=_notice(image, frames),
    )


def _upright(image: Image.Image) -> Image.Image:
    """The image as it is to be seen; the same object when it lies upright already."""
    with suppress(Exception):  # a damaged EXIF block; the pixels are good
        if image.getexif().get(ExifTags.Base.Orientation, 1) in range(2, 9):
            return ImageOps.exif_transpose(image)
    return image


def _notice(image: Image.Image, frames: int) -> str:
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
