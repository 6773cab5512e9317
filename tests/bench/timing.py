"""Timings as ratios: A and B in turn in one run, since a machine's speed drifts and its ratios do not."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, its median in ms, beside what, and their ratio."""

    what: str
    ours_ms: float
    peer: str
    peer_ms: float

    @property
    def ratio(self) -> float:
        return self.ours_ms / self.peer_ms


def milliseconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def beside(what: str, ours: Callable[[], object], peer: str, theirs: Callable[[], object], rounds: int = 15) -> Row:
    """Both in turn, after one round that does not count; the medians."""
    ours()
    theirs()
    pairs = [(milliseconds(ours), milliseconds(theirs)) for _ in range(rounds)]
    return Row(what, statistics.median(p[0] for p in pairs), peer, statistics.median(p[1] for p in pairs))


def table(rows: list[Row]) -> str:
    lines = [f"{'what':<44}{'ms':>9}   {'beside':<40}{'ms':>9}{'ratio':>8}"]
    lines += [f"{r.what:<44}{r.ours_ms:>9.1f}   {r.peer:<40}{r.peer_ms:>9.1f}{r.ratio:>8.2f}" for r in rows]
    return "\n".join(lines)
