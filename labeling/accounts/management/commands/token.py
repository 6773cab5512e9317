"""`manage.py token EMAIL`: print a new API token."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from labeling.accounts.models import User
from labeling.accounts.services import create_token


class Command(BaseCommand):
    help = "Print a new API token of a user."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="command line")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"There is no user {email}.")
        self.stdout.write(create_token(by=user, name=name)[1])
