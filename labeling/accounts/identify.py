"""Identify the sender of a request by its headers alone, before its body is received and outside of DRF."""

import hashlib
from collections import OrderedDict
from importlib import import_module
from ipaddress import IPv6Address, ip_address, ip_network
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from labeling.accounts.models import User
from labeling.accounts.tokens import authenticate, bearer_of

MAX_KNOWN_CREDENTIALS = 10_000
# A client usually gets a whole network of IPv6 addresses.
IPV6_PREFIX = 64


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


def address_of(request: HttpRequest) -> str:
    """The client's address, or its network if it is an IPv6 address. Behind a proxy, uvicorn sets the address."""
    text = request.META.get("REMOTE_ADDR") or ""
    try:
        address = ip_address(text)
    except ValueError:
        return text
    return str(ip_network((address, IPV6_PREFIX), strict=False)) if isinstance(address, IPv6Address) else text


class Senders:
    """Tells whose a request is without asking the database, to share the server's work between people.

    The session or token of a request stands for its user once it has been found valid. Until then the request is its
    address's, so that nobody becomes many people by sending many sessions. It proves nothing and grants nothing.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[str, UUID] = OrderedDict()

    def of(self, request: HttpRequest) -> str:
        credential = _credential(request)
        if credential in self._known:
            self._known.move_to_end(credential)
            return f"user {self._known[credential]}"
        return f"address {address_of(request)}"

    def learn(self, request: HttpRequest, user: User | None) -> None:
        """Remember the user of a request that was authenticated."""
        credential = _credential(request)
        if user is None or not credential:
            return
        self._known[credential] = user.pk
        self._known.move_to_end(credential)
        if len(self._known) > MAX_KNOWN_CREDENTIALS:
            self._known.popitem(last=False)


def authenticated_user(request: HttpRequest) -> User | None:
    """The user whom answering the request has authenticated. Asks the database nothing, so it may miss some."""
    # Django's session user, and the one that DRF sets.
    for user in (getattr(request, "_cached_user", None), vars(request).get("user")):
        # Not isinstance, which would load a lazy user.
        if issubclass(type(user), User):
            return user
    return None


def _credential(request: HttpRequest) -> str:
    """A digest of the token or session of a request, or an empty string."""
    secret = bearer_of(request) or request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest() if secret else ""
