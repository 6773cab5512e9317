"""A browser that logs in, as the pages do it: with a session cookie and a CSRF token."""

from typing import Any

from rest_framework.test import APIClient

from tests.labeling.making import API

AUTH = "/_allauth/browser/v1/auth"
PASSWORD = "correct horse battery"


def csrf(browser: APIClient) -> dict[str, str]:
    """The header that the pages send, from the cookie that `me` sets."""
    browser.get(f"{API}/me")
    return {"X-CSRFToken": browser.cookies["csrftoken"].value}


def login(browser: APIClient, email: str = "ada@example.org", password: str = PASSWORD) -> Any:
    return browser.post(f"{AUTH}/login", {"email": email, "password": password}, headers=csrf(browser))


def set_password(browser: APIClient, key: str, password: str = PASSWORD) -> Any:
    return browser.post(f"{AUTH}/password/reset", {"key": key, "password": password}, headers=csrf(browser))
