"""Watch which tables transactions lock, in which order, and for how long they lock a project's log.

`docs/locks.md` has the order. On SQLite, which has one lock for everything, only times are watched.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.transaction import Atomic

PAGE = Path(__file__).parents[2] / "docs" / "locks.md"
ORDER = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(), re.MULTILINE)
LOG = "events_stream"


@dataclass
class Transaction:
    """One transaction: the tables that it locked, in order, and its statements after it locked the log."""

    tables: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    cpu_began: float = field(default_factory=time.thread_time)
    held_since: float | None = None
    behind_log: list[str] = field(default_factory=list)
    cpu_since: float | None = None
    ended: float = 0.0
    cpu_ended: float = 0.0
    thread: int = field(default_factory=threading.get_ident)

    @property
    def seconds(self) -> float:
        return self.ended - self.began

    @property
    def held_seconds(self) -> float:
        """How long it locked the log."""
        return 0.0 if self.held_since is None else self.ended - self.held_since

    @property
    def held_cpu_seconds(self) -> float:
        """The CPU time of its thread meanwhile. The rest is spent by the database and by other processes."""
        return 0.0 if self.cpu_since is None else self.cpu_ended - self.cpu_since

    def ran(self, sql: str, vendor: str) -> None:
        if self.held_since is not None:
            self.behind_log.append(sql)
        for table in locked_by(sql):
            # On SQLite, Django omits FOR UPDATE, so locks before writes are not visible here.
            self._lock(table, checked=vendor != "sqlite")
        if LOG in self.tables and self.held_since is None:
            # SQLite's only lock is taken when a transaction begins.
            self.held_since = self.began if vendor == "sqlite" else time.monotonic()
            self.cpu_since = self.cpu_began if vendor == "sqlite" else time.thread_time()

    def _lock(self, table: str, *, checked: bool) -> None:
        if table in self.tables or table not in ORDER:
            return
        if checked:
            ahead = [other for other in self.tables if ORDER.index(other) > ORDER.index(table)]
            self.wrong += [f"{table} is locked after {other}" for other in ahead]
        self.tables.append(table)


def locked_by(sql: str) -> list[str]:
    """The tables whose existing rows a statement locks, waiting for other transactions."""
    if "SKIP LOCKED" in sql:
        return []
    if written := re.match(r'(?:UPDATE|DELETE FROM) "(\w+)"', sql):
        return [written[1]]
    if inserted := re.match(r'INSERT INTO "(\w+)".* ON CONFLICT\b.* DO UPDATE', sql, re.DOTALL):
        return [inserted[1]]
    locking = re.search(r"FOR (?:NO KEY )?UPDATE(?: OF (.*))?$", sql)
    if locking is None:
        return []
    return re.findall(r'"(\w+)"', locking[1]) if locking[1] else re.findall(r'(?:FROM|JOIN) "(\w+)"', sql)


class Watch:
    """The transactions that ended while the watch was on."""

    def __init__(self) -> None:
        self.ended: list[Transaction] = []

    @property
    def wrong(self) -> list[str]:
        return [sentence for transaction in self.ended for sentence in transaction.wrong]

    @property
    def holding_log(self) -> list[Transaction]:
        return [transaction for transaction in self.ended if transaction.held_since is not None]


_on: list[Watch] = []
_depths: WeakKeyDictionary[BaseDatabaseWrapper, int] = WeakKeyDictionary()
_running: WeakKeyDictionary[BaseDatabaseWrapper, Transaction] = WeakKeyDictionary()


@contextmanager
def watching() -> Iterator[Watch]:
    """Watch the transactions of all threads that end inside the block."""
    watch = Watch()
    _on.append(watch)
    try:
        yield watch
    finally:
        _on.remove(watch)


def _ran(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    result = execute(sql, params, many, context)
    transaction = _running.get(context["connection"])
    if transaction is not None:
        transaction.ran(sql, context["connection"].vendor)
    return result


def install() -> None:
    """Watch from now on, for the length of the process."""
    enter, leave = Atomic.__enter__, Atomic.__exit__

    def entered(atomic: Any) -> None:
        enter(atomic)
        connection = _connection(atomic)
        # The transactions around a test are not the application's.
        if not atomic._from_testcase:
            _depths[connection] = _depths.get(connection, 0) + 1
            if _depths[connection] == 1:
                _running[connection] = Transaction()

    def left(atomic: Any, *error: Any) -> None:
        try:
            leave(atomic, *error)
        finally:
            connection = _connection(atomic)
            if not atomic._from_testcase:
                _depths[connection] -= 1
                if _depths[connection] == 0:
                    transaction = _running.pop(connection)
                    transaction.ended, transaction.cpu_ended = time.monotonic(), time.thread_time()
                    for watch in _on:
                        watch.ended.append(transaction)

    Atomic.__enter__, Atomic.__exit__ = entered, left  # type: ignore[method-assign]
    connection_created.connect(_watch_connection)


def _watch_connection(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if _ran not in connection.execute_wrappers:
        connection.execute_wrappers.append(_ran)


def _connection(atomic: Any) -> BaseDatabaseWrapper:
    from django.db import connections

    return connections[atomic.using or "default"]
