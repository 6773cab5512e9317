"""How good what was judged is, in figures: by class, by person, over time. Verdicts that were taken back do not count.

An error is what a reviewer rejected or fixed. How many of a hundred are errors is said of first verdicts only: what
comes back mended has been picked. The random sample stands for everything that was handed in, so that its errors are
what reviewing in random order would have found (docs/review.md).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import mean
from typing import Any
from uuid import UUID

from django.db.models import Count, DateField, F, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber, TruncDay, TruncMonth, TruncWeek

from labeling.accounts.models import User
from labeling.projects.models import LabelClass, Project
from labeling.projects.roles import Permission
from labeling.projects.selectors import access, may
from labeling.review.models import Verdict

Rows = list[dict[str, Any]]

FIRST, ACCEPTED = Q(again=False), Q(verdict=Verdict.Choice.ACCEPTED)
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
# Two-sided, 95 %.
Z = 1.96


@dataclass(frozen=True)
class Span:
    """Days, both ends included, as UTC has them."""

    since: date
    until: date

    @property
    def step(self) -> str:
        """A day, a week or a month: at most about a hundred points on a chart."""
        days = (self.until - self.since).days
        return "day" if days <= 35 else "week" if days <= 731 else "month"

    def verdicts(self, project: UUID) -> QuerySet[Verdict]:
        begin, end = (datetime.combine(day, time(), UTC) for day in (self.since, self.until + timedelta(days=1)))
        return Verdict.objects.filter(project=project, at__gte=begin, at__lt=end, undone_at=None).order_by()


def verdicts_for(user: User, project: UUID, span: Span) -> tuple[Project, QuerySet[Verdict], bool]:
    """The verdicts whose figures the user may see, and whether these are only their own: a reviewer's are.

    Raises:
        NotFound, PermissionDenied: as `projects.selectors.access` does.
    """
    found = access(user, project, Permission.REVIEW)
    verdicts, own = span.verdicts(found.id), not may(user, found, Permission.SEE_QUALITY)
    return found, verdicts.filter(by=user) if own else verdicts, own


def report(project: Project, verdicts: QuerySet[Verdict], span: Span) -> dict[str, Any]:
    """Everything that the page shows: a fixed number of queries over one range of one index."""
    totals = verdicts.aggregate(**FIGURES)
    stepped = verdicts.annotate(date=_trunc(span.step))
    return {
        "since": span.since,
        "until": span.until,
        "step": span.step,
        "totals": {**totals, "seconds": _medians(verdicts, "project").get(project.id)},
        "sample": _sample(totals["sample"], totals["sample_errors"]),
        "classes": _of_classes(_by(verdicts, "label_class")),
        "annotators": _of_people(_by(verdicts, "annotator"), "annotator"),
        "reviewers": _of_people(_timed(verdicts, "by"), "by"),
        "times": sorted(_timed(stepped, "date"), key=lambda row: row["date"]),
    }


def table(verdicts: QuerySet[Verdict], span: Span) -> Iterator[dict[str, Any]]:
    """The same figures not summed up: a row for each step, class, annotator and reviewer."""
    keys = ("date", "label_class", "annotator", "by")
    rows = verdicts.annotate(date=_trunc(span.step)).values(*keys)
    counted = rows.annotate(**FIGURES, timed=Count("seconds"), spent=Sum("seconds")).order_by(*keys)
    named = Q(id__in=verdicts.values("annotator")) | Q(id__in=verdicts.values("by"))
    people = dict(User.objects.filter(named).values_list("id", "name"))
    classes = dict(LabelClass.objects.filter(id__in=verdicts.values("label_class")).values_list("id", "name"))
    for row in counted.iterator():
        yield {
            **row,
            "label_class": classes.get(row["label_class"], ""),
            "annotator": people.get(row["annotator"], ""),
            "by": people.get(row["by"], ""),
        }


def interval(hits: int, of: int) -> tuple[float, float] | None:
    """Wilson's 95 % interval of a share; None of nothing."""
    if of == 0:
        return None
    share, z2 = hits / of, Z * Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def _sample(reviewed: int, errors: int) -> dict[str, Any]:
    low, high = interval(errors, reviewed) or (None, None)
    return {"reviewed": reviewed, "errors": errors, "low": low, "high": high}


def _trunc(step: str) -> Any:
    kind = {"day": TruncDay, "week": TruncWeek, "month": TruncMonth}[step]
    return kind("at", output_field=DateField(), tzinfo=UTC)


def _by(verdicts: QuerySet[Verdict], key: str) -> Rows:
    """The figures of each, those with the most verdicts first."""
    return list(verdicts.values(key).annotate(**FIGURES).order_by("-reviewed", key))


def _timed(verdicts: QuerySet[Verdict], key: str) -> Rows:
    """As `_by`, with the median seconds a verdict."""
    medians = _medians(verdicts, key)
    return [{**row, "seconds": medians.get(row[key])} for row in _by(verdicts, key)]


def _medians(verdicts: QuerySet[Verdict], key: str) -> dict[Any, float]:
    """The median seconds of each: means are of coffee breaks. One query, which the database ranks."""
    ranked = verdicts.filter(seconds__isnull=False).annotate(
        twice=2 * Window(RowNumber(), partition_by=[key], order_by=["seconds", "id"]),
        n=Window(Count("id"), partition_by=[key]),
    )
    middle: dict[Any, list[float]] = {}
    for of, seconds in ranked.filter(twice__gte=F("n"), twice__lte=F("n") + 2).values_list(key, "seconds"):
        middle.setdefault(of, []).append(seconds)
    return {of: mean(values) for of, values in middle.items()}


def _of_classes(rows: Rows) -> Rows:
    classes = LabelClass.objects.in_bulk([row["label_class"] for row in rows])
    named = [(row, classes.get(row.pop("label_class"))) for row in rows]
    return [{**row, "class_id": each.id, "name": each.name, "colour": each.colour} for row, each in named if each]


def _of_people(rows: Rows, key: str) -> Rows:
    people = User.objects.in_bulk([row[key] for row in rows])
    return [{**row, "person": people[row.pop(key)]} for row in rows if row[key] in people]
