"""A web process answers a bounded number of requests at once, in as many threads as it has turns."""

import asyncio
import json
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponse

from labeling import connections
from labeling.accounts.models import User
from labeling.connections import BoundedHandler

SAVE, CLICK, CROP = "/api/v1/images/7/changes", "/api/v1/images/7/predict", "/api/v1/images/7/crop"
View = Callable[[HttpRequest], HttpResponse]
Answering = Callable[..., BoundedHandler]


@pytest.fixture(autouse=True)
def closed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The threads whose connections were closed."""
    threads: list[int] = []
    monkeypatch.setattr("labeling.connections.close_old_connections", lambda: threads.append(threading.get_ident()))
    return threads


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Answering:
    """A handler with so many turns, of which clicks take so many, and whose every address is this view."""

    def make(turns: int, view: View, clicks: int = 1) -> BoundedHandler:
        settings.REQUESTS_AT_ONCE, settings.PREDICTS_AT_ONCE, settings.UPLOADS_AT_ONCE = turns, clicks, turns // 2
        monkeypatch.setattr(ASGIHandler, "get_response", lambda handler, request: view(request))
        return BoundedHandler()

    return make


class Busy:
    """A view that takes a while, and counts how many it answers at once."""

    def __init__(self, seconds: float = 0.02) -> None:
        self.at_work = self.most = self.answered = 0
        self._seconds = seconds
        self._lock = threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with self._lock:
            self.at_work += 1
            self.most = max(self.most, self.at_work)
        time.sleep(self._seconds)
        with self._lock:
            self.at_work -= 1
            self.answered += 1
        return HttpResponse()


async def ask(handler: BoundedHandler, path: str = SAVE, method: str = "POST", *, address: str = "10.0.0.1") -> Any:
    request = HttpRequest()
    request.method, request.path_info = method, path
    request.META["REMOTE_ADDR"] = address
    return await handler.get_response_async(request)


def test_requests_over_the_bound_wait_their_turn(answering: Answering) -> None:
    view = Busy()

    async def visit() -> list[Any]:
        handler = answering(3, view)
        return await asyncio.gather(*(ask(handler, address=f"10.0.0.{n}") for n in range(10)))

    assert len(asyncio.run(visit())) == 10
    assert view.most == 3


def test_a_request_that_fails_gives_its_turn_back_and_has_its_connection_looked_at(
    answering: Answering, closed: list[int]
) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise RuntimeError("broken")

    async def visit_twice() -> None:
        handler = answering(1, view)
        for path in (SAVE, CLICK) * 2:
            with pytest.raises(RuntimeError, match="broken"):
                await asyncio.wait_for(ask(handler, path), 1)

    asyncio.run(visit_twice())
    assert len(closed) == 4


def test_clicks_beyond_those_that_may_wait_are_refused_at_once(answering: Answering) -> None:
    view = Busy()

    async def visit() -> list[HttpResponse]:
        handler = answering(16, view, clicks=2)
        return await asyncio.gather(*(ask(handler, CLICK) for _ in range(40)))

    answers = asyncio.run(visit())
    refused = [answer for answer in answers if answer.status_code == 503]
    assert len(answers) - len(refused) == 2 + 2 * connections.WAITING
    assert view.most == 2
    problem = json.loads(refused[0].content)
    assert (problem["code"], problem["retry_after"]) == ("overloaded", 1)
    assert refused[0]["Retry-After"] == "1"
    assert refused[0]["Content-Type"] == "application/problem+json"


def test_a_click_that_has_waited_long_enough_is_refused(answering: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "WAIT_S", 0.05)

    async def visit() -> list[HttpResponse]:
        handler = answering(16, Busy(0.3))
        return await asyncio.gather(ask(handler, CLICK), ask(handler, CLICK))

    assert [answer.status_code for answer in asyncio.run(visit())] == [200, 503]


def test_saving_does_not_wait_behind_clicks(answering: Answering) -> None:
    async def save_among_clicks() -> float:
        handler = answering(3, Busy(0.1), clicks=2)
        clicks = [asyncio.create_task(ask(handler, CLICK)) for _ in range(20)]
        await asyncio.sleep(0.01)
        began = time.monotonic()
        await ask(handler, SAVE)
        waited = time.monotonic() - began
        await asyncio.gather(*clicks)
        return waited

    assert asyncio.run(save_among_clicks()) < 0.15


UPLOAD, TILE = "/api/v1/projects/7/images", "/api/v1/images/7/tiles/3/0/1"
SLOW = {
    "uploads": (UPLOAD, "POST"),
    "files": ("/api/v1/images/7/file", "GET"),
    "originals": ("/api/v1/images/7/original", "GET"),
    "thumbnails": ("/api/v1/images/7/thumbnail", "HEAD"),
    "tiles": (TILE, "GET"),
    "proposals": ("/api/v1/images/7/proposals", "GET"),
    "embeddings to warm": ("/api/v1/images/7/prioritise", "POST"),
    "exports": ("/api/v1/exports/7/file", "GET"),
    "deletions": ("/api/v1/images/7", "DELETE"),
    "models": ("/api/v1/models", "GET"),
    "changes of a model": ("/api/v1/projects/7", "PATCH"),
}


@pytest.mark.parametrize("slow", SLOW)
def test_whatever_hangs_in_a_lane_leaves_turns_for_everything_else(answering: Answering, slow: str) -> None:
    """The storage hangs, or a file is decoded for ever: saving and looking at lists go on."""
    released = threading.Event()

    def view(request: HttpRequest) -> HttpResponse:
        if (request.path_info, request.method) == SLOW[slow]:
            released.wait(5)
        return HttpResponse()

    async def save_while_it_hangs() -> None:
        handler = answering(4, view)
        hanging = [asyncio.create_task(ask(handler, *SLOW[slow])) for _ in range(20)]
        await asyncio.sleep(0.01)
        for other in ((SAVE, "POST"), ("/api/v1/me", "GET"), (UPLOAD, "GET"), ("/api/v1/images/7", "GET")):
            await asyncio.wait_for(ask(handler, *other), 1)
        released.set()
        await asyncio.gather(*hanging)

    asyncio.run(save_while_it_hangs())


def test_all_lanes_together_leave_a_quarter_of_the_turns(answering: Answering) -> None:
    released = threading.Event()

    def view(request: HttpRequest) -> HttpResponse:
        if request.path_info != SAVE:
            released.wait(5)
        return HttpResponse()

    async def save_among_everything() -> None:
        handler = answering(4, view, clicks=4)
        paths = [*((CLICK, "POST"), (CROP, "GET")) * 4, *SLOW.values()]
        hanging = [asyncio.create_task(ask(handler, *each)) for each in paths]
        await asyncio.sleep(0.01)
        await asyncio.wait_for(ask(handler, SAVE), 1)
        released.set()
        await asyncio.gather(*hanging)

    asyncio.run(save_among_everything())


def test_a_click_waits_no_longer_because_other_lanes_have_all_their_turns(
    answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "WAIT_S", 0.05)
    released = threading.Event()

    def view(request: HttpRequest) -> HttpResponse:
        if request.path_info != CLICK:
            released.wait(5)
        return HttpResponse()

    async def click_while_they_hang() -> list[int]:
        handler = answering(4, view)
        hanging = [asyncio.create_task(ask(handler, *each)) for each in ((UPLOAD, "POST"), (TILE, "GET")) * 2]
        await asyncio.sleep(0.01)
        refused = await asyncio.wait_for(ask(handler, CLICK), 1)
        released.set()
        await asyncio.gather(*hanging)
        # Neither the place in its lane nor a turn was lost.
        return [refused.status_code, *[(await ask(handler, CLICK)).status_code for _ in range(8)]]

    assert asyncio.run(click_while_they_hang()) == [503, *[200] * 8]


def test_uploads_beyond_those_that_may_wait_are_told_when_to_come_back(
    answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "UPLOADS_WAITING", 2)

    async def visit() -> list[HttpResponse]:
        handler = answering(4, Busy())
        return await asyncio.gather(*(ask(handler, UPLOAD) for _ in range(8)))

    refused = [answer for answer in asyncio.run(visit()) if answer.status_code == 503]
    assert len(refused) == 8 - 1 - 2
    assert json.loads(refused[0].content)["code"] == "overloaded"
    assert refused[0]["Retry-After"] == "5"


def test_parts_of_photographs_are_cut_one_by_one_and_none_is_refused_soon(answering: Answering) -> None:
    view = Busy(0.002)

    async def visit() -> list[HttpResponse]:
        handler = answering(16, view)
        return await asyncio.gather(*(ask(handler, CROP) for _ in range(60)))

    assert {answer.status_code for answer in asyncio.run(visit())} == {200}
    assert view.most == 1


def test_whoever_leaves_keeps_the_turn_until_the_work_is_done(answering: Answering) -> None:
    view = Busy(0.1)

    async def leave_and_return() -> None:
        handler = answering(16, view)
        gone = asyncio.create_task(ask(handler, CLICK))
        await asyncio.sleep(0.02)
        gone.cancel()
        await ask(handler, CLICK)

    asyncio.run(leave_and_return())
    assert (view.most, view.answered) == (1, 2)


def test_a_flood_of_one_person_does_not_delay_what_another_asks(answering: Answering) -> None:
    """Sixteen saves that take long: half of the turns stay free, also for clicks and pictures."""
    released = threading.Event()

    def view(request: HttpRequest) -> HttpResponse:
        if request.META["REMOTE_ADDR"] == "10.0.0.66":
            released.wait(5)
        return HttpResponse()

    async def visit() -> None:
        handler = answering(16, view)
        flood = [asyncio.create_task(ask(handler, path, address="10.0.0.66")) for path in (SAVE, CLICK, TILE) * 16]
        await asyncio.sleep(0.01)
        for path, method in (("/api/v1/me", "GET"), (SAVE, "POST"), (TILE, "GET")):
            await asyncio.wait_for(ask(handler, path, method), 1)
        released.set()
        await asyncio.gather(*flood)

    asyncio.run(visit())


def test_a_session_is_its_user_s_once_it_was_valid_and_else_its_address_s(answering: Answering) -> None:
    user = User(id=uuid4())
    view = Busy()

    def log_in(request: HttpRequest) -> HttpResponse:
        if request.COOKIES.get("sessionid", "").startswith("valid"):
            request._cached_user = user  # type: ignore[attr-defined]
        return view(request)

    async def visit(sessions: list[str]) -> int:
        handler = answering(4, log_in)
        for session in sessions:
            await handler.get_response_async(of_session(session, "10.0.0.1"))
        view.most = 0
        asked = (of_session(session, f"10.0.0.{n}") for n, session in enumerate(sessions * 4))
        await asyncio.gather(*map(handler.get_response_async, asked))
        return view.most

    assert asyncio.run(visit(["valid 1", "valid 2"])) == 2, "one user at two places has half of the turns"
    assert asyncio.run(visit(["made up 1", "made up 2"])) == 4, "two addresses are two strangers"


def of_session(session: str, address: str) -> HttpRequest:
    request = HttpRequest()
    request.method, request.path_info = "GET", "/api/v1/me"
    request.META["REMOTE_ADDR"] = address
    request.COOKIES["sessionid"] = session
    return request
