"""Quality figures: by class, by person, over time. Verdicts that were undone do not count.

An object that a reviewer rejected or fixed is an error. Error rates count first verdicts only, because objects that
come back corrected are a biased selection. The random sample represents everything that was submitted, so its error
rate is what reviewing in random order would find (docs/review.md). The page sums the daily counts of counters.py. The
CSV table reads the verdicts themselves.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from django.db.models import Count, DateField, Q, QuerySet, Sum
from django.db.models.functions import TruncDay, TruncMonth, TruncWeek

from labeling.accounts.models import User
from labeling.projects.models import LabelClass, Project
from labeling.projects.roles import Permission
from labeling.projects.selectors import access, may
from labeling.review.counters import ANNOTATOR, CLASS, FIELDS, FIGURES, REVIEWER
from labeling.review.medians import Group, medians
from labeling.review.models import DailyFigures, Verdict

Rows: TypeAlias = list[dict[str, Any]]

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

    def step_of(self, day: date) -> date:
        """The first day of the step that contains the day. Weeks begin on Monday."""
        if self.step == "week":
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if self.step == "month" else day

    def during(self, step: date) -> Q:
        """The condition for verdicts of the step that begins on this day."""
        after = self.step_of(step + timedelta(days={"day": 1, "week": 7, "month": 32}[self.step]))
        return Q(at__gte=_midnight(step), at__lt=_midnight(after))


@dataclass(frozen=True)
class Scope:
    """The verdicts of a report: those of a project and a span, and of one reviewer only if `by` is set."""

    project: Project
    span: Span
    by: User | None

    @property
    def verdicts(self) -> QuerySet[Verdict]:
        """The verdicts of the scope that were not undone."""
        until = self.span.until + timedelta(days=1)
        return self._own(Verdict.objects.filter(
            project=self.project.id, at__gte=_midnight(self.span.since), at__lt=_midnight(until), undone_at=None
        )).order_by()  # fmt: skip

    def daily(self, of: DailyFigures.Of) -> QuerySet[DailyFigures]:
        """The daily counts of these verdicts."""
        days = (self.span.since, self.span.until)
        rows = DailyFigures.objects.filter(project=self.project.id, of=of, day__range=days, reviewed__gt=0)
        return self._own(rows).order_by()

    def _own(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(by=self.by.id) if self.by else rows


def scope_for(user: User, project: UUID, span: Span) -> Scope:
    """The scope that the user may see: everybody's verdicts for a manager, their own for a reviewer.

    Raises:
        NotFound, PermissionDenied: as `projects.selectors.access` does.
    """
    found = access(user, project, Permission.REVIEW)
    return Scope(found, span, None if may(user, found, Permission.SEE_QUALITY) else user)


def report(scope: Scope) -> dict[str, Any]:
    """The figures of the quality page, from a fixed number of queries over daily counts."""
    span, reviewing = scope.span, _Reviewing(scope)
    totals = reviewing.totals
    return {
        "since": span.since,
        "until": span.until,
        "step": span.step,
        "own": scope.by is not None,
        "totals": {**_figures(totals), "seconds": reviewing.seconds.get(None)},
        "sample": _sample(totals["sample"], totals["sample_errors"]),
        "classes": _of_classes(_summed(scope.daily(CLASS))),
        "annotators": _of_people(_summed(scope.daily(ANNOTATOR))),
        "reviewers": _of_people(_ordered(reviewing.timed(reviewing.reviewers))),
        "times": [
            {"date": row.pop("subject"), **row} for row in reviewing.timed(dict(sorted(reviewing.steps.items())))
        ],
    }


class _Reviewing:
    """The reviewers' daily counts of a scope: in total, by reviewer and by step, with median seconds."""

    def __init__(self, scope: Scope) -> None:
        self.totals: Counter[str] = Counter()
        self.reviewers: dict[UUID, Counter[str]] = defaultdict(Counter)
        self.steps: dict[date, Counter[str]] = defaultdict(Counter)
        tenths: dict[Any, Counter[str]] = defaultdict(Counter)
        for day, by, seconds, *counts in scope.daily(REVIEWER).values_list("day", "by", "seconds", *FIELDS):
            figures = dict(zip(FIELDS, counts, strict=True))
            step = scope.span.step_of(day)
            for summed in (self.totals, self.reviewers[by], self.steps[step]):
                summed.update(figures)
            for key in (by, step):
                tenths[key].update(seconds)
        for by in self.reviewers:
            tenths[None].update(tenths[by])
        conditions: dict[Any, Q] = {None: Q()}
        conditions |= {by: Q(by=by) for by in self.reviewers}
        conditions |= {step: scope.span.during(step) for step in self.steps}
        self.seconds: dict[Any, float] = medians(
            scope.verdicts.filter(seconds__isnull=False),
            [
                Group(key, condition, {int(tenth): n for tenth, n in tenths[key].items()})
                for key, condition in conditions.items()
            ],
        )

    def timed(self, figures: dict[Any, Counter[str]]) -> Rows:
        return [
            {"subject": key, **_figures(counts), "seconds": self.seconds.get(key)} for key, counts in figures.items()
        ]


def table(scope: Scope) -> Iterator[dict[str, Any]]:
    """The same figures not summed up: a row for each step, class, annotator and reviewer."""
    verdicts = scope.verdicts
    keys = ("date", "label_class", "annotator", "by")
    rows = verdicts.annotate(date=_trunc(scope.span.step)).values(*keys)
    counted = rows.annotate(**FIGURES, timed=Count("seconds"), spent=Sum("seconds")).order_by(*keys)
    judged, judging, of_classes = (scope.daily(of).values("subject") for of in (ANNOTATOR, REVIEWER, CLASS))
    people = dict(User.objects.filter(Q(id__in=judged) | Q(id__in=judging)).values_list("id", "name"))
    classes = dict(LabelClass.objects.filter(id__in=of_classes).values_list("id", "name"))
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


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _figures(counts: Counter[str]) -> dict[str, int]:
    return {field: counts[field] for field in FIELDS}


def _summed(rows: QuerySet[DailyFigures]) -> Rows:
    """The counts of each subject, most verdicts first."""
    sums = rows.values_list("subject").annotate(*(Sum(field) for field in FIELDS))
    return _ordered({"subject": subject, **dict(zip(FIELDS, counts, strict=True))} for subject, *counts in sums)


def _ordered(rows: Iterable[dict[str, Any]]) -> Rows:
    return sorted(rows, key=lambda row: (-row["reviewed"], row["subject"]))


def _of_classes(rows: Rows) -> Rows:
    classes = LabelClass.objects.in_bulk([row["subject"] for row in rows])
    named = [(row, classes.get(row.pop("subject"))) for row in rows]
    return [{**row, "class_id": each.id, "name": each.name, "colour": each.colour} for row, each in named if each]


def _of_people(rows: Rows) -> Rows:
    people = User.objects.in_bulk([row["subject"] for row in rows])
    return [{"person": people[row.pop("subject")], **row} for row in rows if row["subject"] in people]
