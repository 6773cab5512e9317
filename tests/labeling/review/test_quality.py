"""Figures of review: computed by hand here, and by the database there."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Project
from labeling.review import counters
from labeling.review.models import Verdict
from labeling.review.quality import interval
from labeling.review.quality_api import COLUMNS, write_csv
from tests.labeling.making import API, annotate, problem
from tests.labeling.review.asking import Make, verdict

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SPAN = {"since": "2026-03-01", "until": "2026-03-31"}


@pytest.fixture
def given_verdict(
    project: Project, annotator: User, reviewer: User, image: Image, cat: LabelClass
) -> Callable[..., Verdict]:
    """A verdict as it was recorded, on this day of March 2026."""
    annotation = annotate(annotator, image, cat)

    def make(choice: str, day: int = 2, **fields: Any) -> Verdict:
        values = {"by": reviewer, "label_class": cat.id, "annotator": annotator.id, **fields}
        made = Verdict.objects.create(
            annotation=annotation, project=project.id, verdict=choice, version=1, confidence=0.5,
            at=NOON + timedelta(days=day - 2), **values,
        )  # fmt: skip
        counters.recount(project.id)
        return made

    return make


def ask(client: APIClient, project: Project, **query: str) -> dict[str, Any]:
    response = client.get(f"{API}/projects/{project.id}/quality", {**SPAN, **query})
    assert response.status_code == 200, response.content
    body: dict[str, Any] = response.json()
    return body


@pytest.fixture
def march(given_verdict: Callable[..., Verdict], manager: User, annotator: User, dog: LabelClass) -> None:
    """Ten first verdicts, four of them errors; of the sample's four, one; one on what came back; one taken back."""
    for choice, seconds in (("accepted", 1.0), ("accepted", 2.0), ("accepted", 30.0), ("rejected", 4.0)):
        given_verdict(choice, sampled=True, seconds=seconds)
    given_verdict("accepted", day=3, by=manager, seconds=7.0)
    given_verdict("fixed", day=3, by=manager, seconds=9.0)
    given_verdict("accepted", day=3, label_class=dog.id, annotator=manager.id)
    given_verdict("accepted", day=3, label_class=dog.id, annotator=manager.id)
    given_verdict("rejected", day=3, label_class=dog.id, annotator=manager.id)
    given_verdict("fixed", day=3, label_class=dog.id, annotator=manager.id)
    given_verdict("accepted", day=4, again=True)
    given_verdict("rejected", day=4, undone_at=NOON)


@pytest.mark.usefixtures("march")
def test_the_figures_are_those_of_the_verdicts_that_stand(as_manager: APIClient, project: Project) -> None:
    shown = ask(as_manager, project)
    assert shown["totals"] == {
        "reviewed": 11, "accepted": 7, "fixed": 2, "rejected": 2, "first": 10, "errors": 4, "sample": 4,
        "sample_errors": 1, "seconds": 5.5,
    }  # fmt: skip
    assert (shown["sample"]["reviewed"], shown["sample"]["errors"]) == (4, 1)
    assert shown["sample"]["low"] == pytest.approx(0.0456, abs=1e-3)
    assert shown["sample"]["high"] == pytest.approx(0.6994, abs=1e-3)
    assert shown["own"] is False


@pytest.mark.usefixtures("march")
def test_each_class_and_person_has_theirs(as_manager: APIClient, project: Project) -> None:
    shown = ask(as_manager, project)
    by_class = {row["name"]: (row["reviewed"], row["accepted"], row["errors"]) for row in shown["classes"]}
    assert by_class == {"cat": (7, 5, 2), "dog": (4, 2, 2)}
    by_annotator = {row["person"]["name"]: (row["reviewed"], row["accepted"]) for row in shown["annotators"]}
    assert by_annotator == {"Annotator": (7, 5), "Manager": (4, 2)}
    by_reviewer = {row["person"]["name"]: (row["reviewed"], row["seconds"]) for row in shown["reviewers"]}
    assert by_reviewer == {"Reviewer": (9, 3.0), "Manager": (2, 8.0)}, "the median, which a long pause does not move"


@pytest.mark.usefixtures("march")
def test_time_passes_by_days_then_weeks_then_months(as_manager: APIClient, project: Project) -> None:
    days = ask(as_manager, project)
    assert [(row["date"], row["reviewed"], row["seconds"]) for row in days["times"]] == [
        ("2026-03-02", 4, 3.0), ("2026-03-03", 6, 8.0), ("2026-03-04", 1, None)
    ]  # fmt: skip
    weeks = ask(as_manager, project, since="2026-01-01")
    assert (weeks["step"], [row["date"] for row in weeks["times"]]) == ("week", ["2026-03-02"])
    months = ask(as_manager, project, since="2020-01-01")
    assert (months["step"], [row["date"] for row in months["times"]]) == ("month", ["2026-03-01"])


def test_both_ends_of_the_span_belong_to_it(
    as_manager: APIClient, project: Project, given_verdict: Callable[..., Verdict]
) -> None:
    for day in (1, 2, 3, 4):
        given_verdict("accepted", day=day)
    assert ask(as_manager, project, since="2026-03-02", until="2026-03-03")["totals"]["reviewed"] == 2


