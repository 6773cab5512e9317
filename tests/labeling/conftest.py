"""The cast: five people, a project with two classes, a photograph; and a client for each of them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from labeling.accounts import mail
from labeling.accounts.models import User
from labeling.images.models import Image
from labeling.images.selectors import embedding_job
from labeling.jobs.models import Job
from labeling.projects import services as projects
from labeling.projects.models import LabelClass, Project
from labeling.projects.roles import Role
from tests.labeling import locks
from tests.labeling.making import photo_bytes, upload

PHOTO = Path(__file__).parents[2] / "labeling" / "demo" / "photos" / "dog.jpg"


locks.install()


@pytest.fixture(autouse=True)
def _locks_in_one_order() -> Iterator[None]:
    """Fail tests whose transactions lock in another order than docs/locks.md, because they could deadlock."""
    with locks.watching() as watch:
        yield
    assert not watch.wrong


@pytest.fixture(autouse=True)
def _without_proposals(settings: Any) -> None:
    """An image is one job, except where a test is about proposals."""
    settings.PROPOSALS = False


@pytest.fixture(autouse=True)
def _without_assessments(settings: Any) -> None:
    """Confidences are made of SAM's scores alone, except where a test is about what workers find."""
    settings.ASSESS = False


@pytest.fixture(autouse=True)
def _mails_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send mails in the same thread, because another one would not see the test's open transaction."""
    monkeypatch.setattr(mail, "send_later", mail.send_now)


@pytest.fixture(autouse=True)
def _forgotten_throttles() -> None:
    """Throttles count in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture(scope="session")
def photograph() -> bytes:
    """A real photograph, made small: 64 × 48 pixels."""
    pixels = cv2.resize(cv2.imread(str(PHOTO)), (64, 48), interpolation=cv2.INTER_AREA)
    return cv2.imencode(".jpg", pixels)[1].tobytes()


@pytest.fixture
def person(db: None) -> Callable[[str], User]:
    """Makes an account that cannot log in by password, which is slow. Its address is verified."""
    return lambda name: User.objects.create_user(f"{name}@example.org", name=name.capitalize())


def give_rights(user: User) -> User:
    """Let the user create projects and invite people, as an operator would."""
    user.may_create_projects = user.may_invite = True
    user.save(update_fields=["may_create_projects", "may_invite"])
    return user


@pytest.fixture
def manager(person: Callable[[str], User]) -> User:
    return give_rights(person("manager"))


@pytest.fixture
def annotator(person: Callable[[str], User]) -> User:
    return person("annotator")


@pytest.fixture
def reviewer(person: Callable[[str], User]) -> User:
    return person("reviewer")


@pytest.fixture
def viewer(person: Callable[[str], User]) -> User:
    return person("viewer")


@pytest.fixture
def outsider(person: Callable[[str], User]) -> User:
    """Has a project of their own and nothing to do with ours."""
    user = give_rights(person("outsider"))
    projects.create_project(by=user, name="Elsewhere", classes=[{"name": "thing"}])
    return user


@pytest.fixture
def project(manager: User, annotator: User, reviewer: User, viewer: User) -> Project:
    made = projects.create_project(by=manager, name="Animals", classes=[{"name": "cat"}, {"name": "dog"}])
    for user, role in ((annotator, Role.ANNOTATOR), (reviewer, Role.REVIEWER), (viewer, Role.VIEWER)):
        projects.add_member(by=manager, project=made.id, email=user.email, roles=[role], name="")
    return made


@pytest.fixture
def cat(project: Project) -> LabelClass:
    return project.classes.get(name="cat")


@pytest.fixture
def dog(project: Project) -> LabelClass:
    return project.classes.get(name="dog")


@pytest.fixture
def image(project: Project, manager: User, photograph: bytes) -> Image:
    return upload(manager, project, "dog.jpg", photograph)


@pytest.fixture
def more_images(project: Project, manager: User) -> Callable[[int], list[Image]]:
    """Uploads this many further images, each of other pixels."""
    made: list[Image] = []

    def more(count: int) -> list[Image]:
        fresh = [upload(manager, project, f"{len(made) + n}.png", photo_bytes(len(made) + n)) for n in range(count)]
        made.extend(fresh)
        return fresh

    return more


@pytest.fixture
def embedded(image: Image) -> Callable[[dict[str, Any]], Job]:
    """Marks the image's embedding as done, with this result."""

    def mark(result: dict[str, Any]) -> Job:
        job = embedding_job(image)
        assert job is not None
        Job.objects.filter(id=job.id).update(state=Job.State.DONE, result=result)
        return job

    return mark


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


@pytest.fixture
def anonymous() -> APIClient:
    return APIClient()


@pytest.fixture
def as_manager(manager: User, project: Project) -> APIClient:
    return client_of(manager)


@pytest.fixture
def as_annotator(annotator: User, project: Project) -> APIClient:
    return client_of(annotator)


@pytest.fixture
def as_reviewer(reviewer: User, project: Project) -> APIClient:
    return client_of(reviewer)


@pytest.fixture
def as_viewer(viewer: User, project: Project) -> APIClient:
    return client_of(viewer)


@pytest.fixture
def as_outsider(outsider: User) -> APIClient:
    return client_of(outsider)
