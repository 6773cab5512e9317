from __future__ import annotations

from itertools import combinations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from inference import masks
from inference.contract import Point, Prompt
from inference.decode import Decoder, decode
from inference.embeddings import Embedding
from inference.masks import Rle
from inference.propose import SPECK, Proposal, ProposalSettings, Reading, grids, propose, unexplained, without_specks

soft_masks = arrays.arrays(np.float32, (9, 9), elements=st.sampled_from([-4.0, -1.0, 2.0, 5.0]))


@pytest.fixture(scope="module")
def proposals(decoder: Decoder, embedded: dict[str, Embedding]) -> list[Proposal]:
    return propose(decoder, embedded["bison"], ProposalSettings(points_per_side=8), threads=2)


def test_a_proposal_has_the_fields_of_the_reference_and_its_parent(
    proposals: list[Proposal], embedded: dict[str, Embedding]
) -> None:
    image = embedded["bison"]
    assert len(proposals) > 3
    for each in proposals:
        assert each.segmentation.size == (image.height, image.width)
        assert (each.area, each.bbox) == (masks.area(each.segmentation), masks.bbox(each.segmentation))
        assert each.crop_box == (0, 0, image.width, image.height)
        assert 0 < each.predicted_iou <= 1
        assert 0 < each.stability_score <= 1
    assert set(proposals[0].to_json()) == {
        *("segmentation", "area", "bbox", "predicted_iou", "stability_score", "point_coords", "crop_box", "parent"),
    }


def test_the_best_come_first(proposals: list[Proposal]) -> None:
    scores = [each.predicted_iou for each in proposals]
    assert scores == sorted(scores, reverse=True)


def test_no_two_proposals_are_alike(proposals: list[Proposal]) -> None:
    assert all(masks.iou(a.segmentation, b.segmentation) <= 0.7 for a, b in combinations(proposals, 2))


def test_parts_lie_in_their_wholes(proposals: list[Proposal]) -> None:
    parts = [(each, proposals[each.parent]) for each in proposals if each.parent is not None]
    assert parts
    for part, whole in parts:
        assert part.area < whole.area
        assert inside(part.segmentation, whole.segmentation) > 0.85


def test_what_a_click_in_the_middle_finds_is_among_them(
    proposals: list[Proposal], decoder: Decoder, embedded: dict[str, Embedding]
) -> None:
    clicked = decode(decoder, embedded["bison"], Prompt((Point(512, 384, 1),)))[0].segmentation
    assert max(masks.iou(each.segmentation, clicked) for each in proposals) > 0.8


def test_threads_change_nothing_and_thresholds_are_kept(decoder: Decoder, embedded: dict[str, Embedding]) -> None:
    strict = ProposalSettings(points_per_side=4, predicted_iou=0.9, stability=0.92, minimum_area=5000)
    alone, together = (propose(decoder, embedded["duck"], strict, threads=count) for count in (1, 2))
    assert alone == together != []
    for each in alone:
        assert each.predicted_iou >= 0.9
        assert each.stability_score >= 0.92
        assert each.area >= 5000


def test_nothing_good_enough_is_an_empty_list(decoder: Decoder, embedded: dict[str, Embedding]) -> None:
    assert propose(decoder, embedded["duck"], ProposalSettings(points_per_side=2, predicted_iou=2)) == []


@pytest.mark.parametrize(
    ("points_per_side", "sides"), [(1, [1]), (8, [8]), (15, [15]), (16, [8, 16]), (32, [8, 16, 32])]
)
def test_grids_grow_finer_and_end_at_the_points_asked_for(points_per_side: int, sides: list[int]) -> None:
    found = list(grids(points_per_side))
    assert [len(each) for each in found] == [side * side for side in sides]
    assert np.mean(found[-1], axis=0) == pytest.approx([0.5, 0.5])


@given(arrays.arrays(np.bool_, (7, 10)))
def test_points_on_a_mask_are_not_asked_again(mask: masks.Mask) -> None:
    reading = Reading((0, 0), np.where(mask, 1, -1).astype(np.float16), 1, 1)
    points = [((column + 0.5) / 10, (row + 0.5) / 7) for row in range(7) for column in range(10)]
    assert len(unexplained(points, [reading])) == np.count_nonzero(~mask)
    assert unexplained(points, []) == points


@given(soft_masks)
def test_specks_go_and_nothing_else_changes(logits: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> None:
    large = cv2.resize(logits, (90, 90), interpolation=cv2.INTER_NEAREST)
    large[0, 0] = 3
    found = without_specks(large)
    assert (np.abs(found) == np.abs(large)).all()
    assert ((found > 0) <= (large > 0)).all()
    least = SPECK * (large > 0).sum()
    assert parts(found) == [size for size in parts(large) if size >= least]


def parts(logits: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> list[int]:
    """The sizes of a mask's parts."""
    _, _, stats, _ = cv2.connectedComponentsWithStats((logits > 0).astype(np.uint8), connectivity=8)
    return sorted(stats[1:, cv2.CC_STAT_AREA].tolist())


def inside(part: Rle, whole: Rle) -> float:
    """The share of a mask's pixels that lie in another."""
    inner, outer = masks.decode(part), masks.decode(whole)
    return float((inner & outer).sum() / inner.sum())
