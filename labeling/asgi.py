"""What uvicorn serves."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labeling.settings")
# A person waits for each answer, and a waiting request occupies a turn.
os.environ.setdefault("MASKWRIGHT_LOCK_SECONDS", "10")
os.environ.setdefault("MASKWRIGHT_STATEMENT_SECONDS", "30")
django.setup(set_prefix=False)

from labeling.connections import BoundedHandler  # noqa: E402
from labeling.jobs.tallies import ledger  # noqa: E402

ledger.start()
application = BoundedHandler()
