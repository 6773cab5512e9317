"""`python -m labeling.demo`: prepare what is missing, run everything, print where it is, stop on Ctrl-C."""

import argparse
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from labeling.demo.preflight import port_problem
from labeling.demo.processes import Processes, specs

ROOT = Path(__file__).resolve().parents[2]
READY_S = 60


def main() -> None:
    options = arguments()
    problem = port_problem(options.port)
    if problem:
        sys.exit(problem)
    environment = demo_environment()
    os.environ.update(environment)
    prepare()
    run(options.host, options.port, environment)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run Maskwright on this machine with a ready project.")
    parser.add_argument("--host", default=os.environ.get("MASKWRIGHT_HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=8000)
    return parser.parse_args()


def step(text: str) -> None:
    print(f"• {text}", flush=True)


def var() -> Path:
    folder = Path(os.environ.get("MASKWRIGHT_VAR", ROOT / "var"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def demo_environment() -> dict[str, str]:
    """Plain HTTP on this machine, and a secret of its own that survives a restart."""
    secret = var() / "secret-key"
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(50))
    return {
        "DJANGO_SETTINGS_MODULE": "labeling.settings",
        "MASKWRIGHT_SECRET_KEY": os.environ.get("MASKWRIGHT_SECRET_KEY") or secret.read_text(),
        "MASKWRIGHT_INSECURE": "1",
        "MASKWRIGHT_VAR": str(var().resolve()),
    }


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


def run(host: str, port: int, environment: dict[str, str]) -> None:
    """Start the three processes and stay until Ctrl-C."""
    step("Starting web, labeling worker and inference worker")
    processes = Processes(specs(host, port), environment, var() / "log")
    stop_on_signals()
    try:
        processes.start()
        wait_until_ready(f"http://{host}:{port}/api/v1/health/ready")
        greet(host, port)
        processes.watch()
    except KeyboardInterrupt:
        print("\nStopping.", flush=True)
    finally:
        processes.stop()


def stop_on_signals() -> None:
    """SIGTERM and a closed terminal end us as Ctrl-C does, which a shell may have switched off for us."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)


def wait_until_ready(url: str) -> None:
    end = time.monotonic() + READY_S
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    sys.exit(f"The server did not answer within {READY_S} seconds; its log is {var() / 'log' / 'web.log'}.")


def greet(host: str, port: int) -> None:
    from labeling.demo.seed import LOGINS, PASSWORD

    print(f"\nMaskwright is ready: http://{'localhost' if host == '127.0.0.1' else host}:{port}\n")
    for login in LOGINS:
        print(f"  {login.role.value:<10} {login.email:<32} password: {PASSWORD}")
    print(f"\nLogs are in {var() / 'log'}. Press Ctrl-C to stop.", flush=True)


if __name__ == "__main__":
    main()
