"""How much a web process does at once, and how many database connections it holds.

Every thread has a connection of its own (psycopg2 knows no pool that could be shared), and by itself Django answers
every request of an ASGI server in a new thread. Here it is one of a few that stay, with their connections. Requests
wait for a turn in one of them, and a person has at most half of the turns (turns.py). The event streams have a few
threads beside these (projects/stream.py).
"""

import asyncio
import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.db import close_old_connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from labeling.accounts.identify import Senders, authenticated_user, user_of
from labeling.accounts.models import User
from labeling.bodies import UPLOAD, Bodies, Refused, lingering, with_length
from labeling.headers import protect
from labeling.jobs.models import Tally
from labeling.jobs.tallies import ledger
from labeling.projects.roles import Permission
from labeling.projects.selectors import access
from labeling.rest import overloaded
from labeling.turns import Crowded, Lane, Turns

T = TypeVar("T")

process_log = logging.getLogger(__name__)

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
# Enough for every browser of a large team at once. Beyond it those who wait with most requests are refused.
ORDINARY_WAITING = 1000
NO_ROOM = "The server has no room to receive this. Try again in a moment. If it happens again, tell the operator."
BUSY = "The server is busy with other requests. Try again in a moment."
BUSY_CLICKING = "The server is busy with other clicks. Try again in a moment."
BUSY_WITH_PICTURES = "The server is busy. The picture will load shortly."
BUSY_WITH_UPLOADS = "The server is busy with other uploads. Send the files again in a few seconds."
ORDINARY = "ordinary"
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


def lanes() -> dict[str, Lane]:
    """The lanes by name, in the order in which turns are offered.

    Each slow lane has fewer places than there are turns. So saving never waits behind many clicks, a file that is slow
    to decode, or a storage that hangs.
    """
    turns, clicks = settings.REQUESTS_AT_ONCE, settings.PREDICTS_AT_ONCE
    return {
        ORDINARY: Lane(turns, ORDINARY_WAITING, None, BUSY, is_slow=False),
        "clicks": Lane(clicks, WAITING * clicks, WAIT_S, BUSY_CLICKING),
        "crops": Lane(CROPS_AT_ONCE, PICTURES_WAITING, PICTURES_WAIT_S, BUSY_WITH_PICTURES),
        "files": Lane(max(1, turns // 2), PICTURES_WAITING, PICTURES_WAIT_S, BUSY_WITH_PICTURES),
        "uploads": Lane(settings.UPLOADS_AT_ONCE, UPLOADS_WAITING, UPLOADS_WAIT_S, BUSY_WITH_UPLOADS, retry_s=5),
    }


def lane_of(request: HttpRequest) -> str:
    """The name of a request's lane."""
    asked = f"{request.method} {request.path_info}"
    return next((name for pattern, name in LANES if pattern.fullmatch(asked)), ORDINARY)


class BoundedHandler(ASGIHandler):
    """Answer at most REQUESTS_AT_ONCE requests at a time. The others wait for a turn.

    A request waits after its body was received, and frees its turn before its answer is sent, so slow clients take no
    turns. A request for a full lane is refused at once.
    """

    def __init__(self) -> None:
        super().__init__()
        # As one function in one thread: by halves, each middleware would cost two changes of thread.
        self.load_middleware(is_async=False)
        self._lanes = lanes()
        self._turns = Turns(settings.REQUESTS_AT_ONCE, self._lanes.values())
        self._threads = ThreadPoolExecutor(settings.REQUESTS_AT_ONCE, "requests")
        self._senders = Senders()
        self._bodies = Bodies(self._identify)

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            async with self._bodies.admitted(scope, receive) as watched:
                await super().handle(scope, watched, send)
        except Refused as refused:
            await self.send_response(protect(refused.response), lingering(receive, send))

    async def read_body(self, receive: Any) -> Any:
        try:
            return await super().read_body(receive)
        except OSError:
            process_log.exception("A request could not be received into the folder for temporary files.")
            raise Refused(503, "storage_unavailable", NO_ROOM, **{"Retry-After": "5"}) from None

    def create_request(self, scope: Any, body_file: Any) -> Any:
        return super().create_request(with_length(scope, body_file), body_file)

    async def _identify(self, request: HttpRequest) -> User | None:
        try:
            user = await self._in_turn(ORDINARY, sender_of, request)
        except Crowded:
            raise Refused(503, "overloaded", BUSY, **{"Retry-After": "1"}) from None
        self._senders.learn(request, user)
        return user

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        name = lane_of(request)
        try:
            response = await self._in_turn(name, self.get_response, request)
        except Crowded:
            if name == "clicks":
                ledger.count(Tally.Name.CLICKS_REFUSED, "overloaded")
            lane = self._lanes[name]
            return protect(overloaded(lane.sentence, lane.retry_s))
        self._senders.learn(request, authenticated_user(request))
        return response

    async def _in_turn(self, lane: str, function: Callable[[HttpRequest], T], request: HttpRequest) -> T:
        """Call a function that uses the database in a thread of the pool, when the request has its turn.

        Raises:
            Crowded: too many requests wait.
        """
        async with self._turns.one(self._lanes[lane], self._senders.of(request)):
            call = sync_to_async(_with_connection, thread_sensitive=False, executor=self._threads)
            work = asyncio.ensure_future(call(function, request))
            try:
                return await asyncio.shield(work)
            except asyncio.CancelledError:
                # Who asked is gone, but the thread works on: until it is done the turn is taken.
                await asyncio.wait([work])
                if work.exception() is None and isinstance(unread := work.result(), HttpResponseBase):
                    # An event stream gives its seat back.
                    await sync_to_async(unread.close, thread_sensitive=False)()
                raise


def sender_of(request: HttpRequest) -> User | None:
    """The sender of a request with a body; None for a stranger.

    Raises:
        APIException: the token is wrong, or the user may not upload into this project, so the file is not received.
    """
    user = user_of(request)
    upload = UPLOAD.fullmatch(request.path_info)
    if user is not None and upload is not None and request.method == "POST":
        access(user, UUID(upload[1]), Permission.UPLOAD)
    return user


def _with_connection(function: Callable[[HttpRequest], T], request: HttpRequest) -> T:
    try:
        return function(request)
    finally:
        # Closes broken connections, so that the next request does not reuse one.
        close_old_connections()
