"""Prompts answered from the embedding of a region."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference import masks
from inference.clicks import predict as predict_alone
from inference.contract import Box, InvalidPrompt, Point, Prompt, logits_from_token, token_from_logits
from inference.decode import Decoder
from inference.embeddings import Embedding
from inference.framed import predict, reframed, region_for
from inference.masks import Mask
from inference.regions import Region

# The bison's photograph, 1024 × 768, as if it were a region of a large image.
SIZE = (6000, 4000)
REGION = Region(3000, 1100, 4024, 1868)
BISON = Point(512, 384, 1)
IN_IMAGE = Point(3512, 1484, 1)
TOKEN = token_from_logits(np.zeros((256, 256), np.float32))


def whole_mask(local: Mask) -> masks.Rle:
    return masks.encode(local, (SIZE[1], SIZE[0]), (REGION.x0, REGION.y0))


def in_region(mask: masks.Rle) -> Mask:
    return masks.decode(mask)[REGION.y0 : REGION.y1, REGION.x0 : REGION.x1]


@pytest.mark.parametrize("multimask", [True, False])
def test_a_region_is_answered_as_its_pixels_alone_would_be_in_the_images_coordinates(
    decoder: Decoder, embedded: dict[str, Embedding], multimask: bool
) -> None:
    bison = embedded["bison"]
    alone = predict_alone(decoder, bison, Prompt((BISON,), Box(100, 50, 900, 700), multimask=multimask))
    prompt = Prompt((IN_IMAGE,), Box(3100, 1150, 3900, 1800), multimask=multimask)
    found = predict(decoder, bison, prompt, SIZE, REGION)
    assert found.preferred == alone.preferred
    for a, b in zip(alone.candidates, found.candidates, strict=True):
        assert (a.score, a.stability_score, a.area) == (b.score, b.stability_score, b.area)
        assert b.bbox == (a.bbox[0] + REGION.x0, a.bbox[1] + REGION.y0, *a.bbox[2:])
        assert b.segmentation == whole_mask(masks.decode(a.segmentation))


def test_a_candidate_of_a_region_can_be_refined(decoder: Decoder, embedded: dict[str, Embedding]) -> None:
    bison = embedded["bison"]
    alone = predict_alone(decoder, bison, Prompt((BISON,))).best
    first = predict(decoder, bison, Prompt((IN_IMAGE,)), SIZE, REGION).best
    again = predict_alone(decoder, bison, Prompt((BISON,), logits=alone.logits, multimask=False)).best
    found = predict(decoder, bison, Prompt((IN_IMAGE,), logits=first.logits, multimask=False), SIZE, REGION).best
    assert found.segmentation == whole_mask(masks.decode(again.segmentation))


def test_a_candidate_of_another_region_can_be_refined(decoder: Decoder, embedded: dict[str, Embedding]) -> None:
    bison = embedded["bison"]
    first = predict(decoder, bison, Prompt((IN_IMAGE,)), SIZE, REGION).best
    # The same place with the same pixels, but the token says that it is of a region to its left.
    elsewhere = f"2900,1100,3924,1868:{first.logits.rpartition(':')[2]}"
    moved = predict(decoder, bison, Prompt(logits=elsewhere, multimask=False), SIZE, REGION).best
    kept = predict(decoder, bison, Prompt(logits=first.logits, multimask=False), SIZE, REGION).best
    assert masks.iou(kept.segmentation, first.segmentation) > 0.8
    assert masks.iou(moved.segmentation, first.segmentation) < masks.iou(kept.segmentation, first.segmentation)


def test_pixels_of_a_stored_mask_outside_the_region_survive_an_edit(
    decoder: Decoder, embedded: dict[str, Embedding]
) -> None:
    bison = embedded["bison"]
    local = masks.decode(predict_alone(decoder, bison, Prompt((BISON,))).best.segmentation)
    drawn = np.zeros((SIZE[1], SIZE[0]), np.bool_)
    drawn[1000:2000, 2500:3300] = True
    before = drawn.copy()
    before[REGION.y0 : REGION.y1, REGION.x0 : REGION.x1] |= local
    removed = Point(3512, 1484, 0)
    found = predict(decoder, bison, Prompt((removed,), mask=masks.encode(before)), SIZE, REGION).best
    after = masks.decode(found.segmentation)
    assert not after[1484, 3512]
    assert (found.area, found.bbox) == (after.sum(), masks.bbox(found.segmentation))
    after[REGION.y0 : REGION.y1, REGION.x0 : REGION.x1] = False
    before[REGION.y0 : REGION.y1, REGION.x0 : REGION.x1] = False
    assert (after == before).all()


def test_a_click_on_a_stored_mask_that_lies_outside_the_region_joins_what_is_under_it(
    decoder: Decoder, embedded: dict[str, Embedding]
) -> None:
    drawn = np.zeros((SIZE[1], SIZE[0]), np.bool_)
    drawn[100:200, 100:300] = True
    found = predict(decoder, embedded["bison"], Prompt((IN_IMAGE,), mask=masks.encode(drawn)), SIZE, REGION).best
    after = masks.decode(found.segmentation)
    assert after[1484, 3512]
    assert after[drawn].all()


@pytest.mark.parametrize(
    "prompt",
    [
        Prompt((Point(10, 10, 1),)),
        Prompt((Point(6001, 10, 1),)),
        Prompt((IN_IMAGE,), logits="nothing"),
        Prompt((IN_IMAGE,), logits=f"5,5,1,1:{TOKEN}"),
        Prompt((IN_IMAGE,), logits=f"left:{TOKEN}"),
        Prompt((IN_IMAGE,), logits=f"0,0,9999999,4000:{TOKEN}"),
    ],
)
def test_a_prompt_that_makes_no_sense_for_the_region_is_refused(
    decoder: Decoder, embedded: dict[str, Embedding], prompt: Prompt
) -> None:
    with pytest.raises(InvalidPrompt):
        predict(decoder, embedded["bison"], prompt, SIZE, REGION)


def test_a_region_that_is_looked_at_is_enlarged_until_it_holds_the_prompt() -> None:
    prompt = Prompt((Point(3000, 2000, 1),))
    assert region_for(None, prompt, SIZE) is None
    assert region_for([2950, 1950, 3050, 2050], prompt, SIZE) == Region(2880, 1856, 3136, 2112)
    near = Prompt((*prompt.points, Point(3400, 2000, 0)))
    assert region_for([2950, 1950, 3050, 2050], near, SIZE) == Region(2944, 1792, 3456, 2304)
    assert region_for([2950, 1950, 3050, 2050], Prompt(box=Box(2700, 1900, 3100, 2100)), SIZE) is not None
    far = Prompt((*prompt.points, Point(10, 3999, 0)))
    assert region_for([2950, 1950, 3050, 2050], far, SIZE) is None, "the whole image holds them"


@pytest.mark.parametrize("data", ["x", [1, 2, 3], [5, 5, 5, 9], [9, 9, 1, 1], [6000, 0, 7000, 10], [0, 0, 1, None]])
def test_a_region_that_is_none_is_refused_with_its_place(data: Any) -> None:
    with pytest.raises(InvalidPrompt) as caught:
        region_for(data, Prompt((IN_IMAGE,)), SIZE)
    assert caught.value.pointer.startswith("/region")


@st.composite
def frames(draw: st.DrawFn) -> Region:
    side = 256 * 2 ** draw(st.integers(0, 3))
    x, y = draw(st.integers(-2, 2)), draw(st.integers(-2, 2))
    return Region(2000 + x * side // 4, 2000 + y * side // 4, 2000 + (x + 4) * side // 4, 2000 + (y + 4) * side // 4)


def disc(frame: Region) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Logits of a disc in the image, as seen in the frame: how far its edge is."""
    places = (np.arange(256) + 0.5) * max(frame.width, frame.height) / 256
    distance = np.hypot(*np.meshgrid(frame.x0 + places - 2100, frame.y0 + places - 2100))
    return (60 - distance).astype(np.float32)


