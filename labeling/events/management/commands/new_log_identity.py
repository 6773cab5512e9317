"""`manage.py new_log_identity`: after a restore, make every browser fetch everything anew."""

from typing import Any

from django.core.management.base import BaseCommand

from labeling.events.services import renew_log_identity


class Command(BaseCommand):
    help = "Give the event log a new identity. Run it after a restore: browsers then fetch everything anew."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"The log is now {renew_log_identity()}.")
