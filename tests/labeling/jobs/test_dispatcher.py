"""Who computes what next, and what becomes of messages that are lost."""

import queue
import time
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from labeling.events.models import Event
from labeling.jobs import services
from labeling.jobs.dispatcher import ALIVE, Dispatcher, Route, dispatch, wake
from labeling.jobs.models import Job, Worker
from labeling.jobs.selectors import workers_alive
from labeling.jobs.tasks import report
from tests.labeling.jobs.acting import EMBED, EXPORT, PROPOSE, A, B, Broker, Order, lapse, tell, worker
from tests.labeling.making import together

pytestmark = pytest.mark.django_db


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
    services.prioritise(kinds=[EMBED], target=third.target)
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


def test_embeddings_come_before_proposals_and_share_the_room_with_them(broker: Broker, order: Order) -> None:
    proposals = [order(kind=PROPOSE) for _ in range(4)]
    embeddings = [order() for _ in range(3)]
    worker()
    assert broker.round() == [embeddings[0].id, embeddings[1].id]
    tell(embeddings[0], "done", result={})
    assert broker.round() == [embeddings[2].id]
    tell(embeddings[1], "done", result={})
    assert broker.round() == [proposals[0].id]


def test_one_proposal_at_a_time_leaves_room_for_whoever_opens_an_image(broker: Broker, order: Order) -> None:
    first, _ = order(kind=PROPOSE), order(kind=PROPOSE)
    worker()
    assert broker.round() == [first.id]
    opened = order()
    assert broker.round() == [opened.id]


def test_what_is_urgent_comes_first_whatever_its_kind(broker: Broker, order: Order) -> None:
    embedding, urgent, _ = order(), order(kind=PROPOSE), order(kind=PROPOSE)
    services.prioritise(kinds=[PROPOSE], target=urgent.target)
    worker()
    assert broker.round() == [urgent.id, embedding.id]


def test_a_region_that_somebody_waits_for_comes_before_everything_that_nobody_does(
    broker: Broker, order: Order
) -> None:
    waiting = [order(), order(kind=PROPOSE, priority=services.URGENT)]
    region = order(kind=Job.Kind.REGION, priority=services.URGENT)
    worker()
    assert broker.round() == [region.id, waiting[1].id]
    assert broker.sent[0][0].task == "inference.embed"


def test_a_long_queue_costs_no_more_than_a_short_one(broker: Broker) -> None:
    waiting = [Job(kind=kind, target=uuid4(), project=uuid4()) for kind in (EMBED, PROPOSE) for _ in range(3)]
    more = [Job(kind=job.kind, target=uuid4(), project=job.project) for job in waiting for _ in range(1500)]
    Job.objects.bulk_create([*waiting, *more], batch_size=1000)
    worker()
    began = time.monotonic()
    assert len(broker.round()) == 2
    # A look at each of them for each of them would be minutes.
    assert time.monotonic() - began < 2


def test_moving_to_the_front_changes_nothing_that_was_sent(broker: Broker, order: Order) -> None:
    job = order()
    worker()
    broker.round()
    services.prioritise(kinds=[EMBED], target=job.target)
    job.refresh_from_db()
    assert (job.state, job.priority) == (Job.State.SENT, 0)


def test_one_target_is_ordered_once(order: Order) -> None:
    job = order()
    again = services.enqueue(kind=EMBED, target=job.target, project=A, payload={}, by=None)
    assert again.id == job.id
    assert Event.objects.count() == 1


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


def test_the_living_are_counted_by_what_they_compute() -> None:
    worker("gpu-1")
    worker("gpu-2")
    worker("web", queue="labeling")
    Worker.objects.filter(name="gpu-2").update(seen_at=timezone.now() - timedelta(minutes=1))
    assert (workers_alive(EMBED), workers_alive(EXPORT)) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_who_is_done_gets_the_next_at_once(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labeling.jobs.dispatcher.INTERVAL_S", 60)
    first, second = order(kind=PROPOSE), order(kind=PROPOSE)
    worker()
    sent: queue.Queue[str] = queue.Queue()
    dispatcher = Dispatcher(lambda route, message: sent.put(message["job"]))
    dispatcher.start()
    try:
        wake()
        assert sent.get(timeout=10) == str(first.id)
        report(event="done", job=str(first.id), attempt=1, worker="gpu-1", result={})
        assert sent.get(timeout=10) == str(second.id)
    finally:
        dispatcher.stop()
        dispatcher.join()


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
