from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from pycocotools import mask as coco

from inference import counts, mask_crops, masks
from inference.contours import polygons
from inference.masks import InvalidMask, Mask, Rle
from inference.rasterize import rasterize

SIDE = st.integers(1, 14)
small_masks = st.tuples(SIDE, SIDE).flatmap(lambda shape: arrays.arrays(np.bool_, shape))


def coco_rle(mask: Mask) -> dict[str, Any]:
    return coco.encode(np.asfortranarray(mask.astype(np.uint8)))  # type: ignore[no-any-return]


@given(small_masks)
def test_encoding_agrees_with_pycocotools_and_comes_back(mask: Mask) -> None:
    rle = masks.encode(mask)
    assert rle.counts == coco_rle(mask)["counts"].decode()
    assert (masks.decode(rle) == mask).all()


@given(small_masks)
def test_area_and_box_agree_with_pycocotools(mask: Mask) -> None:
    rle = masks.encode(mask)
    assert masks.area(rle) == coco.area(coco_rle(mask))
    assert masks.bbox(rle) == tuple(coco.toBbox(coco_rle(mask)).astype(int))


@given(st.lists(st.lists(st.integers(0, 2**40), max_size=30), max_size=5))
def test_counts_of_any_size_come_back_from_their_strings(of: list[list[int]]) -> None:
    values, amounts = np.array([value for each in of for value in each], np.int64), np.array([*map(len, of)], np.int64)
    texts = counts.to_strings(values, amounts)
    assert [each.tolist() for each in counts.from_strings(texts)] == [values.tolist(), amounts.tolist()]
    # Together they are what each is alone.
    assert texts == [text for each in of for text in counts.to_strings(np.array(each, np.int64), np.array([len(each)]))]


@given(small_masks, st.tuples(*[st.integers(0, 5)] * 4))
def test_a_crop_at_an_offset_is_the_same_as_the_whole_mask(mask: Mask, margins: tuple[int, ...]) -> None:
    left, top, right, bottom = margins
    whole = np.pad(mask, ((top, bottom), (left, right)))
    assert masks.encode(mask, (whole.shape[0], whole.shape[1]), (left, top)) == masks.encode(whole)


@given(st.lists(st.tuples(small_masks, st.tuples(*[st.integers(0, 5)] * 2)), max_size=5))
def test_parts_are_placed_in_an_image_without_decoding_them(parts: list[tuple[Mask, tuple[int, int]]]) -> None:
    size = 14 + 5, 14 + 5
    placed = mask_crops.placed([masks.encode(mask) for mask, _ in parts], size, [offset for _, offset in parts])
    assert placed == [masks.encode(mask, size, offset) for mask, offset in parts]


@given(small_masks)
def test_a_part_as_high_as_the_image_is_placed_in_it(mask: Mask) -> None:
    """Its columns' runs touch in the image."""
    size = mask.shape[0], mask.shape[1] + 2
    assert mask_crops.placed([masks.encode(mask)], size, [(1, 0)]) == [masks.encode(mask, size, (1, 0))]


@given(small_masks.filter(lambda mask: bool(mask.any())), st.sampled_from([1, 3, 1 << 20]))
def test_a_mask_is_cropped_to_its_box_and_put_back_without_a_pixel_made(mask: Mask, at_once: int) -> None:
    rle = masks.encode(mask)
    x, y, part = mask_crops.cropped(rle)
    assert (x, y, part.size[1], part.size[0]) == masks.bbox(rle)
    assert part == masks.encode(masks.crop(rle)[2])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mask_crops, "BLOCK_CHARACTERS", at_once)
        assert mask_crops.placed([part, part], rle.size, [(x, y), (x, y)]) == [rle, rle]


def test_a_mask_of_two_corners_of_a_huge_image_is_cropped_by_its_runs() -> None:
    """Its box has 2.5 billion pixels."""
    corners = masks.from_runs(np.array([0, 2_499_999_999]), np.array([1, 2_500_000_000]), (50_000, 50_000))
    assert mask_crops.cropped(corners) == (0, 0, corners)


@given(small_masks)
def test_a_crop_is_tight_and_holds_every_pixel(mask: Mask) -> None:
    rle = masks.encode(mask)
    x, y, part = masks.crop(rle)
    assert (x, y, part.shape[1], part.shape[0]) == masks.bbox(rle)
    assert masks.encode(part, rle.size, (x, y)) == rle


@given(st.tuples(SIDE, SIDE).flatmap(lambda s: st.tuples(*[arrays.arrays(np.bool_, s)] * 2)))
def test_iou_is_intersection_over_union(pair: tuple[Mask, Mask]) -> None:
    a, b = pair
    union = int((a | b).sum())
    expected = int((a & b).sum()) / union if union else 0.0
    assert masks.iou(masks.encode(a), masks.encode(b)) == expected


@given(small_masks)
def test_polygons_rasterise_back_to_exactly_the_same_pixels(mask: Mask) -> None:
    rle = masks.encode(mask)
    assert rasterize(polygons(rle), rle.size[1], rle.size[0]) == rle


@given(small_masks)
def test_polygons_have_one_part_a_component(mask: Mask) -> None:
    rle = masks.encode(mask)
    assert len(polygons(rle)) == len(masks.components(rle))


