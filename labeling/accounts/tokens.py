"""API tokens as secrets. Apart from the services, because DRF loads it before it has loaded itself."""

import hashlib
from datetime import timedelta

from django.utils import timezone

from labeling.accounts.models import ApiToken, User


def digest(token: str) -> str:
    """What is stored of a token. A plain hash is enough: the token is 256 random bits, not a password."""
    return hashlib.sha256(token.encode()).hexdigest()


def user_of_token(secret: str) -> User | None:
    """The active owner of a token. Its last use is noted at most once a minute, to keep reads from writing."""
    token = ApiToken.objects.select_related("user").filter(digest=digest(secret), user__is_active=True).first()
    if token is None:
        return None
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=1):
        ApiToken.objects.filter(id=token.id).update(last_used_at=now)
    return token.user
