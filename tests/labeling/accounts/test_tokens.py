"""API tokens: shown once, kept as a hash, and gone when deleted."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.test import APIClient

from labeling.accounts.models import ApiToken, User
from labeling.accounts.services import create_token
from tests.labeling.making import API, problem


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_a_token_is_shown_once_and_works(as_manager: APIClient, anonymous: APIClient, manager: User) -> None:
    made = as_manager.post(f"{API}/tokens", {"name": "script"}).json()
    assert made["token"].startswith("mw_")
    assert not ApiToken.objects.filter(digest__contains=made["token"]).exists()
    (listed,) = as_manager.get(f"{API}/tokens").json()
    assert "token" not in listed
    assert anonymous.get(f"{API}/me", headers=bearer(made["token"])).json()["id"] == str(manager.id)


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
