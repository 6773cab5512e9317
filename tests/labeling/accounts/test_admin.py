"""Operators and accounts in the admin, tested by real posts to its forms."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.test import Client
from rest_framework.test import APIClient

from labeling.accounts.models import ApiToken, User
from labeling.accounts.services import create_token
from tests.labeling.accounts.browser import PASSWORD, login, operator_of

USERS = "/admin/accounts/user/"
NEW = "another one entirely"


@pytest.fixture
def operator(person: Callable[[str], User]) -> Client:
    return operator_of(person("operator"))


@pytest.fixture
def boss(db: None) -> User:
    return User.objects.create_superuser("boss@example.org", PASSWORD, name="Boss")


@pytest.fixture
def as_boss(boss: User) -> Client:
    client = Client()
    client.force_login(boss)
    return client


def change(client: Client, user: User, **fields: Any) -> Any:
    body = {"email": user.email, "name": user.name, "is_active": "on"} | fields
    return client.post(f"{USERS}{user.id}/change/", body)


def change_password(client: Client, user: User) -> Any:
    body = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    return client.post(f"{USERS}{user.id}/password/", body)


def add(client: Client, **fields: Any) -> Any:
    body = {"email": "Grace@Example.org", "name": "Grace", "password1": PASSWORD, "password2": PASSWORD,
            "usable_password": "true"}  # fmt: skip
    return client.post(f"{USERS}add/", body | fields)


def rights(user: User) -> list[Any]:
    user = User.objects.get(id=user.id)
    return [user.is_staff, user.is_superuser, user.groups.count(), user.user_permissions.count()]


EVERY_RIGHT = {"is_staff": "on", "is_superuser": "on"}


def test_an_operator_makes_nobody_a_superuser(operator: Client, viewer: User) -> None:
    group = Group.objects.create(name="rights")
    permission = Permission.objects.first()
    assert permission
    granted = EVERY_RIGHT | {"groups": [group.id], "user_permissions": [permission.id]}
    assert change(operator, viewer, name="Vera", **granted).status_code == 302
    viewer.refresh_from_db()
    assert viewer.name == "Vera", "the rest of the form is saved"
    assert rights(viewer) == [False, False, 0, 0]


def test_an_operator_does_not_raise_themselves(operator: Client) -> None:
    myself = User.objects.get(is_staff=True)
    before = rights(myself)
    assert change(operator, myself, **EVERY_RIGHT).status_code == 403
    assert rights(myself) == before


def test_an_account_that_an_operator_makes_has_no_rights(operator: Client, client: Client) -> None:
    assert add(operator, **EVERY_RIGHT).status_code == 302
    grace = User.objects.get(email="grace@example.org")
    assert rights(grace) == [False, False, 0, 0]
    assert grace.check_password(PASSWORD)
    assert grace.email_verified, "an operator vouches for an address that they enter"


def test_an_operator_gives_the_rights_to_create_projects_and_to_invite(operator: Client, viewer: User) -> None:
    assert change(operator, viewer, may_create_projects="on", may_invite="on").status_code == 302
    viewer.refresh_from_db()
    assert (viewer.can_create_projects, viewer.can_invite) == (True, True)


@pytest.mark.parametrize("fields", [{"is_superuser": True}, {"is_staff": True}])
def test_an_operator_cannot_touch_an_account_with_rights(
    operator: Client, viewer: User, fields: dict[str, bool]
) -> None:
    User.objects.filter(id=viewer.id).update(**fields)
    before = User.objects.values().get(id=viewer.id)
    assert change(operator, viewer, email="mine@example.org").status_code == 403
    assert change_password(operator, viewer).status_code == 403
    assert operator.post(f"{USERS}{viewer.id}/delete/", {"post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": [str(viewer.id)], "post": "yes"}
    assert operator.post(USERS, bulk).status_code == 403
    assert User.objects.values().get(id=viewer.id) == before


def test_an_operator_cannot_touch_a_member_of_a_group(operator: Client, viewer: User) -> None:
    viewer.groups.add(Group.objects.create(name="rights"))
    assert change_password(operator, viewer).status_code == 403


def test_an_operator_gives_a_group_no_rights(operator: Client) -> None:
    group = Group.objects.create(name="rights")
    body = {"name": "rights", "permissions": [permission.id for permission in Permission.objects.all()[:3]]}
    assert operator.post(f"/admin/auth/group/{group.id}/change/", body).status_code == 403
    assert operator.post("/admin/auth/group/add/", body | {"name": "more"}).status_code == 403
    assert operator.post(f"/admin/auth/group/{group.id}/delete/", {"post": "yes"}).status_code == 403
    assert group.permissions.count() == 0
    assert Group.objects.count() == 1


def test_an_operator_manages_ordinary_accounts(operator: Client, viewer: User) -> None:
    EmailAddress.objects.create(user=viewer, email=viewer.email, primary=True, verified=True)
    assert change(operator, viewer, email="Vera@Example.org").status_code == 302
    assert change_password(operator, viewer).status_code == 302
    viewer.refresh_from_db()
    assert (viewer.email, viewer.check_password(NEW)) == ("vera@example.org", True)
    assert not EmailAddress.objects.exists(), "the old address logs in no more"


def test_a_password_that_an_operator_sets_ends_all_tokens(operator: Client, viewer: User) -> None:
    create_token(by=viewer, name="of whoever was in the account before")
    assert change_password(operator, viewer).status_code == 302
    assert not viewer.tokens.exists()


def test_a_superuser_gives_rights(as_boss: Client, viewer: User) -> None:
    assert change(as_boss, viewer, **EVERY_RIGHT).status_code == 302
    assert rights(viewer) == [True, True, 0, 0]
    assert change_password(as_boss, viewer).status_code == 302


def test_an_account_made_in_the_admin_logs_in_in_any_letter_case(as_boss: Client, browser: APIClient) -> None:
    assert add(as_boss).status_code == 302
    assert login(browser, "GRACE@example.org").status_code == 200


def delete_tokens(client: Client, *tokens: ApiToken) -> Any:
    body = {"action": "delete_selected", "_selected_action": [str(token.id) for token in tokens], "post": "yes"}
    return client.post("/admin/accounts/apitoken/", body)


def test_operators_end_the_tokens_of_ordinary_accounts(operator: Client, viewer: User, boss: User) -> None:
    (ours, _), (theirs, _) = create_token(by=viewer, name="script"), create_token(by=boss, name="script")
    assert b"script" in operator.get("/admin/accounts/apitoken/").content
    assert delete_tokens(operator, ours).status_code == 302
    assert delete_tokens(operator, theirs).status_code == 403
    assert operator.post(f"/admin/accounts/apitoken/{theirs.id}/delete/", {"post": "yes"}).status_code == 403
    assert list(ApiToken.objects.all()) == [theirs]
    assert LogEntry.objects.get().object_id == str(ours.id)


def test_nobody_makes_or_reads_a_token_in_the_admin(as_boss: Client, viewer: User) -> None:
    token, secret = create_token(by=viewer, name="script")
    assert as_boss.get("/admin/accounts/apitoken/add/").status_code == 403
    assert as_boss.post(f"/admin/accounts/apitoken/{token.id}/change/", {"name": "x"}).status_code == 403
    page = as_boss.get(f"/admin/accounts/apitoken/{token.id}/change/").content.decode()
    assert "script" in page
    assert secret not in page
    assert token.digest not in page


def test_the_admin_takes_no_password(client: Client, boss: User) -> None:
    body = {"username": boss.email, "password": PASSWORD, "next": "/admin/"}
    for answer in (client.post("/admin/login/", body), client.post("/admin/login/?next=/admin/accounts/", body)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/login?next=%2Fadmin%2F")
    assert "_auth_user_id" not in client.session


def test_not_even_operators_try_passwords_in_the_admin(operator: Client, boss: User) -> None:
    answer = operator.post("/admin/login/", {"username": boss.email, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert operator.session["_auth_user_id"] != str(boss.id)
    change = operator.post("/admin/password_change/", {"old_password": "x", "new_password1": NEW, "new_password2": NEW})
    assert (change.status_code, change["Location"]) == (302, "/account")


@pytest.mark.parametrize("next", ["https://evil.example", "//evil.example", "/elsewhere"])
def test_the_way_to_the_admin_leads_to_no_other_site(operator: Client, next: str) -> None:
    assert operator.get("/admin/login/", {"next": next})["Location"] == "/admin/"


def test_who_is_no_operator_is_told_so(as_viewer: Any) -> None:
    answer = as_viewer.get("/admin/login/?next=/admin/")
    assert answer.status_code == 403
    assert b"Only operators" in answer.content
