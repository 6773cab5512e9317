"""Somebody whose address is not verified is no member of a project that others add them to."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.sites import site
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import RequestFactory
from rest_framework.test import APIClient

import labeling
from labeling.accounts.models import User
from labeling.assignments.leaving import remove_member
from labeling.assignments.models import Assignment
from labeling.events.selectors import after
from labeling.images.models import Image
from labeling.projects.admin import PersonAdmin
from labeling.projects.models import Membership, Project, WaitingMember
from labeling.projects.services import create_project
from labeling.projects.verification import verify_address
from tests.labeling.accounts.test_invitations import accept, add, invited, listed, mailed_link, mails
from tests.labeling.conftest import client_of
from tests.labeling.making import API, problem

__all__ = ["mails"]
CEO = "ceo@example.org"


@pytest.fixture(autouse=True)
def _fast_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def stranger(outsider: User) -> User:
    """Somebody with a project of their own and the right to invite."""
    return outsider


@pytest.fixture
def unverified(stranger: User, anonymous: APIClient) -> User:
    """An account under the CEO's address that a stranger made, and whose password the stranger set."""
    theirs = Project.objects.get(created_by=stranger)
    accept(anonymous, invited(client_of(stranger), theirs, CEO)["invite_url"])
    person = User.objects.get(email=CEO)
    person.name = "Eve Stranger"
    person.save()
    return person


@pytest.fixture
def waiting(as_manager: APIClient, project: Project, unverified: User) -> dict[str, Any]:
    """The unverified account, added to our project with every role."""
    response = as_manager.post(
        f"{API}/projects/{project.id}/members", {"email": CEO, "roles": ["manager", "annotator", "reviewer"]}
    )
    assert response.status_code == 201, response.content
    return dict(response.json())


def projects_of(user: User) -> list[str]:
    return sorted(each["name"] for each in client_of(user).get(f"{API}/projects").json()["results"])


def test_an_unverified_account_counts_in_its_inviters_projects_only(
    waiting: dict[str, Any], unverified: User, stranger: User
) -> None:
    assert projects_of(unverified) == ["Elsewhere"]
    further = create_project(by=stranger, name="Further")
    assert add(client_of(stranger), further, CEO).json()["waits"] is False
    assert projects_of(unverified) == ["Elsewhere", "Further"]


def test_who_waits_sees_nothing_of_the_project(
    waiting: dict[str, Any], unverified: User, project: Project, image: Image, outsider: User
) -> None:
    client = client_of(unverified)
    for path in (f"projects/{project.id}", f"projects/{project.id}/members", f"images/{image.id}"):
        theirs = problem(client.get(f"{API}/{path}"), 404, "not_found")
        assert theirs == problem(client_of(outsider).get(f"{API}/{path}"), 404), "as for anybody else outside"
    assert str(project.id) not in client.get(f"{API}/progress").content.decode()
    assert client.get(f"{API}/me/assignments").json() == []
    problem(client.delete(f"{API}/members/{waiting['id']}"), 404, "not_found")
    problem(client.post(f"{API}/projects/{project.id}/assignments/next"), 404, "not_found")


def test_who_waits_is_assigned_nothing(
    waiting: dict[str, Any], as_manager: APIClient, unverified: User, project: Project, image: Image
) -> None:
    body = {"annotator": str(unverified.id), "images": [str(image.id)]}
    problem(as_manager.post(f"{API}/projects/{project.id}/assignments", body), 400, "not_an_annotator")
    assert not Assignment.objects.exists()


def test_who_waits_is_no_other_manager(
    waiting: dict[str, Any], as_manager: APIClient, manager: User, project: Project
) -> None:
    mine = Membership.objects.get(project=project, user=manager)
    problem(as_manager.delete(f"{API}/members/{mine.id}"), 409, "last_manager")


