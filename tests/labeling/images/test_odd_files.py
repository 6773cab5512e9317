"""Whatever is uploaded ends as created, duplicate or refused with its reason: never an error, never half a record."""

import errno
import hashlib
import io
from typing import IO, Any

import numpy as np
import pytest
from django.test import override_settings
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image as Picture
from PIL import ImageCms
from rest_framework.test import APIClient

from inference.storage import Store
from labeling.images import keys
from labeling.images.models import Image
from labeling.jobs.models import Job
from labeling.projects.models import Project
from tests.labeling.making import API, downloaded, named_file, photo_bytes

pytestmark = pytest.mark.one_engine

SIZE = (64, 48)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def send(client: APIClient, project: Project, content: bytes, name: str = "odd") -> dict[str, Any]:
    """The outcome of one upload, checked against the rows and the store."""
    before = Image.objects.count()
    body = {"files": [named_file(name, content)]}
    response = client.post(f"{API}/projects/{project.id}/images", body, format="multipart")
    assert response.status_code == 201, response.content
    (result,) = response.json()["results"]
    created = int(result["outcome"] == "created")
    # A flipped bit can make an image so large that it has a second job, that of its tiles.
    embedded = Job.objects.filter(kind=Job.Kind.EMBED).count()
    assert Image.objects.count() == embedded == before + created
    if result["outcome"] == "refused":
        assert result["code"]
        assert result["detail"].endswith("."), "a refusal says why in a sentence"
        assert result["image"] is None
    else:
        check_whole(client, result["image"], content)
    return dict(result)


def check_whole(client: APIClient, image: dict[str, Any], content: bytes) -> None:
    """Everything of a created image is there, and is what it says."""
    assert downloaded(client.get(image["original_url"])) == content
    shown = opened(client, image["file_url"])
    assert shown.size == (image["width"], image["height"])
    assert max(opened(client, image["thumbnail_url"]).size) <= 320


def opened(client: APIClient, url: str) -> Picture.Image:
    response = client.get(url)
    assert response.status_code == 200
    picture = Picture.open(io.BytesIO(response.content))
    picture.load()
    assert response["Content-Type"] == picture.get_format_mimetype()
    return picture


def scene() -> Picture.Image:
    return Picture.linear_gradient("L").resize(SIZE).convert("RGB")


def saved(image: Picture.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def turned() -> Picture.Exif:
    exif = Picture.Exif()
    exif[0x0112] = 6
    return exif


def lab() -> Picture.Image:
    profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    image = ImageCms.profileToProfile(scene(), *profiles, outputMode="LAB")
    assert image is not None
    return image


def numbers(kind: Any, high: float) -> Picture.Image:
    return Picture.fromarray(np.linspace(0, high, SIZE[0] * SIZE[1]).astype(kind).reshape(SIZE[::-1]))


FRAMES: dict[str, Any] = {"save_all": True, "append_images": [Picture.new("RGB", SIZE, c) for c in ("red", "blue")]}
ODD = {
    "jpeg": saved(scene(), "JPEG"),
    "jpeg_turned": saved(scene(), "JPEG", exif=turned()),
    "jpeg_progressive": saved(scene(), "JPEG", progressive=True),
    "jpeg_cmyk": saved(scene().convert("CMYK"), "JPEG"),
    "jpeg_grey": saved(scene().convert("L"), "JPEG"),
    "png": saved(scene(), "PNG"),
    "png_palette": saved(scene().convert("P"), "PNG"),
    "png_palette_alpha": saved(scene().convert("P"), "PNG", transparency=3),
    "png_alpha": saved(scene().convert("RGBA"), "PNG"),
    "png_16": saved(numbers(np.uint16, 65535), "PNG"),
    "png_1": saved(scene().convert("1"), "PNG"),
    "png_turned": saved(scene(), "PNG", exif=turned()),
    "apng": saved(scene(), "PNG", **FRAMES),
    "webp": saved(scene(), "WEBP"),
    "webp_alpha": saved(scene().convert("RGBA"), "WEBP", lossless=True),
    "webp_animated": saved(scene(), "WEBP", **FRAMES),
    "avif": saved(scene(), "AVIF"),
    "avif_turned": saved(scene(), "AVIF", exif=turned()),
    "tiff": saved(scene(), "TIFF"),
    "tiff_deflate": saved(scene(), "TIFF", compression="tiff_adobe_deflate"),
    "tiff_lab": saved(lab(), "TIFF"),
    "tiff_cmyk": saved(scene().convert("CMYK"), "TIFF"),
    "tiff_16": saved(numbers(np.uint16, 4095), "TIFF"),
    "tiff_float": saved(numbers(np.float32, 0.01), "TIFF"),
    "tiff_pages": saved(scene(), "TIFF", **FRAMES),
    "bmp": saved(scene(), "BMP"),
    "bmp_palette": saved(scene().convert("P"), "BMP"),
    "gif": saved(scene(), "GIF"),
    "gif_animated": saved(scene(), "GIF", **FRAMES),
}


@pytest.mark.parametrize("name", ODD)
def test_every_kind_of_file_is_created_and_known_the_next_time(
    as_manager: APIClient, project: Project, name: str
) -> None:
    first, second = (send(as_manager, project, ODD[name], name) for _ in range(2))
    assert (first["outcome"], second["outcome"]) == ("created", "duplicate")
    assert {first["image"]["width"], first["image"]["height"]} == set(SIZE)
    assert (first["image"]["height"] == 64) is name.endswith("turned")
    several = any(word in name for word in ("animated", "apng", "pages"))
    assert ("Only the first of its 3" in first["image"]["notice"]) is several
    shown = np.asarray(opened(as_manager, first["image"]["file_url"]).convert("L")).astype(float)
    assert shown.max() - shown.min() > 200, "from black to white, whatever the depth"


#: Flips the high bytes of its width and height.
LARGE_GIF = [((place + 0.5) / len(ODD["gif"]), 0x20) for place in (7, 9)]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(ODD)),
    keep=st.floats(0, 1),
    flips=st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), max_size=8),
)
@example(name="tiff", keep=0.0, flips=[])
@example(name="gif", keep=1.0, flips=LARGE_GIF)
@pytest.mark.filterwarnings("ignore")
def test_broken_files_are_refused_or_read_and_nothing_else(
    as_manager: APIClient, project: Project, name: str, keep: float, flips: list[tuple[float, int]]
) -> None:
    # Half of them are whole but for the flips, so that not all fail at their end.
    data = bytearray(ODD[name][: round(min(1.0, keep * 2) * len(ODD[name]))])
    for place, flip in flips:
        if data:
            data[min(len(data) - 1, int(place * len(data)))] ^= flip
    send(as_manager, project, bytes(data), name)


