"""Changing one's own password, and the link that an operator creates."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from rest_framework.test import APIClient

from labeling.accounts.models import ApiToken, User
from labeling.accounts.services import create_token
from labeling.projects.models import Project
from tests.labeling.accounts.browser import PASSWORD, csrf, login, operator_of, set_password
from tests.labeling.making import API, problem

NEW = "another one entirely"


def change(browser: APIClient, current: str = PASSWORD, new: str = NEW, **fields: Any) -> Any:
    body = {"current_password": current, "new_password": new} | fields
    return browser.post(f"{API}/me/password", body, headers=csrf(browser))


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(
    logged_in: Callable[[], APIClient], browser: APIClient
) -> None:
    here, elsewhere = logged_in(), logged_in()
    assert change(here).status_code == 204
    assert here.get(f"{API}/me").status_code == 200
    problem(elsewhere.get(f"{API}/me"), 401, "not_authenticated")
    assert login(browser).status_code == 400, "the old password is none any more"
    assert login(browser, password=NEW).status_code == 200


@pytest.mark.parametrize("end_tokens", [True, False])
def test_a_changed_password_can_end_all_tokens(
    logged_in: Callable[[], APIClient], member: User, manager: User, end_tokens: bool
) -> None:
    create_token(by=member, name="script")
    others, _ = create_token(by=manager, name="of somebody else")
    assert change(logged_in(), end_tokens=end_tokens).status_code == 204
    assert ApiToken.objects.filter(user=member).exists() is not end_tokens
    assert ApiToken.objects.filter(id=others.id).exists()


def test_a_wrong_current_password_changes_nothing(logged_in: Callable[[], APIClient], member: User) -> None:
    refusal = problem(change(logged_in(), current="wrong"), 400, "wrong_password")
    assert refusal["errors"][0]["pointer"] == "/current_password"
    member.refresh_from_db()
    assert member.check_password(PASSWORD)


def test_guessing_the_current_password_is_counted_with_the_logins(
    logged_in: Callable[[], APIClient], browser: APIClient
) -> None:
    here = logged_in()
    codes = [change(here, current=f"wrong {n}").status_code for n in range(6)]
    assert codes == [400] * 5 + [429]
    assert change(here).status_code == 429, "even the right one has to wait"
    assert login(browser).status_code in (400, 429), "at every door"


@pytest.mark.parametrize("password", ["short", "password123", "ada@example.org"])
def test_a_password_that_is_easily_guessed_is_refused(logged_in: Callable[[], APIClient], password: str) -> None:
    refusal = problem(change(logged_in(), new=password), 400, "weak_password")
    assert refusal["errors"][0]["pointer"] == "/new_password"


def test_a_token_changes_no_password(member: User) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {create_token(by=member, name='script')[1]}")
    body = {"current_password": PASSWORD, "new_password": NEW}
    problem(client.post(f"{API}/me/password", body), 403, "token_not_allowed")


def test_the_owner_is_told_by_mail(
    logged_in: Callable[[], APIClient], settings: Any, mailoutbox: list[Any],
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    settings.SENDS_MAIL = True
    with django_capture_on_commit_callbacks(execute=True):
        change(logged_in())
    assert [(message.to, message.subject) for message in mailoutbox] == [
        (["ada@example.org"], "Your password was changed")
    ]


@pytest.fixture
def as_boss(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("boss@example.org", name="Boss"))
    return client


def page(user: User) -> str:
    return f"/admin/accounts/user/{user.id}/password-link/"


def test_an_operator_creates_a_link_that_is_shown_once(
    as_boss: Client, browser: APIClient, logged_in: Callable[[], APIClient], member: User
) -> None:
    open_browser = logged_in()
    assert page(member) in as_boss.get(f"/admin/accounts/user/{member.id}/change/").content.decode()
    assert "#" not in re.sub(r"&#\w+;", "", as_boss.get(page(member)).content.decode()).partition("<main")[2]
    shown = as_boss.post(page(member))
    found = re.search(r'value="http://testserver/new-password#([^"]+)"', shown.content.decode())
    assert found, shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert LogEntry.objects.get().get_change_message() == "Created a password link."
    assert found[1] not in LogEntry.objects.get().change_message
    assert set_password(browser, found[1], NEW).status_code == 401, "allauth's way to say: now log in"
    problem(open_browser.get(f"{API}/me"), 401, "not_authenticated")
    assert login(browser, password=NEW).status_code == 200


def test_an_operator_creates_no_link_to_an_account_with_rights(member: User, viewer: User) -> None:
    operator = operator_of(viewer)
    assert operator.post(page(member)).status_code == 200
    for rights in ({"is_superuser": True}, {"is_staff": True, "is_superuser": False}):
        User.objects.filter(id=member.id).update(**rights)
        assert operator.post(page(member)).status_code == 403
        assert operator.get(page(member)).status_code == 403


def test_the_operator_s_link_ends_the_link_that_the_inviter_was_shown(
    as_boss: Client, anonymous: APIClient, as_manager: APIClient, project: Project
) -> None:
    body = {"email": "new@example.org", "name": "New", "roles": ["viewer"]}
    invited = as_manager.post(f"{API}/projects/{project.id}/members", body).json()
    key = invited["invite_url"].partition("#")[2]
    assert anonymous.post(f"{API}/invitations/check", {"key": key}).status_code == 200
    assert as_boss.post(page(User.objects.get(email="new@example.org"))).status_code == 200
    problem(anonymous.post(f"{API}/invitations/check", {"key": key}), 409, "invitation_withdrawn")