def test_of_who_waits_only_the_address_is_shown(
    waiting: dict[str, Any], as_manager: APIClient, as_viewer: APIClient, unverified: User, project: Project
) -> None:
    shown = {
        "id": waiting["id"], "email": CEO, "user": None, "roles": ["annotator", "manager", "reviewer"],
        "waits": True, "email_verified": False, "invitation": None,
    }  # fmt: skip
    assert waiting == {**shown, "invite_url": None}
    assert listed(as_viewer, project, CEO) == shown
    again = problem(add(as_manager, project, CEO), 409, "already_member")
    changed = as_manager.patch(f"{API}/members/{waiting['id']}", {"roles": ["viewer"]}).json()
    as_manager.delete(f"{API}/members/{waiting['id']}")
    events = [event.data for event in after(project.id, 0)]
    for said in (str(waiting), str(again), str(changed), str(events)):
        assert "Eve" not in said
        assert str(unverified.id) not in said


def test_an_account_that_is_not_set_up_looks_the_same_while_it_waits(
    as_manager: APIClient, project: Project, stranger: User
) -> None:
    invited(client_of(stranger), Project.objects.get(created_by=stranger), CEO)
    added = add(as_manager, project, CEO).json()
    assert (added["user"], added["invitation"], added["invite_url"]) == (None, None, None)
    problem(as_manager.post(f"{API}/members/{added['id']}/invitation"), 403, "not_your_invitation")


def test_who_waits_can_be_changed_and_removed(waiting: dict[str, Any], as_manager: APIClient, project: Project) -> None:
    path = f"{API}/members/{waiting['id']}"
    assert as_manager.patch(path, {"roles": ["viewer"]}).json()["roles"] == ["viewer"]
    assert as_manager.delete(path).status_code == 204
    assert not WaitingMember.objects.exists()
    assert [event.kind for event in after(project.id, 0)][-3:] == ["member.waiting", "member.changed", "member.removed"]


def test_verification_makes_members_of_who_waits_with_an_event(
    waiting: dict[str, Any], unverified: User, project: Project, manager: User
) -> None:
    verify_address(by=manager, person=unverified)
    assert projects_of(unverified) == ["Animals", "Elsewhere"]
    membership = Membership.objects.get(project=project, user=unverified)
    assert str(membership.id) == waiting["id"]
    assert membership.roles == ["annotator", "manager", "reviewer"]
    event = after(project.id, 0)[-1]
    assert (event.kind, event.object, event.actor) == ("member.added", membership.id, manager.id)
    assert not WaitingMember.objects.exists()
    verify_address(by=manager, person=unverified)
    assert after(project.id, 0)[-1].seq == event.seq, "a second time changes nothing"


def test_accepting_is_told_to_the_projects_pages(as_manager: APIClient, project: Project, anonymous: APIClient) -> None:
    made = invited(as_manager, project)
    accept(anonymous, made["invite_url"])
    event = after(project.id, 0)[-1]
    assert (event.kind, str(event.object), event.actor_name) == ("member.changed", made["id"], "new")


def test_a_verified_account_joins_at_once(as_manager: APIClient, project: Project, outsider: User) -> None:
    added = add(as_manager, project, outsider.email).json()
    assert added["waits"] is False
    assert added["user"]["id"] == str(outsider.id)
    assert added["invite_url"] is None


def asked_by_operator(user: User) -> Any:
    user.is_staff = user.is_superuser = True
    user.save()
    request: Any = RequestFactory().post("/")
    request.user, request.session = user, {}
    request._messages = FallbackStorage(request)
    return request


def test_an_operator_verifies_addresses_in_the_admin(
    waiting: dict[str, Any], unverified: User, manager: User, stranger: User
) -> None:
    invited(client_of(stranger), Project.objects.get(created_by=stranger), "empty@example.org")
    request = asked_by_operator(manager)
    PersonAdmin(User, site).mark_verified(request, User.objects.all())
    assert projects_of(unverified) == ["Animals", "Elsewhere"]
    assert not User.objects.get(email="empty@example.org").email_verified, "nobody is in this account yet"
    assert "empty@example.org" in str([str(message) for message in request._messages])


