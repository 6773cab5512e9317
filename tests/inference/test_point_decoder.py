from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import onnx
import pytest

from inference.decode import Decoder, Floats, load_decoder
from inference.decoder_parameters import TOKENS, parameters
from inference.embeddings import Embedding
from inference.models import decoder_key
from inference.point_decoder import FEW_POINTS, load_point_decoder
from inference.storage import Store, open_store

# A point and padding; a point on and one off the object; a box with padding.
LABELS = np.array([[1, -1], [1, 0], [2, 3]], np.float32)


@pytest.fixture(scope="module")
def prompts() -> tuple[Floats, Floats]:
    """Coordinates and labels of prompts of every kind, in the part of the square that all photographs fill."""
    corners = np.random.default_rng(4).uniform(0, 680, (12, 2, 2)).astype(np.float32)
    return np.sort(corners, axis=1), np.tile(LABELS, (4, 1))


def test_prompts_are_answered_as_the_published_decoder_answers_them(
    decoder: Decoder, point_decoder: Decoder, embedded: dict[str, Embedding], prompts: tuple[Floats, Floats]
) -> None:
    for image in embedded.values():
        logits, scores = point_decoder.run_many(image.values, *prompts)
        expected_logits, expected_scores = decoder.run_many(image.values, *prompts)
        assert np.abs(scores - expected_scores).max() < 1e-4
        assert np.abs(logits - expected_logits).max() < 1e-2
        assert expected_logits.std() > 1


def test_a_prompt_may_have_any_number_of_points(
    decoder: Decoder, point_decoder: Decoder, embedded: dict[str, Embedding]
) -> None:
    points = np.random.default_rng(5).uniform(0, 680, (1, 9, 2)).astype(np.float32)
    labels = np.array([[1, 1, 0, 0, 1, 2, 3, -1, -1]], np.float32)
    asked = (embedded["owl"].values, points, labels)
    assert np.abs(point_decoder.run_many(*asked)[0] - decoder.run_many(*asked)[0]).max() < 1e-2


@pytest.mark.parametrize("count", [1, FEW_POINTS - 1, FEW_POINTS + 1])
def test_single_prompts_are_answered_alike_with_and_without_a_mask(
    decoder: Decoder, point_decoder: Decoder, embedded: dict[str, Embedding], count: int
) -> None:
    points = np.random.default_rng(6).uniform(0, 680, (count + 1, 2)).astype(np.float32)
    labels = np.array([1] * count + [-1], np.float32)
    given = decoder.run(embedded["duck"].values, points, labels, None)[0][0]
    for mask in (None, given):
        logits, scores = point_decoder.run(embedded["duck"].values, points, labels, mask)
        expected_logits, expected_scores = decoder.run(embedded["duck"].values, points, labels, mask)
        assert np.abs(scores - expected_scores).max() < 1e-4
        assert np.abs(logits - expected_logits).max() < 1e-2


def test_only_masks_with_the_least_score_are_worked_out(
    point_decoder: Decoder, embedded: dict[str, Embedding], prompts: tuple[Floats, Floats]
) -> None:
    logits, scores = point_decoder.run_many(embedded["bison"].values, *prompts)
    least = float(np.median(scores))
    some, same_scores = point_decoder.run_many(embedded["bison"].values, *prompts, least=least)
    assert (same_scores == scores).all()
    assert not some[scores < least].any()
    assert some[scores >= least] == pytest.approx(logits[scores >= least], abs=1e-3)


@pytest.mark.sam
def test_the_parameters_in_an_export_of_a_checkpoint_are_its_own() -> None:
    import torch

    from inference.checkpoints import export_decoder
    from tests.inference import small_sam

    sam = small_sam.build()
    for each in sam.parameters():
        # The export keeps one of those that are equal.
        torch.nn.init.normal_(each)
    expected = sam.state_dict()
    found = parameters(export_decoder(sam))
    for name in found.keys() & expected.keys():
        assert found[name].ravel() == pytest.approx(expected[name].numpy().ravel())
    assert found[TOKENS][1:] == pytest.approx(expected["mask_decoder.mask_tokens.weight"].numpy())
    assert {each for each in expected if each.startswith("mask_decoder")} - found.keys() == {
        "mask_decoder.iou_token.weight",
        "mask_decoder.mask_tokens.weight",
    }


def test_an_export_that_hides_its_parameters_is_run_as_it_is(
    store: Store, weights: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    renamed = onnx.load_from_string(store.read(decoder_key(weights)))
    for each in renamed.graph.node:
        each.input[:] = [name.replace("prompt_encoder", "hidden") for name in each.input]
    for constant in renamed.graph.initializer:
        constant.name = constant.name.replace("prompt_encoder", "hidden")
    other = open_store(str(tmp_path))
    other.write(decoder_key(weights), renamed.SerializeToString())
    with caplog.at_level(logging.WARNING):
        assert load_point_decoder(other, weights) is load_decoder(other, weights)
    assert "will take longer" in caplog.text
