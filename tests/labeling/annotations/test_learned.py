"""What only a project's verdicts can weigh: what is said of it is so, and what is unknown says nothing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.annotations.confidence import Calibrated, doubts
from labeling.annotations.learned import MEASURES, measures

WEIGHTS = {"margin": (4.0, 0.3), "edits": (-1.0, 0.2), "class_size": (-0.5, 0.7), "disagreement": (-3.0, 0.05)}
values = {"margin": st.floats(0, 1), "edits": st.integers(0, 50), "class_size": st.floats(-9, 9),
          "disagreement": st.floats(0, 1)}  # fmt: skip


@given(st.fixed_dictionaries({}, optional=values))
def test_what_is_unknown_says_nothing(signals: dict[str, Any]) -> None:
    weighed = Calibrated(learned=WEIGHTS).weighed(measures(signals))
    assert weighed.keys() == signals.keys()
    assert Calibrated().weighed(measures(signals)) == {}


@pytest.mark.parametrize(
    ("signals", "text"),
    [
        ({"margin": 0.01}, "SAM is undecided between readings of the place"),
        ({"margin": 0.4}, None),
        ({"edits": 3.0}, "It was changed by hand after SAM (3 ×)"),
        ({"edits": 0.0}, None),
        ({"class_size": 2.5}, "It is unusually large for its class"),
        ({"class_size": -2.5}, "It is unusually small for its class"),
        ({"class_size": 1.0}, None),
        ({"disagreement": 0.25}, "Somebody else drew the same thing otherwise (IoU 0.75)"),
        ({"disagreement": 1.0}, "Somebody else gave the same thing another class"),
        ({"disagreement": 0.02}, None),
    ],
)
def test_a_doubt_says_what_is_so(signals: dict[str, float], text: str | None) -> None:
    told = doubts({**signals, "learned": dict.fromkeys(MEASURES, -1.0)}, None, None)
    assert [doubt["text"] for doubt in told] == ([text] if text else [])
