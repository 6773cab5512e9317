"""`python -m labeling.demo`: prepare what is missing, run everything, print where it is, stop on Ctrl-C."""

import argparse
import os
import subprocess
import sys

from labeling.demo.environment import create_secret_key, demo_environment, var
from labeling.demo.preflight import port_problem
from labeling.demo.processes import run


def main() -> None:
    options = arguments()
    problem = port_problem(options.port)
    if problem:
        sys.exit(problem)
    create_secret_key()
    environment = demo_environment()
    os.environ.update(environment)
    prepare()
    step("Starting web, labeling worker and inference worker")
    run(options.host, options.port, environment, var() / "log", lambda: greet(options.host, options.port))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run Maskwright on this machine with a ready project.")
    parser.add_argument("--host", default=os.environ.get("MASKWRIGHT_HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=8000)
    return parser.parse_args()


def step(text: str) -> None:
    print(f"• {text}", flush=True)


def prepare() -> None:
    """Model, database, people and photographs: each only as far as it is missing."""
    step("Model: MobileSAM (once, about 45 MB)")
    installed = subprocess.run([sys.executable, "-m", "inference.install", "mobile_sam"], check=False)
    if installed.returncode:
        sys.exit("The model could not be installed; see the line above. Run `make demo` again to go on from here.")

    step("Database: bringing it up to date")
    (var() / "static").mkdir(exist_ok=True)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)

    step("Demo project: people and photographs")
    from labeling.demo.seed import seed

    seed()


def greet(host: str, port: int) -> None:
    from labeling.demo.seed import LOGINS, PASSWORD

    print(f"\nMaskwright is ready: http://{'localhost' if host == '127.0.0.1' else host}:{port}\n")
    for login in LOGINS:
        print(f"  {login.role.value:<10} {login.email:<32} password: {PASSWORD}")
    print(f"\nLogs are in {var() / 'log'}. Press Ctrl-C to stop.", flush=True)


if __name__ == "__main__":
    main()
