"""What workers report, and what follows from it."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from labeling.events.models import Event
from labeling.jobs import services
from labeling.jobs.models import Job
from labeling.jobs.selectors import Readiness, readiness_of
from tests.labeling.jobs.acting import EMBED, EXPORT, PROPOSE, A, B, Broker, Order, lapse, tell, worker

pytestmark = pytest.mark.django_db


def test_a_worker_that_dies_costs_one_lease(broker: Broker, order: Order) -> None:
    job = order()
    worker()
    broker.round()
    job = tell(job, "started")
    assert job.state == Job.State.RUNNING
    assert services.LEASE - timedelta(seconds=5) < job.lease_until - timezone.now() <= services.LEASE
    assert broker.round() == []
    lapse(job)
    assert broker.round() == [job.id]
    job.refresh_from_db()
    assert (job.attempt, job.failures, job.state) == (2, 1, Job.State.SENT)


def test_the_third_death_is_a_failure_with_a_reason(broker: Broker, order: Order) -> None:
    job = order()
    worker()
    for _ in range(3):
        broker.round()
        tell(job, "started")
        lapse(job)
    assert broker.round() == []
    job.refresh_from_db()
    assert (job.state, job.failures) == (Job.State.FAILED, 3)
    assert "stopped answering" in job.error
    assert Event.objects.order_by("-seq")[0].data["state"] == "failed"


def test_a_heartbeat_renews_the_lease(broker: Broker, order: Order) -> None:
    job = order()
    worker()
    broker.round()
    tell(job, "started")
    lapse(job)
    tell(job, "heartbeat", progress=0.5)
    assert broker.round() == []
    job.refresh_from_db()
    assert (job.state, job.progress) == (Job.State.RUNNING, 0.5)


def test_a_heartbeat_that_says_nothing_new_is_no_event(broker: Broker, order: Order) -> None:
    job = order()
    worker()
    broker.round()
    tell(job, "started")
    before = Event.objects.count()
    tell(job, "heartbeat")
    assert Event.objects.count() == before


def test_failures_that_are_reported_are_tried_again_unless_hopeless(broker: Broker, order: Order) -> None:
    job, hopeless = order(), order()
    worker()
    broker.round()
    job = tell(job, "failed", error={"message": "The disk is full.", "retry": True})
    hopeless = tell(hopeless, "failed", error={"message": "This is no picture.", "retry": False})
    assert (job.state, job.failures) == (Job.State.QUEUED, 1)
    assert (hopeless.state, hopeless.error) == (Job.State.FAILED, "This is no picture.")


def test_three_reported_failures_are_the_end(broker: Broker, order: Order) -> None:
    job = order()
    worker()
    for _ in range(3):
        broker.round()
        job = tell(job, "failed", error={"message": "The disk is full.", "retry": True})
    assert (job.state, job.error) == (Job.State.FAILED, "The disk is full.")


def test_a_storage_that_is_away_costs_no_try_and_is_asked_again_after_a_lease(broker: Broker, order: Order) -> None:
    job = order()
    worker()
    for _ in range(services.MAX_FAILURES + 1):
        assert broker.round() == [job.id]
        tell(job, "started")
        away = tell(job, "failed", error={"code": "storage_unavailable", "message": "The storage does not answer."})
        assert (away.failures, away.error) == (0, "The storage does not answer.")
        assert services.readiness(away.state) == "queued"
        assert broker.round() == []
        lapse(job)


@pytest.mark.parametrize("now", [Job.State.QUEUED, Job.State.SENT, Job.State.FAILED])
def test_a_late_success_counts(broker: Broker, order: Order, now: str) -> None:
    job = order()
    Job.objects.filter(id=job.id).update(state=now, attempt=3)
    job = tell(job, "done", attempt=1, result={"key": "k"})
    assert (job.state, job.result, job.progress, job.error) == (Job.State.DONE, {"key": "k"}, 1.0, "")


@pytest.mark.parametrize("event", ["started", "heartbeat", "failed"])
@pytest.mark.parametrize(("now", "attempt"), [(Job.State.DONE, 1), (Job.State.QUEUED, 1), (Job.State.SENT, 2)])
def test_anything_else_that_is_late_changes_nothing(
    order: Order, event: services.Report, now: str, attempt: int
) -> None:
    job = order()
    Job.objects.filter(id=job.id).update(state=now, attempt=attempt)
    before = Event.objects.count()
    job = tell(job, event, attempt=1, **({"error": {"message": "late"}} if event == "failed" else {}))
    assert (job.state, job.failures, job.error) == (now, 0, "")
    assert Event.objects.count() == before


def test_messages_that_come_twice_are_harmless(broker: Broker, order: Order) -> None:
    job = order()
    worker()
    broker.round()
    for _ in range(2):
        job = tell(job, "started")
    for _ in range(2):
        job = tell(job, "done", result={"key": "k"})
    kinds = [event.data["state"] for event in Event.objects.order_by("seq")]
    assert kinds == ["queued", "running", "ready"]
    again = order()
    broker.round()
    for _ in range(2):
        again = tell(again, "failed", attempt=1, error={"message": "x"})
    assert again.failures == 1


def test_a_report_about_nothing_is_ignored() -> None:
    services.report(event="done", job=uuid4(), attempt=1, worker="gpu-1", result={})


def test_a_failed_job_is_tried_again_from_the_start(broker: Broker, order: Order, manager: Any) -> None:
    job = order()
    Job.objects.filter(id=job.id).update(state=Job.State.FAILED, failures=3, error="The disk is full.", progress=0.7)
    services.retry(kinds=[EMBED], target=job.target, by=manager)
    job.refresh_from_db()
    assert (job.state, job.failures, job.error, job.progress) == (Job.State.QUEUED, 0, "", 0)
    worker()
    assert broker.round() == [job.id]


@pytest.mark.parametrize("state", [Job.State.QUEUED, Job.State.SENT, Job.State.RUNNING, Job.State.DONE])
def test_trying_again_is_harmless_in_any_other_state(order: Order, manager: Any, state: str) -> None:
    job = order()
    Job.objects.filter(id=job.id).update(state=state)
    services.retry(kinds=[EMBED], target=job.target, by=manager)
    job.refresh_from_db()
    assert job.state == state


def test_a_lost_result_is_computed_again_before_all_else(broker: Broker, order: Order) -> None:
    lost, other = order(), order()
    Job.objects.filter(id=lost.id).update(state=Job.State.DONE, result={"key": "k"})
    services.recompute(kind=EMBED, target=lost.target)
    worker()
    assert broker.round() == [lost.id, other.id]


def test_a_cancelled_job_is_forgotten(broker: Broker, order: Order) -> None:
    job = order()
    services.cancel(targets=[job.target])
    worker()
    assert broker.round() == []
    services.report(event="done", job=job.id, attempt=1, worker="gpu-1", result={})
    assert not Job.objects.exists()


def test_people_see_four_states(order: Order) -> None:
    for state in Job.State.values:
        Job.objects.filter(id=order().id).update(state=state)
    order(B)
    order(kind=EXPORT)
    found = readiness_of([A, B], EMBED)
    assert counts(found[A]) == {"queued": 2, "running": 1, "ready": 1, "failed": 1}
    assert counts(found[B]) == {"queued": 1, "running": 0, "ready": 0, "failed": 0}


def counts(found: Readiness) -> dict[str, object]:
    return {state: found[state] for state in ("queued", "running", "ready", "failed")}


def finish(jobs: list[Job], minutes_ago: float, *, begun: float) -> None:
    """The jobs were sent so many minutes ago, and finished then."""
    now = timezone.now()
    Job.objects.filter(id__in=[job.id for job in jobs]).update(
        state=Job.State.DONE,
        sent_at=now - timedelta(minutes=begun),
        finished_at=now - timedelta(minutes=minutes_ago),
    )


def pace(project: UUID = A) -> tuple[float | None, int | None]:
    found = readiness_of([project], EMBED)[project]
    return found["rate_per_minute"], found["seconds_left"]


def test_while_nothing_was_finished_nobody_can_tell_how_long_it_takes(order: Order) -> None:
    order()
    assert pace() == (None, None)
    finish([order() for _ in range(9)], 6, begun=7)
    assert pace() == (None, None), "what was finished long ago says nothing of now"


def test_the_rest_takes_as_long_as_what_was_finished_lately_says(order: Order) -> None:
    finish([order() for _ in range(6)], 1, begun=2)
    for _ in range(5):
        order()
    rate, left = pace()
    assert rate == pytest.approx(3, abs=0.05), "six in the two minutes since the first was begun"
    assert left == pytest.approx(100, abs=3)


def test_when_work_has_long_been_going_on_the_last_five_minutes_count(order: Order) -> None:
    finish([order() for _ in range(10)], 1, begun=60)
    order()
    assert pace()[0] == pytest.approx(2, abs=0.05)


def test_each_project_and_kind_has_its_own_rate(order: Order) -> None:
    finish([order()], 1, begun=2)
    order(B)
    order(kind=PROPOSE)
    assert pace(B) == (None, None)
    assert readiness_of([A], PROPOSE)[A]["rate_per_minute"] is None


def test_when_nothing_is_left_no_time_is(order: Order) -> None:
    finish([order()], 1, begun=2)
    assert pace()[1] == 0
