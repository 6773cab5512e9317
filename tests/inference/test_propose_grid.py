from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from inference import bitmasks, propose_grid
from inference.decode import Decoder
from inference.embeddings import Embedding
from inference.masks import Mask
from inference.propose_contract import ProposalSettings
from inference.propose_grid import SPECK, Floats, Reading, grids, search, unexplained, without_specks

soft_masks = arrays.arrays(np.float32, (9, 9), elements=st.sampled_from([-4.0, -1.0, 2.0, 5.0]))


@pytest.mark.parametrize(
    ("points_per_side", "sides"), [(1, [1]), (8, [8]), (15, [15]), (16, [8, 16]), (32, [8, 16, 32])]
)
def test_grids_grow_finer_and_end_at_the_points_asked_for(points_per_side: int, sides: list[int]) -> None:
    found = list(grids(points_per_side))
    assert [len(each) for each in found] == [side * side for side in sides]
    assert np.mean(found[-1], axis=0) == pytest.approx([0.5, 0.5])


@given(arrays.arrays(np.bool_, (7, 10)))
def test_points_on_a_mask_are_not_asked_again(mask: Mask) -> None:
    reading = Reading((0, 0), np.where(mask, 1, -1).astype(np.float16), bitmasks.pack(mask[None])[0], 1, 1)
    points = [((column + 0.5) / 10, (row + 0.5) / 7) for row in range(7) for column in range(10)]
    assert len(unexplained(points, [reading])) == np.count_nonzero(~mask)
    assert unexplained(points, []) == points


@given(soft_masks)
def test_specks_go_and_nothing_else_changes(logits: Floats) -> None:
    large = cv2.resize(logits, (90, 90), interpolation=cv2.INTER_NEAREST)
    large[0, 0] = 3
    found = without_specks(large)
    assert (np.abs(found) == np.abs(large)).all()
    assert ((found > 0) <= (large > 0)).all()
    least = SPECK * (large > 0).sum()
    assert parts(found) == [size for size in parts(large) if size >= least]


def test_how_many_points_are_asked_at_a_time_bounds_the_memory_and_changes_nothing(
    decoder: Decoder, embedded: dict[str, Embedding], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = ProposalSettings(points_per_side=4)
    at_once = search(decoder, embedded["duck"], settings)
    monkeypatch.setattr(propose_grid, "CHUNK", 3)
    watched = Watched(decoder)
    in_chunks = search(watched, embedded["duck"], settings)
    assert [(each.point, each.score) for each in in_chunks] == [(each.point, each.score) for each in at_once]
    assert watched.asked == [3, 3, 3, 3, 3, 1]


class Watched:
    """A decoder that writes down how many prompts it is asked at a time."""

    def __init__(self, decoder: Decoder) -> None:
        self.decoder = decoder
        self.asked: list[int] = []

    def run(self, embedding: Floats, coordinates: Floats, labels: Floats, mask: Floats | None) -> tuple[Floats, Floats]:
        return self.decoder.run(embedding, coordinates, labels, mask)

    def run_many(
        self, embedding: Floats, coordinates: Floats, labels: Floats, least: float = -np.inf
    ) -> tuple[Floats, Floats]:
        self.asked.append(len(labels))
        return self.decoder.run_many(embedding, coordinates, labels, least)


def parts(logits: Floats) -> list[int]:
    """The sizes of a mask's parts."""
    _, _, stats, _ = cv2.connectedComponentsWithStats((logits > 0).astype(np.uint8), connectivity=8)
    return sorted(stats[1:, cv2.CC_STAT_AREA].tolist())
