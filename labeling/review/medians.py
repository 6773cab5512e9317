"""Exact median durations of many groups of verdicts, without sorting the verdicts.

The daily counts tell in which tenth of a second each median lies. Then only the verdicts in that tenth are read, in one
statement in which every part is a range of the index `verdict_seconds`.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Generic, TypeVar

from django.db.models import Count, IntegerField, Q, QuerySet, Value

from labeling.review.counters import tenth_of
from labeling.review.models import Verdict

K = TypeVar("K")

# SQLite unites at most 500 queries.
MAX_UNITED_QUERIES = 200
# Multiplying by ten may round up to the next tenth.
ROUNDING = 1e-6


@dataclass(frozen=True)
class Group(Generic[K]):
    """Verdicts that meet a condition. `tenths` counts them by their duration in tenths of a second."""

    key: K
    condition: Q
    tenths: Mapping[int, int]


@dataclass(frozen=True)
class Middle(Generic[K]):
    """The tenths that contain the two middle values of a group, and the ranks of these values within the tenths."""

    group: Group[K]
    low: int
    high: int
    ranks: tuple[int, int]

    @classmethod
    def of(cls, group: Group[K]) -> "Middle[K]":
        tenths = sorted(group.tenths)
        up_to = list(accumulate(group.tenths[tenth] for tenth in tenths))
        first, second = (up_to[-1] - 1) // 2, up_to[-1] // 2
        low, high = bisect_right(up_to, first), bisect_right(up_to, second)
        before = up_to[low - 1] if low else 0
        return cls(group, tenths[low], tenths[high], (first - before, second - before))

    def median(self, seconds: Mapping[float, int]) -> float:
        """The median of the group, given the number of its verdicts by exact duration."""
        values = sorted(value for value in seconds if self.low <= tenth_of(value) <= self.high)
        up_to = list(accumulate(seconds[value] for value in values))
        first, second = (values[bisect_right(up_to, rank)] for rank in self.ranks)
        return (first + second) / 2


def medians(verdicts: QuerySet[Verdict], groups: Iterable[Group[K]]) -> dict[K, float]:
    """The median seconds of each group. Groups without timed verdicts are left out."""
    middles = [Middle.of(group) for group in groups if group.tenths]
    seconds: dict[int, Counter[float]] = {}
    for start in range(0, len(middles), MAX_UNITED_QUERIES):
        for n, value, count in _counted(verdicts, middles, range(start, min(start + MAX_UNITED_QUERIES, len(middles)))):
            seconds.setdefault(n, Counter())[value] += count
    return {middle.group.key: middle.median(seconds[n]) for n, middle in enumerate(middles)}


def _counted(verdicts: QuerySet[Verdict], middles: Sequence[Middle[Any]], which: range) -> Iterable[Any]:
    """Rows (index of the middle, seconds, number of verdicts with this duration)."""
    parts = [
        verdicts.filter(
            middles[n].group.condition,
            seconds__gte=middles[n].low / 10 - ROUNDING,
            seconds__lt=(middles[n].high + 1) / 10 + ROUNDING,
        )
        .annotate(n=Value(n, IntegerField()))
        .values_list("n", "seconds")
        .annotate(count=Count("*"))
        .order_by()
        for n in which
    ]
    return parts[0].union(*parts[1:], all=True) if parts else []
