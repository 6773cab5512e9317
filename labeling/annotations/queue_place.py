"""The place of a confidence in the review queue, in Python and in SQL.

An unknown confidence stands at UNKNOWN_PLACE: behind what is rather rejected than accepted, before the rest. This is
0.5 and a hair more, so that no known confidence stands there, and ranges of places separate known from unknown.
"""

from typing import Any

from django.db.models import FloatField, Func

UNKNOWN_PLACE = 0.500000001


def place_of(confidence: float | None) -> float:
    return UNKNOWN_PLACE if confidence is None else confidence


class QueuePlace(Func):
    """`place_of` a column. A literal, not a parameter: SQLite uses an index on an expression only for the same text."""

    template = f"COALESCE(%(expressions)s, {UNKNOWN_PLACE!r})"
    arity = 1

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        super().__init__(*expressions, output_field=FloatField(), **extra)
