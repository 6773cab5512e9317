"""What an API token keeps from its owner. projects/roles.py says which permission needs which scope."""

from collections.abc import Set

from labeling.accounts.models import Scope, User
from labeling.rest import Forbidden


def require_scope(user: User, scopes: Set[Scope]) -> None:
    """Raises: Forbidden: the user came with a token that has none of these scopes."""
    if user.token_scopes is not None and not scopes & user.token_scopes:
        names = " or ".join(scope.value for scope in Scope if scope in scopes)
        raise Forbidden("token_scope", f"This token may not do that: it lacks the scope {names}.")


def require_password_login(user: User) -> None:
    """Raises: Forbidden: the user came with a token, which is not theirs to change the account with."""
    if user.token_scopes is not None:
        raise Forbidden("token_not_allowed", "A token cannot do that. Log in with your password, on the account page.")
