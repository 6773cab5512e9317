"""`manage.py token EMAIL`: print a new API token."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from labeling.accounts.models import Scope, User
from labeling.accounts.services import create_token


class Command(BaseCommand):
    help = "Print a new API token of a user."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="command line", help="what its owner sees in the list of tokens")
        parser.add_argument("--scopes", default=",".join(Scope), help="what it may do (default: %(default)s)")
        parser.add_argument("--expires", help="when it stops working, such as 2030-01-31 (default: never)")

    def handle(self, *args: Any, email: str, name: str, scopes: str, expires: str | None, **options: Any) -> None:
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"There is no user {email}.")
        self.stdout.write(create_token(by=user, name=name, scopes=_scopes(scopes), expires_at=_end(expires))[1])


def _scopes(names: str) -> list[str]:
    scopes = [name.strip() for name in names.split(",")]
    unknown = sorted(set(scopes) - set(Scope.values))
    if unknown:
        raise CommandError(f"There is no scope {', '.join(unknown)}. The scopes are {', '.join(Scope)}.")
    return scopes


def _end(moment: str | None) -> datetime | None:
    if moment is None:
        return None
    try:
        end = datetime.fromisoformat(moment)
    except ValueError:
        raise CommandError(f"{moment} is not a date or time, as 2030-01-31 or 2030-01-31T12:00.") from None
    end = end if end.tzinfo else end.replace(tzinfo=UTC)
    if end <= timezone.now():
        raise CommandError("The token must expire in the future.")
    return end
