"""Limits on bodies: who may send them, how large and how slow they may be, and how many arrive at once."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from io import BytesIO
from typing import Any
from unittest.mock import Mock
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError
from django.http import HttpRequest
from rest_framework.exceptions import AuthenticationFailed, Throttled

from labeling import bodies
from labeling.bodies import Bodies, Refused
from tests.labeling.making import API
from tests.labeling.test_access import PUBLIC, RULES

SAVE, UPLOAD = "/api/v1/images/7/changes", f"/api/v1/projects/{UUID(int=7)}/images"
LOGIN = "/_allauth/browser/v1/auth/login"
ANNA, BEN = uuid4(), uuid4()
Story = Callable[[], Awaitable[None]]


@pytest.fixture(autouse=True)
def _small(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    settings.UPLOAD_MAX_BYTES = 10_000
    settings.RECEIVING_BYTES = 4000


class Line:
    """A client that sends messages one by one and then falls silent. Counts the messages that were read."""

    def __init__(self, *sizes: int, complete: bool = True) -> None:
        self.taken = 0
        self._messages = [
            {"type": "http.request", "body": b"x" * size, "more_body": not complete or index < len(sizes) - 1}
            for index, size in enumerate(sizes)
        ]

    async def __call__(self) -> Any:
        if not self._messages:
            await asyncio.sleep(3600)
        self.taken += 1
        return self._messages.pop(0)


def scope(path: str, length: int | None = None, person: UUID | None = None) -> dict[str, Any]:
    body = (b"transfer-encoding", b"chunked") if length is None else (b"content-length", str(length).encode())
    headers = [body, (b"x-person", str(person or "").encode())]
    return {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers}


def receiving() -> Bodies:
    """Bodies that take a person's id from a header."""

    async def identify(request: HttpRequest) -> Any:
        id = request.headers["X-Person"]
        return Mock(pk=UUID(id)) if id else None

    return Bodies(identify)


async def read(receive: Any) -> int:
    """The bytes of a body, received to its end."""
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message["body"]), message.get("more_body", False)
    return size


async def arrive(path: str, line: Line, length: int | None = None, person: UUID | None = ANNA) -> int:
    async with receiving().admitted(scope(path, length, person), line) as watched:
        return await read(watched)


def refusal(work: Awaitable[Any]) -> tuple[int, str]:
    """The status and code of the refusal."""

    async def story() -> Any:
        with pytest.raises(Refused) as refused:
            await asyncio.wait_for(work, 5)
        return refused.value.response

    response = asyncio.run(story())
    assert response["Connection"] == "close"
    return response.status_code, json.loads(response.content)["code"]


@pytest.mark.parametrize("length", [300, None])
def test_a_body_arrives_whole(length: int | None) -> None:
    assert asyncio.run(arrive(SAVE, Line(100, 150, 50), length)) == 300


def test_nothing_of_a_strangers_body_is_received() -> None:
    line = Line(100)
    assert refusal(arrive(SAVE, line, 100, None)) == (401, "not_authenticated")
    assert refusal(arrive(UPLOAD, line, None, None)) == (401, "not_authenticated")
    assert line.taken == 0


@pytest.mark.parametrize("path", [LOGIN, "/api/v1/invitations/check", "/api/v1/invitations/accept"])
def test_who_logs_in_is_a_stranger_with_little_to_say(path: str) -> None:
    assert asyncio.run(arrive(path, Line(100), 100, None)) == 100
    assert refusal(arrive(path, Line(100), 65_537, None)) == (413, "too_large")


def test_whatever_strangers_may_do_they_may_send_a_body_for() -> None:
    public = [route for (method, route), rule in RULES.items() if rule.may == PUBLIC and method != "get"]
    assert [route for route in public if not bodies.LOGIN.fullmatch(f"{API}/{route}")] == []


@pytest.mark.parametrize(("path", "limit"), [(SAVE, 1000), (UPLOAD, 10_000 + bodies.FORM_BYTES)])
def test_what_is_announced_too_large_is_refused_before_it_comes(path: str, limit: int, settings: Any) -> None:
    settings.RECEIVING_BYTES = 2**30
    line = Line(1)
    assert refusal(arrive(path, line, limit + 1)) == (413, "too_large")
    assert line.taken == 0
    assert asyncio.run(arrive(path, line, limit)) == 1


def test_what_is_not_announced_is_counted_and_cut_off() -> None:
    line = Line(*[400] * 10)
    assert refusal(arrive(SAVE, line)) == (413, "too_large")
    assert line.taken == 3


def test_a_body_that_comes_too_slowly_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "GRACE_S", 0.02)
    assert refusal(arrive(SAVE, Line(10, complete=False), 1000)) == (408, "too_slow")


def test_a_slow_body_that_keeps_coming_may_take_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    # Long enough for a busy machine: each part arrives in time, but all of them together exceed the grace.
    monkeypatch.setattr(bodies, "GRACE_S", 0.4)
    monkeypatch.setattr(bodies, "MIN_BYTES_PER_SECOND", 100)

    class Slow(Line):
        async def __call__(self) -> Any:
            await asyncio.sleep(0.15)
            return await super().__call__()

    assert asyncio.run(arrive(SAVE, Slow(100, 100, 100), 300)) == 300


