"""What speaks against a mask, in words that are true of it."""

from hypothesis import given
from hypothesis import strategies as st

from labeling.annotations.confidence import AGREED, THERE, doubts
from labeling.annotations.formula import DRAWN

share = st.floats(0, 1)
some_signals = st.fixed_dictionaries(dict.fromkeys(DRAWN, share))


@given(some_signals)
def test_a_doubt_is_told_only_where_what_it_says_is_so(signals: dict[str, float]) -> None:
    told = {doubt["signal"] for doubt in doubts(signals, None, None)}
    assert not [name for name in told & THERE.keys() if signals[name] <= THERE[name]]
    if signals["box_max"] >= AGREED:
        assert "box" not in told


def test_the_weightiest_doubt_comes_first_with_its_figure() -> None:
    usual = dict.fromkeys(DRAWN, 0.9) | {"overlap": 0.97, "border": 0.0, "box_max": 0.05, "box_recall": 0.05}
    told = doubts(usual, None, None)
    assert [doubt["weight"] for doubt in told] == sorted((doubt["weight"] for doubt in told), reverse=True)
    assert "It is nearly the same as another mask (IoU 0.97)" in [doubt["text"] for doubt in told]
