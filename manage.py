#!/usr/bin/env python
"""Django's command line, with Maskwright's settings."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labeling.settings")
    if sys.argv[1:2] == ["migrate"]:
        # A migration may rewrite a table. The limit of .env is meant for requests.
        os.environ["MASKWRIGHT_STATEMENT_SECONDS"] = "0"
    execute_from_command_line(sys.argv)
