"""Ada, who has a password, and browsers to log in with."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from labeling.accounts.models import User
from tests.labeling.accounts.browser import PASSWORD, login


@pytest.fixture(autouse=True)
def _fast_passwords(settings: Any) -> None:
    """Hashing a password as production does takes half a second."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def member(db: None) -> User:
    return User.objects.create_user("Ada@Example.org", PASSWORD, name="Ada")


@pytest.fixture
def browser() -> APIClient:
    """A client whose requests are checked for CSRF, like a browser's."""
    return APIClient(enforce_csrf_checks=True)


@pytest.fixture
def logged_in(member: User) -> Callable[[], APIClient]:
    """Opens a browser in which Ada is logged in."""

    def open_browser() -> APIClient:
        browser = APIClient(enforce_csrf_checks=True)
        assert login(browser).status_code == 200
        return browser

    return open_browser
