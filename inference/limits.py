"""How much a file may ask of us, and what is said of one that asks for more or cannot be read."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, TypeVar

from PIL import Image, UnidentifiedImageError
from PIL.GifImagePlugin import GifImageFile

from inference.structure import count_gif_frames, count_scans

# Our own limits are checked in every case; Pillow only warns at 89 megapixels, and refuses at 179.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)

T = TypeVar("T")

TILE_WIDTH, TILE_LENGTH = 322, 323
# In the words of Pillow, libjpeg and libpng.
ENDS_EARLY = ("truncated", "premature end", "not enough data")


@dataclass(frozen=True)
class Limits:
    """Limits of one upload.

    `bytes` of the file, `pixels` of an image that is decoded whole (about 20 bytes each in memory), `streamed` pixels
    of an image that is read as a stream (streams.py), pixels along a `side` (JPEG's own limit), `ratio` of the sides
    (at 1:500 SAM sees a strip two pixels wide), `frames` or pages, `scans` of a JPEG (progressive ones have about ten).
    """

    bytes: int = 512 * 1024 * 1024
    pixels: int = 100_000_000
    streamed: int = 500_000_000
    side: int = 65_500
    ratio: int = 500
    frames: int = 1000
    scans: int = 100


DEFAULT = Limits()


class Unreadable(Exception):
    """A file that is no picture we can work with: a machine's word and a sentence for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence

    def __reduce__(self) -> tuple[type[Unreadable], tuple[str, str]]:
        return Unreadable, (self.code, self.sentence)


def check_bytes(stream: IO[bytes], limits: Limits) -> None:
    size = stream.seek(0, 2)
    stream.seek(0)
    if size == 0:
        raise Unreadable("empty", "The file is empty.")
    if size > limits.bytes:
        raise Unreadable("too_large", f"The file has {size:,} bytes; at most {limits.bytes:,} are allowed.")


def check_pixels(size: tuple[int, int], limits: Limits) -> None:
    """Of an image that is to be held whole."""
    _check_sides(size, limits)
    pixels = size[0] * size[1]
    if pixels <= limits.pixels:
        return
    sentence = f"The image has {pixels:,} pixels; at most {limits.pixels:,} are allowed"
    if pixels <= limits.streamed:
        sentence += " in a file that cannot be read row by row, as plain JPEG, PNG and TIFF files can"
    raise Unreadable("too_many_pixels", f"{sentence}.")


def check_streamed(size: tuple[int, int], limits: Limits) -> None:
    """Of an image that is read as a stream."""
    _check_sides(size, limits)
    if size[0] * size[1] > limits.streamed:
        raise Unreadable(
            "too_many_pixels", f"The image has {size[0] * size[1]:,} pixels; at most {limits.streamed:,} are allowed."
        )


def _check_sides(size: tuple[int, int], limits: Limits) -> None:
    if min(size) < 1:
        raise Unreadable("damaged", "The image has no pixels.")
    if max(size) > limits.side:
        raise Unreadable(
            "too_many_pixels", f"The image is {max(size):,} pixels long; at most {limits.side:,} are allowed."
        )
    if max(size) > limits.ratio * min(size):
        raise Unreadable(
            "too_thin",
            f"The image has {size[0]:,} × {size[1]:,} pixels: its longer side may be at most {limits.ratio:,} times "
            "its shorter one.",
        )


def check_tiles(image: Image.Image, limits: Limits) -> None:
    """A TIFF of a few pixels may be cut from one tile of gigabytes, which is decoded whole."""
    tags = getattr(image, "tag_v2", {})
    if tags.get(TILE_WIDTH, 0) * tags.get(TILE_LENGTH, 0) > limits.pixels:
        raise Unreadable("too_many_pixels", f"The file's tiles have over {limits.pixels:,} pixels each.")


def check_frames(image: Image.Image, limits: Limits) -> int:
    """How many frames or pages the file has."""
    frames = _frames(image, limits)
    if frames > limits.frames:
        raise Unreadable(
            "too_many_frames", f"The file has too many frames or pages; at most {limits.frames:,} are allowed."
        )
    return frames


def _frames(image: Image.Image, limits: Limits) -> int:
    if image.format == "TIFF":
        return _pages(image, limits)
    # Pillow would count the frames of a GIF to its end.
    if isinstance(image, GifImageFile) and image.fp is not None:
        return count_gif_frames(image.fp, limits.frames)
    return int(getattr(image, "n_frames", 1))


def check_scans(file: IO[bytes], limits: Limits) -> None:
    """Refuse a JPEG file of many scans: each scan passes over the whole picture, however few bytes it has."""
    if count_scans(file, limits.scans) > limits.scans:
        raise Unreadable(
            "too_many_scans",
            f"The JPEG file has more than {limits.scans:,} scans, as no camera or editor writes them. Save the image "
            "anew with an image editor and upload that file.",
        )


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


def decoding(decode: Callable[[], T]) -> T:
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
        raise explained(error) from error


def explained(error: Exception) -> Unreadable:
    """What a decoder's error means."""
    if any(words in str(error).lower() for words in ENDS_EARLY):
        return Unreadable("truncated", "The file ends in the middle of the image: it is truncated.")
    return Unreadable("damaged", "The file cannot be decoded: it is damaged.")
