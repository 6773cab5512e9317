"""Logging in with an e-mail address and a password, through allauth's headless API as the pages use it."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from rest_framework.test import APIClient

from labeling.accounts.models import User
from tests.labeling.accounts.browser import AUTH, PASSWORD, csrf, login
from tests.labeling.making import API, problem


def test_a_password_logs_in_and_the_session_may_write(browser: APIClient, member: User) -> None:
    problem(browser.get(f"{API}/me"), 401, "not_authenticated")
    assert login(browser).status_code == 200
    me = browser.get(f"{API}/me").json()
    assert me == {
        "id": str(member.id), "email": "ada@example.org", "name": "Ada", "is_operator": False,
        "may_create_projects": False, "may_invite": False, "email_verified": True,
    }  # fmt: skip
    problem(browser.patch(f"{API}/me", {"name": "Countess"}), 403, "permission_denied")
    assert browser.patch(f"{API}/me", {"name": "Countess"}, headers=csrf(browser)).json()["name"] == "Countess"


def test_login_needs_its_csrf_token(browser: APIClient, member: User) -> None:
    body = {"email": "ada@example.org", "password": PASSWORD}
    assert browser.post(f"{AUTH}/login", body).status_code == 403


@pytest.mark.parametrize("email", ["ada@example.org", "ADA@EXAMPLE.ORG", "Ada@Example.org"])
def test_letter_case_does_not_matter_in_an_address(browser: APIClient, member: User, email: str) -> None:
    assert login(browser, email).status_code == 200


@pytest.mark.parametrize(("email", "password"), [("ada@example.org", "wrong"), ("nobody@example.org", PASSWORD)])
def test_a_wrong_address_and_a_wrong_password_are_told_alike(
    browser: APIClient, member: User, email: str, password: str
) -> None:
    response = login(browser, email, password)
    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "email_password_mismatch"
    problem(browser.get(f"{API}/me"), 401)


def test_guessing_is_slowed_down(browser: APIClient, member: User) -> None:
    answers = [login(browser, password=f"wrong {n}") for n in range(6)]
    codes = [answer.json()["errors"][0]["code"] for answer in answers if answer.status_code == 400]
    assert codes[0] == "email_password_mismatch"
    assert login(browser).status_code in (400, 429), "even the right password has to wait"
    problem(browser.get(f"{API}/me"), 401)


def test_a_closed_account_cannot_log_in(browser: APIClient, member: User) -> None:
    User.objects.update(is_active=False)
    assert login(browser).status_code != 200
    problem(browser.get(f"{API}/me"), 401)


def test_logging_out_ends_the_session(browser: APIClient, member: User) -> None:
    login(browser)
    assert browser.delete(f"{AUTH}/session", headers=csrf(browser)).status_code == 401
    problem(browser.get(f"{API}/me"), 401, "not_authenticated")


def test_strangers_cannot_sign_up(browser: APIClient, db: None) -> None:
    body = {"email": "new@example.org", "password": PASSWORD}
    problem(browser.post(f"{AUTH}/signup", body, headers=csrf(browser)), 404, "not_found")
    assert not User.objects.exists()


def test_nobody_moves_their_account_to_another_address(logged_in: Callable[[], APIClient], member: User) -> None:
    browser = logged_in()
    address = "/_allauth/browser/v1/account/email"
    body = {"email": "ceo@example.org", "primary": True}
    problem(browser.post(address, body, headers=csrf(browser)), 404, "not_found")
    problem(browser.patch(address, body, headers=csrf(browser)), 404, "not_found")
    member.refresh_from_db()
    assert member.email == "ada@example.org"
    assert not EmailAddress.objects.exists()
