from __future__ import annotations

import base64
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference import masks
from inference.contract import InvalidPrompt, Prompt, logits_from_token, token_from_logits
from inference.messages import EmbedTask

WIDTH, HEIGHT = 40, 30
MASK = masks.encode(np.eye(HEIGHT, WIDTH, dtype=np.bool_)).to_json()
TOKEN = token_from_logits(np.zeros((256, 256), np.float32))
NAN, INFINITY = float("nan"), float("inf")


def point(x: Any, y: Any, label: Any = 1) -> dict[str, Any]:
    return {"x": x, "y": y, "label": label}


def check(data: Any) -> None:
    Prompt.from_json(data).check(WIDTH, HEIGHT)


@pytest.mark.parametrize(
    "data",
    [
        {"points": [point(0, 0)]},
        {"points": [point(WIDTH, HEIGHT)]},
        {"points": [point(1.5, 2, 1), point(3, 3, 0)], "multimask": False},
        {"points": [], "box": [0, 0, 0.5, 0.5]},
        {"points": [], "box": [-5, -5, 99, 99]},
        {"points": [point(1, 1, 0)], "box": [0, 0, 9, 9]},
        {"mask": MASK},
        {"points": [point(1, 1, 0)], "mask": MASK},
        {"logits": TOKEN},
    ],
)
def test_a_prompt_that_shows_something_is_accepted_and_comes_back_from_json(data: Any) -> None:
    check(data)
    prompt = Prompt.from_json(data)
    assert Prompt.from_json(prompt.to_json()) == prompt


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({}, ""),
        ([], ""),
        ({"points": []}, ""),
        ({"points": 3}, "/points"),
        ({"points": [7]}, "/points/0"),
        ({"points": [point(1, 1)] * 257}, "/points"),
        ({"points": [point(1, 1, 0)]}, "/points"),
        ({"points": [point(1, 1), point(WIDTH + 0.1, 1)]}, "/points/1/x"),
        ({"points": [point(1, -0.1)]}, "/points/0/y"),
        ({"points": [point(NAN, 1)]}, "/points/0/x"),
        ({"points": [point(1, INFINITY)]}, "/points/0/y"),
        ({"points": [point(10**400, 1)]}, "/points/0/x"),
        ({"points": [point("1", 1)]}, "/points/0/x"),
        ({"points": [point(True, 1)]}, "/points/0/x"),
        ({"points": [point(1, 1, 2)]}, "/points/0/label"),
        ({"points": [point(1, 1, True)]}, "/points/0/label"),
        ({"points": [point(1, 1, [])]}, "/points/0/label"),
        ({"box": [1, 2, 3]}, "/box"),
        ({"box": [1, 2, 1, 4]}, "/box"),
        ({"box": [5, 2, 1, 4]}, "/box"),
        ({"box": [1, 2, NAN, 4]}, "/box/2"),
        ({"box": [0, 0, 10**400, 5]}, "/box/2"),
        ({"box": [WIDTH, 0, WIDTH + 5, 5]}, "/box"),
        ({"box": [-5, -5, 0, 5]}, "/box"),
        ({"mask": {"size": [HEIGHT, WIDTH], "counts": "1"}}, "/mask"),
        ({"mask": masks.encode(np.ones((WIDTH, HEIGHT), np.bool_)).to_json()}, "/mask/size"),
        ({"logits": 3}, "/logits"),
        ({"logits": ""}, "/logits"),
        ({"logits": "###"}, "/logits"),
        ({"logits": "é"}, "/logits"),
        ({"logits": base64.b64encode(b"no deflate").decode()}, "/logits"),
        ({"logits": base64.b64encode(zlib.compress(bytes(256 * 256 - 1))).decode()}, "/logits"),
        ({"logits": base64.b64encode(zlib.compress(bytes(256 * 256 + 1))).decode()}, "/logits"),
        ({"logits": base64.b64encode(zlib.compress(bytes(256 * 256))[:-9]).decode()}, "/logits"),
        ({"points": [point(1, 1)], "multimask": 1}, "/multimask"),
    ],
)
def test_a_prompt_that_makes_no_sense_is_refused_with_a_sentence_and_a_place(data: Any, pointer: str) -> None:
    with pytest.raises(InvalidPrompt) as refused:
        check(data)
    assert refused.value.pointer == pointer
    assert refused.value.message.endswith(".")


@given(st.floats(-40, 40))
def test_logits_come_back_from_their_token_within_a_step(value: float) -> None:
    back = logits_from_token(token_from_logits(np.full((256, 256), value, np.float32)))
    assert np.abs(back - np.clip(value, -31.75, 31.75)).max() <= 0.125


def test_a_small_token_that_unfolds_into_much_is_refused() -> None:
    bomb = base64.b64encode(zlib.compress(bytes(50_000_000))).decode()
    with pytest.raises(InvalidPrompt):
        logits_from_token(bomb)


def test_the_embed_message_comes_back_from_json() -> None:
    task = EmbedTask("job", 2, None, "originals/1", "ab", "mobile_sam")
    assert EmbedTask.from_json(task.to_json()) == task
