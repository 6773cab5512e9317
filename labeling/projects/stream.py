"""The event stream of a project (Server-Sent Events), beside DRF because it is asynchronous.

One poller a process reads the log for all its listeners, so what it costs grows with the events, not with the
browsers. A client names the last event it has (`Last-Event-ID`, or `?after=`) and misses nothing.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import ParamSpec, TypeVar
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import APIException

from labeling.accounts.identify import user_of
from labeling.events import selectors as log
from labeling.projects import selectors
from labeling.rest import problem_response, said_first

P = ParamSpec("P")
T = TypeVar("T")

process_log = logging.getLogger(__name__)

POLL_S = 0.3
PING_S = 15.0
# As many database connections the streams of a process use, however many browsers listen.
THREADS = 4
# After these the listener may be no member any more.
ENDS_ACCESS = {"member.removed", "project.deleted"}


class Poller:
    """Watches the newest sequence number of every project that someone listens to, and wakes the listeners."""

    def __init__(self) -> None:
        self._listeners: dict[UUID, set[asyncio.Event]] = {}
        self._seen: dict[UUID, int] = {}
        self._task: asyncio.Task[None] | None = None

    def join(self, project: UUID) -> asyncio.Event:
        wake = asyncio.Event()
        self._listeners.setdefault(project, set()).add(wake)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._watch())
        return wake

    def leave(self, project: UUID, wake: asyncio.Event) -> None:
        listeners = self._listeners.get(project, set())
        listeners.discard(wake)
        if not listeners:
            self._listeners.pop(project, None)
            self._seen.pop(project, None)

    async def _watch(self) -> None:
        while self._listeners:
            try:
                await self._poll()
            except Exception:
                # A database that restarts must not end the stream.
                process_log.warning("The events could not be read; trying again.", exc_info=True)
                await asyncio.sleep(1)
            await asyncio.sleep(POLL_S)

    async def _poll(self) -> None:
        newest = await _query(log.last_seqs, list(self._listeners))
        for project, seq in newest.items():
            if self._seen.get(project) != seq:
                self._seen[project] = seq
                for wake in self._listeners.get(project, ()):
                    wake.set()


poller = Poller()
_threads = ThreadPoolExecutor(THREADS, "events")


async def _query(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Ask the database from one of a few threads. Outside a request nobody else closes their connections."""

    def ask() -> T:
        try:
            return function(*args, **kwargs)
        finally:
            close_old_connections()

    return await sync_to_async(ask, thread_sensitive=False, executor=_threads)()


@csrf_exempt
async def events(request: HttpRequest, project: UUID) -> HttpResponseBase:
    """`GET /api/v1/projects/{id}/events`."""
    if request.method != "GET":
        return problem_response(405, "method_not_allowed", "The events of a project can only be read.", Allow="GET")
    try:
        user = await _query(user_of, request)
        if user is None:
            return problem_response(401, "not_authenticated", "Log in to follow this project.")
        await _query(selectors.access, user, project)
    except APIException as error:
        first = said_first(error)
        return problem_response(error.status_code, first.code or error.default_code, first)
    return StreamingHttpResponse(
        _stream(request, project, _last_seen(request)),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )


def _last_seen(request: HttpRequest) -> int | None:
    value = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
    return int(value) if value.isdecimal() else None


async def _stream(request: HttpRequest, project: UUID, seen: int | None) -> AsyncIterator[str]:
    wake = poller.join(project)
    checked = time.monotonic()
    try:
        if seen is None:
            seen = (await _query(log.last_seqs, [project])).get(project, 0)
            yield f"id: {seen}\nevent: hello\ndata: {{}}\n\n"
        while True:
            wake.clear()
            batch = await _query(log.after, project, seen)
            for event in batch:
                seen = event.seq
                yield f"id: {seen}\nevent: {event.kind}\ndata: {json.dumps(log.as_json(event))}\n\n"
                if event.kind in ENDS_ACCESS and not await _query(_still_allowed, request, project):
                    return
            if not batch:
                with suppress(TimeoutError):
                    await asyncio.wait_for(wake.wait(), checked + PING_S - time.monotonic())
            if time.monotonic() >= checked + PING_S:
                # Also the moment to notice what ends without an event: a session, a token, an account.
                if not await _query(_still_allowed, request, project):
                    return
                checked = time.monotonic()
                yield ": ping\n\n"
    finally:
        poller.leave(project, wake)


def _still_allowed(request: HttpRequest, project: UUID) -> bool:
    try:
        user = user_of(request)
        return user is not None and selectors.access(user, project) is not None
    except APIException:
        return False
