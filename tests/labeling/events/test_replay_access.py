"""A replay is answered like any other request of its sender, and never answers a secret."""

import json
from collections.abc import Callable
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.assignments import leaving
from labeling.events.models import Operation
from labeling.images.models import Image
from labeling.projects import services as projects
from labeling.projects.models import LabelClass, Membership, Project
from labeling.projects.roles import Role
from tests.labeling.making import API, mask_body, problem


class Sent:
    """A request that was sent once, to send again."""

    def __init__(self, client: APIClient, path: str, body: Any, method: str = "post") -> None:
        self.headers = {"Idempotency-Key": str(uuid4())}
        self.send: Callable[[], Any] = lambda: getattr(client, method)(f"{API}/{path}", body, headers=self.headers)
        self.first = self.send()
        assert self.first.status_code < 300, self.first.content

    def again(self) -> Any:
        return self.send()


def remove(user: User, project: Project, by: User) -> None:
    leaving.remove_member(by=by, membership=Membership.objects.get(project=project, user=user).id)


@pytest.fixture
def labeled(as_annotator: APIClient, image: Image, cat: LabelClass) -> Sent:
    return Sent(as_annotator, f"images/{image.id}/changes", {"create": [mask_body(cat)]})


def test_a_member_is_answered_as_before(labeled: Sent) -> None:
    assert labeled.again().json() == labeled.first.json()


def test_a_removed_member_is_told_that_there_is_no_such_image(
    labeled: Sent, manager: User, annotator: User, project: Project, image: Image, as_annotator: APIClient
) -> None:
    remove(annotator, project, manager)
    replayed = problem(labeled.again(), 404, "not_found")
    assert replayed == problem(as_annotator.get(f"{API}/images/{image.id}"), 404)


def test_a_demoted_member_is_refused(labeled: Sent, manager: User, annotator: User, project: Project) -> None:
    membership = Membership.objects.get(project=project, user=annotator)
    projects.edit_member(by=manager, membership=membership.id, roles=[Role.VIEWER])
    problem(labeled.again(), 403, "permission_denied")


def test_a_member_who_comes_back_is_answered_again(
    labeled: Sent, manager: User, annotator: User, project: Project
) -> None:
    remove(annotator, project, manager)
    projects.add_member(by=manager, project=project.id, email=annotator.email, roles=[Role.ANNOTATOR], name="")
    assert labeled.again().json() == labeled.first.json()


def test_nobody_is_answered_about_a_deleted_project(labeled: Sent, manager: User, project: Project) -> None:
    projects.delete_project(by=manager, project=project.id)
    problem(labeled.again(), 404, "not_found")


def test_who_made_a_project_and_was_removed_is_not_answered(as_manager: APIClient, manager: User, viewer: User) -> None:
    made = Sent(as_manager, "projects", {"name": "Birds"})
    project = UUID(made.first.json()["id"])
    projects.add_member(by=manager, project=project, email=viewer.email, roles=[Role.MANAGER], name="")
    assert made.again().status_code == 201
    leaving.remove_member(by=viewer, membership=Membership.objects.get(project=project, user=manager).id)
    problem(made.again(), 404, "not_found")


def test_a_closed_account_is_not_answered(labeled: Sent, annotator: User) -> None:
    User.objects.filter(id=annotator.id).update(is_active=False)
    problem(labeled.again(), 401, "not_authenticated")


def test_who_has_logged_out_is_not_answered(as_annotator: APIClient, image: Image, cat: LabelClass) -> None:
    sent = Sent(as_annotator, f"images/{image.id}/annotations", mask_body(cat))
    as_annotator.logout()
    problem(sent.again(), 401, "not_authenticated")


def test_what_is_nobodys_project_is_answered_again(as_viewer: APIClient) -> None:
    renamed = Sent(as_viewer, "me", {"name": "Vic"}, method="patch")
    assert renamed.again().json() == renamed.first.json()


def test_an_invitation_link_is_shown_once_and_never_stored(as_manager: APIClient, project: Project) -> None:
    body = {"email": "new@example.org", "roles": ["annotator"]}
    sent = Sent(as_manager, f"projects/{project.id}/members", body)
    link = sent.first.json()["invite_url"]
    assert link
    secret = link.removeprefix("/invite/")
    assert secret not in json.dumps(list(Operation.objects.values_list("body", flat=True)))
    assert sent.again().json() == {**sent.first.json(), "invite_url": None}


def test_links_that_were_stored_before_are_removed(manager: User) -> None:
    kept = {"id": "1", "invite_url": "/invite/abc-secret"}
    for body in (kept, {"id": "2"}, [kept["id"]], None):
        Operation.objects.create(actor=manager.id, op_id=uuid4(), request="", status=201, body=body)

    import_module("labeling.events.migrations.0003_grants_of_operations").forget_links(apps, None)

    bodies = list(Operation.objects.order_by("id").values_list("body", flat=True))
    assert bodies == [{"id": "1", "invite_url": None}, {"id": "2"}, ["1"], None]
