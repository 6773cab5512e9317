"""Accounts and tokens."""

import secrets
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction

from labeling.accounts.models import ApiToken, Scope, User
from labeling.accounts.scopes import require_password_login
from labeling.accounts.tokens import digest
from labeling.rest import Conflict, not_found

MAX_TOKENS = 100
TOKEN_PREFIX = "mw_"  # noqa: S105


@transaction.atomic
def create_token(
    *, by: User, name: str, scopes: Collection[str] = tuple(Scope), expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """Create a token. Returns it with its secret, which is shown once and not stored.

    Raises:
        Forbidden: the user authenticated with a token, and tokens cannot create tokens.
        Conflict: the user has MAX_TOKENS.
    """
    require_password_login(by)
    if by.tokens.count() >= MAX_TOKENS:
        raise Conflict("too_many_tokens", f"You have {MAX_TOKENS} tokens. Delete one that you no longer need.")
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    ordered = [scope.value for scope in Scope if scope in scopes]
    token = ApiToken.objects.create(user=by, name=name, digest=digest(secret), scopes=ordered, expires_at=expires_at)
    return token, secret


@transaction.atomic
def delete_token(*, by: User, token: UUID) -> None:
    require_password_login(by)
    if not ApiToken.objects.filter(user=by, id=token).delete()[0]:
        raise not_found("token")


@transaction.atomic
def rename(*, by: User, name: str) -> User:
    require_password_login(by)
    by.name = name
    by.save(update_fields=["name"])
    return by


@transaction.atomic
def forget_other_addresses(*, user: User) -> None:
    """Delete an account's earlier addresses, because allauth lets people log in with every address that it knows."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
