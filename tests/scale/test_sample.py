"""A sample of `make scale`: the generator writes rows as the services would, and every GET is measured.

Times depend on the load of the machine, so the tests check the number of queries and that an index answers each.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import URLPattern
from pytest_django import DjangoDbBlocker

from labeling.annotations.models import Annotation, AnnotationVersion, Tally
from labeling.events.models import Event, Stream
from labeling.jobs.tallies import ledger
from labeling.projects.models import Project
from labeling.review.models import Verdict
from labeling.urls import api
from tests.scale import dataset
from tests.scale.measure import Asker, measured, table
from tests.scale.requests import EVENTS, REQUESTS, Request
from tests.scale.scene import prepare

IMAGES = 300
MOST_QUERIES = 15
# Tables that grow with the work, so queries on them must use an index.
LARGE = re.compile(r"_(annotation|annotationversion|event|verdict|image|word|job|assignment|comment|commentword)$")

on_postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="the generator writes PostgreSQL's SQL")


@pytest.fixture(scope="module")
def project(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Project]:
    """A generated project, committed, since the stream of events reads it from threads of its own."""
    with django_db_blocker.unblock():
        assert str(connection.settings_dict["NAME"]).startswith("test_")
        yield dataset.generate(IMAGES).project
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(scope="module")
def asker(project: Project) -> Asker:
    return Asker(prepare(project))


@pytest.mark.django_db  # Only marked tests make pytest-django set up a test database.
def test_every_get_of_the_api_is_measured() -> None:
    offered = {"metrics"}
    for pattern in api:
        assert isinstance(pattern, URLPattern)
        view = getattr(pattern.callback, "view_class", None)
        if view is None or hasattr(view, "get"):
            offered.add(str(pattern.pattern))
    assert offered == {request.route for request in REQUESTS}
    assert len({request.name for request in REQUESTS}) == len(REQUESTS)


@on_postgres
def test_the_log_has_no_gap_and_times_grow_with_it(project: Project) -> None:
    rows = list(Event.objects.filter(project=project.id).order_by("seq").values_list("seq", "at", "kind"))
    assert [seq for seq, _, _ in rows] == list(range(1, len(rows) + 1))
    assert Stream.objects.get(project=project.id).last_seq >= len(rows)
    times = [at for _, at, kind in rows if kind not in ("project.created", "class.created")]
    assert times == sorted(times)


@on_postgres
def test_versions_verdicts_and_states_agree(project: Project) -> None:
    rows = Annotation.objects.filter(project=project)
    assert rows.count() == IMAGES * dataset.ANNOTATIONS_PER_IMAGE
    assert not rows.filter(versions=None).exists()
    known = set(Event.objects.filter(project=project.id).values_list("seq", flat=True))
    assert known.issuperset(
        AnnotationVersion.objects.filter(annotation__project=project).values_list("event_seq", flat=True)
    )
    judged = Verdict.objects.filter(project=project.id, undone_at=None)
    standing = Counter(rows.filter(verdict__in=("accepted", "fixed", "rejected")).values_list("id", "verdict"))
    assert Counter(judged.values_list("annotation", "verdict")) == standing
    content = AnnotationVersion.objects.filter(annotation__project=project, change="created").first()
    assert content is not None
    assert content.content == content.annotation.content()


@on_postgres
def test_the_counters_are_those_of_a_recount(project: Project) -> None:
    kept = list(
        Tally.objects.filter(project=project.id).order_by("id").values("label_class", "annotator", "state", "n")
    )
    dataset.recount(project)
    again = list(
        Tally.objects.filter(project=project.id).order_by("id").values("label_class", "annotator", "state", "n")
    )
    assert Counter(map(str, kept)) == Counter(map(str, again))


@on_postgres
@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: request.name)
def test_a_get_costs_few_queries_that_indexes_answer(asker: Asker, request_: Request) -> None:
    explained = Explained()
    # What earlier tests counted would be written by the request for the metrics.
    ledger.flush()
    with connection.execute_wrapper(explained):
        asker.answer(request_)
    assert len(explained.plans) <= MOST_QUERIES
    # The stream queries the database in threads of its own.
    assert explained.plans or request_.route in ("health/live", EVENTS)
    scanned = [plan for plan in explained.plans if any(LARGE.search(name) for name in _scanned(plan))]
    assert not scanned, json.dumps(scanned[0], indent=1)


@on_postgres
def test_the_table_names_each_request_and_its_cost(asker: Asker) -> None:
    wanted = [request for request in REQUESTS if request.route in ("me", "about")]
    lines = table([measured(asker, request, rounds=1) for request in wanted]).splitlines()
    assert len(lines) == len(wanted) + 2
    assert lines[-1].endswith(f"of {len(wanted)} above 200 ms")


class Explained:
    """Explains each statement, with PostgreSQL told to avoid full scans where an index will do."""

    def __init__(self) -> None:
        self.plans: list[dict[str, Any]] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if sql.startswith("SELECT"):
            with context["connection"].connection.cursor() as cursor:
                cursor.execute("SET enable_seqscan = off")
                cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
                self.plans.append(cursor.fetchone()[0][0]["Plan"])
                cursor.execute("RESET enable_seqscan")
        return execute(sql, params, many, context)


def _scanned(plan: dict[str, Any]) -> Iterator[str]:
    """The tables that the plan scans in full."""
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for part in plan.get("Plans", []):
        yield from _scanned(part)
