"""JSON bodies are refused before they are parsed where they would take too much memory."""

import io
import json
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ParseError

from labeling import json_bodies
from labeling.json_bodies import BoundedJSONParser, is_longer
from labeling.rest import TooLarge

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=20,
)


def parse(text: str) -> Any:
    return BoundedJSONParser().parse(io.BytesIO(text.encode()))


@given(values)
def test_a_body_is_parsed_as_it_was_written(value: Any) -> None:
    assert parse(json.dumps(value)) == value


@pytest.mark.parametrize("item", ["{}", "[]", "[[[[]]]]", "1", '""', '{"a":1}', '"\\",["'])
def test_many_small_values_are_refused_unparsed(item: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_bodies, "MAX_PARSED_BYTES", 100_000)
    assert len(parse(f"[{','.join([item] * 100)}]")) == 100
    monkeypatch.setattr(json_bodies.json, "loads", None)
    with pytest.raises(TooLarge):
        parse(f"[{','.join([item] * 2000)}]")


def test_what_stands_in_strings_counts_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_bodies, "MAX_PARSED_BYTES", 1000)
    text = '[{:,"\\' * 1000
    assert parse(json.dumps({"counts": text})) == {"counts": text}


def test_a_string_without_an_end_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_bodies, "MAX_PARSED_BYTES", 1000)
    began = process_time()
    with pytest.raises(ParseError):
        parse('"' + "{" * 1000 + '" "' + '\\"' * 40_000)
    assert process_time() - began < 2


def test_a_text_that_python_keeps_four_times_as_wide_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_bodies, "MAX_TEXT_BYTES", 2000)
    assert parse(json.dumps("x" * 1000))
    with pytest.raises(TooLarge):
        parse(json.dumps("x" * 1000 + "🐈", ensure_ascii=False))


@pytest.mark.parametrize(
    "text", ["", "{", "NaN", "[1,]", '{"a":}', "\x00", '"\ud800'.encode(errors="replace").decode()]
)
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        parse(text)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(ParseError):
        BoundedJSONParser().parse(io.BytesIO(b'"\xff"'))


@given(values, st.integers(0, 60))
def test_a_value_is_longer_by_its_values_names_and_characters(value: Any, limit: int) -> None:
    assert is_longer(value, limit) == (length(value) > limit)


def length(value: Any) -> int:
    if isinstance(value, str):
        return 1 + len(value)
    if isinstance(value, dict):
        return 1 + len(value) + sum(length(name) + length(inner) for name, inner in value.items())
    return 1 + len(value) + sum(map(length, value)) if isinstance(value, list) else 1