@pytest.mark.parametrize(
    ("setting", "limit", "code"),
    [("UPLOAD_MAX_BYTES", 100, "too_large"), ("UPLOAD_MAX_PIXELS", 64 * 48 - 1, "too_many_pixels")],
)
def test_what_is_refused_leaves_nothing_in_the_store(
    as_manager: APIClient, project: Project, setting: str, limit: int, code: str
) -> None:
    with override_settings(**{setting: limit}):
        assert send(as_manager, project, photo_bytes(812))["code"] == code
    sha256 = hashlib.sha256(photo_bytes(812)).hexdigest()
    for key in (keys.original(sha256), keys.derivative(sha256), keys.thumbnail(sha256)):
        assert not keys.store().exists(key)


def test_too_many_pages_are_refused(as_manager: APIClient, project: Project) -> None:
    page = Picture.new("1", (8, 8))
    content = saved(page, "TIFF", save_all=True, append_images=[page] * 1000)
    assert send(as_manager, project, content)["code"] == "too_many_frames"


def test_a_full_store_refuses_the_file_and_keeps_no_record(
    as_manager: APIClient, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(store: Store, key: str, data: bytes | IO[bytes]) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "write", full)
        assert send(as_manager, project, photo_bytes(21))["code"] == "storage_unavailable"
    assert send(as_manager, project, photo_bytes(21))["outcome"] == "created"


@pytest.mark.parametrize("content", [SVG, HTML, b"<?xml version='1.0'?>" + SVG, b"%PDF-1.7", b"GIF89a" + HTML, b"MZ"])
@pytest.mark.parametrize("name", ["x.svg", "x.html", "x.png"])
def test_documents_are_refused_whatever_they_are_called(
    as_manager: APIClient, project: Project, content: bytes, name: str
) -> None:
    assert send(as_manager, project, content, name)["outcome"] == "refused"


@pytest.mark.parametrize("claimed", ["text/html", "image/svg+xml", "application/javascript"])
def test_the_type_comes_from_the_pixels_and_never_from_the_client(
    as_manager: APIClient, project: Project, claimed: str
) -> None:
    """A picture with HTML behind its last byte, sent as a page: it is served as a picture that runs nothing."""
    content = ODD["png"] + HTML
    file = named_file("page.html", content)
    file.content_type = claimed  # type: ignore[attr-defined]
    response = as_manager.post(f"{API}/projects/{project.id}/images", {"files": [file]}, format="multipart")
    image = response.json()["results"][0]["image"]
    assert image["media_type"] == "image/png"
    for url, media_type in (
        (image["file_url"], "image/png"),
        (image["thumbnail_url"], "image/webp"),
        (image["original_url"], "application/octet-stream"),
    ):
        served = as_manager.get(url)
        assert served["Content-Type"] == media_type
        assert served["X-Content-Type-Options"] == "nosniff"
        assert served["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert as_manager.get(image["original_url"])["Content-Disposition"].startswith("attachment")
