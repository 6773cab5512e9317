"""Parts of photographs, small, for pages of many masks."""

import io
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as Picture
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.images import crops, keys, services
from labeling.images.models import Image
from labeling.projects.models import Project
from tests.labeling.making import API, problem

WIDTH, HEIGHT = 1600, 1200


def quarters(format: str, **options: Any) -> bytes:
    """A photograph of four colours: red, green, blue and white, from top left to bottom right."""
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    pixels[: HEIGHT // 2, : WIDTH // 2] = (255, 0, 0)
    pixels[: HEIGHT // 2, WIDTH // 2 :] = (0, 255, 0)
    pixels[HEIGHT // 2 :, : WIDTH // 2] = (0, 0, 255)
    pixels[HEIGHT // 2 :, WIDTH // 2 :] = 255
    file = io.BytesIO()
    Picture.fromarray(pixels).save(file, format, **options)
    return file.getvalue()


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    crops._decoded.cache_clear()
    yield
    crops._decoded.cache_clear()


def add(by: User, project: Project, content: bytes) -> Image:
    image = services.add_image(by=by, project=project.id, name="quarters", file=io.BytesIO(content)).image
    assert image
    return image


@pytest.fixture
def photo(manager: User, project: Project) -> Image:
    return add(manager, project, quarters("JPEG", quality=95))


def get(client: APIClient, image: Image, box: str, **query: Any) -> Any:
    return client.get(f"{API}/images/{image.id}/crop", {"box": box, **query})


def pixels(response: Any) -> np.ndarray[Any, np.dtype[np.uint8]]:
    assert response.status_code == 200, response.content
    return np.asarray(Picture.open(io.BytesIO(response.content)).convert("RGB"))


@pytest.mark.parametrize("size", [160, 320, 960])
def test_a_part_shows_what_is_there_at_the_asked_size(as_viewer: APIClient, photo: Image, size: int) -> None:
    shown = pixels(get(as_viewer, photo, "400,300,800,600", size=size))
    assert shown.shape[:2] == (min(size, 800) * 3 // 4, min(size, 800))
    corners = shown[5, 5], shown[5, -5], shown[-5, 5], shown[-5, -5]
    expected = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255))
    for seen, there in zip(corners, expected, strict=True):
        assert np.abs(seen.astype(int) - there).max() < 12


def test_it_is_never_enlarged_and_sizes_are_few(as_viewer: APIClient, photo: Image) -> None:
    assert pixels(get(as_viewer, photo, "10,10,50,40", size=640)).shape[:2] == (40, 50)
    assert pixels(get(as_viewer, photo, "0,0,1600,1200", size=200)).shape[:2] == (180, 240)


def test_browsers_keep_it_and_take_it_for_a_picture_only(as_viewer: APIClient, photo: Image) -> None:
    response = get(as_viewer, photo, "0,0,100,100")
    assert response["Content-Type"] == "image/jpeg"
    assert "immutable" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("box", "code"),
    [("", "blank"), ("1,2,3", "invalid"), ("a,b,c,d", "invalid"), ("-1,0,9,9", "invalid"), ("0,0,0,9", "outside"),
     ("1590,0,11,9", "outside"), ("0,0,1600,1201", "outside")],
)  # fmt: skip
def test_only_what_lies_in_the_image_can_be_asked_for(as_viewer: APIClient, photo: Image, box: str, code: str) -> None:
    problem(get(as_viewer, photo, box), 400, code)


def test_sizes_are_bounded(as_viewer: APIClient, photo: Image) -> None:
    for size in (0, 1441, "large"):
        problem(get(as_viewer, photo, "0,0,9,9", size=size), 400)


def test_what_is_not_in_the_store_is_said_to_be_missing(as_viewer: APIClient, photo: Image) -> None:
    keys.store().delete(keys.thumbnail(photo.sha256))
    problem(get(as_viewer, photo, "0,0,9,9"), 404, "not_found")


def test_a_png_is_cut_as_well(as_viewer: APIClient, manager: User, project: Project) -> None:
    image = add(manager, project, quarters("PNG"))
    assert tuple(pixels(get(as_viewer, image, "0,0,1600,1200", size=960))[-5, 5]) == (0, 0, 254)


def test_the_file_is_read_as_coarsely_as_the_size_allows_and_once_for_all_masks_on_it(
    as_viewer: APIClient, photo: Image
) -> None:
    with patch.object(Picture.Image, "convert", autospec=True, side_effect=Picture.Image.convert) as converted:
        pixels(get(as_viewer, photo, "0,0,1600,1200", size=320))
        assert [call.args[0].size for call in converted.call_args_list] == [(320, 240), (320, 240)], "the thumbnail"
        crops.crop(photo, crops.Part(0, 0, 1000, 800), 480)
        assert converted.call_args.args[0].size == (800, 600)
        reads = converted.call_count
        crops.crop(photo, crops.Part(300, 300, 900, 800), 480)
        assert converted.call_count == reads


@given(width=st.integers(1, 20_000), height=st.integers(1, 20_000), scale=st.floats(0.001, 1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_is_read_fine_enough_unless_that_is_too_much_to_keep(width: int, height: int, scale: float) -> None:
    factor = crops._reduction(Image(width=width, height=height), scale)
    kept = width * height / factor**2
    assert factor in (1, 2, 4, 8)
    assert kept <= crops.KEPT_PIXELS
    assert 1 / factor >= crops.FINE_ENOUGH * scale or kept * 4 > crops.KEPT_PIXELS
