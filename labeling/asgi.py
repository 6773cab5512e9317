"""What uvicorn serves."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labeling.settings")
django.setup(set_prefix=False)

from labeling.connections import BoundedHandler  # noqa: E402
from labeling.jobs.tallies import ledger  # noqa: E402

ledger.start()
application = BoundedHandler()
