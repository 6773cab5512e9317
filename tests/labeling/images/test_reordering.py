"""Other settings are recorded at once; the jobs of many images follow in slices."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.events.models import Event
from labeling.images import reordering
from labeling.images.models import Image
from labeling.images.services import edit_project
from labeling.jobs import services as jobs
from labeling.jobs.models import Job
from labeling.projects.models import Project
from tests.labeling import locks
from tests.labeling.making import configure, photo_bytes, reorder, upload

EMBED, PROPOSE, REORDER = Job.Kind.EMBED, Job.Kind.PROPOSE, Job.Kind.REORDER
More = Callable[[int], list[Image]]


@pytest.fixture(autouse=True)
def _slices_of_two(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PROPOSALS = True
    monkeypatch.setattr(reordering, "SLICE", 2)


def points(image: Image) -> int:
    """The setting with which an image's proposals are ordered."""
    return int(Job.objects.get(kind=PROPOSE, target=image.id).payload["settings"]["points_per_side"])


def change(by: User, project: Project, **proposals: Any) -> None:
    project.refresh_from_db()
    edit_project(by=by, project=project.id, expected=project.version, changes={"proposals": proposals})


def test_a_change_of_settings_costs_the_same_however_many_images_there_are(
    as_manager: APIClient, project: Project, more_images: More
) -> None:
    statements = []
    for n, count in enumerate((1, 6)):
        more_images(count)
        with locks.watching() as watch:
            answer = configure(as_manager, project, {"proposals": {"points_per_side": 8 + n}})
        assert answer.status_code == 200
        statements.append(len(watch.holding_log[-1].behind_log))
    assert statements[0] == statements[1] <= 8
    assert Event.objects.filter(kind="jobs.reordered").count() == 0


def test_each_slice_is_a_transaction_with_one_event(manager: User, project: Project, more_images: More) -> None:
    more_images(5)
    change(manager, project, points_per_side=20)
    with locks.watching() as watch:
        reorder(project)
    assert len(watch.holding_log) == 3
    told = Event.objects.filter(kind="jobs.reordered").order_by("seq").values_list("data", flat=True)
    assert list(told) == [{"images": 2}, {"images": 2}, {"images": 1}]


def test_killed_it_starts_again_and_leaves_what_was_done(
    manager: User, project: Project, more_images: More, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = more_images(5)
    change(manager, project, points_per_side=20)

    def killed(done: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reordering.reorder(project.id, killed)
    assert [points(image) for image in images] == [20, 20, 16, 16, 16]
    done = set(Job.objects.filter(kind=PROPOSE, target__in=[images[0].id, images[1].id]).values_list("id", flat=True))
    reorder(project)
    assert [points(image) for image in images] == [20] * 5
    assert done <= set(Job.objects.values_list("id", flat=True))


def test_settings_that_change_in_the_middle_win(
    manager: User, project: Project, more_images: More, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = more_images(4)
    change(manager, project, points_per_side=20)
    job = Job.objects.get(kind=REORDER)
    Job.objects.filter(id=job.id).update(state=Job.State.RUNNING, attempt=1)

    def changed_again(done: float) -> None:
        if done < 1:
            change(manager, project, points_per_side=24)

    reordering.reorder(project.id, changed_again)
    late = upload(manager, project, "late.png", photo_bytes(99))
    assert points(late) == 24
    jobs.report(event="done", job=job.id, attempt=1, worker="w", result={})
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED, "it runs again"
    reorder(project)
    assert {points(image) for image in images} == {24}


def test_an_image_that_is_deleted_meanwhile_gets_no_jobs(manager: User, project: Project, more_images: More) -> None:
    first, second = more_images(2)
    change(manager, project, points_per_side=20)
    found = reordering._next_images(project.id, None)
    from labeling.images.services import delete_image

    delete_image(by=manager, image=first.id)
    reordering._reorder(project.id, [id for _, id in found])
    assert not Job.objects.filter(target=first.id).exists()
    assert points(second) == 20
