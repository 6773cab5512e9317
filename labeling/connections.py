"""How much a web process does at once, and how many database connections it holds.

Every thread has a connection of its own (psycopg2 knows no pool that could be shared), and by itself Django answers
every request of an ASGI server in a new thread. Here it is one of a few that stay, with their connections. The event
streams have a few threads beside these (projects/stream.py).
"""

import asyncio
import re
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.db import close_old_connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from labeling.jobs.models import Tally
from labeling.jobs.tallies import ledger
from labeling.rest import problem_response

PREDICT = re.compile(r"/api/v1/images/[^/]+/predict")
CROP = re.compile(r"/api/v1/images/[^/]+/crop")
# How many clicks wait for each that is answered, and how long. About half a second of work: longer than that people
# do not wait, and one that is refused at once asks again in a second.
WAITING = 12
WAIT_S = 2.0
RETRY_S = 1
# Parts of photographs take a core each while they are cut out, and nobody waits for any one of them: a browser asks for
# a few at once, and shows them as they come.
CROPS_AT_ONCE = 1
CROPS_WAITING = 200
CROP_WAIT_S = 30.0


class Crowded(Exception):
    """More wait already than may, or this one has waited long enough."""


class Lane:
    """Lets so many in at once. So many more wait, in their order, each for so many seconds."""

    def __init__(self, at_once: int, waiting: int, seconds: float) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._waiting = 0
        self._room = waiting
        self._seconds = seconds

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Raises Crowded."""
        await self._enter()
        try:
            yield
        finally:
            self._free.release()

    async def _enter(self) -> None:
        if self._free.locked() and self._waiting >= self._room:
            raise Crowded
        self._waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                await self._free.acquire()
        except TimeoutError:
            raise Crowded from None
        finally:
            self._waiting -= 1


class BoundedHandler(ASGIHandler):
    """Answers so many requests at once, the others wait their turn.

    A request waits with its body received and leaves before its answer is sent, so slow clients take no turns. Clicks
    and cut-outs keep the cores busy for long, so they come by lanes that are narrower than all the turns: whatever else
    is asked, saving above all, finds turns that none of them can take. What a lane has no room for is refused at once.
    """

    def __init__(self) -> None:
        super().__init__()
        # As one function in one thread: by halves, each middleware would cost two changes of thread.
        self.load_middleware(is_async=False)
        self._turns = asyncio.Semaphore(settings.REQUESTS_AT_ONCE)
        self._threads = ThreadPoolExecutor(settings.REQUESTS_AT_ONCE, "requests")
        at_once = settings.PREDICTS_AT_ONCE
        self._clicks = Lane(at_once, WAITING * at_once, WAIT_S)
        self._crops = Lane(CROPS_AT_ONCE, CROPS_WAITING, CROP_WAIT_S)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        if PREDICT.fullmatch(request.path_info):
            return await self._click(request)
        if CROP.fullmatch(request.path_info):
            return await self._crop(request)
        return await self._in_turn(request)

    async def _click(self, request: HttpRequest) -> HttpResponseBase:
        try:
            async with self._clicks.turn():
                return await self._in_turn(request)
        except Crowded:
            ledger.count(Tally.Name.CLICKS_REFUSED, "overloaded")
            return overloaded("So many people are clicking that this click found no place. Try again in a moment.")

    async def _crop(self, request: HttpRequest) -> HttpResponseBase:
        try:
            async with self._crops.turn():
                return await self._in_turn(request)
        except Crowded:
            return overloaded("So many pictures are asked for that this one found no place. Try again in a moment.")

    async def _in_turn(self, request: HttpRequest) -> HttpResponseBase:
        async with self._turns:
            answer = sync_to_async(self._answer, thread_sensitive=False, executor=self._threads)
            work = asyncio.ensure_future(answer(request))
            try:
                return await asyncio.shield(work)
            except asyncio.CancelledError:
                # Who asked is gone, but the thread works on: until it is done the turn is taken.
                await asyncio.wait([work])
                raise

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        try:
            response: HttpResponseBase = self.get_response(request)
            return response
        finally:
            # One that broke, or that the next request should look at before it trusts it.
            close_old_connections()


def overloaded(sentence: str) -> HttpResponseBase:
    return problem_response(503, "overloaded", sentence, {"retry_after": RETRY_S}, **{"Retry-After": str(RETRY_S)})
