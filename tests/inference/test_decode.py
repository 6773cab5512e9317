from __future__ import annotations

import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference import masks
from inference.contract import Box, InvalidPrompt, Point, Prompt, token_from_logits
from inference.decode import Decoder, DecoderMissing, decode, load_decoder
from inference.embeddings import Embedding
from inference.frame import inner_size
from inference.storage import Store, open_store
from inference.upsample import upsample

BISON = Prompt((Point(512, 384, 1),))


def soft_blob(seed: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    noise = np.random.default_rng(seed).normal(0, 1, (256, 256)).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(noise, (0, 0), 12) * 60 - 1.5, np.float32)


def test_an_ambiguous_prompt_has_three_readings_the_best_first(
    decoder: Decoder, embedded: dict[str, Embedding]
) -> None:
    found = decode(decoder, embedded["bison"], BISON)
    assert len(found) == 3
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert all(0 <= each.score <= 1 and 0 <= each.stability_score <= 1 for each in found)


def test_without_multimask_there_is_one(decoder: Decoder, embedded: dict[str, Embedding]) -> None:
    assert len(decode(decoder, embedded["bison"], Prompt(BISON.points, multimask=False))) == 1


def test_a_candidate_s_box_and_area_are_its_mask_s(decoder: Decoder, embedded: dict[str, Embedding]) -> None:
    for each in decode(decoder, embedded["bison"], BISON):
        assert each.segmentation.size == (embedded["bison"].height, embedded["bison"].width)
        assert each.bbox == masks.bbox(each.segmentation)
        assert each.area == masks.area(each.segmentation) > 0


def test_a_candidate_fed_back_with_its_point_stays_what_it_was(
    decoder: Decoder, embedded: dict[str, Embedding]
) -> None:
    best = decode(decoder, embedded["bison"], BISON)[0]
    again = decode(decoder, embedded["bison"], Prompt(BISON.points, logits=best.logits, multimask=False))[0]
    assert masks.iou(best.segmentation, again.segmentation) > 0.9


def test_a_mask_that_a_person_gives_comes_back(decoder: Decoder, embedded: dict[str, Embedding]) -> None:
    best = decode(decoder, embedded["bison"], BISON)[0]
    again = decode(decoder, embedded["bison"], Prompt(mask=best.segmentation, multimask=False))[0]
    assert masks.iou(best.segmentation, again.segmentation) > 0.85


def test_logits_count_where_a_mask_is_given_too(decoder: Decoder, embedded: dict[str, Embedding]) -> None:
    best = decode(decoder, embedded["bison"], BISON)[0]
    other = masks.encode(np.ones((9, 9), np.bool_), best.segmentation.size)
    both = decode(decoder, embedded["bison"], Prompt(BISON.points, mask=other, logits=best.logits))
    assert both == decode(decoder, embedded["bison"], Prompt(BISON.points, logits=best.logits))


def test_candidates_without_a_pixel_are_dropped_unless_all_are(
    decoder: Decoder, embedded: dict[str, Embedding]
) -> None:
    nothing = token_from_logits(np.full((256, 256), -31, np.float32))
    found = decode(decoder, embedded["bison"], Prompt(box=Box(0, 0, 1, 1), logits=nothing))
    assert found
    assert all(each.area for each in found) or not any(each.area for each in found)


def test_a_prompt_that_makes_no_sense_is_refused(decoder: Decoder, embedded: dict[str, Embedding]) -> None:
    with pytest.raises(InvalidPrompt):
        decode(decoder, embedded["bison"], Prompt((Point(-1, 5, 1),)))


def test_calls_at_once_never_mix(decoder: Decoder, embedded: dict[str, Embedding]) -> None:
    calls = [(name, Prompt((Point(300 + 40 * n, 300, 1),))) for n in range(3) for name in embedded]
    one_by_one = [decode(decoder, embedded[name], prompt) for name, prompt in calls]
    with ThreadPoolExecutor(4) as pool:
        at_once = list(pool.map(lambda call: decode(decoder, embedded[call[0]], call[1]), calls))
    assert at_once == one_by_one


def test_many_prompts_get_the_answers_that_each_gets_by_itself(
    decoder: Decoder, embedded: dict[str, Embedding]
) -> None:
    values = embedded["bison"].values
    coordinates = np.random.default_rng(2).uniform(0, 1024, (7, 2, 2)).astype(np.float32)
    labels = np.array([(1, -1)] * 5 + [(1, 0), (2, 3)], np.float32)
    logits, scores = decoder.run_many(values, coordinates, labels)
    for number in range(7):
        alone, score = decoder.run(values, coordinates[number], labels[number], None)
        assert np.array_equal(logits[number], alone)
        assert np.array_equal(scores[number], score)
    assert decoder.run_many(values, coordinates[:0], labels[:0])[0].shape == (0, 4, 256, 256)


def test_a_decoder_is_loaded_once_and_a_missing_one_is_named(store: Store, weights: str, tmp_path: Path) -> None:
    assert load_decoder(store, weights) is load_decoder(open_store(store.root), weights)
    with pytest.raises(DecoderMissing, match="not installed"):
        load_decoder(open_store(str(tmp_path)), weights)


@settings(max_examples=30)
@given(st.integers(1, 1500), st.integers(1, 1500), st.integers(0, 99))
def test_upsampling_inside_the_box_equals_upsampling_everything(width: int, height: int, seed: int) -> None:
    logits = soft_blob(seed)
    inner_width, inner_height = inner_size(width, height)
    whole = cv2.resize(cv2.resize(logits, (1024, 1024))[:inner_height, :inner_width], (width, height))
    found = upsample(logits, width, height)
    # Sums in another order differ in the last bit, which decides pixels that lie exactly on the edge.
    wrong = np.logical_xor(masks.decode(found.rle), np.reshape(whole, (height, width)) > 0).sum()
    assert wrong <= max(2, 1e-4 * width * height)
    assert found.stability_score == pytest.approx(masks.stability_score(np.asarray(whole, np.float32)), abs=0.01)


def test_logits_without_an_object_give_an_empty_mask() -> None:
    found = upsample(np.full((256, 256), -9, np.float32), 300, 200)
    assert (masks.area(found.rle), found.stability_score) == (0, 0)


def test_a_large_image_is_never_an_array_of_numbers() -> None:
    logits = np.full((256, 256), -9, np.float32)
    logits[100:110, 100:110] = 9
    tracemalloc.start()
    try:
        found = upsample(logits, 10_000, 10_000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert masks.area(found.rle) > 100_000
    assert peak < 40_000_000
