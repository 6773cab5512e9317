"""Exact medians of the seconds that verdicts took, of many groups of verdicts, without sorting the verdicts.

The daily counts say in which tenth of a second each median lies. Only the verdicts of that tenth are then read, by one
statement whose every part is a range of one index (`verdict_seconds`).
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
# A product with ten may be rounded up to the next tenth.
ROUNDING = 1e-6


@dataclass(frozen=True)
class Group(Generic[K]):
    """Some of the verdicts: their condition, and how many took how many tenths of a second."""

    key: K
    condition: Q
    tenths: Mapping[int, int]


@dataclass(frozen=True)
class Middle(Generic[K]):
    """Where a group's median lies: the tenths of the two middle values, and their ranks among the verdicts of those."""

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
        """Of the group, given how many of its verdicts took exactly how long, in these tenths."""
        values = sorted(value for value in seconds if self.low <= tenth_of(value) <= self.high)
        up_to = list(accumulate(seconds[value] for value in values))
        first, second = (values[bisect_right(up_to, rank)] for rank in self.ranks)
        return (first + second) / 2


def medians(verdicts: QuerySet[Verdict], groups: Iterable[Group[K]]) -> dict[K, float]:
    """The median seconds of each group of these verdicts; none where nothing was timed."""
    middles = [Middle.of(group) for group in groups if group.tenths]
    seconds: dict[int, Counter[float]] = {}
    for start in range(0, len(middles), MAX_UNITED_QUERIES):
        for n, value, count in _counted(verdicts, middles, range(start, min(start + MAX_UNITED_QUERIES, len(middles)))):
            seconds.setdefault(n, Counter())[value] += count
    return {middle.group.key: middle.median(seconds[n]) for n, middle in enumerate(middles)}


def _counted(verdicts: QuerySet[Verdict], middles: Sequence[Middle[Any]], which: range) -> Iterable[Any]:
    """Of each of these middles, by its place: how many of its verdicts took exactly how long."""
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
