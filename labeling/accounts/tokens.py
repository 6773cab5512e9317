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
    """Count requests by client address."""

    rate = "30/min"
    num_requests: int
    duration: int

    def get_cache_key(self, request: Any, view: Any = None) -> str:
        # The same address as in the login's own throttle: X-Forwarded-For counts only if uvicorn trusts its sender.
        return f"{self.scope}:{get_adapter().get_client_ip(request)}"


class InvitationThrottle(AddressThrottle):
    """Limit requests for invitation links, which strangers may send."""

    scope = "invitations"


class WrongTokens(AddressThrottle):
    """Count wrong bearer tokens."""

    scope = "wrong_tokens"

    def count(self, request: HttpRequest) -> bool:
        """Count one more wrong token. Returns False if it is one too many."""
        return bool(self.allow_request(request, None))  # type: ignore[arg-type]


def digest(token: str) -> str:
    """What is stored of a token. A plain hash is enough: the token is 256 random bits, not a password."""
    return hashlib.sha256(token.encode()).hexdigest()


def bearer_of(request: HttpRequest) -> str | None:
    """The bearer token of a request, or None."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def authenticate(request: HttpRequest) -> User | None:
    """The owner of the request's bearer token, with the token's scopes, or None without a token.

    A valid token is never refused because of wrong ones. Nobody guesses 256 bits, but otherwise anybody could lock out
    the scripts behind the same client address.

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
    """Record the last use at most once a minute, so that most reads write nothing."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=1):
        ApiToken.objects.filter(id=token.id).update(last_used_at=now)