@pytest.mark.usefixtures("march")
def test_a_reviewer_sees_only_their_own(as_reviewer: APIClient, project: Project) -> None:
    shown = ask(as_reviewer, project)
    assert shown["own"] is True
    assert [row["person"]["name"] for row in shown["reviewers"]] == ["Reviewer"]
    assert shown["totals"]["reviewed"] == 9


def test_nothing_was_judged_yet(as_manager: APIClient, project: Project) -> None:
    shown = ask(as_manager, project)
    assert (shown["totals"]["reviewed"], shown["totals"]["seconds"], shown["times"]) == (0, None, [])
    assert shown["sample"] == {"reviewed": 0, "errors": 0, "low": None, "high": None}


def test_without_dates_it_is_about_the_last_twelve_weeks(as_manager: APIClient, project: Project) -> None:
    shown = as_manager.get(f"{API}/projects/{project.id}/quality").json()
    assert (datetime.fromisoformat(shown["until"]) - datetime.fromisoformat(shown["since"])).days == 83


@pytest.mark.parametrize(
    "query",
    [
        "since=2026-03-02&until=2026-03-01",
        "since=soon",
        "since=1990-01-01",
        "until=0001-01-01",
        "until=9999-12-31",
    ],
)
def test_a_span_that_cannot_be_is_400(as_manager: APIClient, project: Project, query: str) -> None:
    for path in ("quality", "quality.csv"):
        problem(as_manager.get(f"{API}/projects/{project.id}/{path}?{query}"), 400)


@pytest.mark.usefixtures("march")
def test_the_csv_has_a_row_for_each_day_class_annotator_and_reviewer(as_manager: APIClient, project: Project) -> None:
    response = as_manager.get(f"{API}/projects/{project.id}/quality.csv", SPAN)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="animals-quality-2026-03-01-2026-03-31.csv"' in response["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert len(rows) == 4
    first = rows[0]
    assert (first["date"], first["class"], first["annotator"], first["reviewer"]) == (
        "2026-03-02", "cat", "Annotator", "Reviewer"
    )  # fmt: skip
    assert (first["reviewed"], first["first_errors"], first["timed"], first["seconds_in_all"]) == (
        "4",
        "1",
        "4",
        "37.0",
    )
    assert sum(int(row["reviewed"]) for row in rows) == 11


def test_a_name_that_a_spreadsheet_would_run_is_a_text(
    as_manager: APIClient, project: Project, cat: LabelClass, given_verdict: Callable[..., Verdict]
) -> None:
    LabelClass.objects.filter(id=cat.id).update(name="=HYPERLINK(1)")
    given_verdict("accepted")
    response = as_manager.get(f"{API}/projects/{project.id}/quality.csv", SPAN)
    assert "'=HYPERLINK(1)" in response.content.decode()


def test_a_verdict_keeps_what_the_figures_need(
    as_reviewer: APIClient, submitted: Make, annotator: User, cat: LabelClass
) -> None:
    (made,) = submitted(0.5)
    answer = verdict(as_reviewer, made, seconds=2.5)
    assert answer.json()["seconds"] == 2.5
    kept = Verdict.objects.get()
    assert (kept.label_class, kept.annotator, kept.again, kept.seconds) == (cat.id, annotator.id, False, 2.5)


@pytest.mark.parametrize("seconds", [-1, 3601, "long"])
def test_nobody_looks_for_less_than_nothing_or_more_than_an_hour(
    as_reviewer: APIClient, submitted: Make, seconds: Any
) -> None:
    (made,) = submitted(0.5)
    problem(verdict(as_reviewer, made, seconds=seconds), 400)


def test_a_second_verdict_on_the_same_is_no_first_one(
    as_reviewer: APIClient, as_annotator: APIClient, submitted: Make, image: Image
) -> None:
    (made,) = submitted(0.5)
    verdict(as_reviewer, made, "rejected", reason="Rough edge")
    as_annotator.patch(f"{API}/annotations/{made.id}", {"model": "other"}, headers={"If-Match": '"1"'})
    submitted()
    assert verdict(as_reviewer, made, version=2).status_code == 201
    assert list(Verdict.objects.order_by("at").values_list("again", flat=True)) == [False, True]


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_an_interval_holds_its_share(hits: int, misses: int) -> None:
    found = interval(hits, hits + misses)
    if found is None:
        assert hits + misses == 0
    else:
        low, high = found
        assert 0 <= low <= hits / (hits + misses) + 1e-9
        assert hits / (hits + misses) - 1e-9 <= high <= 1


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "﹦"])
def test_a_name_that_a_spreadsheet_takes_for_a_formula_is_marked_as_text(sign: str) -> None:
    file = io.StringIO(newline="")
    write_csv(file, [dict.fromkeys(COLUMNS.values(), f"{sign}SUM(1)")])
    (row,) = list(csv.reader(io.StringIO(file.getvalue(), newline="")))[1:]
    assert set(row) == {f"'{sign}SUM(1)"}
