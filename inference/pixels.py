"""From an uploaded file to upright sRGB pixels, within limits; and the files that browsers get in its place.

One reading for everyone: what `inspect` returns is what the model sees, what masks are drawn on and what the
derivative shows. Orientation is applied, profiles are converted to sRGB, transparency lies on white, sixteen bits
become eight, numbers without a range are stretched from their least to their greatest, and of several frames or
pages the first counts.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any, TypeVar

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError

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


@dataclass(frozen=True)
class Limits:
    """How much one upload may be: bytes of the file, pixels of the image (Pillow itself refuses over 178 million),
    pixels along a side (JPEG's own limit)."""

    bytes: int = 200_000_000
    pixels: int = 100_000_000
    side: int = 65_500


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
    too_many_pixels, truncated and damaged."""
    stream = BytesIO(file) if isinstance(file, bytes) else file
    _check_bytes(stream, limits)
    with _decoding(lambda: Image.open(stream, formats=FORMATS)) as image:
        _check_pixels(image.size, limits)
        return _decoding(lambda: _picture(image))


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


def _picture(image: Image.Image) -> Picture:
    kind = image.format or ""
    deep = ";16" in str(getattr(image, "tile", ""))
    image.load()
    upright = _upright(image)
    plain = upright is image and not deep and _is_plain(image)
    return Picture(
        image=_to_srgb(upright),
        media_type=MEDIA_TYPES[kind],
        needs_derivative=kind not in SHOWN_BY_EVERY_BROWSER or not plain or _is_animated(image),
        lossless=kind in LOSSLESS and image.info.get("compression") != "jpeg",
        notice=_notice(image),
    )


def _upright(image: Image.Image) -> Image.Image:
    """The image as it is to be seen; the same object when it lies upright already."""
    with suppress(Exception):  # a damaged EXIF block; the pixels are good
        if image.getexif().get(ExifTags.Base.Orientation, 1) in range(2, 9):
            return ImageOps.exif_transpose(image)
    return image


def _notice(image: Image.Image) -> str:
    frames = getattr(image, "n_frames", 1)
    if frames > 1 and image.format != "MPO":
        return f"Only the first of its {frames} {'pages' if image.format == 'TIFF' else 'frames'} is used."
    return "What is transparent is shown on white." if image.has_transparency_data else ""


def _is_animated(image: Image.Image) -> bool:
    return image.format != "MPO" and bool(getattr(image, "is_animated", False))


def _is_plain(image: Image.Image) -> bool:
    return (
        image.mode in ("RGB", "L")
        and not image.has_transparency_data
        and _is_srgb(image.info.get("icc_profile"))
        and ("srgb" in image.info or abs(image.info.get("gamma", 0.45455) - 0.45455) < 0.001)
    )


def _is_srgb(profile: bytes | None) -> bool:
    if not profile:
        return True
    with suppress(Exception):  # a profile that cannot be read is ignored, by browsers too
        return "sRGB" in ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(profile)))
    return True


def _to_srgb(image: Image.Image) -> Image.Image:
    if image.has_transparency_data:
        return _on_white(image)
    if image.mode.startswith(("I", "F")):
        return Image.fromarray(_eight_bits(np.asarray(image))).convert("RGB")
    if image.mode in ("P", "1"):
        return _converted(image.convert("RGB"), image.info.get("icc_profile"))
    return _converted(image, image.info.get("icc_profile"))


def _on_white(image: Image.Image) -> Image.Image:
    layer = image.convert("RGBA")
    colours = _converted(layer.convert("RGB"), image.info.get("icc_profile"))
    ground = Image.new("RGB", image.size, "white")
    ground.paste(colours, mask=layer.getchannel("A"))
    return ground


def _eight_bits(values: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    if values.dtype.itemsize == 2:
        return (values // 257).astype(np.uint8)
    finite = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(finite.min()), float(finite.max())
    return ((finite - low) * (255 / (high - low or 1))).round().astype(np.uint8)


def _converted(image: Image.Image, profile: bytes | None) -> Image.Image:
    source = _source_profile(image.mode, profile)
    if source is not None:
        try:
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if converted is not None:
                return converted
        except ImageCms.PyCMSError:  # the profile is for another kind of pixels, or damaged
            pass
    return image.convert("RGB")


def _source_profile(mode: str, profile: bytes | None) -> Any:
    if profile and not _is_srgb(profile):
        return ImageCms.ImageCmsProfile(BytesIO(profile))
    return ImageCms.createProfile("LAB") if mode == "LAB" else None
