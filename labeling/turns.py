"""Turns to work in a web process, shared fairly between people and between kinds of requests.

Everything runs on the event loop, so nothing here needs a lock.
"""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

Waiting = asyncio.Future[None]


class Crowded(Exception):
    """Too many requests wait already, or this one has waited long enough."""


@dataclass(frozen=True, eq=False)
class Lane:
    """A kind of requests. At most `at_once` of them run. Up to `room` more wait, each for `seconds` at most.

    All others are refused with `sentence`, and with `retry_s` seconds as Retry-After. The lanes of slow requests
    together leave a quarter of all turns to other requests, and a quarter of each person's.
    """

    at_once: int
    room: int
    seconds: float | None
    sentence: str
    retry_s: int = 1
    is_slow: bool = True


class Line:
    """The requests that wait in a lane. People take turns in it, however many requests each of them has."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._length = 0
        self._people: OrderedDict[str, deque[Waiting]] = OrderedDict()

    def join(self, person: str) -> Waiting:
        """Begin to wait. In a full line the newest request of the person with the most requests makes room.

        Raises:
            Crowded: the line is full, and nobody has more requests in it than this person would have.
        """
        if self._length >= self._room:
            most = max(self._people, key=lambda other: len(self._people[other]), default=person)
            if len(self._people.get(most, ())) <= len(self._people.get(person, ())) + 1:
                raise Crowded
            refused = self._people[most][-1]
            self.leave(most, refused)
            refused.set_exception(Crowded())
        waiting: Waiting = asyncio.get_running_loop().create_future()
        self._people.setdefault(person, deque()).append(waiting)
        self._length += 1
        return waiting

    def leave(self, person: str, waiting: Waiting) -> None:
        """Stop waiting. Does nothing for a request that waits no more."""
        requests = self._people.get(person, deque())
        if waiting in requests:
            requests.remove(waiting)
            self._length -= 1
            if not requests:
                del self._people[person]

    def next(self, may_run: Callable[[str], bool]) -> tuple[str, Waiting] | None:
        """Remove and return the oldest request of the first person who may run one, and make this person the last."""
        person = next((person for person in self._people if may_run(person)), None)
        if person is None:
            return None
        waiting = self._people[person][0]
        self._people.move_to_end(person)
        self.leave(person, waiting)
        return person, waiting


class Turns:
    """The turns of a process. A person has at most half of them at a time, however few others there are."""

    def __init__(self, turns: int, lanes: Iterable[Lane]) -> None:
        self._turns, self._slow_turns = turns, _without_quarter(turns)
        self._turns_of_person = (turns + 1) // 2
        self._slow_turns_of_person = _without_quarter(self._turns_of_person)
        # The running requests, in all, by lane and by person.
        self._running: Counter[Any] = Counter()
        # In the order in which a turn is offered.
        self._lines = {lane: Line(lane.room) for lane in lanes}

    @asynccontextmanager
    async def one(self, lane: Lane, person: str) -> AsyncIterator[None]:
        """Wait for a turn and hold it. Raises Crowded."""
        await self._enter(lane, person)
        try:
            yield
        finally:
            self._leave(lane, person)

    async def _enter(self, lane: Lane, person: str) -> None:
        if self._may_run(lane, person):
            self._count(lane, person, 1)
            return
        waiting = self._lines[lane].join(person)
        try:
            async with asyncio.timeout(lane.seconds):
                await waiting
        except (TimeoutError, asyncio.CancelledError, Crowded) as error:
            self._lines[lane].leave(person, waiting)
            if not waiting.cancelled() and waiting.done() and waiting.exception() is None:
                # The turn came just when the request was given up.
                self._leave(lane, person)
            if isinstance(error, TimeoutError):
                raise Crowded from None
            raise

    def _leave(self, lane: Lane, person: str) -> None:
        self._count(lane, person, -1)
        # People without a turn come first. Otherwise two people who always save would leave none for others' clicks.
        self._offer(self._may_begin)
        self._offer(self._may_run)

    def _offer(self, may_run: Callable[[Lane, str], bool]) -> None:
        """Give the free turns to those who wait and may run."""
        for lane, line in self._lines.items():
            while following := line.next(partial(may_run, lane)):
                person, waiting = following
                # A request whose client has gone is cancelled, and about to leave the line.
                if not waiting.done():
                    self._count(lane, person, 1)
                    waiting.set_result(None)

    def _may_begin(self, lane: Lane, person: str) -> bool:
        return not self._running[person] and self._may_run(lane, person)

    def _may_run(self, lane: Lane, person: str) -> bool:
        running = self._running
        if running["all"] >= self._turns or running[person] >= self._turns_of_person or running[lane] >= lane.at_once:
            return False
        if not lane.is_slow:
            return True
        return running["slow"] < self._slow_turns and running["slow", person] < self._slow_turns_of_person

    def _count(self, lane: Lane, person: str, by: int) -> None:
        for key in ("all", lane, person, *(("slow", ("slow", person)) if lane.is_slow else ())):
            self._running[key] += by
            if not self._running[key]:
                del self._running[key]


def _without_quarter(turns: int) -> int:
    return max(1, turns - max(1, turns // 4))
