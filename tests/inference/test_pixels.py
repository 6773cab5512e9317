from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from inference.limits import Limits, Unreadable
from inference.pixels import Picture, encode_derivative, inspect, thumbnail

WIDTH, HEIGHT = 48, 32


def scene() -> Image.Image:
    """Red at the top left, and smooth elsewhere, so that lossy files stay close."""
    image = Image.linear_gradient("L").resize((WIDTH, HEIGHT)).convert("RGB")
    image.paste((255, 0, 0), (0, 0, 16, 8))
    return image


def file_of(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def orientation(value: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = value
    return exif


def error(picture: Picture, expected: Image.Image) -> float:
    return float(np.abs(picture.array().astype(int) - np.asarray(expected.convert("RGB")).astype(int)).mean())


@pytest.mark.parametrize(
    ("kind", "media_type", "as_is"),
    [
        ("JPEG", "image/jpeg", True),
        ("PNG", "image/png", True),
        ("WEBP", "image/webp", True),
        ("AVIF", "image/avif", False),
        ("TIFF", "image/tiff", False),
        ("BMP", "image/bmp", False),
        ("GIF", "image/gif", False),
    ],
)
def test_every_allowed_format_is_read(kind: str, media_type: str, as_is: bool) -> None:
    picture = inspect(file_of(scene(), kind))
    assert (picture.width, picture.height, picture.media_type) == (WIDTH, HEIGHT, media_type)
    assert picture.needs_derivative is not as_is
    assert picture.array().shape == (HEIGHT, WIDTH, 3)
    assert error(picture, scene()) < 6


@pytest.mark.parametrize("value", range(2, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_the_picture_stands_upright_whatever_its_orientation(kind: str, value: int) -> None:
    turns = [Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_180, Image.Transpose.FLIP_TOP_BOTTOM,
             Image.Transpose.TRANSPOSE, Image.Transpose.ROTATE_90, Image.Transpose.TRANSVERSE,
             Image.Transpose.ROTATE_270]  # fmt: skip
    lying = scene().transpose(turns[value - 2])
    picture = inspect(file_of(lying, kind, exif=orientation(value)))
    assert picture.needs_derivative
    assert error(picture, scene()) < 6


def test_orientation_one_changes_nothing() -> None:
    assert not inspect(file_of(scene(), "JPEG", exif=orientation(1))).needs_derivative


@pytest.mark.parametrize("broken", [b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0nonsense"])
def test_a_broken_exif_block_spoils_no_picture(broken: bytes) -> None:
    assert error(inspect(file_of(scene(), "JPEG", exif=broken)), scene()) < 6


@pytest.mark.parametrize(("mode", "kind"), [("CMYK", "JPEG"), ("CMYK", "TIFF"), ("LAB", "TIFF"), ("YCbCr", "TIFF")])
def test_other_colour_spaces_become_srgb(mode: str, kind: str) -> None:
    if mode == "LAB":
        image = ImageCms.profileToProfile(
            scene(), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
        )
    else:
        image = scene().convert(mode)
    assert image is not None
    picture = inspect(file_of(image, kind))
    assert picture.needs_derivative
    assert error(picture, scene()) < 8


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (np.linspace(0, 65535, WIDTH * HEIGHT, dtype=np.uint16), "PNG"),
        (np.linspace(0, 65535, WIDTH * HEIGHT, dtype=np.uint16), "TIFF"),
        (np.linspace(-7, 12, WIDTH * HEIGHT, dtype=np.float32), "TIFF"),
        (np.linspace(-500, 90_000, WIDTH * HEIGHT).astype(np.int32), "TIFF"),
    ],
)
def test_numbers_of_other_depths_become_eight_bits(values: Any, kind: str) -> None:
    picture = inspect(file_of(Image.fromarray(values.reshape(HEIGHT, WIDTH)), kind))
    expected = np.linspace(0, 255, WIDTH * HEIGHT).reshape(HEIGHT, WIDTH)
    assert picture.needs_derivative
    assert np.abs(picture.array()[..., 1] - expected).max() <= 1


@pytest.mark.parametrize("mode", ["1", "L", "P"])
def test_grey_and_palette_become_rgb(mode: str) -> None:
    image = scene().convert(mode)
    picture = inspect(file_of(image, "PNG"))
    assert error(picture, image) == 0
    assert picture.needs_derivative is (mode != "L")


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_transparency_lies_on_white(mode: str) -> None:
    image = scene().convert("RGBA")
    image.putalpha(0)
    picture = inspect(file_of(image.convert("P" if mode == "PA" else mode), "PNG"))
    assert picture.array().min() == 255
    assert picture.needs_derivative
    assert "white" in picture.notice


def test_a_colour_that_counts_as_transparent_lies_on_white() -> None:
    picture = inspect(file_of(scene(), "PNG", transparency=(255, 0, 0)))
    assert picture.array()[0, 0].tolist() == [255, 255, 255]


def test_a_foreign_profile_is_converted_to_srgb() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    assert inspect(file_of(scene(), "PNG", icc_profile=profile)).needs_derivative
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert not inspect(file_of(scene(), "PNG", icc_profile=srgb)).needs_derivative


def test_a_profile_that_is_none_is_ignored() -> None:
    picture = inspect(file_of(scene(), "PNG", icc_profile=b"no profile at all"))
    assert error(picture, scene()) == 0


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF"])
def test_the_first_of_several_frames_counts_and_a_notice_says_so(kind: str) -> None:
    later = Image.new("RGB", scene().size, "blue")
    picture = inspect(file_of(scene(), kind, save_all=True, append_images=[later, later]))
    assert picture.needs_derivative
    assert error(picture, scene()) < 6
    assert "first of its" in picture.notice


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF"])
def test_a_truncated_file_is_refused_with_a_sentence(kind: str) -> None:
    whole = file_of(scene(), kind)
    with pytest.raises(Unreadable) as refused:
        inspect(whole[: len(whole) * 2 // 3])
    assert refused.value.code in ("truncated", "damaged", "unsupported_format")
    assert refused.value.sentence.endswith(".")


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    data = b"IDAT" + zlib.compress(bytes(1000))
    png += struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))
    with pytest.raises(Unreadable) as refused:
        inspect(png)
    assert refused.value.code == "too_many_pixels"


@pytest.mark.parametrize(
    ("data", "limits", "code"),
    [
        (b"", Limits(), "empty"),
        (file_of(scene(), "PNG"), Limits(bytes=20), "too_large"),
        (file_of(scene(), "PNG"), Limits(pixels=WIDTH * HEIGHT - 1), "too_many_pixels"),
        (file_of(scene(), "PNG"), Limits(side=WIDTH - 1), "too_many_pixels"),
        (b"%PDF-1.7 and so on", Limits(), "unsupported_format"),
        (file_of(scene(), "PPM"), Limits(), "unsupported_format"),
        (file_of(scene(), "ICO", sizes=[(16, 16)]), Limits(), "unsupported_format"),
    ],
)
def test_what_is_beyond_the_limits_is_refused(data: bytes, limits: Limits, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        inspect(data, limits)
    assert refused.value.code == code


def test_an_image_of_exactly_the_allowed_size_is_read() -> None:
    data = file_of(scene(), "PNG")
    assert inspect(data, Limits(bytes=len(data), pixels=WIDTH * HEIGHT)).width == WIDTH


@settings(max_examples=150)
@given(kind=st.sampled_from(["JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP"]), seed=st.integers(0, 2**32 - 1))
@pytest.mark.filterwarnings("ignore")
def test_damaged_bytes_are_a_picture_or_refused_and_never_a_crash(kind: str, seed: int) -> None:
    random = np.random.default_rng(seed)
    data = bytearray(file_of(scene(), kind))
    for place in random.integers(0, len(data), 6):
        data[place] = random.integers(0, 256)
    try:
        picture = inspect(bytes(data))
    except Unreadable:
        return
    assert picture.array().shape == (picture.height, picture.width, 3)


def test_the_derivative_of_a_lossless_file_has_exactly_the_picture_s_pixels() -> None:
    picture = inspect(file_of(scene(), "TIFF", exif=orientation(6)))
    data, media_type = encode_derivative(picture)
    again = inspect(data)
    assert media_type == "image/png"
    assert not again.needs_derivative
    assert (again.array() == picture.array()).all()


def test_the_derivative_of_a_lossy_file_is_an_upright_jpeg() -> None:
    picture = inspect(file_of(scene(), "JPEG", exif=orientation(6), quality=95))
    data, media_type = encode_derivative(picture)
    again = inspect(data)
    assert media_type == "image/jpeg"
    assert not again.needs_derivative
    assert error(again, picture.image) < 3


@pytest.mark.parametrize(
    ("size", "expected"),
    [((1000, 500), (320, 160)), ((500, 1000), (160, 320)), ((40, 30), (40, 30)), ((900, 2), (320, 1))],
)
def test_a_thumbnail_keeps_the_shape_and_never_grows(size: tuple[int, int], expected: tuple[int, int]) -> None:
    picture = inspect(file_of(Image.new("RGB", size, "green"), "PNG"))
    with Image.open(BytesIO(thumbnail(picture.image))) as image:
        assert (image.format, image.size) == ("WEBP", expected)