def test_a_hole_is_a_ring_of_its_part_and_an_island_in_it_a_part() -> None:
    mask = np.ones((7, 7), np.bool_)
    mask[1:6, 1:6] = False
    mask[3, 3] = True
    outer, island = polygons(masks.encode(mask))
    assert [len(ring) for ring in outer] == [8, 8]
    assert [sorted(zip(ring[0::2], ring[1::2], strict=True)) for ring in island] == [[(3, 3), (3, 4), (4, 3), (4, 4)]]


@given(small_masks)
def test_components_are_disjoint_largest_first_and_make_up_the_mask(mask: Mask) -> None:
    parts = masks.components(masks.encode(mask))
    areas = [masks.area(part) for part in parts]
    assert areas == sorted(areas, reverse=True)
    assert (sum((masks.decode(part).astype(int) for part in parts), np.zeros(mask.shape, int)) == mask).all()


def test_a_crop_of_a_huge_image_costs_what_the_crop_costs() -> None:
    rle = masks.encode(np.ones((3, 5), np.bool_), (1_000_000, 1_000_000), (999_000, 7))
    x, y, part = masks.crop(rle)
    assert (x, y, part.shape) == (999_000, 7, (3, 5))
    assert part.all()
    assert masks.area(rle) == 15


def test_a_crop_must_lie_inside_its_image() -> None:
    with pytest.raises(InvalidMask):
        masks.encode(np.ones((3, 3), np.bool_), (4, 4), (2, 0))


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"size": [2, 3]},
        {"size": [2], "counts": "6"},
        {"size": [0, 3], "counts": ""},
        {"size": [2, True], "counts": "2"},
        {"size": [2, 3], "counts": [6]},
        {"size": [2, 3], "counts": "7"},
        {"size": [2, 3], "counts": "5"},
        {"size": [2, 3], "counts": ""},
        {"size": [2, 3], "counts": "é"},
        {"size": [2, 3], "counts": " "},
        {"size": [2, 3], "counts": "P"},
        {"size": [2, 3], "counts": "P" * 40 + "0"},
        {"size": [2, 3], "counts": "7O"},
    ],
)
def test_what_describes_no_mask_is_refused_with_a_sentence(data: Any) -> None:
    with pytest.raises(InvalidMask) as refused:
        Rle.from_json(data)
    assert str(refused.value).endswith(".")


def rle_of(lengths: list[int], size: tuple[int, int]) -> dict[str, Any]:
    return {"size": list(size), "counts": counts.to_strings(np.array(lengths), np.array([len(lengths)]))[0]}


def test_only_the_first_run_may_be_empty() -> None:
    assert Rle.from_json(rle_of([0, 6], (2, 3)))
    for lengths in ([1, 0, 5], [2, 1, 0, 3], [3, 3, 0], [6, 0], [0, 0, 6]):
        with pytest.raises(InvalidMask, match="empty run"):
            Rle.from_json(rle_of(lengths, (2, 3)))


def test_what_is_stored_with_empty_runs_is_still_read() -> None:
    stored = Rle((2, 3), rle_of([1, 2, 0, 1, 1, 0, 1], (2, 3))["counts"])
    assert masks.decode(stored).T.ravel().tolist() == [False, True, True, True, False, False]
    assert mask_crops.placed([stored], (2, 3), [(0, 0)]) == [masks.encode(masks.decode(stored))]


def test_more_runs_than_anyone_draws_are_refused_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masks, "MAX_RUNS", 4)
    assert Rle.from_json(rle_of([1, 1, 1, 3], (2, 3)))
    monkeypatch.setattr(counts, "from_strings", None)
    with pytest.raises(InvalidMask, match="5 runs; at most 4"):
        Rle.from_json(rle_of([1, 1, 1, 1, 2], (2, 3)))


@given(st.lists(st.lists(st.integers(0, 2**20), max_size=30), max_size=5), st.sampled_from([1, 2, 7]))
def test_counts_are_the_same_in_blocks_of_any_size(of: list[list[int]], at_once: int) -> None:
    values, amounts = np.array([value for each in of for value in each], np.int64), np.array([*map(len, of)], np.int64)
    texts = counts.to_strings(values, amounts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counts, "BLOCK_NUMBERS", at_once)
        assert counts.to_strings(values, amounts) == texts
        assert counts.from_strings(texts)[0].tolist() == values.tolist()
    assert [counts.amount(text) for text in texts] == amounts.tolist()


@given(st.text(max_size=20), st.integers(1, 5), st.integers(1, 5))
def test_counts_out_of_nowhere_are_a_mask_or_refused(counts: str, height: int, width: int) -> None:
    try:
        rle = Rle.from_json({"size": [height, width], "counts": counts})
    except InvalidMask:
        return
    assert masks.decode(rle).sum() == masks.area(rle)


def test_stability_is_the_iou_of_the_masks_at_both_thresholds() -> None:
    logits = np.array([[-2, -0.5, 0.5, 2, 3]], np.float32)
    assert masks.stability_score(logits) == 2 / 4
    assert masks.stability_score(np.full((2, 2), -9, np.float32)) == 0
