"""Changing passwords, and links that set a new one."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from rest_framework.exceptions import Throttled

from labeling.accounts import mail
from labeling.accounts.models import User
from labeling.accounts.scopes import require_password_login
from labeling.rest import invalid

CHANGED = """Hello {name},

the password of your Maskwright account was changed just now.
If that was not you, ask an operator of your installation for help.
"""


@transaction.atomic
def change_password(*, by: User, new_password: str, end_tokens: bool) -> None:
    """Set a new password, which ends all sessions. The caller keeps its own with `update_session_auth_hash`.

    Raises:
        Forbidden: the user authenticated with a token.
        ValidationError: the new password is too easy to guess.
    """
    require_password_login(by)
    try:
        validate_password(new_password, by)
    except ValidationError as error:
        raise invalid("weak_password", " ".join(error.messages), "new_password") from None
    by.set_password(new_password)
    by.save(update_fields=["password"])
    if end_tokens:
        by.tokens.all().delete()
    if mail.is_configured():
        transaction.on_commit(
            lambda: mail.send(to=by.email, subject="Your password was changed", text=CHANGED.format(name=by.name))
        )


def require_current_password(request: HttpRequest, user: User, password: str) -> None:
    """Check the password. Wrong ones count like those of the login, by account and by address.

    Raises:
        ValidationError: it is not the user's password.
        Throttled: there were too many wrong passwords.
    """
    try:
        found = get_adapter().authenticate(request, email=user.email, password=password)
    except ValidationError:
        raise Throttled(detail="Too many wrong passwords. Wait a few minutes, then try again.") from None
    if found is None or found.pk != user.pk:
        raise invalid("wrong_password", "This is not your current password.", "current_password")


def password_key(user: User) -> str:
    """The key of a link that sets a new password, once, within three days. It is signed and stored nowhere."""
    return f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"


def password_link(user: User) -> str:
    """The path of the page behind such a link. Its key is a fragment, which reaches no log."""
    return f"/new-password#{password_key(user)}"
