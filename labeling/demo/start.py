"""`python -m labeling.demo.start`: the processes of docker-compose.yml by hand, in the environment of a file like .env.

What compose does beside starting them is done first: the database is brought up to date, and MobileSAM is installed.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import environ

from labeling.demo.preflight import port_problem
from labeling.demo.processes import run

MANAGE = Path(__file__).resolve().parents[2] / "manage.py"


def main() -> None:
    options = arguments()
    if options.env.is_file():
        # Variables that are set already win, as they do for compose.
        environ.Env.read_env(options.env)
    problem = port_problem(options.port) or _missing("MASKWRIGHT_SECRET_KEY", "DATABASE_URL", "MASKWRIGHT_BROKER")
    if problem:
        sys.exit(problem)
    for command in (["-m", "inference.install", "mobile_sam"], [str(MANAGE), "migrate", "--verbosity", "0"]):
        if subprocess.run([sys.executable, *command], check=False).returncode:
            sys.exit(f"`python {' '.join(command)}` failed; what it said stands above.")
    url = f"http://{options.host}:{options.port}"
    run(options.host, options.port, {}, options.logs, lambda: print(f"Maskwright is ready: {url}", flush=True))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run Maskwright's processes on this machine, without containers.")
    parser.add_argument("--env", type=Path, default=Path(".env"), help="a file of VARIABLE=value lines (.env)")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--logs", type=Path, default=Path("var/log"))
    return parser.parse_args()


def _missing(*names: str) -> str | None:
    missing = [name for name in names if not os.environ.get(name)]
    return f"Set {', '.join(missing)}; docs/production.md explains them." if missing else None


if __name__ == "__main__":
    main()
