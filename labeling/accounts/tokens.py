"""API tokens as secrets. Apart from the services, because DRF loads it before it has loaded itself."""

import hashlib
from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.throttling import SimpleRateThrottle

from labeling.accounts.models import ApiToken, User


class AddressThrottle(SimpleRateThrottle):
    """Counts by the address that a request comes from."""

    rate = "30/min"
    num_requests: int
    duration: int

    def get_cache_key(self, request: Any, view: Any = None) -> str:
        # The address as the login's own throttle knows it: X-Forwarded-For counts only where uvicorn trusts its sender.
        return f"{self.scope}:{get_adapter().get_client_ip(request)}"


class InvitationThrottle(AddressThrottle):
    """Of the pages behind invitation links, which strangers open."""

    scope = "invitations"


class WrongTokens(AddressThrottle):
    """Counts wrong bearer tokens."""

    scope = "wrong_tokens"

    def count(self, request: HttpRequest) -> bool:
        """Count one more; False: it is one too many."""
        return bool(self.allow_request(request, None))  # type: ignore[arg-type]


def digest(token: str) -> str:
    """What is stored of a token. A plain hash is enough: the token is 256 random bits, not a password."""
    return hashlib.sha256(token.encode()).hexdigest()


def bearer_of(request: HttpRequest) -> str | None:
    """The bearer token that a request brings."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def authenticate(request: HttpRequest) -> User | None:
    """The owner of the token that a request brings, with its scopes; None: it brings none.

    A right token is never refused for the wrong ones: nobody guesses 256 bits, but somebody could lock out the scripts
    behind the same address.

    Raises:
        AuthenticationFailed: there is no such token, it has expired, or the account is closed.
        Throttled: too many wrong tokens from this address.
    """
    secret = bearer_of(request)
    if secret is None:
        return None
    token = _valid_token(secret)
    if token is None:
        wrong = WrongTokens()
        if not wrong.count(request):
            raise Throttled(wrong.wait(), "Too many wrong tokens came from your address.")
        raise AuthenticationFailed("This token is not valid. It may have expired or been deleted.", "invalid_token")
    _note_use(token)
    token.user.token_scopes = frozenset(token.scopes)
    return token.user


def _valid_token(secret: str) -> ApiToken | None:
    alive = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    found = ApiToken.objects.select_related("user").filter(alive, digest=digest(secret), user__is_active=True)
    return found.first()


def _note_use(token: ApiToken) -> None:
    """At most once a minute, to keep reads from writing."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=1):
        ApiToken.objects.filter(id=token.id).update(last_used_at=now)
