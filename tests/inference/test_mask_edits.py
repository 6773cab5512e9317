"""Clicks on a stored mask change it where they are, as little as explains them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from inference import masks
from inference.clicks import predict
from inference.contract import Point, Prompt, logits_from_token
from inference.decode import Decoder, Floats, decode
from inference.embeddings import Embedding
from inference.mask_edits import changed, distance_to_edge, rest_of
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


@given(pairs, columns, rows, st.sampled_from([0, 1]), st.floats(0, 8))
def test_a_change_within_reach_is_the_part_of_the_reading_that_is(
    pair: tuple[Mask, Mask], column: int, row: int, label: int, reach: float
) -> None:
    mask, reading = pair
    click = Point(column + 0.5, row + 0.5, label)
    y, x = np.indices(mask.shape)
    near = np.hypot(x - column, y - row) <= reach
    bounded = changed(masks.encode(mask), masks.encode(reading), (click,), [reach])
    assert bounded == changed(masks.encode(mask), masks.encode(reading & near), (click,))
    assert (masks.decode(bounded) == mask)[~near].all()


@given(small, columns, rows)
def test_the_edge_is_the_nearest_pixel_of_the_other_kind(mask: Mask, column: int, row: int) -> None:
    others = np.argwhere(mask != mask[row, column])
    nearest = min((np.hypot(y - row, x - column) for y, x in others), default=np.inf)
    assert distance_to_edge(masks.encode(mask), Point(column + 0.5, row + 0.5, 1)) == pytest.approx(nearest)


SIDE = 256
ROWS, COLUMNS = np.indices((SIDE, SIDE))


def disc(x: int, y: int, radius: float) -> Mask:
    return np.asarray(np.hypot(COLUMNS - x, ROWS - y) < radius)


class Reads:
    """A decoder that finds these three things, in an image of as many pixels as its logits."""

    def __init__(self, **things: Mask) -> None:
        self.things = things

    def run(self, *_: object) -> tuple[Floats, Floats]:
        logits = [np.where(each, 9, -9).astype(np.float32) for each in self.things.values()]
        return np.stack([logits[0], *logits]), np.array([0.5, 0.7, 0.9, 0.8], np.float32)

    run_many = run


@pytest.mark.parametrize("label", [1, 0])
def test_the_smallest_change_that_holds_the_click_is_preferred_and_ends_within_its_reach(label: int) -> None:
    before = COLUMNS < 128
    # About 20 pixels to the right of the edge, or to the left of it.
    click = Point(148.5 if label else 108.5, 128.5, label)
    x = int(click.x)
    embedding = Embedding(np.zeros((256, 64, 64), np.float32), SIDE, SIDE)
    reads = Reads(elsewhere=disc(x, 30, 20), large=disc(x, 128, 120), small=disc(x, 128, 30) | disc(x, 200, 70))
    ranking = predict(reads, embedding, Prompt((click,), mask=masks.encode(before)))
    assert [round(each.score, 2) for each in ranking.candidates] == [0.9, 0.8, 0.7]
    assert ranking.preferred == 1, "the small one; the one elsewhere explains nothing"
    difference = masks.decode(ranking.best.segmentation) != before
    assert difference[128, x]
    assert not difference[np.hypot(COLUMNS - x, ROWS - 128) > 3 * 21 + 1].any()
    unbounded = masks.decode(ranking.candidates[0].segmentation) != before
    assert unbounded.sum() > difference.sum(), "a larger change is there to be chosen"
    (only,) = predict(reads, embedding, Prompt((click,), mask=masks.encode(before), multimask=False)).candidates
    assert only == ranking.best


def logits_of(mask: Mask) -> Mask:
    """A mask at the decoder's resolution, on the square's top left."""
    height, width = mask.shape
    side = max(height, width)
    square = np.zeros((side, side), np.uint8)
    square[:height, :width] = mask
    return np.asarray(cv2.resize(square, (256, 256), interpolation=cv2.INTER_AREA) > 0)
