"""The costs of the parts of `make test` and `make check`: `python -m tests.parts NAME -- COMMAND` runs one.

`python -m tests.parts` prints the table of all parts since `--forget`. CPU includes every process that the command
waited for. This module needs nothing but Python, because installing is a part as well.
"""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

NOTES = Path(__file__).resolve().parents[1] / "var" / "log" / "parts.jsonl"


def run(name: str, command: list[str]) -> int:
    """Run the command and record its seconds, even if it fails."""
    print(f"• {name}", flush=True)
    began = time.monotonic()
    try:
        return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return 130
    finally:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        note(name, time.monotonic() - began, used.ru_utime + used.ru_stime)


def note(name: str, wall: float, cpu: float) -> None:
    NOTES.parent.mkdir(parents=True, exist_ok=True)
    with NOTES.open("a", encoding="utf-8") as notes:
        notes.write(json.dumps({"part": name, "wall": wall, "cpu": cpu}) + "\n")


def table() -> str:
    parts = [json.loads(line) for line in NOTES.read_text(encoding="utf-8").splitlines()] if NOTES.exists() else []
    total = {"part": "all", "wall": sum(part["wall"] for part in parts), "cpu": sum(part["cpu"] for part in parts)}
    rows = [f"{part['part']:<44}{part['wall'] / 60:8.1f}{part['cpu'] / 60:8.1f}" for part in (*parts, total)]
    return "\n".join([f"{'minutes on ' + cores():<44}{'wall':>8}{'CPU':>8}", *rows])


def cores() -> str:
    return f"{len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()} cores"


def main(arguments: list[str]) -> int:
    if arguments == ["--forget"]:
        NOTES.unlink(missing_ok=True)
        return 0
    if not arguments:
        print(table(), flush=True)
        return 0
    name, _, *command = arguments
    return run(name, command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
