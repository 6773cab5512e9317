"""`make bench`: every measurement in one run, or those that are named: `python -m tests.bench engine http`.

docs/performance.md says what each figure is.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from tests.bench import (
    annotators,
    calibration,
    clicks,
    confidence,
    editor,
    edits,
    encode,
    engine,
    http,
    locks,
    proposals,
    queue,
    regions,
    review,
    tiles,
)

DATA = Path(os.environ["BENCH_DATA"]) if os.environ.get("BENCH_DATA") else None


def with_data(report: Callable[[Path], str]) -> Callable[[], str]:
    """A report that needs a set of photographs."""
    return lambda: report(DATA) if DATA else "Not measured: no BENCH_DATA was given."


REPORTS: dict[str, Callable[[], str]] = {
    "engine": engine.report,
    "http": http.report,
    "annotators": annotators.report,
    "encode": encode.report,
    "regions": lambda: regions.report(DATA),
    "clicks": with_data(clicks.report),
    "edits": with_data(edits.report),
    "proposals": with_data(proposals.report),
    "queue": queue.report,
    "locks": locks.report,
    "editor": editor.report,
    "review": lambda: review.report(DATA),
    "tiles": tiles.report,
    "confidence": with_data(confidence.report),
    "calibration": with_data(calibration.report),
}


def main(names: list[str]) -> None:
    print(f"{os.cpu_count()} cores")
    for name in names or list(REPORTS):
        print(f"\n{name}\n{'=' * len(name)}\n{REPORTS[name]()}", flush=True)


if __name__ == "__main__":
    main([each for each in sys.argv[1:] if not each.startswith("--")])
