"""What is said of an object beside its class: the schema of a class's attributes, and which values fit it; pure.

An attribute is `{id, name, kind, choices, required, default}`, as `projects.api.AttributeSerializer` checks it. Values
are kept by `id`, so that renaming one loses none. Changing a schema touches no value: one that no longer fits stays
until somebody changes it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Attribute = Mapping[str, Any]

LONGEST_TEXT = 2000
LARGEST = 1e300


def refusal(attribute: Attribute, value: Any) -> str | None:
    """Why this cannot be the attribute's value, as a sentence; None where it can."""
    fits, what = _KINDS[attribute["kind"]]
    return None if fits(attribute, value) else f"“{attribute['name']}” is {what(attribute)}."


def missing(schema: Sequence[Attribute], values: Mapping[str, Any]) -> list[str]:
    """The names of the required attributes that have no value."""
    return [one["name"] for one in schema if one["required"] and values.get(one["id"]) in (None, "", [])]


def _is_choice(attribute: Attribute, value: Any) -> bool:
    return isinstance(value, str) and value in attribute["choices"]


def _is_choices(attribute: Attribute, value: Any) -> bool:
    if not isinstance(value, list) or not all(_is_choice(attribute, one) for one in value):
        return False
    return len(set(value)) == len(value)


def _is_number(attribute: Attribute, value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST


def _is_text(attribute: Attribute, value: Any) -> bool:
    # What no database keeps: the character NUL, and halves of characters.
    return isinstance(value, str) and len(value) <= LONGEST_TEXT and not re.search("[\0\ud800-\udfff]", value)


def _is_yes_no(attribute: Attribute, value: Any) -> bool:
    return isinstance(value, bool)


def _listed(attribute: Attribute) -> str:
    return ", ".join(attribute["choices"])


_KINDS: dict[str, tuple[Callable[[Attribute, Any], bool], Callable[[Attribute], str]]] = {
    "choice": (_is_choice, lambda attribute: f"one of: {_listed(attribute)}"),
    "choices": (_is_choices, lambda attribute: f"a list of some of: {_listed(attribute)}"),
    "number": (_is_number, lambda _: "a number"),
    "text": (_is_text, lambda _: f"a text of at most {LONGEST_TEXT:,} characters"),
    "yes_no": (_is_yes_no, lambda _: "true or false"),
}
KINDS = tuple(_KINDS)
