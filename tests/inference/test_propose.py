from __future__ import annotations

import json
from itertools import combinations

import numpy as np
import pytest

from inference import masks
from inference.contract import Point, Prompt
from inference.decode import Decoder, decode
from inference.embeddings import Embedding
from inference.encode import Encoder
from inference.masks import Rle
from inference.pixels import Picture
from inference.propose import CUT, crop_boxes, propose
from inference.propose_contract import CropBox, Proposal, ProposalSettings

COARSE = ProposalSettings(points_per_side=8)


@pytest.fixture(scope="module", params=["bison", "duck", "owl"])
def photograph(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def proposals(photograph: str, decoder: Decoder, embedded: dict[str, Embedding]) -> list[Proposal]:
    return propose(decoder, embedded[photograph], COARSE)


@pytest.fixture(scope="module")
def crops(encoder: Encoder, photographs: dict[str, Picture]) -> list[tuple[CropBox, Embedding]]:
    """One of the owl's four crops, where there is something to be found."""
    image = photographs["owl"].array()
    x, y, w, h = box = crop_boxes(image.shape[1], image.shape[0])[1]
    return [(box, Embedding(encoder.encode(image[y : y + h, x : x + w]), w, h))]


@pytest.fixture(scope="module")
def closer(decoder: Decoder, embedded: dict[str, Embedding], crops: list[tuple[CropBox, Embedding]]) -> list[Proposal]:
    """The owl's proposals, with those of its crops."""
    return propose(decoder, embedded["owl"], COARSE, crops)


def test_a_proposal_has_the_fields_of_the_reference_and_its_place_in_the_tree(
    proposals: list[Proposal], photograph: str, embedded: dict[str, Embedding]
) -> None:
    image = embedded[photograph]
    assert len(proposals) > 3
    for each in proposals:
        assert each.segmentation.size == (image.height, image.width)
        assert (each.area, each.bbox) == (masks.area(each.segmentation), masks.bbox(each.segmentation))
        assert each.crop_box == (0, 0, image.width, image.height)
        assert 0 < each.predicted_iou <= 1
        assert 0 < each.stability_score <= 1
    assert set(proposals[0].to_json()) == {
        *("segmentation", "area", "bbox", "predicted_iou", "stability_score", "point_coords", "crop_box"),
        *("parent", "level"),
    }


def test_proposals_come_back_from_json_as_they_were(proposals: list[Proposal]) -> None:
    written = json.dumps([each.to_json() for each in proposals])
    assert [Proposal.from_json(each) for each in json.loads(written)] == proposals


def test_the_best_come_first(proposals: list[Proposal], closer: list[Proposal]) -> None:
    for found in (proposals, closer):
        scores = [each.predicted_iou for each in found]
        assert scores == sorted(scores, reverse=True)


def test_no_two_proposals_are_alike(proposals: list[Proposal], closer: list[Proposal]) -> None:
    for found in (proposals, closer):
        assert all(masks.iou(a.segmentation, b.segmentation) <= 0.7 for a, b in combinations(found, 2))


def test_parts_lie_in_their_wholes_one_level_down(proposals: list[Proposal]) -> None:
    parts = [each for each in proposals if each.parent is not None]
    assert parts
    for part in parts:
        whole = proposals[part.parent or 0]
        assert part.area < whole.area
        assert part.level == whole.level + 1
        assert inside(part.segmentation, whole.segmentation) >= 0.9
    assert all((each.level == 0) == (each.parent is None) for each in proposals)


def test_what_a_click_in_the_middle_finds_is_among_them(decoder: Decoder, embedded: dict[str, Embedding]) -> None:
    image = embedded["bison"]
    clicked = decode(decoder, image, Prompt((Point(512, 384, 1),)))[0].segmentation
    assert max(masks.iou(each.segmentation, clicked) for each in propose(decoder, image, COARSE)) > 0.8


def test_thresholds_are_kept(decoder: Decoder, embedded: dict[str, Embedding]) -> None:
    strict = ProposalSettings(points_per_side=4, predicted_iou=0.9, stability=0.92, minimum_area=5000)
    found = propose(decoder, embedded["duck"], strict)
    assert found
    for each in found:
        assert each.predicted_iou >= 0.9
        assert each.stability_score >= 0.92
        assert each.area >= 5000


def test_nothing_good_enough_is_an_empty_list(decoder: Decoder, embedded: dict[str, Embedding]) -> None:
    assert propose(decoder, embedded["duck"], ProposalSettings(points_per_side=2, predicted_iou=2)) == []


@pytest.mark.parametrize(("width", "height"), [(1024, 742), (640, 480), (37, 5000)])
def test_crops_cover_the_image_and_overlap(width: int, height: int) -> None:
    covered = np.zeros((height, width), np.int64)
    for x, y, across, down in crop_boxes(width, height):
        assert 0 <= x < x + across <= width
        assert 0 <= y < y + down <= height
        covered[y : y + down, x : x + across] += 1
    assert covered.min() == 1
    assert covered.max() == 4


@pytest.mark.sam
def test_crops_lie_as_the_reference_lays_them() -> None:
    from segment_anything.utils.amg import generate_crop_boxes

    for width, height in ((1024, 742), (640, 480), (500, 1333)):
        (_, *theirs), _ = generate_crop_boxes((height, width), 1, 512 / 1500)
        assert [(x, y, x + w, y + h) for x, y, w, h in crop_boxes(width, height)] == [tuple(box) for box in theirs]


def test_what_a_crop_finds_lies_in_it_and_is_not_cut_off_there(
    closer: list[Proposal], crops: list[tuple[CropBox, Embedding]], embedded: dict[str, Embedding]
) -> None:
    image, (((left, top, width, height), _),) = embedded["owl"], crops
    found = [each for each in closer if each.crop_box == (left, top, width, height)]
    assert 0 < len(found) < len(closer)
    assert {each.crop_box for each in closer} == {(left, top, width, height), (0, 0, image.width, image.height)}
    for each in found:
        assert each.segmentation.size == (image.height, image.width)
        px, py = each.point_coords[0]
        assert left < px < left + width
        assert top < py < top + height
        x, y, across, down = each.bbox
        assert left <= x < x + across < left + width - CUT
        assert top + CUT < y < y + down <= top + height


def inside(part: Rle, whole: Rle) -> float:
    """The share of a mask's pixels that lie in another."""
    inner, outer = masks.decode(part), masks.decode(whole)
    return float((inner & outer).sum() / inner.sum())