@settings(deadline=None)
@given(frames(), frames())
def test_logits_are_of_the_same_place_in_every_frame(source: Region, frame: Region) -> None:
    found = reframed(disc(source), source, frame)
    width = max(source.width, source.height) / 256
    rows, columns = np.mgrid[0:256, 0:256]
    scale = max(frame.width, frame.height) / 256
    x, y = frame.x0 + (columns + 0.5) * scale, frame.y0 + (rows + 0.5) * scale
    known = (x > source.x0 + width) & (x < source.x1 - width) & (y > source.y0 + width) & (y < source.y1 - width)
    assert np.abs(found - disc(frame))[known].max(initial=0) < 2 * width
    far = (x < source.x0 - width) | (y < source.y0 - width) | (x > source.x1 + width) | (y > source.y1 + width)
    assert (found[far] <= 0).all()


def test_logits_seen_from_their_own_frame_are_themselves() -> None:
    frame = Region(0, 64, 512, 576)
    assert np.allclose(reframed(disc(frame), frame, frame), disc(frame), atol=1e-4)


def test_tokens_of_the_whole_image_name_no_region(decoder: Decoder, embedded: dict[str, Embedding]) -> None:
    bison = embedded["bison"]
    size = (bison.width, bison.height)
    prompt = Prompt((BISON,))
    found = predict(decoder, bison, prompt, size, None)
    assert found == predict_alone(decoder, bison, prompt)
    assert ":" not in found.best.logits
    assert logits_from_token(f"1,2,3,4:{found.best.logits}").shape == (256, 256)
    assert predict(decoder, bison, replace(prompt, logits=found.best.logits), size, None).candidates
