"""Identify the sender of a request by its headers alone, before its body is received and outside of DRF."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from labeling.accounts.models import User
from labeling.accounts.tokens import authenticate, bearer_of


def user_of(request: HttpRequest) -> User | None:
    """The active user of the bearer token or the session, as the database has it now; None for a stranger.

    Raises:
        APIException: the token is wrong, or too many wrong ones came from this address.
    """
    if bearer_of(request) is not None:
        return authenticate(request)
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    return user if isinstance(user, User) else None
