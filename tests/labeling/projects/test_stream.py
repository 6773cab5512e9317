"""The event stream: what it sends, from where it goes on, and to whom."""

import asyncio
import gc
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connections
from django.test import AsyncClient, AsyncRequestFactory
from django.utils import timezone

from labeling.accounts.models import ApiToken, User
from labeling.accounts.services import create_token
from labeling.assignments import leaving
from labeling.connections import BoundedHandler
from labeling.events.selectors import last_seqs
from labeling.events.services import Entry, append
from labeling.projects import stream
from labeling.projects.models import Membership, Project
from tests.labeling.making import API, problem

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _in_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stream asks from threads of its own; their connections must not outlive the test's database."""
    monkeypatch.setattr(stream, "close_old_connections", connections.close_all)
    monkeypatch.setattr(stream, "POLL_S", 0.02)
    monkeypatch.setattr(stream, "REST", 0)


class Follower:
    """Reads one stream, message by message."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self._chunks: AsyncIterator[bytes] = aiter(response.streaming_content)
        self._messages: list[str] = []

    async def next(self) -> dict[str, Any]:
        """The next message. Its `id` is the seq, and `place` the whole id."""
        if not self._messages:
            chunk = (await asyncio.wait_for(anext(self._chunks), 10)).decode()
            self._messages = [f"{message}\n\n" for message in chunk.split("\n\n")[:-1]]
        text = self._messages.pop(0)
        fields = dict(line.split(": ", 1) for line in text.strip().splitlines())
        if "data" not in fields:
            return {"text": text}
        place = fields["id"]
        return {**fields, "data": json.loads(fields["data"]), "id": place.rpartition(".")[2], "place": place}

    async def close(self) -> None:
        """As the server does when the browser goes: it cancels what waits for the next message."""
        reading = asyncio.ensure_future(anext(self._chunks))  # type: ignore[arg-type]
        await asyncio.sleep(0.01)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


async def follow(user: User, project: Project, query: str = "", **headers: str) -> Follower:
    client = AsyncClient()
    await client.aforce_login(user)
    response = await client.get(f"{API}/projects/{project.id}/events{query}", headers=headers)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "text/event-stream"
    assert response["Cache-Control"] == "no-cache"
    return Follower(response)


async def write(project: Project, *kinds: str) -> None:
    def appended() -> None:
        append(project=project.id, by=None, entries=[Entry(kind) for kind in kinds])
        connections.close_all()

    await sync_to_async(appended, thread_sensitive=False)()


def run(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(story())  # type: ignore[arg-type]


def test_it_begins_with_hello_and_goes_on_with_what_happens(manager: User, project: Project) -> None:
    seq = last_seqs([project.id])[project.id]

    async def story() -> None:
        follower = await follow(manager, project)
        hello = await follower.next()
        assert (hello["id"], hello["event"], hello["data"]) == (str(seq), "hello", {})
        await write(project, "one", "two")
        one, two = await follower.next(), await follower.next()
        assert (one["id"], one["event"], one["data"]["kind"]) == (str(seq + 1), "one", "one")
        assert set(one["data"]) == {"seq", "kind", "actor", "object", "image", "data", "at"}
        assert (two["id"], two["data"]["seq"]) == (str(seq + 2), seq + 2)
        await follower.close()

    run(story)


def test_it_goes_on_after_the_last_event_that_was_seen(manager: User, project: Project) -> None:
    async def story() -> None:
        for query, headers in (("", {"Last-Event-ID": "2"}), ("?after=2", {}), ("?after=9", {"Last-Event-ID": "2"})):
            follower = await follow(manager, project, query, **headers)
            assert (await follower.next())["id"] == "3"
            assert (await follower.next())["id"] == "4"
            await follower.close()

    run(story)


def test_nothing_is_missed_between_two_connections(manager: User, project: Project) -> None:
    async def story() -> None:
        first = await follow(manager, project)
        seen = int((await first.next())["id"])
        await first.close()
        await write(project, *(f"event{n}" for n in range(700)))
        second = await follow(manager, project, **{"Last-Event-ID": str(seen)})
        ids = [int((await second.next())["id"]) for _ in range(700)]
        assert ids == list(range(seen + 1, seen + 701))
        await second.close()

    run(story)


def test_an_empty_place_begins_with_hello(manager: User, project: Project) -> None:
    async def story() -> None:
        follower = await follow(manager, project, "?after=")
        assert (await follower.next())["event"] == "hello"
        await follower.close()

    run(story)


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "9" * 24, "٣", "%00", "1;2", "zz.1"])
def test_a_place_that_is_none_is_refused(manager: User, project: Project, after: str) -> None:
    async def story() -> None:
        client = AsyncClient()
        await client.aforce_login(manager)
        response = await client.get(f"{API}/projects/{project.id}/events?after={after}")
        assert problem(response, 400, "invalid_after")["detail"] == "after is the id of an event, or its seq."

    run(story)


def test_a_parameter_that_the_stream_does_not_know_is_refused(manager: User, project: Project) -> None:
    async def story() -> None:
        client = AsyncClient()
        await client.aforce_login(manager)
        problem(await client.get(f"{API}/projects/{project.id}/events?since=1"), 400, "unknown_parameter")

    run(story)


def test_whoever_names_the_place_in_this_log_goes_on_from_there(manager: User, project: Project) -> None:
    async def story() -> None:
        first = await follow(manager, project, "?after=0")
        place = (await first.next())["place"]
        await first.close()
        for query, headers in ((f"?after={place}", {}), ("", {"Last-Event-ID": place})):
            second = await follow(manager, project, query, **headers)
            assert (await second.next())["id"] == "2"
            await second.close()

    run(story)


async def first_message(user: User, project: Project, place: str) -> tuple[str, str]:
    """The first message to a client that resumes from this place: its event and seq."""
    follower = await follow(user, project, **{"Last-Event-ID": place})
    message = await follower.next()
    await follower.close()
    return message["event"], message["id"]


def test_whoever_knows_another_log_starts_anew(manager: User, project: Project) -> None:
    seq = last_seqs([project.id])[project.id]

    def renew() -> None:
        call_command("new_log_identity")
        connections.close_all()

    async def story() -> None:
        first = await follow(manager, project)
        place = (await first.next())["place"]
        await first.close()
        await sync_to_async(renew, thread_sensitive=False)()
        assert await first_message(manager, project, place) == ("reset", str(seq))
        assert await first_message(manager, project, "of.another.server") == ("reset", str(seq))

    run(story)


def test_whoever_has_seen_more_than_there_is_starts_anew(manager: User, project: Project) -> None:
    seq = last_seqs([project.id])[project.id]

    async def story() -> None:
        assert await first_message(manager, project, str(seq + 1)) == ("reset", str(seq))

    run(story)


def test_whoever_is_too_far_behind_starts_anew_and_goes_on_from_there(
    manager: User, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "MAX_REPLAY", 10)

    async def story() -> None:
        await write(project, *["one"] * 20)
        follower = await follow(manager, project, "?after=1")
        reset = await follower.next()
        assert reset["event"] == "reset"
        await write(project, "two")
        assert (await follower.next())["id"] == str(int(reset["id"]) + 1)
        await follower.close()

    run(story)


def test_one_person_follows_in_so_many_places_and_no_more(
    manager: User, viewer: User, project: Project, settings: Any
) -> None:
    settings.STREAMS_PER_PERSON = 2

    async def ask(user: User) -> Any:
        client = AsyncClient()
        await client.aforce_login(user)
        return await client.get(f"{API}/projects/{project.id}/events")

    async def story() -> None:
        followers = [await follow(user, project) for user in (manager, manager, viewer)]
        for follower in followers:
            await follower.next()
        detail = problem(await ask(manager), 429, "too_many_streams")["detail"]
        assert detail.startswith("You follow projects in 2 places already.")
        settings.STREAMS_AT_ONCE = 3
        problem(await ask(viewer), 503, "overloaded")
        for follower in followers:
            await follower.close()
        assert not stream.seats._taken
        again = await follow(manager, project)
        assert (await again.next())["event"] == "hello"
        await again.close()

    run(story)


def test_streams_that_are_asked_for_together_get_no_more_seats_than_there_are(
    viewer: User, project: Project, settings: Any
) -> None:
    """None of them has been read yet when the next one is let in."""
    settings.STREAMS_PER_PERSON = 2

    async def story() -> None:
        client = AsyncClient()
        await client.aforce_login(viewer)
        answers = [await client.get(f"{API}/projects/{project.id}/events") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
        for answer in answers[:2]:
            await sync_to_async(answer.close)()
        assert not stream.seats._taken

    run(story)


def test_whoever_leaves_before_the_stream_begins_gives_the_seat_back(
    viewer: User, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeling.connections.close_old_connections", connections.close_all)
    token = create_token(by=viewer, name="script")[1]
    asked, left = threading.Event(), threading.Event()
    take = stream.seats.take

    def take_slowly(person: Any) -> Any:
        refusal = take(person)
        asked.set()
        left.wait(10)
        return refusal

    monkeypatch.setattr(stream.seats, "take", take_slowly)

    async def story() -> None:
        request = AsyncRequestFactory().get(
            f"{API}/projects/{project.id}/events", headers={"Authorization": f"Bearer {token}"}
        )
        answering = asyncio.ensure_future(BoundedHandler().get_response_async(request))
        await asyncio.to_thread(asked.wait, 10)
        assert stream.seats._taken[viewer.id] == 1
        answering.cancel()
        left.set()
        await asyncio.gather(answering, return_exceptions=True)
        assert not stream.seats._taken

    asyncio.run(story())


def test_whoever_stopped_reading_and_left_gives_the_seat_back(
    viewer: User, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeling.connections.close_old_connections", connections.close_all)
    token = create_token(by=viewer, name="script")[1]
    sending, left = asyncio.Event(), asyncio.Event()
    messages = iter([{"type": "http.request", "body": b""}])

    async def receive() -> Any:
        for message in messages:
            return message
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message.get("body"):
            sending.set()
            await asyncio.sleep(3600)

    async def story() -> None:
        gc.disable()
        try:
            path = f"{API}/projects/{project.id}/events"
            headers = [(b"host", b"testserver"), (b"authorization", f"Bearer {token}".encode())]
            scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": headers}
            answering = asyncio.ensure_future(BoundedHandler()(scope, receive, send))
            await asyncio.wait_for(sending.wait(), 10)
            assert stream.seats._taken[viewer.id] == 1
            left.set()
            await asyncio.wait_for(answering, 10)
            assert viewer.id not in stream.seats._taken
            assert not stream.poller._listeners
        finally:
            gc.enable()

    asyncio.run(story())


def test_several_follow_and_each_gets_everything(manager: User, annotator: User, project: Project) -> None:
    async def story() -> None:
        followers = [await follow(user, project) for user in (manager, annotator, manager)]
        for follower in followers:
            await follower.next()
        await write(project, "one")
        assert [(await follower.next())["event"] for follower in followers] == ["one"] * 3
        await asyncio.gather(*(follower.close() for follower in followers))
        assert not stream.poller._listeners, "who left is not asked after any more"

    run(story)


def test_a_quiet_stream_is_pinged(manager: User, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "PING_S", 0.05)

    async def story() -> None:
        follower = await follow(manager, project)
        await follower.next()
        assert (await follower.next())["text"] == ": ping\n\n"
        await follower.close()

    run(story)


def test_a_token_follows_too(viewer: User, project: Project) -> None:
    _, secret = create_token(by=viewer, name="script")

    async def story() -> None:
        url = f"{API}/projects/{project.id}/events"
        response = await AsyncClient().get(url, headers={"Authorization": f"Bearer {secret}"})
        follower = Follower(response)
        assert (await follower.next())["event"] == "hello"
        await follower.close()
        problem(await AsyncClient().get(url, headers={"Authorization": "Bearer mw_x"}), 401, "invalid_token")

    run(story)


def test_an_outsider_and_who_is_not_logged_in_are_refused(outsider: User, project: Project) -> None:
    async def story() -> None:
        url = f"{API}/projects/{project.id}/events"
        problem(await AsyncClient().get(url), 401, "not_authenticated")
        client = AsyncClient()
        await client.aforce_login(outsider)
        problem(await client.get(url), 404, "not_found")

    run(story)


def test_every_role_may_follow(manager: User, annotator: User, reviewer: User, viewer: User, project: Project) -> None:
    async def story() -> None:
        for user in (manager, annotator, reviewer, viewer):
            follower = await follow(user, project)
            assert (await follower.next())["event"] == "hello"
            await follower.close()

    run(story)


def test_who_is_removed_hears_nothing_more(manager: User, viewer: User, project: Project) -> None:
    membership = Membership.objects.get(project=project, user=viewer)

    def remove() -> None:
        leaving.remove_member(by=manager, membership=membership.id)
        connections.close_all()

    async def story() -> None:
        follower = await follow(viewer, project)
        await follower.next()
        await sync_to_async(remove, thread_sensitive=False)()
        await write(project, "secret")
        heard = [message.decode() async for message in follower._chunks]
        assert not any("secret" in message for message in heard), heard

    run(story)


@pytest.mark.parametrize(
    "ending", ["logging out", "an account that is closed", "a token that is deleted", "a token that expires"]
)
def test_a_busy_stream_ends_with_what_let_it_begin(
    ending: str, viewer: User, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "PING_S", 0.1)
    token, secret = create_token(by=viewer, name="script")

    def end() -> None:
        if ending == "logging out":
            Session.objects.all().delete()
        elif ending == "a token that is deleted":
            token.delete()
        elif ending == "a token that expires":
            ApiToken.objects.update(expires_at=timezone.now())
        else:
            User.objects.filter(id=viewer.id).update(is_active=False)
        connections.close_all()

    async def story() -> None:
        by_token = {"Authorization": f"Bearer {secret}"} if "token" in ending else {}
        follower = await follow(viewer, project, **by_token)
        await follower.next()
        await sync_to_async(end, thread_sensitive=False)()

        async def chatter() -> None:
            while True:
                await write(project, "chatter")

        talking = asyncio.create_task(chatter())
        heard = await asyncio.wait_for(_rest_of(follower), 5)
        talking.cancel()
        await asyncio.gather(talking, return_exceptions=True)
        assert heard < 1000

    run(story)


async def _rest_of(follower: Follower) -> int:
    return len([message async for message in follower._chunks])
