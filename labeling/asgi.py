"""What uvicorn serves."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labeling.settings")
# Somebody waits for each answer, and while they wait their request takes a turn from others.
os.environ.setdefault("MASKWRIGHT_LOCK_SECONDS", "10")
os.environ.setdefault("MASKWRIGHT_STATEMENT_SECONDS", "30")
django.setup(set_prefix=False)

from labeling.connections import BoundedHandler  # noqa: E402
from labeling.jobs.tallies import ledger  # noqa: E402

ledger.start()
application = BoundedHandler()
