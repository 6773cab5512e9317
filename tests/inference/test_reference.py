"""Decoding against segment_anything's SamPredictor, on the same weights and the same float32 embedding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from inference import masks
from inference.contract import Box, Candidate, Point, Prompt, logits_from_token, token_from_logits
from inference.decode import Decoder, answer, decode, logits_from_mask
from inference.embeddings import Embedding, pack, unpack
from inference.encode import Encoder
from inference.masks import Rle
from inference.pixels import Picture, inspect
from inference.upsample import upsample

if TYPE_CHECKING:
    from segment_anything import SamPredictor
    from segment_anything.modeling import Sam

pytestmark = pytest.mark.sam

PHOTOS = Path(__file__).resolve().parents[2] / "labeling" / "demo" / "photos"
PROMPTS_A_PHOTOGRAPH = 18
POINTS_A_PHOTOGRAPH = 3
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Pair:
    """One mask, ours and the reference's: their IoU and the difference of their scores."""

    iou: float
    score_error: float


@dataclass(frozen=True)
class Answered:
    """A prompt in an image, and what the reference answers: masks and clamped scores, the best first."""

    embedding: Embedding
    prompt: Prompt
    masks: list[tuple[Rle, float]]


@pytest.fixture(scope="module")
def pictures() -> dict[str, Picture]:
    """All demo photographs."""
    return {path.stem: inspect(path.read_bytes()) for path in sorted(PHOTOS.glob("*.jpg"))}


@pytest.fixture(scope="module")
def predictors(sam: Sam, pictures: dict[str, Picture]) -> dict[str, SamPredictor]:
    from segment_anything import SamPredictor

    predictors = {name: SamPredictor(sam) for name in pictures}
    for name, predictor in predictors.items():
        predictor.set_image(pictures[name].array())
    return predictors


@pytest.fixture(scope="module")
def embeddings(predictors: dict[str, SamPredictor], pictures: dict[str, Picture]) -> dict[str, Embedding]:
    """The reference's own, float32."""
    return {
        name: Embedding(predictor.get_image_embedding()[0].numpy(), pictures[name].width, pictures[name].height)
        for name, predictor in predictors.items()
    }


@pytest.fixture(scope="module")
def answered(predictors: dict[str, SamPredictor], embeddings: dict[str, Embedding]) -> list[Answered]:
    """Random prompts of every kind, with the reference's answers."""
    random = np.random.default_rng(20)
    return [
        each for name, predictor in predictors.items() for each in conversation(random, predictor, embeddings[name])
    ]


@pytest.fixture(scope="module", params=["decoder", "point_decoder", "torch_decoder"])
def runtime(request: pytest.FixtureRequest) -> Decoder:
    """A decoder with mobile_sam's weights: as it is published, by our own graphs, and on torch, there on the GPU if
    there is one."""
    found: Decoder = request.getfixturevalue(request.param)
    return found


def test_the_encoder_gives_the_embedding_that_the_reference_gives(
    embeddings: dict[str, Embedding], photographs: dict[str, Picture], encoder: Encoder
) -> None:
    for name, picture in photographs.items():
        assert np.abs(encoder.encode(picture.array()) - embeddings[name].values).max() < 1e-3


def test_random_prompts_of_every_kind_give_the_reference_s_masks_and_scores(
    runtime: Decoder, answered: list[Answered]
) -> None:
    assert len(answered) >= 200
    pairs: list[Pair] = []
    for each in answered:
        pairs += compared(decode(runtime, each.embedding, each.prompt), each.masks)
    ious, errors = [pair.iou for pair in pairs], [pair.score_error for pair in pairs]
    print(
        f"\n{type(runtime).__name__}, {len(answered)} prompts, {len(pairs)} masks: IoU mean {np.mean(ious):.6f}, "
        f"worst {min(ious):.6f}; scores within {max(errors):.6f}"
    )
    assert np.mean(ious) >= 0.995
    assert min(ious) >= 0.97
    assert max(errors) < 1e-3


def test_a_stored_embedding_gives_nearly_the_same_masks_in_under_a_megabyte(
    embeddings: dict[str, Embedding], decoder: Decoder
) -> None:
    random = np.random.default_rng(4)
    ious: list[float] = []
    sizes = []
    for exact in embeddings.values():
        blob = pack(exact)
        sizes.append(len(blob))
        stored = unpack(blob)
        for _ in range(POINTS_A_PHOTOGRAPH):
            for prompt in shown(a_point(random, exact, 1), exact, decoder):
                ious += map(overlap, readings(decoder, exact, prompt), readings(decoder, stored, prompt))
    print(f"\n{len(ious)} masks: IoU mean {np.mean(ious):.5f}, worst {min(ious):.4f}; at most {max(sizes):,} bytes")
    assert np.mean(ious) >= 0.998
    assert max(sizes) <= MEGABYTE


