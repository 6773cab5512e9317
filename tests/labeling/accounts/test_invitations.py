"""Invitations: who may make accounts, what a link does, and how it ends."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone
from rest_framework.test import APIClient

from labeling.accounts import invitations, mail
from labeling.accounts.models import ApiToken, Invitation, User
from labeling.accounts.services import create_token
from labeling.events.models import Operation
from labeling.projects.models import Membership, Project
from tests.labeling.conftest import client_of, give_rights
from tests.labeling.making import API, problem

PASSWORD = "correct horse battery"
NEW = "new@example.org"


def add(client: APIClient, project: Project, email: str = NEW, role: str = "annotator") -> Any:
    return client.post(f"{API}/projects/{project.id}/members", {"email": email, "roles": [role]})


def invited(client: APIClient, project: Project, email: str = NEW) -> dict[str, Any]:
    response = add(client, project, email)
    assert response.status_code == 201, response.content
    made: dict[str, Any] = response.json()
    return made


def key(link: str) -> str:
    path, _, secret = link.partition("#")
    assert path == "/invite"
    return secret


def accept(browser: APIClient, link: str, password: str = PASSWORD) -> Any:
    return browser.post(f"{API}/invitations/accept", {"key": key(link), "password": password})


def check(browser: APIClient, link: str) -> Any:
    return browser.post(f"{API}/invitations/check", {"key": key(link)})


def listed(client: APIClient, project: Project, email: str = NEW) -> dict[str, Any]:
    members = client.get(f"{API}/projects/{project.id}/members").json()
    (found,) = [member for member in members if member["email"] == email]
    return dict(found)


@pytest.fixture
def mails(settings: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> list[str]:
    """The mails from now on, in an installation with a mail server."""
    sent: list[str] = []
    settings.SENDS_MAIL = True
    monkeypatch.setattr(mail, "send", lambda *, to, subject, text: sent.append(f"To: {to}\n{subject}\n{text}"))
    return sent


def mailed_link(mails: list[str]) -> str:
    (line,) = [line for line in mails[-1].splitlines() if "/invite#" in line]
    site, _, path = line.partition("/invite")
    assert site == "http://testserver"
    return f"/invite{path}"


def test_creating_projects_is_a_right(as_viewer: APIClient, viewer: User) -> None:
    body = problem(as_viewer.post(f"{API}/projects", {"name": "Mine"}), 403, "may_not_create_projects")
    assert "operator" in body["detail"]
    assert as_viewer.get(f"{API}/me").json()["may_create_projects"] is False
    give_rights(viewer)
    assert as_viewer.post(f"{API}/projects", {"name": "Mine"}).status_code == 201
    assert as_viewer.get(f"{API}/me").json()["may_create_projects"] is True


def test_making_an_account_is_a_right(as_manager: APIClient, manager: User, project: Project, outsider: User) -> None:
    User.objects.filter(id=manager.id).update(may_invite=False)
    problem(add(as_manager, project), 403, "may_not_invite")
    assert not User.objects.filter(email=NEW).exists()
    assert add(as_manager, project, outsider.email).status_code == 201, "who has an account can be added all the same"


def test_the_right_to_invite_opens_no_project(
    as_outsider: APIClient, as_annotator: APIClient, annotator: User, project: Project
) -> None:
    give_rights(annotator)
    problem(add(as_outsider, project), 404, "not_found")
    problem(add(as_annotator, project), 403, "permission_denied")
    assert not Invitation.objects.exists()


def test_superusers_and_the_demos_manager_have_both_rights(db: None) -> None:
    boss = User.objects.create_superuser("boss@example.org", name="Boss")
    assert (boss.may_create_projects, boss.may_invite, boss.email_verified) == (True, True, True)
    from labeling.demo import seed

    manager, annotator = (seed._user(login) for login in seed.LOGINS[:2])
    assert (manager.may_create_projects, manager.may_invite) == (True, True)
    assert (annotator.may_create_projects, annotator.may_invite) == (False, False)


def test_an_invitation_sets_the_password_that_logs_in(
    anonymous: APIClient, as_manager: APIClient, project: Project
) -> None:
    link = invited(as_manager, project)["invite_url"]
    assert check(anonymous, link).json() == {"email": NEW, "is_new": True}
    assert accept(anonymous, link).status_code == 204
    assert anonymous.login(email=NEW, password=PASSWORD)
    assert [each["name"] for each in anonymous.get(f"{API}/projects").json()["results"]] == ["Animals"]


def test_only_the_hash_of_a_link_is_kept(as_manager: APIClient, project: Project) -> None:
    secret = key(invited(as_manager, project)["invite_url"])
    stored = json.dumps([*Invitation.objects.values(), *Operation.objects.values()], default=str)
    assert secret not in stored


def test_a_used_invitation_says_so(anonymous: APIClient, as_manager: APIClient, project: Project) -> None:
    link = invited(as_manager, project)["invite_url"]
    accept(anonymous, link)
    for response in (check(anonymous, link), accept(anonymous, link, "another one entirely")):
        assert "Log in" in problem(response, 409, "invitation_accepted")["detail"]
    assert anonymous.login(email=NEW, password=PASSWORD)


def test_an_expired_invitation_says_so(anonymous: APIClient, as_manager: APIClient, project: Project) -> None:
    link = invited(as_manager, project)["invite_url"]
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    for response in (check(anonymous, link), accept(anonymous, link)):
        assert "expired" in problem(response, 409, "invitation_expired")["detail"]
    assert listed(as_manager, project)["invitation"]["state"] == "expired"


def test_a_withdrawn_invitation_says_so(anonymous: APIClient, as_manager: APIClient, project: Project) -> None:
    made = invited(as_manager, project)
    assert as_manager.delete(f"{API}/members/{made['id']}/invitation").status_code == 204
    for response in (check(anonymous, made["invite_url"]), accept(anonymous, made["invite_url"])):
        assert "withdrawn" in problem(response, 409, "invitation_withdrawn")["detail"]
    assert listed(as_manager, project)["invitation"]["state"] == "withdrawn"


@pytest.mark.parametrize("secret", ["x", "1-abc", "0-0-0", "ünïcode", "x" * 100])
def test_a_link_that_is_none_is_refused(anonymous: APIClient, db: None, secret: str) -> None:
    problem(check(anonymous, f"/invite#{secret}"), 404, "invitation_unknown")
    problem(accept(anonymous, f"/invite#{secret}"), 404, "invitation_unknown")


def test_the_link_of_a_closed_account_is_refused(anonymous: APIClient, as_manager: APIClient, project: Project) -> None:
    link = invited(as_manager, project)["invite_url"]
    User.objects.filter(email=NEW).update(is_active=False)
    problem(accept(anonymous, link), 409, "account_closed")


@pytest.mark.parametrize("password", ["short", "password12", NEW])
def test_a_weak_password_is_refused_with_a_reason_and_the_link_stays_open(
    anonymous: APIClient, as_manager: APIClient, project: Project, password: str
) -> None:
    link = invited(as_manager, project)["invite_url"]
    body = problem(accept(anonymous, link, password), 400)
    assert body["errors"][0]["pointer"] == "/password"
    assert accept(anonymous, link).status_code == 204


@pytest.mark.parametrize("loss", ["lost", "expired", "withdrawn"])
def test_who_invited_renews_an_invitation(
    anonymous: APIClient, as_manager: APIClient, project: Project, loss: str
) -> None:
    made = invited(as_manager, project)
    if loss == "expired":
        Invitation.objects.update(expires_at=timezone.now())
    if loss == "withdrawn":
        as_manager.delete(f"{API}/members/{made['id']}/invitation")
    renewed = as_manager.post(f"{API}/members/{made['id']}/invitation")
    assert renewed.status_code == 201
    problem(check(anonymous, made["invite_url"]), 409)
    state = listed(as_manager, project)["invitation"]
    assert state == {
        "state": "open", "by_mail": False, "expires_at": renewed.json()["expires_at"], "may_renew": True
    }  # fmt: skip
    assert accept(anonymous, renewed.json()["invite_url"]).status_code == 204
    assert listed(as_manager, project)["invitation"] is None


def test_an_operator_renews_what_another_invited(
    as_manager: APIClient, project: Project, person: Callable[[str], User], anonymous: APIClient
) -> None:
    made = invited(as_manager, project)
    operator = person("operator")
    User.objects.filter(id=operator.id).update(is_staff=True)
    Membership.objects.create(project=project, user=operator, roles=["manager"])
    renewed = client_of(operator).post(f"{API}/members/{made['id']}/invitation").json()
    assert accept(anonymous, renewed["invite_url"]).status_code == 204
    assert not User.objects.get(email=NEW).email_verified, "the operator did not say whose address it is"


def test_another_manager_neither_renews_nor_withdraws(
    as_manager: APIClient, as_viewer: APIClient, viewer: User, project: Project
) -> None:
    made = invited(as_manager, project)
    Membership.objects.filter(project=project, user=give_rights(viewer)).update(roles=["manager"])
    path = f"{API}/members/{made['id']}/invitation"
    problem(as_viewer.post(path), 403, "not_your_invitation")
    problem(as_viewer.delete(path), 403, "not_your_invitation")
    assert listed(as_viewer, project)["invitation"]["may_renew"] is False


def test_who_lost_the_right_renews_nothing(as_manager: APIClient, manager: User, project: Project) -> None:
    made = invited(as_manager, project)
    User.objects.filter(id=manager.id).update(may_invite=False)
    problem(as_manager.post(f"{API}/members/{made['id']}/invitation"), 403, "may_not_invite")
    assert as_manager.delete(f"{API}/members/{made['id']}/invitation").status_code == 204


def test_an_account_that_is_set_up_gets_no_further_link(
    anonymous: APIClient, as_manager: APIClient, project: Project
) -> None:
    made = invited(as_manager, project)
    accept(anonymous, made["invite_url"])
    problem(as_manager.post(f"{API}/members/{made['id']}/invitation"), 409, "invitation_accepted")


def test_a_shown_link_does_not_take_over_an_account_that_was_set_up_in_another_way(
    anonymous: APIClient, as_manager: APIClient, project: Project
) -> None:
    link = invited(as_manager, project)["invite_url"]
    person = User.objects.get(email=NEW)
    person.set_password("set by an operator's link")
    person.save()
    problem(accept(anonymous, link), 409, "invitation_accepted")


def test_who_was_removed_is_added_and_invited_again(
    anonymous: APIClient, as_manager: APIClient, project: Project
) -> None:
    as_manager.delete(f"{API}/members/{invited(as_manager, project)['id']}")
    again = invited(as_manager, project)
    assert again["invite_url"] is None
    renewed = as_manager.post(f"{API}/members/{again['id']}/invitation").json()
    assert accept(anonymous, renewed["invite_url"]).status_code == 204


def test_a_renewed_link_is_not_kept_for_a_replay(as_manager: APIClient, project: Project) -> None:
    path = f"{API}/members/{invited(as_manager, project)['id']}/invitation"
    headers = {"Idempotency-Key": "6f2c6d1e-3c0f-4a68-9d3b-0d1d1f6f7a10"}
    first, again = (as_manager.post(path, headers=headers).json() for _ in range(2))
    assert first["invite_url"]
    assert again == {**first, "invite_url": None}
    assert Invitation.objects.count() == 2


def test_accepting_ends_sessions_and_tokens(anonymous: APIClient, as_manager: APIClient, project: Project) -> None:
    link = invited(as_manager, project)["invite_url"]
    person = User.objects.get(email=NEW)
    session = client_of(person)
    create_token(by=person, name="script")
    assert session.get(f"{API}/me").status_code == 200
    accept(anonymous, link)
    problem(session.get(f"{API}/me"), 401)
    assert not ApiToken.objects.filter(user=person).exists()


def test_with_a_mail_server_the_link_is_mailed_and_shown_to_nobody(
    anonymous: APIClient, as_manager: APIClient, project: Project, mails: list[str],
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        made = invited(as_manager, project)
    assert made["invite_url"] is None
    assert made["invitation"]["by_mail"] is True
    assert "Manager" not in mails[0], "no words of whoever invites reach strangers"
    assert accept(anonymous, mailed_link(mails)).status_code == 204
    assert User.objects.get(email=NEW).email_verified


def test_no_mail_goes_out_for_what_was_not_written(
    as_manager: APIClient, project: Project, mails: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        invited(as_manager, project)
        problem(add(as_manager, project), 409, "already_member")
    assert len(mails) == 1


def test_a_shown_link_verifies_nothing(anonymous: APIClient, as_manager: APIClient, project: Project) -> None:
    accept(anonymous, invited(as_manager, project)["invite_url"])
    assert not User.objects.get(email=NEW).email_verified


def test_an_address_that_an_operator_invites_is_verified(
    as_manager: APIClient, manager: User, project: Project
) -> None:
    User.objects.filter(id=manager.id).update(is_staff=True)
    invited(as_manager, project)
    assert User.objects.get(email=NEW).email_verified


def test_operators_of_before_are_trusted_and_nobody_else(db: None) -> None:
    for name, staff in (("operator", True), ("stranger", False)):
        User.objects.create_user(f"{name}@example.org", name=name, is_staff=staff, email_verified_at=None)
    from importlib import import_module

    import_module("labeling.accounts.migrations.0003_identity").trust_operators(apps, None)

    rights = {
        user.name: (user.email_verified, user.may_create_projects, user.may_invite) for user in User.objects.all()
    }
    assert rights == {"operator": (True, True, True), "stranger": (False, False, False)}


def test_an_invitation_lasts_a_week(as_manager: APIClient, project: Project) -> None:
    invited(as_manager, project)
    invitation = Invitation.objects.get()
    assert abs(invitation.expires_at - timezone.now() - invitations.INVITATION_LIFETIME) < timedelta(minutes=1)


def test_guessing_invitations_is_slowed_down_by_address(anonymous: APIClient, db: None) -> None:
    answers = [anonymous.post(f"{API}/invitations/check", {"key": f"wrong-{n}"}).status_code for n in range(30)]
    assert set(answers) == {404}
    problem(anonymous.post(f"{API}/invitations/accept", {"key": "wrong", "password": "some good words"}), 429)