@asynccontextmanager
async def under_way(within: Bodies, size: int, person: UUID) -> AsyncIterator[None]:
    """An announced body of this length, of which no bytes arrive."""
    async with within.admitted(scope(SAVE, size, person), Line()):
        yield


async def refused(within: Bodies, size: int, person: UUID) -> bool:
    try:
        async with under_way(within, size, person):
            return False
    except Refused as error:
        return (error.response.status_code, error.response["Retry-After"]) == (503, "5")


def test_nobody_sends_more_than_half_of_what_may_come_at_once() -> None:
    async def story() -> None:
        within = receiving()
        async with under_way(within, 1000, ANNA), under_way(within, 1000, ANNA):
            assert await refused(within, 1, ANNA)
            assert not await refused(within, 1000, BEN)
            async with under_way(within, 1000, BEN), under_way(within, 1000, BEN):
                assert await refused(within, 1, uuid4())
        assert not await refused(within, 1000, ANNA)
        assert not within._each

    asyncio.run(story())


def test_what_is_not_announced_counts_as_it_comes() -> None:
    async def story() -> None:
        within = receiving()
        async with (
            under_way(within, 1000, ANNA),
            under_way(within, 900, ANNA),
            within.admitted(scope(SAVE, None, ANNA), Line(90, 90)) as watched,
        ):
            await watched()
            with pytest.raises(Refused, match="You are sending too much"):
                await watched()

    asyncio.run(story())


def test_only_so_many_bodies_of_one_person_come_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MAX_BODIES_PER_PERSON", 2)

    async def story() -> None:
        within = receiving()
        async with under_way(within, 1, ANNA), under_way(within, 1, ANNA):
            assert await refused(within, 1, ANNA)
            assert not await refused(within, 1, BEN)

    asyncio.run(story())


def test_the_end_of_one_request_forgets_no_other_that_has_begun_since() -> None:
    async def story() -> None:
        within = receiving()
        async with AsyncExitStack() as older:
            received = await older.enter_async_context(within.admitted(scope(SAVE, None, ANNA), Line(0)))
            await read(received)
            # The last of her bodies at the time, while the older request is still being answered.
            assert not await refused(within, 100, ANNA)
            async with under_way(within, 1000, ANNA), under_way(within, 1000, ANNA):
                await older.aclose()
                assert await refused(within, 1000, ANNA)

    asyncio.run(story())


def test_a_body_that_has_come_is_one_less_to_come_but_its_bytes_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until its request is answered, so that nobody fills the disk with bodies that wait for their turns."""
    monkeypatch.setattr(bodies, "MAX_BODIES_PER_PERSON", 1)

    async def story() -> None:
        within = receiving()
        async with AsyncExitStack() as answering:
            for _ in range(2):
                body = await answering.enter_async_context(within.admitted(scope(SAVE, 1000, ANNA), Line(1000)))
                await read(body)
            assert await refused(within, 1, ANNA)
            assert not await refused(within, 1000, BEN)
        assert not await refused(within, 1, ANNA)
        assert not within._each

    asyncio.run(story())


def test_all_bodies_that_wait_for_a_turn_are_bounded_together() -> None:
    async def story() -> None:
        within = receiving()
        async with AsyncExitStack() as waiting:
            for person in (ANNA, BEN, uuid4(), uuid4()):
                watched = await waiting.enter_async_context(within.admitted(scope(SAVE, 1000, person), Line(1000)))
                await read(watched)
            assert await refused(within, 1, uuid4())
        assert not await refused(within, 1, uuid4())

    asyncio.run(story())


def test_logins_of_one_address_leave_room_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MAX_LOGINS_PER_ADDRESS", 2)

    def login(address: str) -> dict[str, Any]:
        return {**scope(LOGIN, 10), "client": (address, 5000)}

    async def story() -> None:
        within = receiving()
        async with within.admitted(login("10.0.0.1"), Line()), within.admitted(login("10.0.0.1"), Line()):
            with pytest.raises(Refused):
                async with within.admitted(login("10.0.0.1"), Line()):
                    pass
            async with within.admitted(login("10.0.0.2"), Line()):
                pass
        async with within.admitted(login("2001:db8:1:2::1"), Line()), within.admitted(login("2001:db8:1:2::2"), Line()):
            with pytest.raises(Refused):
                async with within.admitted(login("2001:db8:1:2:3::9"), Line()):
                    pass
        assert not within._each

    asyncio.run(story())


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (OperationalError("gone"), (503, "database_unavailable")),
        (AuthenticationFailed("No such token.", "invalid_token"), (401, "invalid_token")),
        (Throttled(9), (429, "throttled")),
    ],
)
def test_why_the_sender_could_not_be_found_is_said(error: Exception, answer: tuple[int, str]) -> None:
    async def identify(request: HttpRequest) -> Any:
        raise error

    async def story() -> None:
        async with Bodies(identify).admitted(scope(SAVE, 1), Line(1)):
            pass

    assert refusal(story()) == answer


def test_a_body_in_chunks_gets_its_length() -> None:
    chunked = bodies.with_length(scope(SAVE, None), BytesIO(b"12345"))
    assert dict(chunked["headers"])[b"content-length"] == b"5"
    assert b"transfer-encoding" not in dict(chunked["headers"])
    announced = scope(SAVE, 5)
    assert bodies.with_length(announced, BytesIO(b"12345")) is announced
