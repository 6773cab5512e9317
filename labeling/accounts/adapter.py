"""How django-allauth behaves here."""

from functools import partial
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction
from django.http import HttpRequest

from labeling.accounts import mail
from labeling.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by managers (who invite) and operators, never by strangers."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: User, password: str) -> None:
        """Set the password of a link and delete the account's tokens, so that an earlier user of it is locked out."""
        with transaction.atomic():
            super().set_password(user, password)
            user.tokens.all().delete()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        send = partial(super().send_mail, template_prefix, email, context)
        if mail.is_sending():
            send()
        elif mail.is_configured():
            mail.send_later(send)
