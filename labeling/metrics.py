"""`GET /metrics`: what Prometheus scrapes. A scrape costs three queries, on indexes or tables of a few rows."""

import secrets
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import TypeAlias

from django.conf import settings
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from rest_framework.exceptions import ValidationError

from labeling.accounts.tokens import WrongTokens, bearer_of
from labeling.inputs import refuse_unknown_parameters
from labeling.jobs.dispatcher import IN_FLIGHT, ROUTES, live_workers
from labeling.jobs.models import Job, Tally
from labeling.jobs.tallies import BUCKETS, ledger
from labeling.rest import problem_response, said_first

Tallies: TypeAlias = dict[tuple[str, str, str], Tally]

WAITING = (Job.State.QUEUED, Job.State.SENT)
UNDER_WAY = (*WAITING, Job.State.RUNNING)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For a bearer of MASKWRIGHT_METRICS_TOKEN, and for staff who are logged in."""
    if bearer_of(request) is not None and WrongMetricsTokens().is_exhausted(request):
        return problem_response(429, "throttled", "Too many wrong tokens came from your address. Wait a minute.")
    if not _may_read(request):
        detail = "Bring the token of MASKWRIGHT_METRICS_TOKEN as a bearer token, or log in as staff."
        refusal = problem_response(401, "not_authenticated", detail)
        refusal["WWW-Authenticate"] = "Bearer"
        return refusal
    try:
        refuse_unknown_parameters(request.GET, [])
    except ValidationError as error:
        first = said_first(error)
        return problem_response(400, first.code or error.default_code, first)
    ledger.flush()
    registry = CollectorRegistry()
    registry.register(House())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    token = bearer_of(request)
    if token is not None:
        expected = settings.METRICS_TOKEN
        if expected and secrets.compare_digest(token.encode(), expected.encode()):
            return True
        WrongMetricsTokens().count(request)
        return False
    return request.user.is_active and request.user.is_staff


class WrongMetricsTokens(WrongTokens):
    """Operators choose this token, so it may be short. After too many wrong ones, the right one is refused too."""

    scope = "wrong_metrics_tokens"

    def is_exhausted(self, request: HttpRequest) -> bool:
        """Whether too many wrong tokens came within a minute. Counts nothing."""
        sent: list[float] = self.cache.get(self.get_cache_key(request), [])
        now = self.timer()
        return sum(at > now - self.duration for at in sent) >= self.num_requests


class House(Collector):
    """The state of the queues, and what was counted since the beginning, of all processes together."""

    def collect(self) -> Iterator[Metric]:
        tallies = {(row.name, row.kind, row.detail): row for row in Tally.objects.all()}
        yield from _queues()
        yield _workers()
        yield _histogram(Tally.Name.JOB_SECONDS, "How long jobs took on a worker.", "kind", list(ROUTES), tallies)
        yield _histogram(Tally.Name.DECODE_SECONDS, "How long clicks were decoded.", "", [""], tallies)
        yield _counter(Tally.Name.JOB_FAILURES, "Tries of jobs that failed.", ("kind", "code"), tallies)
        yield _counter(Tally.Name.EMBEDDING_CACHE, "Looks into web processes' caches.", ("result",), tallies)
        yield _counter(Tally.Name.CLICKS_REFUSED, "Clicks answered with 503.", ("code",), tallies)

    def describe(self) -> Iterable[Metric]:
        """Registering asks nothing of the database."""
        return []


def _queues() -> Iterator[Metric]:
    depth = GaugeMetricFamily("maskwright_jobs", "Jobs that wait or run.", labels=["kind", "state"])
    age = GaugeMetricFamily(
        "maskwright_oldest_waiting_job_seconds",
        "How long ago the oldest job that waits was ordered first.",
        labels=["kind"],
    )
    jobs = Job.objects.filter(state__in=UNDER_WAY).order_by().values_list("kind", "state")
    rows = {(kind, state): (n, first) for kind, state, n, first in jobs.annotate(n=Count("id"), at=Min("created_at"))}
    now = timezone.now()
    for kind in ROUTES:
        for state in UNDER_WAY:
            depth.add_metric([kind, state], rows.get((kind, state), (0, now))[0])
        oldest = min(rows.get((kind, state), (0, now))[1] for state in WAITING)
        age.add_metric([kind], max(0.0, (now - oldest).total_seconds()))
    yield depth
    yield age


def _workers() -> Metric:
    found = GaugeMetricFamily("maskwright_workers", "Workers that were heard of just now.", labels=["queue"])
    alive = dict(live_workers(*IN_FLIGHT).values_list("queue").annotate(n=Count("name")))
    for queue in IN_FLIGHT:
        found.add_metric([queue], alive.get(queue, 0))
    return found


def _histogram(name: Tally.Name, about: str, label: str, kinds: list[str], tallies: Tallies) -> Metric:
    found = HistogramMetricFamily(f"maskwright_{name}", about, labels=[label] if label else [])
    for kind in kinds:
        rows = [tallies.get((name, kind, bound)) for bound in BUCKETS[name]]
        so_far = accumulate(row.count if row else 0 for row in rows)
        buckets = list(zip(BUCKETS[name], so_far, strict=True))
        found.add_metric([kind] if label else [], buckets, sum(row.seconds for row in rows if row))
    return found


def _counter(name: Tally.Name, about: str, labels: tuple[str, ...], tallies: Tallies) -> Metric:
    found = CounterMetricFamily(f"maskwright_{name}", about, labels=labels)
    for (of, kind, detail), row in tallies.items():
        if of == name:
            found.add_metric([kind, detail][-len(labels) :], row.count)
    return found
