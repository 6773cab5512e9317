"""Send a request within this process, and measure what it costs the server.

*Wall* runs from the call of the handler to the last byte of the answer: middleware, permissions, queries and JSON,
without network and client. *CPU* is the time of this process in all threads. *Database CPU* is the time of all
PostgreSQL processes, including workers of parallel queries, in ticks of 10 ms, so only its mean is reported.
"""

import asyncio
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client

from labeling.events.selectors import last_seqs
from tests.scale.requests import EVENTS, Request
from tests.scale.scene import Scene

LIMIT_MS = 200
ROUNDS = 20
EVENTS_ON_A_PAGE = 100
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """The cost of a request, in milliseconds; `wall` and `cpu` are medians, `database_cpu` is a mean."""

    request: Request
    wall: float
    cpu: float
    database_cpu: float
    queries: int
    size: int

    @property
    def missed(self) -> bool:
        return self.wall > LIMIT_MS


class Asker:
    """Sends the requests of a scene, each by a person of its role."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.clients = {role: Client(headers={"Accept": "*/*"}, SERVER_NAME="localhost") for role in scene.people}
        for role, client in self.clients.items():
            client.force_login(scene.people[role])

    def answer(self, request: Request) -> int:
        """The length of the answer in bytes.

        Raises:
            AssertionError: it is an error.
        """
        query = request.query(self.scene)
        if query.get("after") == "latest":
            project = self.scene.project.id
            query["after"] = last_seqs([project])[project] - EVENTS_ON_A_PAGE
        response = self.clients[request.by].get(self.scene.path(request.route, request.on), query)
        assert response.status_code == 200, (request.name, response.status_code)
        if not response.streaming:
            return len(response.content)
        # A stream of events does not end by itself. Its first piece is a page of events, or the message to start anew.
        return asyncio.run(_read(response.streaming_content, whole=request.route != EVENTS))


async def _read(pieces: Any, *, whole: bool) -> int:
    """The length of a streamed answer, or of its first piece."""
    size = 0
    async for piece in pieces:
        size += len(piece)
        if not whole:
            await pieces.aclose()
            break
    return size


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent within the block."""
    sent: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        sent.append(sql)
        return execute(sql, *arguments)

    with connection.execute_wrapper(watch):
        yield sent


def measured(asker: Asker, request: Request, rounds: int = ROUNDS) -> Cost:
    """The cost of a request, after two warm-up rounds."""
    asker.answer(request)
    with counted() as sent:
        size = asker.answer(request)
    walls, cpus, before = [], [], database_ticks()
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        asker.answer(request)
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    database = (database_ticks() - before) * TICK_MS / rounds
    return Cost(request, statistics.median(walls), statistics.median(cpus), database, len(sent), size)


def database_ticks() -> int:
    """The CPU that PostgreSQL has used: its processes, and those that have ended. 0 where /proc is not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    try:
        postmaster = _stat(Path(f"/proc/{backend}/stat"))[1]
        own = _stat(Path(f"/proc/{postmaster}/stat"))
        children = [_stat(file) for file in Path("/proc").glob("[0-9]*/stat")]
    except OSError:
        return 0
    return sum(own[2:]) + sum(sum(child[2:]) for child in children if child[1] == postmaster)


def _stat(file: Path) -> tuple[int, ...]:
    """Process, parent, and ticks in user mode and in the kernel, of itself and of ended children. Zeros if the process
    is gone."""
    try:
        text = file.read_text()
    except FileNotFoundError:
        return (0, 0)
    fields = text.rsplit(")", 1)[1].split()
    return (int(text.split(" ", 1)[0]), int(fields[1]), *map(int, fields[11:15]))


def table(costs: list[Cost]) -> str:
    """One line per request. `!` marks values above the limit."""
    lines = [f"{'GET':<78}{'wall ms':>9} {'CPU':>8}{'database CPU':>14}{'queries':>9}{'bytes':>11}"]
    lines += [
        f"{cost.request.name:<78}{cost.wall:>9.1f}{'!' if cost.missed else ' '}{cost.cpu:>8.1f}"
        f"{cost.database_cpu:>14.1f}{cost.queries:>9}{cost.size:>11,}"
        for cost in costs
    ]
    missed = sum(cost.missed for cost in costs)
    return "\n".join([*lines, f"{missed} of {len(costs)} above {LIMIT_MS} ms"])
