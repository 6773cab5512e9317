"""API tokens: shown once, kept as a hash, and gone when deleted."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.test import APIClient

from labeling.accounts.models import ApiToken, User
from labeling.accounts.services import MAX_TOKENS, create_token
from labeling.projects.models import Project
from tests.labeling.making import API, problem


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_a_token_is_shown_once_and_works(as_manager: APIClient, anonymous: APIClient, manager: User) -> None:
    made = as_manager.post(f"{API}/tokens", {"name": "script", "scopes": ["read"]}).json()
    assert made["token"].startswith("mw_")
    assert not ApiToken.objects.filter(digest__contains=made["token"]).exists()
    (listed,) = as_manager.get(f"{API}/tokens").json()
    assert "token" not in listed
    assert anonymous.get(f"{API}/me", headers=bearer(made["token"])).json()["id"] == str(manager.id)


def test_a_token_is_made_once_and_its_secret_is_not_kept(as_manager: APIClient) -> None:
    body, headers = {"name": "script", "scopes": ["read"]}, {"Idempotency-Key": str(uuid4())}
    made = as_manager.post(f"{API}/tokens", body, headers=headers).json()
    again = as_manager.post(f"{API}/tokens", body, headers=headers).json()
    assert again == {**made, "token": None}
    assert ApiToken.objects.count() == 1


def test_a_token_writes_without_csrf(manager: User) -> None:
    _, secret = create_token(by=manager, name="script")
    client = APIClient(enforce_csrf_checks=True)
    assert client.post(f"{API}/projects", {"name": "x"}, headers=bearer(secret)).status_code == 201


def test_a_deleted_token_is_401(as_manager: APIClient, anonymous: APIClient, manager: User) -> None:
    token, secret = create_token(by=manager, name="script")
    assert as_manager.delete(f"{API}/tokens/{token.id}").status_code == 204
    problem(anonymous.get(f"{API}/me", headers=bearer(secret)), 401, "invalid_token")


@pytest.mark.parametrize("secret", ["", "mw_", "mw_wrong", "x y"])
def test_a_token_that_is_none_is_401(anonymous: APIClient, db: None, secret: str) -> None:
    problem(anonymous.get(f"{API}/me", headers=bearer(secret)), 401, "invalid_token")


def test_a_token_makes_no_tokens_and_changes_nothing_of_its_account(anonymous: APIClient, manager: User) -> None:
    token, secret = create_token(by=manager, name="script")
    body = {"name": "another", "scopes": ["read"]}
    refusal = problem(anonymous.post(f"{API}/tokens", body, headers=bearer(secret)), 403, "token_not_allowed")
    assert "password" in refusal["detail"]
    problem(anonymous.get(f"{API}/tokens", headers=bearer(secret)), 403, "token_not_allowed")
    problem(anonymous.delete(f"{API}/tokens/{token.id}", headers=bearer(secret)), 403, "token_not_allowed")
    problem(anonymous.patch(f"{API}/me", {"name": "x"}, headers=bearer(secret)), 403, "token_not_allowed")
    assert ApiToken.objects.get() == token


def test_a_token_without_the_scope_is_told_which_it_lacks(
    anonymous: APIClient, manager: User, project: Project
) -> None:
    _, secret = create_token(by=manager, name="script", scopes=["read"])
    address = f"{API}/projects/{project.id}"
    assert anonymous.get(address, headers=bearer(secret)).status_code == 200
    refusal = problem(anonymous.patch(address, {"name": "x"}, headers=bearer(secret)), 403, "token_scope")
    assert refusal["detail"] == "This token may not do that: it lacks the scope manage."


def test_a_session_beside_a_token_gives_the_token_nothing(as_manager: APIClient, manager: User) -> None:
    _, secret = create_token(by=manager, name="script", scopes=["read"])
    problem(as_manager.post(f"{API}/projects", {"name": "x"}, headers=bearer(secret)), 403, "token_scope")


def test_a_replay_needs_the_scope_again(anonymous: APIClient, manager: User, project: Project) -> None:
    (_, managing), (_, reading) = (create_token(by=manager, name=s, scopes=[s]) for s in ("manage", "read"))
    key = {"Idempotency-Key": str(uuid4()), "If-Match": "1"}
    address, body = f"{API}/projects/{project.id}", {"name": "Renamed"}
    assert anonymous.patch(address, body, headers=bearer(managing) | key).status_code == 200
    problem(anonymous.patch(address, body, headers=bearer(reading) | key), 403, "token_scope")


def test_a_token_ends_when_it_was_to_end(anonymous: APIClient, as_manager: APIClient, manager: User) -> None:
    ends = timezone.now() + timedelta(hours=1)
    body = {"name": "script", "scopes": ["read"], "expires_at": ends.isoformat()}
    made = as_manager.post(f"{API}/tokens", body).json()
    assert datetime.fromisoformat(made["expires_at"]) == ends
    assert anonymous.get(f"{API}/me", headers=bearer(made["token"])).status_code == 200
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    refusal = problem(anonymous.get(f"{API}/me", headers=bearer(made["token"])), 401, "invalid_token")
    assert "expired" in refusal["detail"]
    assert len(as_manager.get(f"{API}/tokens").json()) == 1, "its owner still sees it"


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"scopes": []}, "min_length"), ({"scopes": ["all"]}, "invalid_choice"), ({"scopes": None}, "null"),
     ({}, "required"), ({"scopes": ["read"], "expires_at": "2020-01-01T00:00:00Z"}, "in_the_past")],
)  # fmt: skip
def test_a_token_needs_scopes_and_an_end_to_come(as_manager: APIClient, fields: dict[str, Any], code: str) -> None:
    problem(as_manager.post(f"{API}/tokens", {"name": "script"} | fields), 400, code)


def test_nobody_has_tokens_without_end(as_manager: APIClient, manager: User) -> None:
    ApiToken.objects.bulk_create(ApiToken(user=manager, name="script", digest=str(n)) for n in range(MAX_TOKENS))
    body = {"name": "another", "scopes": ["read"]}
    problem(as_manager.post(f"{API}/tokens", body), 409, "too_many_tokens")
    ApiToken.objects.filter(digest="0").delete()
    assert as_manager.post(f"{API}/tokens", body).status_code == 201


def test_a_project_says_what_the_token_may_do_in_it(anonymous: APIClient, manager: User, project: Project) -> None:
    _, secret = create_token(by=manager, name="script", scopes=["read", "export"])
    for found in (
        anonymous.get(f"{API}/projects/{project.id}", headers=bearer(secret)).json(),
        anonymous.get(f"{API}/projects", headers=bearer(secret)).json()["results"][0],
    ):
        assert found["permissions"] == ["project.view", "members.view", "export"]


def test_wrong_tokens_are_slowed_down_by_their_address(anonymous: APIClient, manager: User) -> None:
    _, secret = create_token(by=manager, name="script")
    wrong = [anonymous.get(f"{API}/me", headers=bearer(f"mw_{n}")) for n in range(31)]
    assert [answer.status_code for answer in wrong] == [401] * 30 + [429]
    problem(wrong[-1], 429, "throttled")
    assert int(wrong[-1]["Retry-After"]) > 0
    elsewhere = anonymous.get(f"{API}/me", headers=bearer("mw_wrong"), REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 401
    assert anonymous.get(f"{API}/me", headers=bearer(secret)).status_code == 200, "the right one is nobody's hostage"


def test_tokens_of_before_keep_all_scopes_and_have_no_end(manager: User) -> None:
    token = ApiToken.objects.create(user=manager, name="old", digest="x")
    assert token.scopes == ["read", "annotate", "review", "manage", "export"]
    assert token.expires_at is None


def test_the_token_of_a_closed_account_is_401(anonymous: APIClient, manager: User) -> None:
    _, secret = create_token(by=manager, name="script")
    User.objects.filter(id=manager.id).update(is_active=False)
    problem(anonymous.get(f"{API}/me", headers=bearer(secret)), 401, "invalid_token")


def test_nobody_deletes_anothers_token(as_viewer: APIClient, manager: User) -> None:
    token, _ = create_token(by=manager, name="script")
    problem(as_viewer.delete(f"{API}/tokens/{token.id}"), 404, "not_found")
    assert ApiToken.objects.filter(id=token.id).exists()


def test_the_last_use_is_noted_at_most_once_a_minute(anonymous: APIClient, manager: User) -> None:
    token, secret = create_token(by=manager, name="script")
    anonymous.get(f"{API}/me", headers=bearer(secret))
    token.refresh_from_db()
    first = token.last_used_at
    assert first is not None
    anonymous.get(f"{API}/me", headers=bearer(secret))
    token.refresh_from_db()
    assert token.last_used_at == first
    ApiToken.objects.update(last_used_at=timezone.now() - timedelta(minutes=2))
    anonymous.get(f"{API}/me", headers=bearer(secret))
    token.refresh_from_db()
    assert token.last_used_at > first - timedelta(seconds=1)


def test_a_token_can_be_printed_on_the_command_line(anonymous: APIClient, manager: User) -> None:
    out = StringIO()
    call_command("token", "Manager@Example.org", stdout=out)
    assert anonymous.get(f"{API}/me", headers=bearer(out.getvalue().strip())).json()["name"] == "Manager"
    with pytest.raises(CommandError, match="no user"):
        call_command("token", "nobody@example.org")


def test_the_command_line_gives_scopes_and_an_end(manager: User) -> None:
    call_command("token", manager.email, "--scopes", "read,export", "--expires", "2030-01-31", stdout=StringIO())
    token = ApiToken.objects.get()
    assert token.scopes == ["read", "export"]
    assert token.expires_at == datetime(2030, 1, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [("--scopes", "read,all", "There is no scope all"), ("--expires", "soon", "not a date"),
     ("--expires", "2020-01-01", "in the future")],
)  # fmt: skip
def test_the_command_line_refuses_what_it_does_not_know(manager: User, option: str, value: str, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("token", manager.email, option, value)
