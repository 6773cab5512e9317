"""Who computes what next, and what becomes of work that is lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from labeling.events.models import Event
from labeling.jobs import services
from labeling.jobs.dispatcher import ALIVE, Route, dispatch, reap
from labeling.jobs.models import Job, Worker
from labeling.jobs.selectors import readiness_of, workers_alive
from tests.labeling.making import together

pytestmark = pytest.mark.django_db

EMBED, EXPORT = Job.Kind.EMBED, Job.Kind.EXPORT
A, B = uuid4(), uuid4()
Order = Callable[..., Job]


@pytest.fixture
def order() -> Order:
    def ordered(project: UUID = A, kind: Job.Kind = EMBED, priority: int = 0) -> Job:
        return services.enqueue(
            kind=kind, target=uuid4(), project=project, payload={"n": 1}, by=None, priority=priority
        )

    return ordered


class Broker:
    """Keeps what was sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[Route, dict[str, Any]]] = []

    def send(self, route: Route, message: dict[str, Any]) -> None:
        self.sent.append((route, message))

    def round(self) -> list[UUID]:
        """One round of the dispatcher; the jobs that it sent."""
        before = len(self.sent)
        with transaction.atomic():
            reap()
        dispatch(self.send)
        return [UUID(message["job"]) for _, message in self.sent[before:]]


@pytest.fixture
def broker() -> Broker:
    return Broker()


def worker(name: str = "gpu-1", *, queue: str = "inference", busy: UUID | None = None) -> None:
    services.alive(worker=name, queue=queue, busy=busy)


def tell(job: Job, event: services.Report, attempt: int | None = None, **what: Any) -> Job:
    job.refresh_from_db()
    services.report(event=event, job=job.id, attempt=attempt or job.attempt, worker="gpu-1", **what)
    job.refresh_from_db()
    return job


def lapse(job: Job) -> None:
    Job.objects.filter(id=job.id).update(lease_until=timezone.now() - timedelta(seconds=1))


def states() -> dict[str, int]:
    return {state: Job.objects.filter(state=state).count() for state in Job.State.values if
            Job.objects.filter(state=state).exists()}  # fmt: skip


def test_nothing_is_sent_without_a_live_worker(broker: Broker, order: Order) -> None:
    order()
    assert broker.round() == []
    worker()
    Worker.objects.update(seen_at=timezone.now() - ALIVE - timedelta(seconds=1))
    assert broker.round() == []
    worker(queue="labeling")
    assert broker.round() == [], "a worker of another queue does not help"


@pytest.mark.parametrize("workers", [1, 3])
def test_at_most_two_messages_a_live_worker_are_in_flight(broker: Broker, order: Order, workers: int) -> None:
    jobs = [order() for _ in range(10)]
    for n in range(workers):
        worker(f"gpu-{n}")
    assert len(broker.round()) == 2 * workers
    assert broker.round() == []
    tell(jobs[0], "started")
    assert broker.round() == [], "a running job is in flight"
    tell(jobs[0], "done", result={})
    assert len(broker.round()) == 1


def test_a_message_says_what_is_to_be_done(broker: Broker, order: Order) -> None:
    job = order()
    worker()
    broker.round()
    ((route, message),) = broker.sent
    assert (route.task, route.queue) == ("inference.embed", "inference")
    assert message == {"job": str(job.id), "attempt": 1, "project": str(A), "n": 1}


def test_the_oldest_comes_first_but_the_urgent_before_it(broker: Broker, order: Order) -> None:
    first, second, third = order(), order(), order()
    services.prioritise(kind=EMBED, target=third.target)
    worker()
    assert broker.round() == [third.id, first.id]
    tell(third, "done", result={})
    assert broker.round() == [second.id]


def test_projects_take_turns(broker: Broker, order: Order) -> None:
    many = [order(A) for _ in range(5)]
    few = [order(B) for _ in range(2)]
    worker()
    sent: list[UUID] = []
    for _ in range(7):
        for id in broker.round():
            sent.append(id)
            tell(Job.objects.get(id=id), "done", result={})
    assert {many[0].id, few[0].id} == set(sent[:2]), "a late small project waits for one image of the large one"
    assert {few[1].id} < set(sent[:4])
    assert len(sent) == 7


