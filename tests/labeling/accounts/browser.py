"""Browsers with a session cookie and a CSRF token, of people and of operators."""

from typing import Any

from django.contrib.auth.models import Permission
from django.test import Client
from rest_framework.test import APIClient

from labeling.accounts.models import User
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


def operator_of(user: User, **fields: Any) -> Client:
    """A client of this user as an operator with every permission on accounts and groups that Django knows."""
    User.objects.filter(id=user.id).update(is_staff=True, **fields)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label__in=("accounts", "auth", "account")))
    client = Client()
    client.force_login(user)
    return client
