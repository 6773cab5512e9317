"""The stored daily counts equal a recount of the verdicts, and figures summed from them equal the old figures."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from statistics import median
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from labeling.accounts.models import User
from labeling.annotations.models import Annotation
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Project
from labeling.review import counters, quality
from labeling.review.medians import Group, medians
from labeling.review.models import DailyFigures, Verdict
from labeling.review.quality import Scope, Span
from tests.labeling.annotations.test_tally import World
from tests.labeling.making import annotate

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

verdicts_given = st.lists(
    st.fixed_dictionaries(
        {
            "hours": st.integers(0, 80 * 24),
            "verdict": st.sampled_from(Verdict.Choice.values),
            "label_class": st.integers(0, 1),
            "annotator": st.integers(0, 1),
            "by": st.integers(0, 1),
            "sampled": st.booleans(),
            "again": st.booleans(),
            "undone": st.booleans(),
            "seconds": st.none() | st.floats(0, 3600) | st.sampled_from([0.3, 0.7, 1.1, 2.0, 4.35, 8.2]),
        }
    ),
    max_size=30,
)


class FiguresTest(TestCase):
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(verdicts_given, st.sampled_from([20, 79, 1000]), st.booleans())
    def test_the_report_is_what_the_verdicts_themselves_say(
        self, rows: list[dict[str, Any]], days: int, own: bool
    ) -> None:
        world = World()
        annotation = annotate(world.people[0], world.image, world.classes[0])
        made = Verdict.objects.bulk_create(_verdict(world, annotation, row) for row in rows)
        counters.recount(world.project.id)
        span = Span(NOON.date() - timedelta(days=3), NOON.date() - timedelta(days=3) + timedelta(days=days))
        report = quality.report(Scope(world.project, span, world.people[1] if own else None))
        seen = [
            verdict
            for verdict in made
            if verdict.undone_at is None and span.since <= verdict.at.date() <= span.until
            and (not own or verdict.by_id == world.people[1].id)
        ]  # fmt: skip
        assert report["totals"] == {**_figures(seen), "seconds": _median(seen)}
        assert _by(report["classes"], "class_id") == _counted(seen, lambda verdict: verdict.label_class)
        assert _by(report["annotators"], "person") == _counted(seen, lambda verdict: verdict.annotator)
        assert _by(report["reviewers"], "person") == _counted(seen, lambda verdict: verdict.by_id, timed=True)
        steps = _counted(seen, lambda verdict: _step(span, verdict.at.date()), timed=True)
        assert {row.pop("date"): row for row in report["times"]} == steps

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.tuples(st.sampled_from(["accept", "reject", "undo", "hand in", "edit"]), st.integers(0, 9)),
                    min_size=5, max_size=20))  # fmt: skip
    def test_what_is_kept_with_each_verdict_is_what_a_recount_gives(self, steps: list[tuple[str, int]]) -> None:
        world = World()
        for n in range(3):
            annotate(world.people[0], world.image, world.classes[n % 2], predicted_iou=0.1)
        world.try_steps([("hand in", 0), *steps])
        assert _rows() == _recounted()


def _verdict(world: World, annotation: Annotation, row: dict[str, Any]) -> Verdict:
    at = NOON - timedelta(days=5) + timedelta(hours=row["hours"])
    return Verdict(
        annotation=annotation, project=world.project.id, version=1, confidence=0.5, verdict=row["verdict"],
        label_class=world.classes[row["label_class"]].id, annotator=world.people[row["annotator"]].id,
        by=world.people[row["by"]], sampled=row["sampled"], again=row["again"], seconds=row["seconds"], at=at,
        undone_at=at if row["undone"] else None,
    )  # fmt: skip


def _figures(verdicts: list[Verdict]) -> dict[str, int]:
    first = [verdict for verdict in verdicts if not verdict.again]
    sample = [verdict for verdict in first if verdict.sampled]
    by_choice = {choice: sum(verdict.verdict == choice for verdict in verdicts) for choice in Verdict.Choice.values}
    wrong = [sum(verdict.verdict != "accepted" for verdict in some) for some in (first, sample)]
    return {
        "reviewed": len(verdicts), **by_choice, "first": len(first), "errors": wrong[0], "sample": len(sample),
        "sample_errors": wrong[1],
    }  # fmt: skip


def _median(verdicts: list[Verdict]) -> float | None:
    seconds = [verdict.seconds for verdict in verdicts if verdict.seconds is not None]
    return median(seconds) if seconds else None


def _counted(verdicts: list[Verdict], key: Callable[[Verdict], Any], *, timed: bool = False) -> dict[Any, Any]:
    groups: dict[Any, list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault(key(verdict), []).append(verdict)
    return {
        of: {**_figures(group), **({"seconds": _median(group)} if timed else {})} for of, group in groups.items()
    }  # fmt: skip


def _by(rows: list[dict[str, Any]], key: str) -> dict[Any, Any]:
    named = [(row.pop(key), row) for row in rows]
    left_out = ("name", "colour")
    return {
        getattr(of, "id", of): {name: value for name, value in row.items() if name not in left_out}
        for of, row in named
    }  # fmt: skip


def _step(span: Span, day: date) -> date:
    if span.step == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if span.step == "month" else day


def _rows() -> list[str]:
    rows = DailyFigures.objects.exclude(reviewed=0).values()
    for row in rows:
        row["seconds"] = sorted(row["seconds"].items())
    return sorted(str({name: value for name, value in row.items() if name != "id"}) for row in rows)


def _recounted() -> list[str]:
    for project in Project.objects.all():
        counters.recount(project.id)
    return _rows()


@pytest.fixture
def many_verdicts(annotator: User, reviewer: User, manager: User, image: Image, cat: LabelClass) -> list[Verdict]:
    annotation = annotate(annotator, image, cat)
    draw = random.Random(1)
    return Verdict.objects.bulk_create(
        Verdict(
            annotation=annotation, project=image.project_id, label_class=cat.id, annotator=annotator.id,
            by=draw.choice([reviewer, manager]), verdict="accepted", version=1, confidence=0.5,
            seconds=draw.lognormvariate(1, 1), at=NOON - timedelta(minutes=n),
        )
        for n in range(8000)
    )  # fmt: skip


def test_the_migration_counts_the_verdicts_that_were_there(project: Project, many_verdicts: list[Verdict]) -> None:
    migration = import_module("labeling.review.migrations.0007_daily_figures")
    migration.count_verdicts(apps, None)
    assert DailyFigures.objects.filter(of="reviewer", reviewed__gt=0).exists()
    assert _rows() == _recounted()


def test_figures_are_answered_by_ranges_of_indexes(project: Project, many_verdicts: list[Verdict]) -> None:
    counters.recount(project.id)
    for n in range(1, 800):
        # Rows of other days, which counting must skip.
        DailyFigures(project=project.id, of="class", day=NOON.date() - timedelta(days=n + 9), by=UUID(int=n),
                     subject=UUID(int=n), reviewed=1).save()  # fmt: skip
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    scope = Scope(project, Span(NOON.date() - timedelta(days=3), NOON.date()), None)
    for of in DailyFigures.Of:
        assert "daily_figures_once" in scope.daily(of).explain() or connection.vendor == "sqlite"
        assert "Seq Scan" not in scope.daily(of).explain()
    tenth = scope.verdicts.filter(seconds__isnull=False, seconds__gte=2.7, seconds__lt=2.8)
    assert "verdict_seconds" in tenth.values_list("seconds").explain()


def test_a_median_lies_between_the_two_middle_values_however_far_apart(
    project: Project, many_verdicts: list[Verdict]
) -> None:
    Verdict.objects.update(undone_at=NOON)
    for verdict, seconds in zip(many_verdicts, (1.0, 2.5, 1000.25, 2000.0), strict=False):
        Verdict.objects.filter(id=verdict.id).update(seconds=seconds, undone_at=None)
    tenths = {10: 1, 25: 1, 10002: 1, 20000: 1}
    found = medians(Verdict.objects.filter(undone_at=None, seconds__isnull=False), [Group("all", Q(), tenths)])
    assert found == {"all": (2.5 + 1000.25) / 2}


def test_the_command_names_the_projects_whose_counters_are_wrong_and_corrects_them(
    project: Project, many_verdicts: list[Verdict], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("recount")
    call_command("recount", "--check")
    assert capsys.readouterr().out.splitlines()[-1] == "All counters are right."
    DailyFigures.objects.filter(of="reviewer").update(accepted=1)
    with pytest.raises(SystemExit):
        call_command("recount", "--check")
    assert f"Animals ({project.id}): counters are wrong." in capsys.readouterr().out
    call_command("recount")
    assert f"Animals ({project.id}): counters were wrong." in capsys.readouterr().out
    call_command("recount", "--check")
