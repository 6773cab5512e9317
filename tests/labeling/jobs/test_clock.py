"""A clock that jumps: nothing waits for it to come back, nothing is done twice, nobody fails of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from labeling.jobs import services
from labeling.jobs.dispatcher import live_workers
from labeling.jobs.models import Job
from labeling.jobs.selectors import readiness_of
from tests.labeling.jobs.acting import EMBED, PROPOSE, A, B, Broker, Order, tell, worker

pytestmark = pytest.mark.django_db

HOURS = [timedelta(hours=-5), timedelta(hours=5)]


class Clock:
    """The web side's clock, which somebody sets."""

    def __init__(self) -> None:
        self.off = timedelta()
        self._true = timezone.now

    def __call__(self) -> datetime:
        return self._true() + self.off


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock


def pass_a_lease(clock: Clock, broker: Broker) -> list[object]:
    clock.off += services.LEASE + timedelta(seconds=1)
    worker()
    return list(broker.round())


@pytest.mark.parametrize("jump", HOURS)
@pytest.mark.parametrize("kind", [EMBED, PROPOSE])
def test_a_job_at_work_goes_on_through_a_jump(
    broker: Broker, order: Order, clock: Clock, jump: timedelta, kind: Job.Kind
) -> None:
    job = order(kind=kind)
    worker()
    broker.round()
    tell(job, "started", attempt=1)
    clock.off += jump
    worker(busy=job.id)
    broker.round()
    job = tell(job, "done", attempt=1, result={"key": "k"})
    assert (job.state, job.result) == (Job.State.DONE, {"key": "k"})
    for _ in range(3):
        assert pass_a_lease(clock, broker) == []


def test_a_worker_that_dies_is_noticed_though_the_clock_was_set_back(
    broker: Broker, order: Order, clock: Clock
) -> None:
    job = order()
    worker()
    broker.round()
    tell(job, "started")
    clock.off -= timedelta(hours=5)
    assert broker.round() == [], "whoever is at it has the time of a lease to say so"
    job.refresh_from_db()
    assert job.lease_until == pytest.approx(clock() + services.LEASE, abs=timedelta(seconds=5))
    assert pass_a_lease(clock, broker) == [job.id]
    job.refresh_from_db()
    assert (job.attempt, job.failures) == (2, 1)


def test_whoever_reports_after_the_clock_was_set_back_keeps_the_job(broker: Broker, order: Order, clock: Clock) -> None:
    job = order()
    worker()
    broker.round()
    tell(job, "started")
    clock.off -= timedelta(hours=5)
    broker.round()
    for _ in range(10):
        clock.off += timedelta(seconds=3)
        tell(job, "heartbeat")
        worker(busy=job.id)
        assert broker.round() == []
    job.refresh_from_db()
    assert (job.state, job.attempt, job.failures) == (Job.State.RUNNING, 1, 0)


def test_a_message_that_was_lost_is_sent_again_though_the_clock_was_set_back(
    broker: Broker, order: Order, clock: Clock
) -> None:
    job = order()
    worker()
    broker.round()
    clock.off -= timedelta(hours=5)
    broker.round()
    assert pass_a_lease(clock, broker) == [job.id]
    job.refresh_from_db()
    assert job.failures == 0


def test_one_jump_ahead_is_no_failure_for_good(broker: Broker, order: Order, clock: Clock) -> None:
    jobs = [order() for _ in range(2)]
    worker()
    broker.round()
    for job in jobs:
        tell(job, "started")
    clock.off += timedelta(hours=5)
    worker()
    assert set(broker.round()) == {job.id for job in jobs}
    for job in jobs:
        job = tell(job, "done", result={})
        assert (job.state, job.failures) == (Job.State.DONE, 1)


def test_nobody_counts_as_alive_because_the_clock_was_set_back(broker: Broker, order: Order, clock: Clock) -> None:
    worker("gone")
    clock.off -= timedelta(hours=5)
    assert not live_workers("inference").exists()
    order()
    assert broker.round() == []
    worker("there")
    assert len(broker.round()) == 1


def test_a_project_that_was_served_in_the_future_has_its_turn(broker: Broker, order: Order, clock: Clock) -> None:
    clock.off += timedelta(hours=5)
    ahead = order(A, PROPOSE)
    worker()
    assert broker.round() == [ahead.id]
    tell(ahead, "done", result={})
    clock.off -= timedelta(hours=5)
    worker()
    theirs, _ = order(B, PROPOSE), order(B, PROPOSE)
    mine = order(A, PROPOSE)
    served = []
    for _ in range(2):
        (id,) = broker.round()
        served.append(id)
        tell(Job.objects.get(id=id), "done", result={})
    assert set(served) == {theirs.id, mine.id}


def test_what_was_finished_in_the_future_says_nothing_of_the_rate(order: Order, clock: Clock) -> None:
    job = order()
    clock.off += timedelta(hours=5)
    Job.objects.filter(id=job.id).update(state=Job.State.DONE, sent_at=clock(), finished_at=clock())
    clock.off -= timedelta(hours=5)
    assert readiness_of([A], EMBED)[A]["rate_per_minute"] is None
