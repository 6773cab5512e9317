from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from inference import masks
from inference.contract import InvalidPrompt, Point, Prompt, logits_from_token
from inference.decode import Decoder, decode
from inference.embeddings import Embedding
from inference.masks import Mask
from inference.protocol import changed, predict, rest_of

BISON = (Point(512, 384, 1),)
small = arrays.arrays(np.bool_, (8, 8))
pairs = st.tuples(small, small)
columns = rows = st.integers(0, 7)


def iou(a: Mask, b: Mask) -> float:
    return float((a & b).sum() / max(1, (a | b).sum()))


def parts(mask: Mask) -> list[Mask]:
    count, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    return [labels == part for part in range(1, count)]


@given(pairs, columns, rows, st.sampled_from([0, 1]))
def test_a_stored_mask_changes_only_under_the_click_and_there_as_it_was_meant(
    pair: tuple[Mask, Mask], column: int, row: int, label: int
) -> None:
    mask, reading = pair
    click = Point(column + 0.5, row + 0.5, label)
    found = masks.decode(changed(masks.encode(mask), masks.encode(reading), (click,)))
    difference = found != mask
    assert (found[difference] == (label == 1)).all()
    assert (reading[difference]).all()
    assert len(parts(difference)) <= 1
    assert difference[row, column] == (reading[row, column] and mask[row, column] == (label == 0))


@given(small, columns, rows, st.floats(0, 12))
def test_the_rest_is_in_the_mask_and_far_from_the_click(mask: Mask, column: int, row: int, distance: float) -> None:
    click = Point(column + 0.5, row + 0.5, 0)
    found = rest_of(masks.encode(mask), (click,), distance)
    far = [(y, x) for y, x in np.argwhere(mask) if np.hypot(x - column, y - row) > distance + 1]
    assert found or not far
    for each in found:
        assert mask[int(each.y), int(each.x)]
        assert each.label == 0
        assert np.hypot(each.x - click.x, each.y - click.y) > distance - 1


def test_a_negative_click_cuts_a_part_out_of_a_stored_mask_and_leaves_the_rest(
    decoder: Decoder, embedded: dict[str, Embedding]
) -> None:
    image = embedded["bison"]
    readings = sorted(decode(decoder, image, Prompt(BISON)), key=lambda each: each.area)
    part, whole = (masks.decode(each.segmentation) for each in (readings[0], readings[-1]))
    depth = cv2.distanceTransform(part.astype(np.uint8), cv2.DIST_L2, 5)
    row, column = np.unravel_index(int(depth.argmax()), depth.shape)
    click = Point(float(column) + 0.5, float(row) + 0.5, 0)
    found = predict(decoder, image, Prompt((click,), mask=readings[-1].segmentation))[0]
    left = masks.decode(found.segmentation)
    far = cv2.distanceTransform((~part).astype(np.uint8), cv2.DIST_L2, 5) > 64
    assert part.sum() < 0.8 * whole.sum()
    assert not left[row, column]
    assert (part & left).sum() < 0.2 * part.sum()
    assert iou(left & far, whole & far) >= 0.98
    assert (found.area, found.bbox) == (masks.area(found.segmentation), masks.bbox(found.segmentation))
    assert iou(logits_from_token(found.logits) > 0, logits_of(left)) > 0.9


def test_a_positive_click_joins_an_object_to_a_stored_mask(decoder: Decoder, embedded: dict[str, Embedding]) -> None:
    drawn = np.zeros((embedded["bison"].height, embedded["bison"].width), np.bool_)
    drawn[40:100, 30:100] = True
    found = predict(decoder, embedded["bison"], Prompt(BISON, mask=masks.encode(drawn)))[0]
    left = masks.decode(found.segmentation)
    assert left[384, 512]
    assert left[drawn].all()


def test_readings_come_the_likeliest_first(decoder: Decoder, embedded: dict[str, Embedding]) -> None:
    found = predict(decoder, embedded["owl"], Prompt((Point(400, 300, 1),)))
    likelihood = [each.score + each.stability_score for each in found]
    assert likelihood == sorted(likelihood, reverse=True)
    assert len(found) == 3


def test_a_prompt_outside_the_image_is_refused_in_every_form(decoder: Decoder, embedded: dict[str, Embedding]) -> None:
    image = embedded["bison"]
    mask = masks.encode(np.ones((image.height, image.width), np.bool_))
    token = decode(decoder, image, Prompt(BISON))[0].logits
    outside = (Point(-5, 5, 0),)
    for prompt in (Prompt(outside, mask=mask), Prompt(outside, logits=token, multimask=False), Prompt(outside)):
        with pytest.raises(InvalidPrompt):
            predict(decoder, image, prompt)


def logits_of(mask: Mask) -> Mask:
    """A mask at the decoder's resolution, on the square's top left."""
    height, width = mask.shape
    side = max(height, width)
    square = np.zeros((side, side), np.uint8)
    square[:height, :width] = mask
    return np.asarray(cv2.resize(square, (256, 256), interpolation=cv2.INTER_AREA) > 0)
