from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inference import masks
from inference.clicks import predict
from inference.contract import Box, InvalidPrompt, Point, Prompt, logits_from_token
from inference.decode import Decoder, Floats, decode
from inference.embeddings import Embedding

BISON = (Point(512, 384, 1),)
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
