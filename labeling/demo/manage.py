"""`python -m labeling.demo.manage COMMAND`: `manage.py COMMAND` for the installation of `make demo`."""

import os
import sys

from labeling.demo.environment import demo_environment, secret_key


def main() -> None:
    if not secret_key().exists() and "MASKWRIGHT_SECRET_KEY" not in os.environ:
        sys.exit("There is no demo here yet. Run `make demo` once, then run this again.")
    os.environ.update(demo_environment())
    from django.core.management import execute_from_command_line

    execute_from_command_line(["manage.py", *sys.argv[1:]])


if __name__ == "__main__":
    main()
