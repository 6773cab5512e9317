from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from inference import masks
from inference.clicks import changed, predict, rest_of
from inference.contract import Box, InvalidPrompt, Point, Prompt, logits_from_token
from inference.decode import Decoder, Floats, decode
from inference.embeddings import Embedding
from inference.masks import Mask

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
    found = predict(decoder, image, Prompt((click,), mask=readings[-1].segmentation)).best
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
    found = predict(decoder, embedded["bison"], Prompt(BISON, mask=masks.encode(drawn))).best
    left = masks.decode(found.segmentation)
    assert left[384, 512]
    assert left[drawn].all()


MASK = masks.encode(np.ones((60, 70), np.bool_), (768, 1024), (30, 40))
PROMPTS = {
    "a point": Prompt((Point(400, 300, 1),)),
    "a box": Prompt(box=Box(200, 100, 700, 600)),
    "a click on a stored mask": Prompt((Point(60, 60, 0),), mask=MASK),
    "a click beside a stored mask": Prompt((Point(400, 300, 1),), mask=MASK),
    "clicks of both kinds": Prompt((Point(60, 60, 0), Point(400, 300, 1)), mask=MASK),
}


@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS)
def test_candidates_are_sorted_by_score_and_one_is_preferred(
    decoder: Decoder, embedded: dict[str, Embedding], prompt: Prompt
) -> None:
    bison = embedded["bison"]
    ranking = predict(decoder, bison, prompt)
    scores = [each.score for each in ranking.candidates]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 3
    alone = predict(decoder, bison, replace(prompt, multimask=False))
    assert (len(alone.candidates), alone.preferred) == (1, 0)


class Certain:
    """A decoder that is surer than possible: SAM's predicted IoU can exceed 1."""

    def run(self, *_: object) -> tuple[Floats, Floats]:
        levels = np.array([5, 5, 1, 3], np.float32)
        logits = np.broadcast_to(levels[:, None, None], (4, 256, 256)).copy()
        logits[:, :16] = -1
        return logits, np.array([0.5, 1.01, 1.03, 1.02], np.float32)

    run_many = run


def test_scores_above_one_are_clamped_and_sorted_as_sam_gave_them() -> None:
    embedding = Embedding(np.zeros((256, 64, 64), np.float32), 64, 64)
    ranking = predict(Certain(), embedding, Prompt((Point(30, 30, 1),)))
    assert [each.score for each in ranking.candidates] == [1, 1, 1]
    levels = [logits_from_token(each.logits).max() for each in ranking.candidates]
    assert levels == [1, 3, 5]


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
