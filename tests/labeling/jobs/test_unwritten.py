"""A report that the database refuses is sent again."""

import sqlite3
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from celery.exceptions import Retry
from django.conf import settings
from django.db import OperationalError, connection, connections

from labeling.jobs import services
from labeling.jobs.models import Job
from labeling.jobs.performing import perform
from labeling.jobs.tasks import MAX_RETRIES, report
from tests.labeling.jobs.acting import Order

POSTGRES = connection.vendor == "postgresql"
pytestmark = pytest.mark.django_db(transaction=True)


class Outage:
    """A database outage: SQLite is locked by somebody else, PostgreSQL restarts."""

    def __init__(self) -> None:
        self._other: Any = None

    def begin(self) -> None:
        if POSTGRES:
            _end_our_connection()
            return
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 1")
        self._other = sqlite3.connect(settings.DATABASES["default"]["NAME"], isolation_level=None)
        self._other.execute("BEGIN IMMEDIATE")

    def end(self) -> None:
        if self._other is not None:
            self._other.close()
        connection.close()


def _end_our_connection() -> None:
    """End the connection, as a restart of the server does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    other = psycopg2.connect(**{**connection.get_connection_params(), "cursor_factory": None})
    other.autocommit = True
    other.cursor().execute("SELECT pg_terminate_backend(%s)", [pid])
    other.close()


@pytest.fixture
def outage() -> Iterator[Outage]:
    outage = Outage()
    yield outage
    outage.end()


@pytest.fixture
def sent_again(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The messages that would go to the broker, with when."""
    sent: list[dict[str, Any]] = []

    def apply_async(*, kwargs: dict[str, Any], countdown: float, **_: Any) -> None:
        sent.append({**kwargs, "countdown": countdown})

    monkeypatch.setattr(report, "apply_async", apply_async)
    return sent


def message(job: Job, **fields: Any) -> dict[str, Any]:
    return {"event": "done", "job": str(job.id), "attempt": 1, "worker": "gpu-1", "result": {"key": "k"}, **fields}


def receive(body: dict[str, Any], retries: int = 0) -> Any:
    """Handle a message as a worker does, after `retries` retries."""
    report.push_request(called_directly=False, is_eager=False, retries=retries, kwargs=body, id="1")
    try:
        return report.run(**body)
    finally:
        report.pop_request()


@pytest.fixture
def retried(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When each message that was sent again is due, in seconds."""
    seconds: list[float] = []

    def retry(*, exc: Exception, countdown: float) -> Exception:
        if report.request.retries >= MAX_RETRIES:
            raise exc
        seconds.append(countdown)
        return Retry(exc=exc, when=countdown)

    monkeypatch.setattr(report, "retry", retry)
    return seconds


def test_a_report_that_could_not_be_written_comes_again(order: Order, outage: Outage, retried: list[float]) -> None:
    job = order()
    outage.begin()
    with pytest.raises(Retry):
        receive(message(job))
    outage.end()
    assert retried == [1]
    receive(message(job), retries=1)
    job.refresh_from_db()
    assert (job.state, job.result) == (Job.State.DONE, {"key": "k"})


def test_it_waits_longer_each_time_and_gives_up_in_the_end(
    order: Order, retried: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = order()

    def refuse(**_: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(services, "report", refuse)
    for n in range(MAX_RETRIES):
        with pytest.raises(Retry):
            receive(message(job), retries=n)
    with pytest.raises(OperationalError):
        receive(message(job), retries=MAX_RETRIES)
    assert retried[:7] == [1, 2, 4, 8, 16, 32, 60]
    assert 300 < sum(retried) < 900


def test_a_heartbeat_is_not_sent_again(order: Order, outage: Outage, retried: list[float]) -> None:
    job = order()
    outage.begin()
    with pytest.raises(OperationalError):
        receive(message(job, event="heartbeat", result=None))
    assert retried == []


def test_the_end_of_a_job_of_a_labeling_worker_is_sent_as_a_message(
    order: Order, outage: Outage, sent_again: list[dict[str, Any]]
) -> None:
    job = order(kind=Job.Kind.EXPORT)
    Job.objects.filter(id=job.id).update(state=Job.State.SENT, attempt=1)

    def work(progress: Any) -> dict[str, Any]:
        outage.begin()
        return {"key": "k"}

    perform(str(job.id), 1, work, code="export_failed", sentence="It broke")
    outage.end()
    (body,) = sent_again
    assert (body.pop("countdown"), body["event"], body["result"]) == (1, "done", {"key": "k"})
    receive(body)
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    connections.close_all()
