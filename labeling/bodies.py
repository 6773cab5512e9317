"""Limits on request bodies: from whom, how large, how fast, how many at once, and how many bytes are held.

Django receives the whole body before it looks at the request. Here the headers decide first: a stranger's body is not
received, nor one above the limit of its path. Bytes are counted, so that nobody sends more than they announced. Every
body has a time limit.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from io import SEEK_END, BytesIO
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.db import OperationalError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.exceptions import APIException

from labeling.accounts.identify import address_of
from labeling.accounts.models import User
from labeling.rest import problem_response, said_first

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

# Paths that need no login. Their bodies are passwords, e-mail addresses and keys of invitations.
LOGIN = re.compile(r"/_allauth/.*|/admin/login/|/api/v1/invitations/(?:check|accept)")
MAX_LOGIN_BYTES = 64 * 1024
UPLOAD = re.compile(r"/api/v1/projects/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/images")
# Room for the multipart boundaries and headers around the file of an upload.
FORM_BYTES = 1024 * 1024
# A body may take GRACE_S, and a second more for each MIN_BYTES_PER_SECOND received, but at most MAX_SECONDS.
GRACE_S = 20.0
MIN_BYTES_PER_SECOND = 32 * 1024
MAX_SECONDS = 3600.0
MAX_BODIES = 256
MAX_BODIES_PER_PERSON = 32
MAX_LOGINS = 256
MAX_LOGINS_PER_ADDRESS = 32
RETRY_S = 5
# A client that is refused while it still sends reads the answer only if the connection stays open for a moment.
LINGER_S = 1.0
TOO_MANY = "The server is receiving too many requests. Send yours again in a few seconds."
TOO_MANY_OF_YOURS = "You are sending too much at once. Send this again when your other requests are done."


class Refused(Exception):
    """The body is refused before or while it arrives. `response` says why."""

    def __init__(self, status: int, code: str, sentence: str, **headers: str) -> None:
        super().__init__(sentence)
        headers = {"Connection": "close", **headers}
        self.response: HttpResponseBase = problem_response(status, code, sentence, None, **headers)


class Share:
    """A budget for bodies, of one person or of everyone: how many arrive at once, and how many bytes are held.

    Bytes are held while a body arrives, waits for its turn and is read, until its request is answered.
    """

    def __init__(self, max_bodies: int, max_bytes: int, sentence: str) -> None:
        self.bodies = self.bytes = 0
        self._max_bodies, self._max_bytes, self._sentence = max_bodies, max_bytes, sentence

    def require(self, bodies: int, size: int) -> None:
        """Raise Refused if this would exceed the share."""
        if self.bodies + bodies > self._max_bodies or self.bytes + size > self._max_bytes:
            raise Refused(503, "overloaded", self._sentence, **{"Retry-After": str(RETRY_S)})

    @property
    def is_unused(self) -> bool:
        return not self.bodies and not self.bytes

    def add(self, bodies: int, size: int) -> None:
        self.bodies += bodies
        self.bytes += size


class Bodies:
    """The bodies that this process holds. `identify` finds the sender of a request, and refuses who may not send it."""

    def __init__(self, identify: Callable[[HttpRequest], Awaitable[User | None]]) -> None:
        self._identify = identify
        self._everyones = Share(MAX_BODIES, settings.RECEIVING_BYTES, TOO_MANY)
        self._logins = Share(MAX_LOGINS, MAX_LOGINS * MAX_LOGIN_BYTES, TOO_MANY)
        # By the id of a user, or by an address that sends logins.
        self._each: dict[UUID | str, Share] = {}

    @asynccontextmanager
    async def admitted(self, scope: Message, receive: Receive) -> AsyncIterator[Receive]:
        """Decide by the headers whether to receive the body, and yield a `receive` that enforces its limits.

        Raises:
            Refused: at once, or from the yielded `receive` when the body is too large or too slow.
        """
        headers = dict(scope["headers"])
        announced = int(headers.get(b"content-length") or 0)
        if not announced and b"transfer-encoding" not in headers:
            yield receive
            return
        limit = limit_of(scope["path"])
        if announced > limit:
            raise too_large(limit)
        with self._shares_of(await self._sender(scope)) as shares:
            body = Body(receive, limit, announced, shares)
            try:
                yield body
            finally:
                body.release()

    async def _sender(self, scope: Message) -> UUID | str:
        """The sender's id, or the address on login paths. Raises Refused for all other strangers."""
        request = ASGIRequest(scope, BytesIO())
        if LOGIN.fullmatch(scope["path"]):
            return address_of(request)
        try:
            user = await self._identify(request)
        except OperationalError:
            raise Refused(503, "database_unavailable", "The database does not answer. Try again in a moment.") from None
        except APIException as error:
            first = said_first(error)
            raise Refused(error.status_code, first.code or error.default_code, str(first)) from None
        if user is None:
            headers = {"WWW-Authenticate": "Bearer"}
            raise Refused(401, "not_authenticated", "Log in, or send a valid token, to do this.", **headers)
        return user.pk

    @contextmanager
    def _shares_of(self, sender: UUID | str) -> Iterator[list[Share]]:
        """The shares that a body of this person, or a login from this address, counts toward."""
        mine = self._each.setdefault(sender, _share_of(sender))
        try:
            yield [mine, self._everyones if isinstance(sender, UUID) else self._logins]
        finally:
            # Not a share that was begun since, whose bodies would count no more.
            if mine.is_unused and self._each.get(sender) is mine:
                del self._each[sender]