def test_exports_do_not_wait_for_embeddings(broker: Broker, order: Order) -> None:
    for _ in range(5):
        order()
    export = order(kind=EXPORT)
    worker()
    worker("web", queue="labeling")
    assert export.id in broker.round()
    assert [route.task for route, _ in broker.sent].count("labeling.exchange.export") == 1


def test_moving_to_the_front_changes_nothing_that_was_sent(broker: Broker, order: Order) -> None:
    job = order()
    worker()
    broker.round()
    services.prioritise(kind=EMBED, target=job.target)
    job.refresh_from_db()
    assert (job.state, job.priority) == (Job.State.SENT, 0)


def test_one_target_is_ordered_once(order: Order) -> None:
    job = order()
    again = services.enqueue(kind=EMBED, target=job.target, project=A, payload={}, by=None)
    assert again.id == job.id
    assert Event.objects.count() == 1


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


def test_a_lost_message_is_sent_again_when_someone_is_idle(broker: Broker, order: Order) -> None:
    job = order()
    worker()
    broker.round()
    lapse(job)
    worker()
    assert broker.round() == [job.id]
    job.refresh_from_db()
    assert (job.attempt, job.failures) == (2, 0), "nobody failed"


def test_a_message_behind_busy_workers_may_wait(broker: Broker, order: Order) -> None:
    running, waiting = order(), order()
    worker()
    broker.round()
    tell(running, "started")
    worker(busy=running.id)
    lapse(waiting)
    assert broker.round() == []
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempt) == (Job.State.SENT, 1)
    assert waiting.lease_until is not None
    assert waiting.lease_until > timezone.now()


def test_messages_of_workers_that_are_gone_are_queued_again(broker: Broker, order: Order) -> None:
    job = order()
    worker()
    broker.round()
    lapse(job)
    Worker.objects.all().delete()
    assert broker.round() == []
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED
    worker("gpu-2")
    assert broker.round() == [job.id]


def test_a_broker_that_is_away_costs_one_lease(order: Order, broker: Broker) -> None:
    def away(route: Route, message: dict[str, Any]) -> None:
        raise ConnectionError("no broker")

    job = order()
    worker()
    with pytest.raises(ConnectionError):
        dispatch(away)
    lapse(job)
    assert broker.round() == [job.id]


def test_a_failed_job_is_tried_again_from_the_start(broker: Broker, order: Order, manager: Any) -> None:
    job = order()
    Job.objects.filter(id=job.id).update(state=Job.State.FAILED, failures=3, error="The disk is full.", progress=0.7)
    services.retry(kind=EMBED, target=job.target, by=manager)
    job.refresh_from_db()
    assert (job.state, job.failures, job.error, job.progress) == (Job.State.QUEUED, 0, "", 0)
    worker()
    assert broker.round() == [job.id]


@pytest.mark.parametrize("state", [Job.State.QUEUED, Job.State.SENT, Job.State.RUNNING, Job.State.DONE])
def test_trying_again_is_harmless_in_any_other_state(order: Order, manager: Any, state: str) -> None:
    job = order()
    Job.objects.filter(id=job.id).update(state=state)
    services.retry(kind=EMBED, target=job.target, by=manager)
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
    counts = readiness_of([A, B], EMBED)
    assert counts[A] == {"queued": 2, "running": 1, "ready": 1, "failed": 1}
    assert counts[B] == {"queued": 1, "running": 0, "ready": 0, "failed": 0}


def test_the_living_are_counted_by_what_they_compute() -> None:
    worker("gpu-1")
    worker("gpu-2")
    worker("web", queue="labeling")
    Worker.objects.filter(name="gpu-2").update(seen_at=timezone.now() - timedelta(minutes=1))
    assert (workers_alive(EMBED), workers_alive(EXPORT)) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_dispatchers_send_nothing_twice(order: Order) -> None:
    for _ in range(6):
        order()
    for n in range(3):
        worker(f"gpu-{n}")
    broker = Broker()
    together(3, lambda n: broker.round())
    jobs = [message["job"] for _, message in broker.sent]
    assert len(set(jobs)) == len(jobs) == 6


@pytest.mark.django_db(transaction=True)
def test_several_dispatchers_together_send_no_more_than_there_is_room_for(order: Order) -> None:
    for _ in range(12):
        order()
    worker()
    broker = Broker()
    together(4, lambda n: broker.round())
    assert len(broker.sent) == 2