def conversation(random: np.random.Generator, predictor: SamPredictor, embedding: Embedding) -> Iterator[Answered]:
    """Prompts in one image, each with the reference's answer, which the later ones feed back."""
    fed_back = None
    for number in range(PROMPTS_A_PHOTOGRAPH):
        prompt = random_prompt(random, embedding, number % 9, fed_back)
        found, logits = predicted(predictor, prompt)
        yield Answered(embedding, prompt, [(masks.encode(mask), score) for mask, score in found])
        fed_back = (token_from_logits(logits), masks.encode(found[0][0]))


def random_prompt(
    random: np.random.Generator, embedding: Embedding, kind: int, fed_back: tuple[str, Rle] | None
) -> Prompt:
    """One point; several; a box; both; each of these refining an answer that is fed back; the answer alone; a mask
    that a person gives with points."""
    points = (a_point(random, embedding, 1), *(a_point(random, embedding, label) for label in random.integers(0, 2, 3)))
    box = a_box(random, embedding)
    logits, mask = fed_back or (None, None)
    multimask = bool(random.random() < 0.6)
    shown: tuple[tuple[Point, ...], Box | None, Rle | None, str | None] = (
        (points[:1], None, None, None),
        (points, None, None, None),
        ((), box, None, None),
        (points, box, None, None),
        (points, None, None, logits),
        ((), None, None, logits),
        ((), box, None, logits),
        (points, box, None, logits),
        (points[:2], None, mask, None),
    )[kind]
    return Prompt(*shown, multimask)


def a_point(random: np.random.Generator, embedding: Embedding, label: int) -> Point:
    return Point(random.uniform(0, embedding.width), random.uniform(0, embedding.height), int(label))


def a_box(random: np.random.Generator, embedding: Embedding) -> Box:
    x0, x1 = np.sort(random.uniform(0, embedding.width, 2))
    y0, y1 = np.sort(random.uniform(0, embedding.height, 2))
    return Box(float(x0), float(y0), float(x1), float(y1))


def predicted(predictor: SamPredictor, prompt: Prompt) -> tuple[list[tuple[Any, float]], Any]:
    """The reference's masks and clamped scores, the best first, less the empty ones; and the best one's logits.

    The order is that of the scores before they are clamped, which makes some of them equal.
    """
    found, scores, logits = predictor.predict(
        point_coords=np.array([(point.x, point.y) for point in prompt.points]) if prompt.points else None,
        point_labels=np.array([point.label for point in prompt.points]) if prompt.points else None,
        box=np.array(prompt.box.to_json()) if prompt.box else None,
        mask_input=mask_input(prompt),
        multimask_output=prompt.multimask,
    )
    order = np.argsort(-scores, kind="stable")
    both = [(found[index], float(np.clip(scores[index], 0, 1))) for index in order]
    return [pair for pair in both if pair[0].any()] or both, logits[order[0]]


def mask_input(prompt: Prompt) -> Any:
    if prompt.logits is not None:
        return logits_from_token(prompt.logits)[None]
    return None if prompt.mask is None else logits_from_mask(prompt.mask)[None]


def compared(found: list[Candidate], theirs: list[tuple[Rle, float]]) -> list[Pair]:
    return [
        Pair(overlap(ours.segmentation, mask), abs(ours.score - score))
        for ours, (mask, score) in zip(found, theirs, strict=True)
    ]


def shown(point: Point, embedding: Embedding, decoder: Decoder) -> list[Prompt]:
    """A point, the box of what is found there, and both, as people show things. Of boxes around nothing even the
    float32 masks are a matter of chance."""
    found = decode(decoder, embedding, Prompt((point,)))[0]
    x, y, width, height = found.bbox
    box = Box(x, y, x + width, y + height)
    return [Prompt((point,)), Prompt(box=box, multimask=False), Prompt((point,), box)]


def readings(decoder: Decoder, embedding: Embedding, prompt: Prompt) -> list[Rle]:
    """The decoder's masks in the image's pixels, in its own order."""
    logits, _ = answer(decoder, embedding, prompt)
    return [upsample(each, embedding.width, embedding.height).rle for each in logits]


def overlap(a: Rle, b: Rle) -> float:
    return masks.iou(a, b) if masks.area(a) or masks.area(b) else 1.0
