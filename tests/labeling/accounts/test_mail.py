"""Password links by mail, and without mail no link at all."""

import logging
import os
import re
import smtplib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import BoundedSemaphore, Event
from typing import Any

import pytest
from django.core import mail as outbox
from rest_framework.test import APIClient

from labeling.accounts import mail
from labeling.accounts.mail import send_later
from labeling.accounts.models import User
from labeling.accounts.services import create_token
from tests.labeling.accounts.browser import AUTH, csrf, login, set_password
from tests.labeling.making import API, problem

ROOT = Path(__file__).resolve().parents[3]
NEW = "another one entirely"


@pytest.fixture
def with_mail(settings: Any) -> None:
    settings.SENDS_MAIL = True


def request_link(browser: APIClient, email: str = "ada@example.org") -> Any:
    return browser.post(f"{AUTH}/password/request", {"email": email}, headers=csrf(browser))


def mailed_key() -> str:
    (message,) = outbox.outbox
    found = re.search(r"http://\S+/new-password#(\S+)", message.body)
    assert found, message.body
    return found[1]


def test_without_mail_a_link_is_refused_with_a_sentence_and_nothing_is_printed(
    browser: APIClient, member: User, capfd: Any, caplog: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    refusal = problem(request_link(browser), 409, "no_mail")
    assert "operator" in refusal["detail"]
    printed = "".join(capfd.readouterr()) + caplog.text
    assert "password#" not in printed
    assert "invite" not in printed
    assert outbox.outbox == []


def test_a_mailed_link_sets_a_new_password_once_and_ends_all_sessions(
    browser: APIClient, with_mail: None, logged_in: Callable[[], APIClient]
) -> None:
    open_browser = logged_in()
    assert request_link(browser).status_code == 200
    key = mailed_key()
    assert set_password(browser, key, NEW).status_code == 401, "allauth's way to say: now log in"
    problem(open_browser.get(f"{API}/me"), 401, "not_authenticated")
    assert set_password(browser, key, "and again another one").status_code == 400
    assert login(browser, password=NEW).status_code == 200


def test_a_password_set_by_a_link_ends_all_tokens(browser: APIClient, with_mail: None, member: User) -> None:
    create_token(by=member, name="of whoever was in the account before")
    request_link(browser)
    set_password(browser, mailed_key(), NEW)
    assert not member.tokens.exists()


def test_asking_for_a_link_does_not_tell_whether_there_is_an_account(
    browser: APIClient, member: User, with_mail: None
) -> None:
    known, unknown = request_link(browser), request_link(browser, "nobody@example.org")
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert [message.to for message in outbox.outbox] == [["ada@example.org"]]


def test_a_closed_account_gets_no_link(browser: APIClient, member: User, with_mail: None) -> None:
    User.objects.update(is_active=False)
    assert request_link(browser).status_code == 200
    assert outbox.outbox == []


def test_links_are_not_requested_without_end(browser: APIClient, member: User, with_mail: None) -> None:
    assert [request_link(browser).status_code for _ in range(6)] == [200] * 5 + [429]
    others = [request_link(browser, f"{n}@example.org").status_code for n in range(20)]
    assert 429 in others, "nor for ever new addresses"
    assert len(outbox.outbox) == 5


@pytest.fixture
def at_once(monkeypatch: Any) -> None:
    monkeypatch.setattr(mail, "DELAY_S", 0)


def test_nobody_waits_for_a_mail_server_that_hangs(at_once: None) -> None:
    answered = Event()
    sent = send_later(lambda: answered.wait(10))
    assert sent is not None
    assert not sent.done()
    answered.set()
    sent.result(timeout=10)


def test_no_more_than_so_many_mails_wait_for_a_mail_server(at_once: None, monkeypatch: Any, caplog: Any) -> None:
    monkeypatch.setattr(mail, "_waiting", BoundedSemaphore(1))
    answered = Event()
    sent = send_later(lambda: answered.wait(10))
    assert send_later(lambda: None) is None
    assert "A mail was dropped" in caplog.text
    answered.set()
    assert sent is not None
    sent.result(timeout=10)


def test_a_mail_server_that_refuses_is_logged_without_the_link(at_once: None, caplog: Any) -> None:
    def refuse() -> None:
        raise smtplib.SMTPDataError(554, b"No: http://host/new-password#secret")

    sent = send_later(refuse)
    assert sent is not None
    sent.result(timeout=10)
    assert "SMTPDataError (554)" in caplog.text
    assert "secret" not in caplog.text


def settings_with(**variables: str) -> subprocess.CompletedProcess[str]:
    names = ("EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "EMAIL_USE_TLS",
             "DEFAULT_FROM_EMAIL", "SENDS_MAIL")  # fmt: skip
    script = f"from django.conf import settings as s; print(*(getattr(s, name) for name in {names}), sep='|')"
    environment = {"MASKWRIGHT_SECRET_KEY": "x", "MASKWRIGHT_VAR": os.environ["MASKWRIGHT_VAR"]} | variables
    return subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, check=False, capture_output=True, text=True,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "labeling.settings"} | environment,
    )  # fmt: skip


def test_a_variable_sets_the_mail_server() -> None:
    told = settings_with(
        MASKWRIGHT_EMAIL_URL="smtp+tls://me:p%40ss@mail.example.org:587", MASKWRIGHT_EMAIL_FROM="labels@example.org"
    )
    backend, *rest = told.stdout.strip().split("|")
    assert backend.endswith("smtp.EmailBackend"), told.stderr
    assert rest == ["mail.example.org", "587", "me", "p@ss", "True", "labels@example.org", "True"]


def test_without_the_variable_nothing_is_sent_or_printed() -> None:
    told = settings_with(MASKWRIGHT_EMAIL_URL="")
    assert told.stdout.startswith("django.core.mail.backends.dummy.EmailBackend|"), told.stderr
    assert told.stdout.strip().endswith("|False")


@pytest.mark.parametrize("url", ["consolemail://", "stmp://mail.example.org"])
def test_mail_to_anything_but_a_mail_server_is_refused(url: str) -> None:
    assert "begins with smtp, smtp+tls, smtp+ssl, not with" in settings_with(MASKWRIGHT_EMAIL_URL=url).stderr
