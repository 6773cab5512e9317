"""Daily counts of the verdicts that were not undone. With them, quality figures read no verdicts.

A verdict counts in three rows of its day and reviewer: the reviewer's own, that of its class and that of its annotator.
Call `count` after `append`, which locks the project's log to the end of the transaction. So one transaction at a time
counts in a project (docs/locks.md), and it reads and writes only a few rows of its reviewer.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, DateField, F, Q, QuerySet
from django.db.models.functions import Floor, TruncDay

from labeling.events.models import Stream
from labeling.review.models import DailyFigures, Verdict

REVIEWER, CLASS, ANNOTATOR = DailyFigures.Of
# (of, day, reviewer, subject)
Key = tuple[str, date, UUID, UUID]
Row = dict[str, Any]

FIELDS = ("reviewed", "accepted", "fixed", "rejected", "first", "errors", "sample", "sample_errors")
FIRST, ACCEPTED = Q(again=False), Q(verdict=Verdict.Choice.ACCEPTED)
# The same figures, counted from verdict rows by the database.
FIGURES = {
    "reviewed": Count("id"),
    "accepted": Count("id", filter=ACCEPTED),
    "fixed": Count("id", filter=Q(verdict=Verdict.Choice.FIXED)),
    "rejected": Count("id", filter=Q(verdict=Verdict.Choice.REJECTED)),
    "first": Count("id", filter=FIRST),
    "errors": Count("id", filter=FIRST & ~ACCEPTED),
    "sample": Count("id", filter=FIRST & Q(sampled=True)),
    "sample_errors": Count("id", filter=FIRST & Q(sampled=True) & ~ACCEPTED),
}
COLUMNS = {CLASS: "label_class", ANNOTATOR: "annotator", REVIEWER: "by"}


def tenth_of(seconds: float) -> int:
    """The tenth of a second in which a duration is counted."""
    return int(seconds * 10)


def count(project: UUID, verdicts: Iterable[Verdict], sign: int = 1) -> None:
    """Add verdicts of a project to the counts, or subtract them with `sign` -1. Call it after `append`."""
    changes, seconds = _changes(verdicts)
    kept = {_key(row): row for row in _rows_of(project, changes)}
    fresh = []
    for key, change in changes.items():
        row = kept.get(key) or _empty(project, key)
        for field, n in change.items():
            setattr(row, field, getattr(row, field) + sign * n)
        for tenth, n in seconds[key].items():
            row.seconds[tenth] = row.seconds.get(tenth, 0) + sign * n
        fresh.append(row)
    _write(fresh)


@transaction.atomic
def recount(project: UUID) -> None:
    """Replace the counts of a project by counting its verdicts."""
    Stream.objects.select_for_update().get_or_create(project=project)
    DailyFigures.objects.filter(project=project).delete()
    DailyFigures.objects.bulk_create(
        (DailyFigures(**row) for row in counted(Verdict.objects.filter(project=project))), batch_size=2000
    )


def counted(verdicts: QuerySet[Verdict]) -> Iterator[Row]:
    """The rows of DailyFigures that these verdicts make."""
    days = verdicts.filter(undone_at=None).annotate(day=TruncDay("at", output_field=DateField(), tzinfo=UTC)).order_by()
    seconds: dict[tuple[UUID, date, UUID], dict[str, int]] = defaultdict(dict)
    timed = days.filter(seconds__isnull=False).annotate(tenth=Floor(F("seconds") * 10))
    for project, day, by, tenth, n in timed.values_list("project", "day", "by", "tenth").annotate(n=Count("*")):
        seconds[project, day, by][str(int(tenth))] = n
    for of, column in COLUMNS.items():
        for row in days.values("project", "day", "by", subject=F(column)).annotate(**FIGURES).iterator():
            timings = seconds[row["project"], row["day"], row["by"]] if of == REVIEWER else {}
            yield {**row, "of": of, "seconds": timings}


def _changes(verdicts: Iterable[Verdict]) -> tuple[dict[Key, Counter[str]], dict[Key, Counter[str]]]:
    """The changes of verdicts to each row: of its counts, and of its seconds."""
    changes: dict[Key, Counter[str]] = defaultdict(Counter)
    seconds: dict[Key, Counter[str]] = defaultdict(Counter)
    for verdict in verdicts:
        day = verdict.at.astimezone(UTC).date()
        subjects = {REVIEWER: verdict.by_id, CLASS: verdict.label_class, ANNOTATOR: verdict.annotator}
        for of, subject in subjects.items():
            changes[of, day, verdict.by_id, subject].update(_figures(verdict))
        if verdict.seconds is not None:
            seconds[REVIEWER, day, verdict.by_id, verdict.by_id][str(tenth_of(verdict.seconds))] += 1
    return changes, seconds


def _figures(verdict: Verdict) -> dict[str, int]:
    first, wrong = not verdict.again, verdict.verdict != Verdict.Choice.ACCEPTED
    return {
        "reviewed": 1,
        str(verdict.verdict): 1,
        "first": int(first),
        "errors": int(first and wrong),
        "sample": int(first and verdict.sampled),
        "sample_errors": int(first and wrong and verdict.sampled),
    }


def _rows_of(project: UUID, keys: Iterable[Key]) -> QuerySet[DailyFigures]:
    """The rows of these keys, and few others."""
    wanted = list(keys)
    return DailyFigures.objects.filter(
        project=project,
        of__in=set(COLUMNS),
        day__in={day for _, day, _, _ in wanted},
        by__in={by for _, _, by, _ in wanted},
        subject__in={subject for _, _, _, subject in wanted},
    )


def _key(row: DailyFigures) -> Key:
    return row.of, row.day, row.by, row.subject


def _empty(project: UUID, key: Key) -> DailyFigures:
    of, day, by, subject = key
    return DailyFigures(project=project, of=of, day=day, by=by, subject=subject)


def _write(rows: list[DailyFigures]) -> None:
    for row in rows:
        row.seconds = {tenth: n for tenth, n in row.seconds.items() if n}
        row.pk = None
    DailyFigures.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["project", "of", "day", "by", "subject"],
        update_fields=[*FIELDS, "seconds"],
    )
