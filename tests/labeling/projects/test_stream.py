"""The event stream: what it sends, from where it goes on, and to whom."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import AsyncClient

from labeling.accounts.models import User
from labeling.accounts.services import create_token
from labeling.events.selectors import last_seqs
from labeling.events.services import Entry, append
from labeling.projects import services as projects
from labeling.projects import stream
from labeling.projects.models import Membership, Project
from tests.labeling.making import API, problem

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _in_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stream asks from threads of its own; their connections must not outlive the test's database."""
    asked = stream._query

    async def query(function: Callable[..., Any], *args: Any) -> Any:
        def ask(*args: Any) -> Any:
            try:
                return function(*args)
            finally:
                connections.close_all()

        return await asked(ask, *args)

    monkeypatch.setattr(stream, "_query", query)
    monkeypatch.setattr(stream, "POLL_S", 0.02)


class Follower:
    """Reads one stream, message by message."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self._chunks: AsyncIterator[bytes] = aiter(response.streaming_content)

    async def next(self) -> dict[str, Any]:
        text = (await asyncio.wait_for(anext(self._chunks), 10)).decode()
        fields = dict(line.split(": ", 1) for line in text.strip().splitlines())
        return {**fields, "data": json.loads(fields["data"])} if "data" in fields else {"text": text}

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
        assert await follower.next() == {"id": str(seq), "event": "hello", "data": {}}
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


@pytest.mark.parametrize("after", ["x", "-1", "1.5", ""])
def test_a_place_that_is_none_begins_with_hello(manager: User, project: Project, after: str) -> None:
    async def story() -> None:
        follower = await follow(manager, project, f"?after={after}")
        assert (await follower.next())["event"] == "hello"
        await follower.close()

    run(story)


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
        projects.remove_member(by=manager, membership=membership.id)
        connections.close_all()

    async def story() -> None:
        follower = await follow(viewer, project)
        await follower.next()
        await sync_to_async(remove, thread_sensitive=False)()
        await write(project, "secret")
        heard = [message.decode() async for message in follower._chunks]
        assert not any("secret" in message for message in heard), heard

    run(story)


@pytest.mark.parametrize("ending", ["logging out", "an account that is closed", "a token that is deleted"])
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
        else:
            User.objects.filter(id=viewer.id).update(is_active=False)
        connections.close_all()

    async def story() -> None:
        by_token = {"Authorization": f"Bearer {secret}"} if ending == "a token that is deleted" else {}
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
