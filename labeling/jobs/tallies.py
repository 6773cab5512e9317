"""Counting what happens, for /metrics: how often, and how many seconds it took.

Counts lie in the database, so that they are right however many processes there are, whichever of them is asked, and
after any of them has ended. Where jobs end, a count is written with the job. A click is too quick for that: each web
process counts its clicks in memory and writes the sums every few seconds.
"""

import logging
import threading
from collections import Counter
from collections.abc import Iterable

from django.db import close_old_connections, transaction
from django.db.models import F

from labeling.jobs.models import Tally

log = logging.getLogger(__name__)

FLUSH_S = 5.0
LONGEST = 60
# The upper bounds of the buckets, in seconds, as Prometheus writes them.
BUCKETS = {
    Tally.Name.JOB_SECONDS: ("0.1", "0.3", "1.0", "3.0", "10.0", "30.0", "100.0", "300.0", "+Inf"),
    Tally.Name.DECODE_SECONDS: ("0.02", "0.03", "0.05", "0.1", "0.2", "0.3", "0.5", "1.0", "2.0", "+Inf"),
}
Place = tuple[Tally.Name, str, str]


def count(name: Tally.Name, kind: str, detail: str) -> None:
    """One more of these."""
    _write([((name, kind, detail[:LONGEST]), 1, 0.0)])


def observe(name: Tally.Name, kind: str, seconds: float) -> None:
    """One more that took so long."""
    _write([((name, kind, bucket(name, seconds)), 1, seconds)])


def bucket(name: Tally.Name, seconds: float) -> str:
    """The bound of the bucket that the seconds belong to."""
    return next(bound for bound in BUCKETS[name] if seconds <= float(bound))


class Ledger:
    """What this process has counted and not written yet. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[Place] = Counter()
        self._seconds: Counter[Place] = Counter()
        self._stopped = threading.Event()

    def count(self, name: Tally.Name, detail: str) -> None:
        with self._lock:
            self._counts[name, "", detail] += 1

    def observe(self, name: Tally.Name, seconds: float) -> None:
        place = (name, "", bucket(name, seconds))
        with self._lock:
            self._counts[place] += 1
            self._seconds[place] += seconds  # type: ignore[assignment]

    def flush(self) -> None:
        """Write what was counted. If that fails, it is kept for the next time."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
            seconds, self._seconds = self._seconds, Counter()
        if not counts:
            return
        try:
            _write((place, n, seconds[place]) for place, n in sorted(counts.items()))
        except Exception:
            with self._lock:
                self._counts += counts
                self._seconds += seconds
            raise

    def start(self) -> None:
        """Write every few seconds from now on."""
        threading.Thread(target=self._keep_flushing, name="tallies", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def _keep_flushing(self) -> None:
        while not self._stopped.wait(FLUSH_S):
            try:
                self.flush()
            except Exception:
                log.warning("What was counted could not be written; trying again.", exc_info=True)
            finally:
                close_old_connections()


ledger = Ledger()


@transaction.atomic
def _write(rows: Iterable[tuple[Place, int, float]]) -> None:
    for (name, kind, detail), n, seconds in rows:
        row = Tally.objects.filter(name=name, kind=kind, detail=detail)
        if not row.exists():
            Tally.objects.get_or_create(name=name, kind=kind, detail=detail)
        row.update(count=F("count") + n, seconds=F("seconds") + seconds)
