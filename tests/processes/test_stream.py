"""The event stream over real lines: cut, stalled, dropped and restarted, and what a browser misses of it."""

import os
import signal
import socket
import struct
import threading
import time
import urllib.error
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.processes.client import Client
from tests.processes.conftest import Fresh
from tests.processes.waiting import Writer, ended, settled, until
from tests.stack import Stack

TAG = {"kind": "tag", "source": "tag"}
Cost = Callable[[str, str], None]


class Follower(threading.Thread):
    """Follows a project as a browser does: when the line is cut it goes on after the last event that it has.
    Cuts it itself after every `patience` events."""

    def __init__(self, client: Client, project: str, patience: int) -> None:
        super().__init__(name="follower", daemon=True)
        self.seen: list[int] = []
        self.connections = 0
        self.stopped = threading.Event()
        self._client, self._project, self._patience = client, project, patience

    def run(self) -> None:
        while not self.stopped.is_set():
            try:
                self._listen()
            except (OSError, HTTPException):
                self.stopped.wait(0.2)

    def _listen(self) -> None:
        self.connections += 1
        with closing(self._client.events(self._project, self.seen[-1] if self.seen else 0)) as stream:
            for _, event in zip(range(self._patience), stream, strict=False):
                self.seen.append(event["seq"])


@pytest.fixture
def project(client: Client) -> str:
    return str(client.post("/projects", {"name": "Followed", "classes": [{"name": "thing"}]})["id"])


@pytest.fixture
def writing(client: Client, project: str, fresh: Fresh) -> Writer:
    (result,) = client.upload(project, *fresh(1))
    (label_class,) = client.get(f"/projects/{project}/classes")
    return Writer(client, result["image"]["id"], label_class["id"])


def test_nothing_is_missed_or_doubled_through_cuts_and_a_restart(
    stack: Stack, client: Client, project: str, writing: Writer, cost: Cost
) -> None:
    followers = [Follower(client, project, patience) for patience in (1, 7, 1000)]
    for thread in (*followers, writing):
        thread.start()
    until(lambda: len(writing.acknowledged) > 30)
    os.kill(stack.processes.pid("web"), signal.SIGKILL)
    killed, before = time.monotonic(), len(writing.acknowledged)
    until(lambda: len(writing.acknowledged) > before + 30)
    seconds = time.monotonic() - killed
    writing.stop()
    until(lambda: ended(client, project, 1))
    newest = len(client.log(project))
    for follower in followers:
        until(lambda follower=follower: follower.seen and follower.seen[-1] == newest, 30)
        follower.stopped.set()
        assert follower.seen == list(range(1, newest + 1))
    assert followers[0].connections > newest / 2
    assert followers[2].connections >= 2
    cost(
        "event lines cut, kill -9 of the web process",
        f"{newest} events, each heard once; writing again in {seconds:.1f} s",
    )


def test_a_removed_members_stream_ends(stack: Stack, client: Client, project: str) -> None:
    body = {"email": "vic@example.org", "roles": ["viewer"], "name": "Vic"}
    member = client.post(f"/projects/{project}/members", body)["id"]
    vic = Client(stack.url, stack.manage("token", "vic@example.org").strip())
    with closing(vic.events(project)) as stream:
        next(stream)
        client.delete(f"/members/{member}")
        kinds = [event["kind"] for event in stream]
    assert kinds in ([], ["member.removed"])
    with pytest.raises(urllib.error.HTTPError, match="404"):
        next(vic.events(project))


def test_a_listener_of_a_log_before_a_restore_starts_anew_and_goes_on(
    stack: Stack, client: Client, project: str, fresh: Fresh
) -> None:
    stack.manage("new_log_identity")
    newest = len(client.log(project))
    with closing(client.events(project, "0123456789ab.1")) as stream:
        assert next(stream) == {"seq": newest}, "the reset, which has no data"
        client.configure(project, {"description": "After the restore"})
        assert next(stream)["seq"] == newest + 1


def test_stalled_and_dead_listeners_hold_up_nobody_and_leave_nothing_behind(
    stack: Stack, client: Client, project: str, fresh: Fresh, cost: Cost
) -> None:
    (result,) = client.upload(project, *fresh(1))
    (label_class,) = client.get(f"/projects/{project}/classes")
    web, port = stack.processes.pid("web"), urlsplit(stack.url).port or 0

    def much_happens() -> None:
        tags = [{"id": str(uuid.uuid4()), "class_id": label_class["id"], **TAG} for _ in range(500)]
        client.post(f"/images/{result['image']['id']}/changes", {"create": tags})

    much_happens()
    # The lines of earlier tests may still be closing.
    before, memory = settled(lambda: open_sockets(web, port)), resident(web)
    with ExitStack() as open_lines:
        for _ in range(40):
            open_lines.enter_context(never_read(stack, client, project))
        until(lambda: open_sockets(web, port) >= before + 40, 30)
        for _ in range(8):
            much_happens()
        began = time.monotonic()
        client.get(f"/projects/{project}")
        seconds, grown = time.monotonic() - began, (resident(web) - memory) / 2**20
        assert seconds < 5
        # 4,000 events kept for each of them would be 60 MiB as text alone.
        assert grown < 80
    until(lambda: open_sockets(web, port) <= before + 8, 30)
    assert stack.processes.pid("web") == web
    cost(
        "40 listeners that never read, then vanish",
        f"{grown:.0f} MiB for 4,000 events, a page in {seconds:.2f} s, all closed",
    )


@contextmanager
def never_read(stack: Stack, client: Client, project: str) -> Iterator[None]:
    """A line that is opened, never read and in the end broken off without a word (RST)."""
    address = urlsplit(stack.url)
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.connect((address.hostname, address.port))
        path = f"/api/v1/projects/{project}/events?after=0"
        line.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Bearer {client.token}\r\n\r\n".encode()
        )
        yield


def open_sockets(pid: int, port: int) -> int:
    """The process's sockets, except for those that it opened itself, as to the database."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    own = {f"socket:[{row[9]}]" for row in rows if int(row[1].split(":")[1], 16) != port}
    return sum(_is_socket(entry, own) for entry in Path(f"/proc/{pid}/fd").iterdir())


def _is_socket(entry: Any, own: set[str]) -> bool:
    try:
        target = str(entry.readlink())
    except FileNotFoundError:
        return False
    return target.startswith("socket:") and target not in own


def resident(pid: int) -> int:
    """Bytes of memory that the process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE")
