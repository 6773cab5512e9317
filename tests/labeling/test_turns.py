"""Turns are shared fairly between people, and nothing is lost when somebody stops waiting."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest

from labeling.turns import Crowded, Lane, Turns

Story = Callable[[], Awaitable[None]]


def lane(at_once: int = 100, room: int = 100, seconds: float | None = 5, *, is_slow: bool = False) -> Lane:
    return Lane(at_once, room, seconds, "Busy.", is_slow=is_slow)


class Work:
    """Requests that run until they are told to end. `ran` says whose they were, in the order in which they began."""

    def __init__(self, turns: Turns) -> None:
        self.ran: list[str] = []
        self.running: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self._turns = turns
        self._ends: list[asyncio.Event] = []

    async def _run(self, lane: Lane, person: str) -> None:
        async with self._turns.one(lane, person):
            self.ran.append(person)
            self.running[person] += 1
            self.most[person] = max(self.most[person], self.running[person])
            end = asyncio.Event()
            self._ends.append(end)
            await end.wait()
            self.running[person] -= 1

    async def ask(self, lane: Lane, person: str, times: int = 1) -> "list[asyncio.Task[None]]":
        asked = [asyncio.create_task(self._run(lane, person)) for _ in range(times)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return asked

    async def end(self, index: int = 0) -> None:
        """End the request that has run longest, or another one."""
        self._ends.pop(index).set()
        for _ in range(5):
            await asyncio.sleep(0)

    async def end_all(self) -> None:
        while self._ends:
            await self.end()


def test_a_person_has_half_of_the_turns_however_few_others_there_are() -> None:
    async def story() -> None:
        save = lane()
        work = Work(Turns(4, [save]))
        await work.ask(save, "anna", 6)
        assert work.running == {"anna": 2}
        await work.ask(save, "ben", 1)
        await work.ask(save, "carl", 3)
        assert work.running == {"anna": 2, "ben": 1, "carl": 1}
        await work.end_all()
        assert len(work.ran) == 10
        assert work.most["anna"] == 2

    asyncio.run(story())


def test_people_take_turns_however_many_requests_each_has() -> None:
    async def story() -> None:
        click = lane(at_once=1)
        work = Work(Turns(8, [click]))
        await work.ask(click, "anna", 4)
        await work.ask(click, "ben", 2)
        await work.ask(click, "carl", 1)
        await work.end_all()
        assert work.ran == ["anna", "anna", "ben", "carl", "anna", "ben", "anna"]

    asyncio.run(story())


def test_slow_requests_leave_turns_to_others_and_to_their_own_person() -> None:
    async def story() -> None:
        save, file = lane(), lane(is_slow=True)
        work = Work(Turns(8, [save, file]))
        await work.ask(file, "anna", 9)
        assert work.running == {"anna": 3}
        await work.ask(save, "anna", 3)
        assert work.running == {"anna": 4}
        for person in ("ben", "carl"):
            await work.ask(file, person, 9)
        assert sum(work.running.values()) == 6 + 1
        await work.ask(save, "dora")
        assert work.running["dora"] == 1
        await work.end_all()

    asyncio.run(story())


def test_a_click_gets_a_turn_though_two_people_keep_saving() -> None:
    async def story() -> None:
        save, click = lane(), lane(is_slow=True)
        work = Work(Turns(4, [save, click]))
        for person in ("anna", "ben"):
            await work.ask(save, person, 9)
        await work.ask(click, "carl", 2)
        await work.end()
        await work.end()
        assert "carl" in work.ran
        await work.end_all()

    asyncio.run(story())


def test_in_a_full_line_whoever_has_most_requests_makes_room() -> None:
    async def story() -> None:
        click = lane(at_once=1, room=4)
        work = Work(Turns(8, [click]))
        (first, *waiting) = await work.ask(click, "anna", 5)
        (refused,) = await work.ask(click, "anna")
        with pytest.raises(Crowded):
            await refused
        bens = await work.ask(click, "ben", 3)
        for refused in waiting[-2:]:
            with pytest.raises(Crowded):
                await refused
        with pytest.raises(Crowded):
            await bens[-1]
        await work.end_all()
        assert Counter(work.ran) == {"anna": 3, "ben": 2}
        await first

    asyncio.run(story())


def test_whoever_waits_too_long_or_leaves_loses_no_turn_of_others() -> None:
    async def story() -> None:
        click = lane(at_once=1, seconds=0.02)
        turns = Turns(8, [click])
        work = Work(turns)
        await work.ask(click, "anna")
        (late,) = await work.ask(click, "ben")
        with pytest.raises(Crowded):
            await late
        (gone,) = await work.ask(click, "carl")
        gone.cancel()
        (here,) = await work.ask(click, "dora")
        await work.end()
        assert work.ran == ["anna", "dora"]
        # Cancelled just when its turn came.
        (given_up,) = await work.ask(click, "emma")
        work._ends.pop().set()
        await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.sleep(0.01)
        await work.ask(click, "finn")
        assert work.running["finn"] == 1
        await work.end_all()
        await here
        assert not turns._running

    asyncio.run(story())