def test_an_address_that_an_operator_enters_is_verified_and_ends_open_links(
    anonymous: APIClient, as_manager: APIClient, manager: User, project: Project
) -> None:
    link = invited(as_manager, project)["invite_url"]
    person = User.objects.get(email="new@example.org")
    request = asked_by_operator(manager)
    admin = PersonAdmin(User, site)
    form = admin.get_form(request, person, change=True)(
        {"email": "Other@Example.org", "name": "Other", "is_active": "on"}, instance=person
    )
    assert form.is_valid(), form.errors
    admin.save_model(request, form.save(commit=False), form, change=True)
    person.refresh_from_db()
    assert (person.email, person.email_verified) == ("other@example.org", True)
    problem(accept(anonymous, link), 409, "invitation_withdrawn")


def test_who_invited_gets_no_link_to_an_account_whose_address_an_operator_has_verified(
    manager: User, stranger: User, project: Project, as_manager: APIClient
) -> None:
    theirs = client_of(stranger)
    made = invited(theirs, Project.objects.get(created_by=stranger), CEO)
    assert add(as_manager, project, CEO).json()["waits"] is True
    person = User.objects.get(email=CEO)
    verify_address(by=manager, person=person)
    assert projects_of(person) == ["Animals", "Elsewhere"]
    problem(theirs.post(f"{API}/members/{made['id']}/invitation"), 403, "not_your_invitation")
    assert listed(theirs, Project.objects.get(created_by=stranger), CEO)["invitation"]["may_renew"] is False


def test_who_proves_the_address_by_mail_gets_the_account_and_the_stranger_is_out(
    unverified: User, mails: list[str], django_capture_on_commit_callbacks: Any, anonymous: APIClient,
    as_manager: APIClient, project: Project,
) -> None:  # fmt: skip
    strangers_session = client_of(unverified)
    with django_capture_on_commit_callbacks(execute=True):
        assert add(as_manager, project, CEO).json()["waits"] is True
    assert mails[0].startswith(f"To: {CEO}\n")
    assert accept(anonymous, mailed_link(mails), "the real ones password").status_code == 204
    assert projects_of(User.objects.get(email=CEO)) == ["Animals", "Elsewhere"]
    problem(strangers_session.get(f"{API}/projects"), 401)
    assert not anonymous.login(email=CEO, password="correct horse battery")


def test_an_unverified_person_asks_for_a_mail(
    unverified: User, mails: list[str], django_capture_on_commit_callbacks: Any, anonymous: APIClient
) -> None:
    client = client_of(unverified)
    assert client.get(f"{API}/me").json()["email_verified"] is False
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{API}/me/verification").status_code == 204
        problem(client.post(f"{API}/me/verification"), 409, "mail_just_sent")
    assert len(mails) == 1
    accept(anonymous, mailed_link(mails))
    problem(client_of(User.objects.get(email=CEO)).post(f"{API}/me/verification"), 409, "already_verified")


def test_without_a_mail_server_an_operator_has_to_verify(unverified: User) -> None:
    body = problem(client_of(unverified).post(f"{API}/me/verification"), 409, "no_mail")
    assert "operator" in body["detail"]


def test_members_of_before_stay_members(project: Project, annotator: User) -> None:
    User.objects.filter(id=annotator.id).update(email_verified_at=None)
    assert projects_of(annotator) == ["Animals"]


def test_who_was_removed_and_is_not_verified_waits_when_another_adds_them(
    project: Project, as_manager: APIClient, manager: User, annotator: User
) -> None:
    User.objects.filter(id=annotator.id).update(email_verified_at=None)
    remove_member(by=manager, membership=Membership.objects.get(project=project, user=annotator).id)
    assert add(as_manager, project, annotator.email).json()["waits"] is True


def test_only_verification_and_the_people_page_know_of_who_waits() -> None:
    """All other code decides permissions by Membership alone, so it cannot mistake waiting people for members."""
    knowing = {
        path.relative_to(Path(labeling.__path__[0])).as_posix()
        for path in Path(labeling.__path__[0]).rglob("*.py")
        if "migrations" not in path.parts and re.search("WaitingMember|waiting_member", path.read_text())
    }
    assert knowing == {
        f"projects/{module}.py" for module in ("models", "selectors", "services", "verification", "member_api", "admin")
    }
