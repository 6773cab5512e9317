"""The order of jobs: objects that await review, open images, then fairly between projects; by index alone."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from labeling.accounts.models import User
from labeling.calibration import assessments
from labeling.images import services as images
from labeling.images.models import Image
from labeling.jobs import services
from labeling.jobs.dispatcher import dispatch
from labeling.jobs.models import Job
from labeling.projects.models import LabelClass
from tests.labeling.jobs.acting import A, B, Broker, Order, tell, worker
from tests.labeling.making import annotate, assign, submit

pytestmark = pytest.mark.django_db
POSTGRES = connection.vendor == "postgresql"
Kind = Job.Kind


@pytest.fixture
def _with_assessments(settings: Any, tmp_path: Any) -> Any:
    settings.ASSESS = True


def assessment(image: Image) -> Job:
    return Job.objects.get(kind=Kind.ASSESS, target=image.id)


def test_what_waits_for_review_comes_before_what_is_open_and_that_before_what_nobody_opened(
    broker: Broker, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assessments, "message", lambda image: {})
    unopened = [order(A) for _ in range(3)]
    opened = order(B, Kind.PROPOSE, priority=services.URGENT)
    drawn = order(A, Kind.ASSESS, priority=services.URGENT)
    reviewed = order(B, Kind.ASSESS, priority=services.REVIEWED)
    worker()
    assert broker.round() == [reviewed.id, opened.id]
    tell(reviewed, "done", result=None)
    assert broker.round() == [drawn.id]
    tell(opened, "done", result={})
    assert broker.round() == [unopened[0].id]


def test_assessments_go_on_however_many_images_wait_to_be_embedded(
    broker: Broker, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assessments, "message", lambda image: {})
    for _ in range(20):
        order(A)
    waiting = [order(B, Kind.ASSESS, priority=services.REVIEWED) for _ in range(3)]
    worker()
    done = []
    for _ in range(4):
        for id in broker.round():
            done.append(id)
            tell(Job.objects.get(id=id), "done", result=None)
    assert {job.id for job in waiting} < set(done)


@pytest.mark.usefixtures("_with_assessments")
def test_an_assessment_is_as_urgent_as_what_waits_for_it(
    manager: User, annotator: User, image: Image, cat: LabelClass
) -> None:
    annotate(annotator, image, cat)
    assert assessment(image).priority == services.URGENT, "somebody draws"
    images.prioritise(by=annotator, image=image.id)
    assign(manager, image, annotator)
    submit(annotator, image)
    assert assessment(image).priority == services.REVIEWED
    images.prioritise(by=annotator, image=image.id)
    annotate(annotator, image, cat)
    assert assessment(image).priority == services.REVIEWED, "what was handed in still waits"


@pytest.mark.usefixtures("_with_assessments")
def test_the_rest_of_what_waits_for_review_stays_as_urgent(
    manager: User, annotator: User, image: Image, cat: LabelClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    annotate(annotator, image, cat)
    assign(manager, image, annotator)
    submit(annotator, image)
    Job.objects.filter(kind=Kind.ASSESS).update(state=Job.State.DONE)
    annotate(annotator, image, cat)
    Job.objects.filter(kind=Kind.ASSESS).update(state=Job.State.DONE, priority=0)
    assessments._go_on(image.id)
    assert (assessment(image).state, assessment(image).priority) == (Job.State.QUEUED, services.REVIEWED)


def test_each_question_of_the_dispatcher_is_a_look_into_an_index(broker: Broker) -> None:
    projects = [uuid4() for _ in range(3)]
    rows = [
        Job(kind=kind, target=uuid4(), project=projects[n % 3], state=Job.State.DONE if n % 2 else Job.State.QUEUED)
        for kind in (Kind.EMBED, Kind.PROPOSE, Kind.ASSESS)
        for n in range(1000)
    ]
    Job.objects.bulk_create(rows)
    worker()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as captured:
        dispatch(broker.send)
    assert len(broker.sent) == 2
    asked = [query["sql"] for query in captured if query["sql"].startswith("SELECT") and '"jobs_job"' in query["sql"]]
    for sql in set(asked):
        plan = explained(sql)
        assert "Seq Scan" not in plan, (sql, plan)
        assert not re.search(r"SCAN jobs_job(?! USING)", plan), (sql, plan)
        # Jobs of the same moment are sorted among themselves, which PostgreSQL calls an incremental sort.
        assert not re.search(r"->\s+Sort\b|TEMP B-TREE FOR ORDER BY", plan), (sql, plan)


def explained(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(("EXPLAIN " if POSTGRES else "EXPLAIN QUERY PLAN ") + sql.replace("%", "%%"))
        return "\n".join(str(row[-1]) for row in cursor.fetchall())
