"""The event stream of a project (Server-Sent Events), beside DRF because it is asynchronous.

One poller per process reads the log for all its listeners, so the cost grows with the events, not with the browsers. A
client names the last event it has (`Last-Event-ID`, or `?after=`) and misses nothing. A client that cannot catch up,
because it is too far behind or knows another log, receives `reset` and fetches everything anew.
"""

import asyncio
import json
import logging
import re
import threading
import time
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, aclosing, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import APIException

from labeling.accounts.identify import user_of
from labeling.events import selectors as log
from labeling.events.services import log_identity
from labeling.inputs import refuse_unknown_parameters
from labeling.projects import selectors
from labeling.rest import invalid, problem_response, said_first

P = ParamSpec("P")
T = TypeVar("T")

process_log = logging.getLogger(__name__)

POLL_S = 0.3
PING_S = 15.0
# The streams of a process use this many database connections, however many browsers listen. One of the threads serves
# all listeners that catch up, so that their pages never delay listeners that are current.
THREADS = 4
# After these the listener may be no member any more.
ENDS_ACCESS = {"member.removed", "project.deleted"}
PAGE = 100
# A client that is further behind fetches everything anew, which is less work than replaying so many events.
MAX_REPLAY = 10_000
# The thread for catching up rests this many times as long as it has worked, so that requests find the interpreter
# free.
REST = 2.0
PLACE = re.compile(r"(?:([0-9a-f]{12})\.)?([0-9]{1,18})", re.ASCII)


@dataclass(frozen=True)
class Place:
    """The last event that a client has: on the wire `<log>.<seq>`, or its `seq` alone for scripts."""

    log: str | None
    seq: int

    @classmethod
    def parse(cls, text: str) -> "Place | None":
        match = PLACE.fullmatch(text)
        return cls(match[1], int(match[2])) if match else None

    def __str__(self) -> str:
        return f"{self.log}.{self.seq}"


class Seats:
    """The open streams of this process, by person. Requests take their seats in several threads."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._taken: Counter[UUID] = Counter()

    def take(self, person: UUID) -> HttpResponseBase | None:
        """Take a seat, to be given back with `leave`. Returns the answer that refuses it if there is no room."""
        with self._mutex:
            refusal = self._refusal(person)
            if refusal is None:
                self._taken[person] += 1
        return refusal

    def leave(self, person: UUID) -> None:
        with self._mutex:
            self._taken -= Counter([person])

    def _refusal(self, person: UUID) -> HttpResponseBase | None:
        if self._taken[person] >= settings.STREAMS_PER_PERSON:
            most = settings.STREAMS_PER_PERSON
            sentence = f"You follow projects in {most} places already. Close some tabs or scripts, then try again."
            return problem_response(429, "too_many_streams", sentence)
        if self._taken.total() >= settings.STREAMS_AT_ONCE:
            return problem_response(
                503, "overloaded", "Too many people follow projects at the moment. Try again later."
            )
        return None


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


class EventStream(StreamingHttpResponse):
    """Closes its messages, and calls `leave` once, when the response ends.

    Django leaves the messages to the garbage collector, which would keep a listener that stopped reading and left.
    """

    def __init__(self, messages: AsyncGenerator[str, None], leave: Callable[[], None], **options: Any) -> None:
        super().__init__(messages, **options)
        self._messages = messages
        self._leave = ExitStack()
        self._leave.callback(leave)

    def close(self) -> None:
        """Called by Django in the end, also if no message was ever sent."""
        super().close()
        self._leave.close()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async with aclosing(self._messages) as messages:
            async for message in messages:
                yield self.make_bytes(message)


poller = Poller()
seats = Seats()
_threads = ThreadPoolExecutor(THREADS - 1, "events")
_catching_up = ThreadPoolExecutor(1, "events-behind")


async def _query(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Query the database in one of a few threads."""
    return await _in_thread(_threads, partial(function, *args, **kwargs))


