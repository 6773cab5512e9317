"""Decoding against segment_anything's SamPredictor, on the same weights and the same float32 embedding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from inference import masks
from inference.contract import Box, Candidate, Point, Prompt, logits_from_token
from inference.decode import Decoder, decode
from inference.embeddings import Embedding, pack, unpack
from inference.encode import Encoder
from inference.pixels import Picture

if TYPE_CHECKING:
    from segment_anything import SamPredictor
    from segment_anything.modeling import Sam

pytestmark = pytest.mark.sam

PROMPTS_A_PHOTOGRAPH = 24


@dataclass(frozen=True)
class Pair:
    """One mask, ours and the reference's: their IoU and the difference of their scores."""

    iou: float
    score_error: float


@pytest.fixture(scope="module")
def predictors(sam: Sam, photographs: dict[str, Picture]) -> dict[str, SamPredictor]:
    from segment_anything import SamPredictor

    predictors = {name: SamPredictor(sam) for name in photographs}
    for name, predictor in predictors.items():
        predictor.set_image(photographs[name].array())
    return predictors


def reference_embedding(predictor: SamPredictor, picture: Picture) -> Embedding:
    return Embedding(predictor.get_image_embedding()[0].numpy(), picture.width, picture.height)


def test_the_encoder_gives_the_embedding_that_the_reference_gives(
    predictors: dict[str, SamPredictor], photographs: dict[str, Picture], encoder: Encoder
) -> None:
    for name, predictor in predictors.items():
        theirs = reference_embedding(predictor, photographs[name]).values
        assert np.abs(encoder.encode(photographs[name].array()) - theirs).max() < 1e-3


def test_random_prompts_of_every_kind_give_the_reference_s_masks_and_scores(
    predictors: dict[str, SamPredictor], photographs: dict[str, Picture], decoder: Decoder
) -> None:
    random = np.random.default_rng(20)
    pairs: list[Pair] = []
    for name, predictor in predictors.items():
        embedding = reference_embedding(predictor, photographs[name])
        fed_back = None
        for number in range(PROMPTS_A_PHOTOGRAPH):
            prompt = random_prompt(random, embedding, number % 8, fed_back)
            found = decode(decoder, embedding, prompt)
            pairs += compared(found, predicted(predictor, prompt))
            fed_back = found[0].logits
    ious = [pair.iou for pair in pairs]
    print(f"{len(pairs)} masks: IoU mean {np.mean(ious):.6f}, worst {min(ious):.6f}")
    assert min(ious) >= 0.99
    assert max(pair.score_error for pair in pairs) < 1e-3


def test_a_stored_embedding_gives_nearly_the_same_masks(embedded: dict[str, Embedding], decoder: Decoder) -> None:
    random = np.random.default_rng(4)
    ious = []
    for embedding in embedded.values():
        stored = unpack(pack(embedding))
        for _ in range(6):
            prompt = Prompt((a_point(random, embedding, 1),), multimask=False)
            exact, close = decode(decoder, embedding, prompt)[0], decode(decoder, stored, prompt)[0]
            ious.append(masks.iou(exact.segmentation, close.segmentation))
    assert np.mean(ious) > 0.995


def random_prompt(random: np.random.Generator, embedding: Embedding, kind: int, logits: str | None) -> Prompt:
    """One point; several; a box; both; each of these refining a mask; a mask alone."""
    points = (a_point(random, embedding, 1), *(a_point(random, embedding, label) for label in random.integers(0, 2, 3)))
    box = a_box(random, embedding)
    multimask = bool(random.random() < 0.6)
    shown: tuple[tuple[Point, ...], Box | None, str | None] = (
        (points[:1], None, None),
        (points, None, None),
        ((), box, None),
        (points, box, None),
        (points, None, logits),
        ((), None, logits),
        ((), box, logits),
        (points, box, logits),
    )[kind]
    return Prompt(shown[0], shown[1], None, shown[2], multimask)


def a_point(random: np.random.Generator, embedding: Embedding, label: int) -> Point:
    return Point(random.uniform(0, embedding.width), random.uniform(0, embedding.height), int(label))


def a_box(random: np.random.Generator, embedding: Embedding) -> Box:
    x0, x1 = np.sort(random.uniform(0, embedding.width, 2))
    y0, y1 = np.sort(random.uniform(0, embedding.height, 2))
    return Box(float(x0), float(y0), float(x1), float(y1))


def predicted(predictor: SamPredictor, prompt: Prompt) -> list[tuple[Any, float]]:
    """The reference's masks and clamped scores, the best first, less the empty ones."""
    found, scores, _ = predictor.predict(
        point_coords=np.array([(point.x, point.y) for point in prompt.points]) if prompt.points else None,
        point_labels=np.array([point.label for point in prompt.points]) if prompt.points else None,
        box=np.array(prompt.box.to_json()) if prompt.box else None,
        mask_input=logits_from_token(prompt.logits)[None] if prompt.logits else None,
        multimask_output=prompt.multimask,
    )
    both = list(zip(found, np.clip(scores, 0, 1), strict=True))
    return sorted([pair for pair in both if pair[0].any()] or both, key=lambda pair: -pair[1])


def compared(found: list[Candidate], theirs: list[tuple[Any, float]]) -> list[Pair]:
    return [
        Pair(masks.iou(ours.segmentation, masks.encode(mask)) if mask.any() else 1.0, abs(ours.score - float(score)))
        for ours, (mask, score) in zip(found, theirs, strict=True)
    ]
