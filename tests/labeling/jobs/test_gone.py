"""Nothing is computed for deleted targets, even if the job was ordered after the deletion."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from labeling.accounts.models import User
from labeling.annotations import services as annotations
from labeling.images.models import Image, Region
from labeling.jobs import services
from labeling.jobs.models import Job
from labeling.projects import services as projects
from labeling.projects.models import Project
from tests.labeling.jobs.acting import Broker, worker
from tests.labeling.making import reorder

Kind = Job.Kind
OF_IMAGE = [Kind.TILE, Kind.EMBED, Kind.PROPOSE, Kind.ASSESS]


def order(project: Project, kind: Job.Kind, target: Any = None) -> Job:
    """A job that is ordered too late, like one of a request that commits after the deletion."""
    values = {"project": project.id, "target": target or uuid4(), "payload": {}}
    return services.enqueue(kind=kind, by=None, **values)


def region_of(image: Image) -> Region:
    return Region.objects.create(image=image, x0=0, y0=0, x1=9, y1=9)


@pytest.fixture
def sent(broker: Broker) -> Callable[[], set[str]]:
    """The kinds that a few rounds of the dispatcher send."""

    def ask() -> set[str]:
        for queue in ("inference", "labeling"):
            for n in range(4):
                worker(f"{queue}-{n}", queue=queue)
        broker.round()
        return {Job.objects.get(id=message["job"]).kind for _, message in broker.sent}

    return ask


@pytest.mark.parametrize("kind", [*OF_IMAGE, Kind.REGION, Kind.CALIBRATE, Kind.EXPORT])
def test_no_job_of_a_deleted_project_is_sent(
    manager: User, project: Project, image: Image, sent: Callable[[], set[str]], kind: Job.Kind
) -> None:
    Job.objects.all().delete()
    projects.delete_project(by=manager, project=project.id)
    order(project, kind)
    assert sent() == {Kind.REORDER}
    assert not Job.objects.filter(kind=kind).exists(), "it was forgotten"


@pytest.mark.parametrize("kind", [*OF_IMAGE, Kind.REGION])
def test_no_job_of_a_deleted_image_is_sent(
    manager: User, project: Project, image: Image, sent: Callable[[], set[str]], kind: Job.Kind
) -> None:
    annotations.delete_image(by=manager, image=image.id)
    order(project, kind, region_of(image).id if kind == Kind.REGION else image.id)
    assert sent() == set()
    assert not Job.objects.exists()


def test_the_jobs_of_a_deleted_project_are_forgotten_in_batches(
    manager: User, project: Project, more_images: Callable[[int], list[Image]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "BATCH", 2)
    more_images(5)
    elsewhere = services.enqueue(kind=Kind.EMBED, target=uuid4(), project=uuid4(), payload={}, by=None)
    projects.delete_project(by=manager, project=project.id)
    assert Job.objects.filter(kind=Kind.EMBED, project=project.id).count() == 5, "deleting does not wait for them"
    reorder(project)
    assert set(Job.objects.values_list("kind", "project")) == {
        (Kind.REORDER, project.id),
        (Kind.EMBED, elsewhere.project),
    }


def test_many_deleted_jobs_do_not_keep_a_round_from_ending(
    manager: User, project: Project, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeling.jobs.dispatcher.MAX_A_ROUND", 3)
    projects.delete_project(by=manager, project=project.id)
    for _ in range(5):
        order(project, Kind.EMBED)
    worker()
    broker.round()
    assert Job.objects.filter(kind=Kind.EMBED).count() == 2
    broker.round()
    assert not Job.objects.filter(kind=Kind.EMBED).exists()
