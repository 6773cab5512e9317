"""From a decoded image of any mode to 8-bit sRGB, a band of rows at a time where that saves memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms

BAND_PIXELS = 1 << 20


def is_srgb(profile: bytes | None) -> bool:
    """Whether colours with this ICC profile are sRGB already, as those without one are."""
    if not profile:
        return True
    with suppress(Exception):  # a profile that cannot be read is ignored, by browsers too
        return "sRGB" in ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(profile)))
    return True


def to_srgb(image: Image.Image) -> Image.Image:
    """8-bit sRGB without transparency, of the same size. The image is loaded."""
    if image.has_transparency_data:
        return _on_white(image)
    if image.mode.startswith(("I", "F")):
        return _eight_bits(image).convert("RGB")
    if image.mode in ("P", "1"):
        return _converted(image.convert("RGB"), image.info.get("icc_profile"))
    return _converted(image, image.info.get("icc_profile"))


def _bands(image: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    """(top, rows from there) over the whole image: what is computed a band at a time takes no memory to speak of."""
    rows = max(1, BAND_PIXELS // image.width)
    for top in range(0, image.height, rows):
        yield top, image.crop((0, top, image.width, min(top + rows, image.height)))


def _on_white(image: Image.Image) -> Image.Image:
    ground = Image.new("RGB", image.size, "white")
    for top, band in _bands(image):
        layer = band.convert("RGBA")
        colours = _converted(layer.convert("RGB"), image.info.get("icc_profile"))
        ground.paste(colours, (0, top), layer.getchannel("A"))
    return ground


def _eight_bits(image: Image.Image) -> Image.Image:
    """Grey of eight bits: the upper ones of those in use, or from the least number to the greatest."""
    low, high = _range(image)
    grey = Image.new("L", image.size)
    for top, band in _bands(image):
        levels = ((_finite(band) - low) * (255 / (high - low or 1))).round()
        grey.paste(Image.fromarray(levels.astype(np.uint8)), (0, top))
    return grey


def _range(image: Image.Image) -> tuple[float, float]:
    ends = [(float(values.min()), float(values.max())) for values in (_finite(band) for _, band in _bands(image))]
    low, high = min(low for low, _ in ends), max(high for _, high in ends)
    if image.mode.startswith("I;16"):
        # Cameras and scanners often leave the upper bits of sixteen unused: ten or twelve would show as black.
        return 0.0, float((1 << max(8, int(high).bit_length())) - 1)
    return low, high


def _finite(image: Image.Image) -> npt.NDArray[np.float64]:
    return np.nan_to_num(np.asarray(image).astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)


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
    if profile and not is_srgb(profile):
        return ImageCms.ImageCmsProfile(BytesIO(profile))
    return ImageCms.createProfile("LAB") if mode == "LAB" else None