def _share_of(sender: UUID | str) -> Share:
    if isinstance(sender, UUID):
        return Share(MAX_BODIES_PER_PERSON, settings.RECEIVING_BYTES // 2, TOO_MANY_OF_YOURS)
    return Share(MAX_LOGINS_PER_ADDRESS, MAX_LOGINS_PER_ADDRESS * MAX_LOGIN_BYTES, TOO_MANY)


class Body:
    """The `receive` of a request with a body. It limits the bytes and the time."""

    def __init__(self, receive: Receive, limit: int, announced: int, shares: list[Share]) -> None:
        for share in shares:
            share.require(1, announced)
        for share in shares:
            share.add(1, announced)
        self._receive = receive
        self._limit = limit
        self._shares = shares
        self._reserved = announced
        self._received = 0
        self._began = time.monotonic()
        self._arrived = False

    async def __call__(self) -> Any:
        if self._arrived:
            # After the body, Django waits here for the client to disconnect.
            return await self._receive()
        message = await self._next()
        self._count(len(message.get("body", b"")))
        if not message.get("more_body"):
            self._arrive()
        return message

    def release(self) -> None:
        """Give back the reserved part of the shares. Call it once, when the request has been answered."""
        self._arrive()
        for share in self._shares:
            share.add(0, -self._reserved)

    def _arrive(self) -> None:
        """Count no more among the bodies that arrive."""
        if not self._arrived:
            self._arrived = True
            for share in self._shares:
                share.add(-1, 0)

    async def _next(self) -> Any:
        seconds = min(GRACE_S + self._received / MIN_BYTES_PER_SECOND, MAX_SECONDS)
        try:
            async with asyncio.timeout(self._began + seconds - time.monotonic()):
                return await self._receive()
        except TimeoutError:
            raise Refused(408, "too_slow", "The request arrived too slowly. Send it again.") from None

    def _count(self, size: int) -> None:
        self._received += size
        if self._received > self._limit:
            raise too_large(self._limit)
        # Only a body without an announced length can exceed its reservation.
        more = max(0, self._received - self._reserved)
        for share in self._shares:
            share.require(0, more)
        for share in self._shares:
            share.add(0, more)
        self._reserved += more


def limit_of(path: str) -> int:
    """The largest body, in bytes, that a path accepts."""
    if LOGIN.fullmatch(path):
        return MAX_LOGIN_BYTES
    return settings.UPLOAD_MAX_BYTES + FORM_BYTES if UPLOAD.fullmatch(path) else settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def too_large(limit: int) -> Refused:
    return Refused(413, "too_large", f"The request is too large. Send at most {limit:,} bytes at once.")


def with_length(scope: Message, body: IO[bytes]) -> Message:
    """Add the length of a body that came in chunks, because Django reads no more than the headers announce."""
    headers = [(name, value) for name, value in scope["headers"] if name != b"transfer-encoding"]
    if len(headers) == len(scope["headers"]):
        return scope
    length = body.seek(0, SEEK_END)
    body.seek(0)
    return {**scope, "headers": [*headers, (b"content-length", str(length).encode())]}


def lingering(receive: Receive, send: Send) -> Send:
    """A `send` that goes on receiving for a moment before it ends the answer.

    Otherwise a client that still sends loses the connection before it reads the answer.
    """

    async def send_slowly(message: Any) -> None:
        if message["type"] != "http.response.body" or message.get("more_body"):
            return await send(message)
        await send({**message, "more_body": True})
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER_S):
                while (await receive()).get("more_body"):
                    pass
        return await send({"type": "http.response.body", "body": b""})

    return send_slowly
