"""How much a web process does at once, and how many database connections it holds.

Every thread has a connection of its own (psycopg2 knows no pool that could be shared), and by itself Django answers
every request of an ASGI server in a new thread. Here it is one of a few that stay, with their connections. The event
streams have a few threads beside these (projects/stream.py).
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.db import close_old_connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from labeling.accounts.identify import user_of
from labeling.accounts.models import User
from labeling.bodies import Bodies, Refused, lingering, with_length
from labeling.jobs.models import Tally
from labeling.jobs.tallies import ledger
from labeling.rest import overloaded

T = TypeVar("T")

# How many clicks wait for each that is answered, and how long. About half a second of work: longer than that people
# do not wait, and one that is refused at once asks again in a second.
WAITING = 12
WAIT_S = 2.0
# Parts of photographs take a core each while they are cut out, and nobody waits for any one of them: a browser asks for
# a few at once, and shows them as they come.
CROPS_AT_ONCE = 1
PICTURES_WAITING = 200
PICTURES_WAIT_S = 30.0
UPLOADS_WAITING = 50
UPLOADS_WAIT_S = 20.0
BUSY_CLICKING = "The server is busy with other clicks. Try again in a moment."
BUSY_WITH_PICTURES = "The server is busy. The picture will load shortly."
BUSY_WITH_UPLOADS = "The server is busy with other uploads. Send the files again in a few seconds."
IMAGE = "/api/v1/images/[^/]+"
# Slow requests, which keep a core busy for long or wait for the object storage.
LANES = [
    (re.compile(pattern), lane)
    for pattern, lane in (
        (rf"\w+ {IMAGE}/predict", "clicks"),
        (rf"\w+ {IMAGE}/crop", "crops"),
        (r"POST /api/v1/projects/[^/]+/images", "uploads"),
        (rf"\w+ {IMAGE}/(file|original|thumbnail|proposals|prioritise|tiles/.*)", "files"),
        (r"\w+ /api/v1/exports/[^/]+/file", "files"),
        # Deleting an image deletes its tiles, and available models are listed from the storage.
        (rf"DELETE {IMAGE}", "files"),
        (r"\w+ /api/v1/models", "files"),
        (r"PATCH /api/v1/projects/[^/]+", "files"),
    )
]


class Crowded(Exception):
    """More wait already than may, or this one has waited long enough."""


class Lane:
    """Run at most `at_once` callers, each with one of the `turns` that all lanes share.

    Up to `waiting` more are queued in FIFO order, each for `seconds` at most. All others are refused with `sentence`,
    and with `retry_s` seconds as Retry-After.
    """

    def __init__(
        self, turns: asyncio.Semaphore, at_once: int, waiting: int, seconds: float, sentence: str, retry_s: int = 1
    ) -> None:
        self._turns = turns
        self._free = asyncio.Semaphore(at_once)
        self._waiting = 0
        self._room = waiting
        self._seconds = seconds
        self.sentence = sentence
        self.retry_s = retry_s

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Raises Crowded."""
        await self._enter()
        try:
            yield
        finally:
            self._turns.release()
            self._free.release()

    async def _enter(self) -> None:
        if self._free.locked() and self._waiting >= self._room:
            raise Crowded
        self._waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                await self._acquire()
        except TimeoutError:
            raise Crowded from None
        finally:
            self._waiting -= 1

    async def _acquire(self) -> None:
        await self._free.acquire()
        try:
            await self._turns.acquire()
        except asyncio.CancelledError:
            self._free.release()
            raise


class Lanes:
    """The lanes of slow requests.

    Each has fewer places than there are turns, and all of them together leave a quarter of the turns to other requests.
    So saving never waits behind many clicks, a file that is slow to decode, or a storage that hangs.
    """

    def __init__(self, turns: int, clicks: int) -> None:
        shared = asyncio.Semaphore(max(1, turns - max(1, turns // 4)))
        files = max(1, turns // 2)
        self._lanes = {
            "clicks": Lane(shared, clicks, WAITING * clicks, WAIT_S, BUSY_CLICKING),
            "crops": Lane(shared, CROPS_AT_ONCE, PICTURES_WAITING, PICTURES_WAIT_S, BUSY_WITH_PICTURES),
            "files": Lane(shared, files, PICTURES_WAITING, PICTURES_WAIT_S, BUSY_WITH_PICTURES),
            "uploads": Lane(
                shared, settings.UPLOADS_AT_ONCE, UPLOADS_WAITING, UPLOADS_WAIT_S, BUSY_WITH_UPLOADS, retry_s=5
            ),
        }
        self.clicks = self._lanes["clicks"]

    def of(self, request: HttpRequest) -> Lane | None:
        """The lane of a slow request; None for all others."""
        asked = f"{request.method} {request.path_info}"
        name = next((name for pattern, name in LANES if pattern.fullmatch(asked)), None)
        return None if name is None else self._lanes[name]


class BoundedHandler(ASGIHandler):
    """Answer at most REQUESTS_AT_ONCE requests at a time. The others wait for a turn.

    A request waits after its body was received, and frees its turn before its answer is sent, so slow clients take no
    turns. A request for a full lane is refused at once.
    """

    def __init__(self) -> None:
        super().__init__()
        # As one function in one thread: by halves, each middleware would cost two changes of thread.
        self.load_middleware(is_async=False)
        self._turns = asyncio.Semaphore(settings.REQUESTS_AT_ONCE)
        self._threads = ThreadPoolExecutor(settings.REQUESTS_AT_ONCE, "requests")
        self._lanes = Lanes(settings.REQUESTS_AT_ONCE, settings.PREDICTS_AT_ONCE)
        self._bodies = Bodies(self._identify)

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            async with self._bodies.admitted(scope, receive) as watched:
                await super().handle(scope, watched, send)
        except Refused as refused:
            await self.send_response(refused.response, lingering(receive, send))

    def create_request(self, scope: Any, body_file: Any) -> Any:
        return super().create_request(with_length(scope, body_file), body_file)

    async def _identify(self, request: HttpRequest) -> User | None:
        return await self._in_turn(user_of, request)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        lane = self._lanes.of(request)
        if lane is None:
            return await self._in_turn(self.get_response, request)
        try:
            async with lane.turn():
                return await self._in_turn(self.get_response, request)
        except Crowded:
            if lane is self._lanes.clicks:
                ledger.count(Tally.Name.CLICKS_REFUSED, "overloaded")
            return overloaded(lane.sentence, lane.retry_s)

    async def _in_turn(self, function: Callable[[HttpRequest], T], request: HttpRequest) -> T:
        """Call a function that uses the database in a thread of the pool, when the request has its turn."""
        async with self._turns:
            call = sync_to_async(_with_connection, thread_sensitive=False, executor=self._threads)
            work = asyncio.ensure_future(call(function, request))
            try:
                return await asyncio.shield(work)
            except asyncio.CancelledError:
                # Who asked is gone, but the thread works on: until it is done the turn is taken.
                await asyncio.wait([work])
                raise


def _with_connection(function: Callable[[HttpRequest], T], request: HttpRequest) -> T:
    try:
        return function(request)
    finally:
        # Closes broken connections, so that the next request does not reuse one.
        close_old_connections()
