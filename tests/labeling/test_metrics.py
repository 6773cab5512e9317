"""What Prometheus is told, and who may hear it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.jobs import services
from labeling.jobs.models import Job, Tally
from labeling.jobs.tallies import Ledger
from tests.labeling.conftest import client_of
from tests.labeling.making import problem

TOKEN = "made-for-the-scraper"


@pytest.fixture
def scraper(settings: Any, db: None) -> APIClient:
    settings.METRICS_TOKEN = TOKEN
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {TOKEN}")
    return client


def scraped(client: APIClient) -> dict[tuple[str, ...], float]:
    """Each sample by its name and its labels' values, in the order of the labels' names."""
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain")
    families = text_string_to_metric_families(response.content.decode())
    return {(sample.name, *sample.labels.values()): sample.value for each in families for sample in each.samples}


def order(kind: Job.Kind = Job.Kind.EMBED, **fields: Any) -> Job:
    job = services.enqueue(kind=kind, target=uuid4(), project=uuid4(), payload={}, by=None)
    Job.objects.filter(id=job.id).update(**fields)
    job.refresh_from_db()
    return job


def test_only_the_scraper_and_staff_may_read_it(
    scraper: APIClient, anonymous: APIClient, manager: User, settings: Any
) -> None:
    assert scraper.get("/metrics").status_code == 200
    problem(anonymous.get("/metrics"), 401, "not_authenticated")
    problem(client_of(manager).get("/metrics"), 401, "not_authenticated")
    problem(anonymous.get("/metrics", headers={"Authorization": "Bearer made-by-somebody"}), 401)
    manager.is_staff = True
    manager.save()
    assert client_of(manager).get("/metrics").status_code == 200
    settings.METRICS_TOKEN = ""
    problem(anonymous.get("/metrics", headers={"Authorization": "Bearer "}), 401)
    assert scraper.post("/metrics").status_code == 405


def test_too_many_wrong_tokens_keep_out_the_right_one_too(scraper: APIClient, anonymous: APIClient) -> None:
    wrong = [anonymous.get("/metrics", headers={"Authorization": f"Bearer {n}"}).status_code for n in range(31)]
    assert wrong == [401] * 30 + [429]
    problem(scraper.get("/metrics"), 429, "throttled")


def test_it_tells_how_many_jobs_wait_and_for_how_long(scraper: APIClient) -> None:
    hour_ago = timezone.now() - timedelta(hours=1)
    order(created_at=hour_ago)
    order(state=Job.State.SENT)
    order(state=Job.State.RUNNING, created_at=hour_ago - timedelta(hours=1))
    order(Job.Kind.PROPOSE, state=Job.State.DONE, created_at=hour_ago)
    found = scraped(scraper)
    assert [found["maskwright_jobs", "embed", state] for state in ("queued", "sent", "running")] == [1, 1, 1]
    assert found["maskwright_oldest_waiting_job_seconds", "embed"] == pytest.approx(3600, abs=60)
    assert found["maskwright_oldest_waiting_job_seconds", "propose"] == 0


def test_it_tells_how_many_workers_there_are(scraper: APIClient) -> None:
    services.alive(worker="inference@a", queue="inference", busy=None)
    services.alive(worker="inference@b", queue="inference", busy=None)
    services.alive(worker="labeling@a", queue="labeling", busy=None)
    found = scraped(scraper)
    assert (found["maskwright_workers", "inference"], found["maskwright_workers", "labeling"]) == (2, 1)


def test_it_tells_how_long_jobs_took_but_not_those_that_were_done_before(scraper: APIClient) -> None:
    for seconds, cached in ((0.8, False), (2.5, False), (9, True)):
        result = {"seconds": seconds, "cached": cached}
        services.report(event="done", job=order().id, attempt=0, worker="w", result=result)
    found = scraped(scraper)
    name = "maskwright_job_seconds"
    assert [found[f"{name}_bucket", "embed", bound] for bound in ("0.3", "1.0", "3.0", "+Inf")] == [0, 1, 2, 2]
    assert found[f"{name}_count", "embed"] == 2
    assert found[f"{name}_sum", "embed"] == pytest.approx(3.3)


def test_it_tells_why_tries_failed(scraper: APIClient) -> None:
    error = {"code": "disk_full", "message": "The storage is full.", "retry": True}
    services.report(event="failed", job=order(state=Job.State.RUNNING).id, attempt=0, worker="w", error=error)
    services.expire(order(state=Job.State.RUNNING))
    services.expire(order(Job.Kind.PROPOSE, state=Job.State.RUNNING))
    failures = {key[1:]: n for key, n in scraped(scraper).items() if key[0] == "maskwright_job_failures_total"}
    assert failures == {("disk_full", "embed"): 1, ("worker_lost", "embed"): 1, ("worker_lost", "propose"): 1}


def test_what_a_process_has_counted_is_written_once_and_adds_up(scraper: APIClient) -> None:
    for ledger in (Ledger(), Ledger()):
        ledger.count(Tally.Name.EMBEDDING_CACHE, "hit")
        ledger.observe(Tally.Name.DECODE_SECONDS, 0.04)
        ledger.flush()
        ledger.flush()
    found = scraped(scraper)
    assert found["maskwright_embedding_cache_total", "hit"] == 2
    assert found["maskwright_decode_seconds_bucket", "0.05"] == found["maskwright_decode_seconds_count",] == 2
    assert found["maskwright_decode_seconds_sum",] == pytest.approx(0.08)


def test_what_could_not_be_written_is_kept(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    ledger = Ledger()
    ledger.observe(Tally.Name.DECODE_SECONDS, 9)
    with monkeypatch.context() as broken:
        broken.setattr("labeling.jobs.tallies._write", lambda rows: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            ledger.flush()
    ledger.flush()
    assert Tally.objects.values_list("detail", "count", "seconds").get() == ("+Inf", 1, 9)


def test_a_scrape_costs_three_queries_however_many_jobs_there_are(scraper: APIClient) -> None:
    for _ in range(30):
        order(state=Job.State.DONE)
    scraped(scraper)
    with CaptureQueriesContext(connection) as queries:
        scraped(scraper)
    assert len(queries) == 3, [query["sql"] for query in queries]
    (jobs,) = (query["sql"] for query in queries if "jobs_job" in query["sql"])
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {jobs}")
            plan = " ".join(row[-1] for row in cursor.fetchall())
        assert "job_next" in plan
        assert "SCAN" not in plan


def test_a_parameter_that_it_does_not_take_is_refused(scraper: APIClient) -> None:
    problem(scraper.get("/metrics?collect=jobs"), 400, "unknown_parameter")
