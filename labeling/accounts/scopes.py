"""Checks of an API token's scopes. projects/roles.py says which permission needs which scope."""

from collections.abc import Set

from labeling.accounts.models import Scope, User
from labeling.rest import Forbidden


def require_scope(user: User, scopes: Set[Scope]) -> None:
    """Raise Forbidden if the user authenticated with a token that has none of these scopes."""
    if user.token_scopes is not None and not scopes & user.token_scopes:
        names = " or ".join(scope.value for scope in Scope if scope in scopes)
        raise Forbidden("token_scope", f"This token may not do that: it lacks the scope {names}.")


def require_password_login(user: User) -> None:
    """Raise Forbidden if the user authenticated with a token: tokens may not change their account."""
    if user.token_scopes is not None:
        raise Forbidden("token_not_allowed", "A token cannot do that. Log in with your password, on the account page.")