async def _in_thread(threads: ThreadPoolExecutor, function: Callable[[], T]) -> T:
    """Call a function in a thread and close its connections, which nobody else does outside a request."""

    def ask() -> T:
        try:
            return function()
        finally:
            close_old_connections()

    return await sync_to_async(ask, thread_sensitive=False, executor=threads)()


@csrf_exempt
async def events(request: HttpRequest, project: UUID) -> HttpResponseBase:
    """`GET /api/v1/projects/{id}/events`."""
    if request.method != "GET":
        return problem_response(405, "method_not_allowed", "The events of a project can only be read.", Allow="GET")
    try:
        user = await _query(user_of, request)
        if user is None:
            return problem_response(401, "not_authenticated", "Log in to follow this project.")
        refuse_unknown_parameters(request.GET, ["after"])
        await _query(selectors.access, user, project)
        place = _place(request)
    except APIException as error:
        first = said_first(error)
        return problem_response(error.status_code, first.code or error.default_code, first)
    refusal = seats.take(user.id)
    if refusal:
        return refusal
    return EventStream(
        _stream(request, project, place),
        partial(seats.leave, user.id),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )


def _place(request: HttpRequest) -> Place | None:
    """The place to resume from, or None to start now. Raises ValidationError for a malformed `after`."""
    resumed = request.headers.get("Last-Event-ID")
    if resumed:
        # A malformed id comes from another log.
        return Place.parse(resumed) or Place("", 0)
    after = request.GET.get("after")
    place = Place.parse(after) if after else None
    if after and place is None:
        raise invalid("invalid_after", "after is the id of an event, or its seq.", "after")
    return place


def _beginning(project: UUID, place: Place | None) -> tuple[Place, str]:
    """The place where the stream resumes, and its first message: `reset` for a client that cannot catch up."""
    newest = Place(log_identity(), log.last_seqs([project]).get(project, 0))
    if place is None:
        return newest, _message("hello", newest, "{}")
    same_log = place.log in (None, newest.log)
    if not same_log or not newest.seq - MAX_REPLAY <= place.seq <= newest.seq:
        return newest, _message("reset", newest, "{}")
    return Place(newest.log, place.seq), ""


def _message(kind: str, place: Place, data: str) -> str:
    return f"id: {place}\nevent: {kind}\ndata: {data}\n\n"


@dataclass(frozen=True)
class Page:
    """The next events in wire format. A page ends with any event that may end the listener's access."""

    text: str
    last: Place
    full: bool
    ends_access: bool


def _page(project: UUID, place: Place) -> Page:
    rows = log.after(project, place.seq, PAGE)
    ending = next((n for n, event in enumerate(rows) if event.kind in ENDS_ACCESS), None)
    sent = rows if ending is None else rows[: ending + 1]
    places = [Place(place.log, event.seq) for event in sent]
    text = "".join(
        _message(event.kind, at, json.dumps(log.as_json(event))) for event, at in zip(sent, places, strict=True)
    )
    return Page(text, places[-1] if places else place, len(rows) == PAGE, ending is not None)


def _page_with_rest(project: UUID, place: Place) -> Page:
    began = time.monotonic()
    page = _page(project, place)
    time.sleep(REST * (time.monotonic() - began))
    return page


async def _stream(request: HttpRequest, project: UUID, place: Place | None) -> AsyncGenerator[str, None]:
    wake = poller.join(project)
    checked = time.monotonic()
    try:
        at, greeting = await _query(_beginning, project, place)
        if greeting:
            yield greeting
        behind = False
        while True:
            wake.clear()
            read = partial(_page_with_rest if behind else _page, project, at)
            page = await _in_thread(_catching_up if behind else _threads, read)
            at, behind = page.last, page.full
            if page.text:
                yield page.text
            elif not wake.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(wake.wait(), checked + PING_S - time.monotonic())
            if page.ends_access and not await _query(_still_allowed, request, project):
                return
            if time.monotonic() >= checked + PING_S:
                # Sessions, tokens and accounts end without an event, so check them here too.
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
