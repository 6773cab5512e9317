"""A web process answers a bounded number of requests at once, and holds no database connection between them."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponse

from labeling.connections import BoundedHandler

View = Callable[[], Awaitable[HttpResponse]]


@pytest.fixture(autouse=True)
def closed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The threads whose connections were closed."""
    threads: list[int] = []
    monkeypatch.setattr("labeling.connections.close_old_connections", lambda: threads.append(threading.get_ident()))
    return threads


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Callable[[int, View], BoundedHandler]:
    """A handler with so many turns, whose every address is this view."""

    def make(turns: int, view: View) -> BoundedHandler:
        settings.REQUESTS_AT_ONCE = turns
        monkeypatch.setattr(ASGIHandler, "get_response_async", lambda handler, request: view())
        return BoundedHandler()

    return make


def test_requests_over_the_bound_wait_their_turn(answering: Callable[[int, View], BoundedHandler]) -> None:
    at_work: list[int] = []
    most: list[int] = []

    async def view() -> HttpResponse:
        at_work.append(1)
        most.append(len(at_work))
        await asyncio.sleep(0.01)
        at_work.pop()
        return HttpResponse()

    async def visit() -> list[Any]:
        handler = answering(3, view)
        return await asyncio.gather(*(handler.get_response_async(HttpRequest()) for _ in range(10)))

    assert len(asyncio.run(visit())) == 10
    assert max(most) == 3


def test_a_request_that_fails_gives_its_turn_and_its_connection_back(
    answering: Callable[[int, View], BoundedHandler], closed: list[int]
) -> None:
    async def view() -> HttpResponse:
        raise RuntimeError("broken")

    async def visit_twice() -> None:
        handler = answering(1, view)
        for _ in range(2):
            with pytest.raises(RuntimeError, match="broken"):
                await asyncio.wait_for(handler.get_response_async(HttpRequest()), 1)

    asyncio.run(visit_twice())
    assert len(closed) == 2
