"""Bodies over real connections: chunked, too large, from strangers, and longer than announced."""

import json
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.processes.client import Client
from tests.processes.conftest import Fresh
from tests.processes.test_stream import resident
from tests.stack import Stack

pytestmark = pytest.mark.one_engine

HUGE = 100 * 10**9
Cost = Callable[[str, str], None]


@contextmanager
def line_to(stack: Stack, path: str, *headers: str) -> Iterator[socket.socket]:
    """A connection on which the headers of a POST have been sent."""
    address = urlsplit(stack.url)
    with socket.create_connection((address.hostname, address.port), timeout=20) as line:
        lines = [f"POST {path} HTTP/1.1", f"Host: {address.netloc}", "Content-Type: application/json", *headers]
        line.sendall("\r\n".join([*lines, "", ""]).encode())
        yield line


def answer(line: socket.socket) -> tuple[int, Any]:
    response = HTTPResponse(line)
    response.begin()
    return response.status, json.loads(response.read())


def bearer(client: Client) -> str:
    return f"Authorization: Bearer {client.token}"


@pytest.fixture
def image(client: Client, fresh: Fresh) -> dict[str, str]:
    """An image and a class of its project."""
    project = client.post("/projects", {"name": "Bodies", "classes": [{"name": "thing"}]})["id"]
    (result,) = client.upload(project, *fresh(1))
    (label_class,) = client.get(f"/projects/{project}/classes")
    return {"project": project, "id": result["image"]["id"], "class_id": label_class["id"]}


def test_a_change_that_comes_in_chunks_is_stored(stack: Stack, client: Client, image: dict[str, str]) -> None:
    address = urlsplit(stack.url)
    id = str(uuid.uuid4())
    tag = {"id": id, "class_id": image["class_id"], "kind": "tag", "source": "tag"}
    text = json.dumps({"create": [tag]}).encode()
    connection = HTTPConnection(address.hostname or "", address.port)
    connection.request(
        "POST", f"/api/v1/images/{image['id']}/changes", iter([text[:20], text[20:]]),
        {"Authorization": f"Bearer {client.token}", "Content-Type": "application/json"}, encode_chunked=True,
    )  # fmt: skip
    response = connection.getresponse()
    assert [each["id"] for each in json.loads(response.read())["annotations"]] == [id]
    assert client.get(f"/annotations/{id}")["id"] == id


def test_three_strangers_who_announce_100_gigabytes_hold_nothing(
    stack: Stack, client: Client, image: dict[str, str], cost: Cost
) -> None:
    web = stack.processes.pid("web")
    before = resident(web)
    with ExitStack() as lines:
        for _ in range(3):
            path = f"/api/v1/projects/{image['project']}/images"
            line = lines.enter_context(line_to(stack, path, f"Content-Length: {HUGE}"))
            status, problem = answer(line)
            assert (status, problem["code"]) == (413, "too_large")
            sent = _push(line, 300 * 2**20)
            assert sent < 300 * 2**20, "the line is cut"
        grown = (resident(web) - before) / 2**20
    assert grown < 20
    cost("three strangers announce 100 GB", f"{grown:.0f} MiB, each line cut")


def test_a_stranger_is_told_to_log_in_before_the_body_is_sent(stack: Stack, image: dict[str, str]) -> None:
    cookie = ["Content-Length: 9", "Cookie: sessionid=x"]
    for headers in (["Content-Length: 1000"], ["Transfer-Encoding: chunked"], cookie):
        with line_to(stack, f"/api/v1/images/{image['id']}/changes", *headers) as line:
            began = time.monotonic()
            status, problem = answer(line)
            assert (status, problem["code"]) == (401, "not_authenticated")
            assert time.monotonic() - began < 5


def test_chunks_beyond_what_the_address_takes_are_cut_off(stack: Stack, client: Client, image: dict[str, str]) -> None:
    headers = [bearer(client), "Transfer-Encoding: chunked"]
    with line_to(stack, f"/api/v1/images/{image['id']}/changes", *headers) as line:
        piece = b"100000\r\n" + b"x" * 2**20 + b"\r\n"
        for _ in range(21):
            line.sendall(piece)
        status, problem = answer(line)
    assert (status, problem["code"]) == (413, "too_large")


def test_who_is_logged_in_by_cookie_sends_bodies_too(stack: Stack, client: Client) -> None:
    address = urlsplit(stack.url)
    connection = HTTPConnection(address.hostname or "", address.port)
    connection.request("GET", "/_allauth/browser/v1/auth/session")
    connection.getresponse().read()
    connection.request("GET", "/api/v1/me")
    response = connection.getresponse()
    response.read()
    token = (response.getheader("Set-Cookie") or "").partition("csrftoken=")[2].partition(";")[0]
    headers = {"X-CSRFToken": token, "Cookie": f"csrftoken={token}", "Content-Type": "application/json"}
    login = json.dumps({"email": "mara@example.org", "password": stack.environment["DJANGO_SUPERUSER_PASSWORD"]})
    connection.request("POST", "/_allauth/browser/v1/auth/login", login, headers)
    response = connection.getresponse()
    response.read()
    assert response.status == 200
    cookies = dict(part.split(";")[0].split("=", 1) for part in response.headers.get_all("Set-Cookie") or [])
    headers["X-CSRFToken"] = cookies["csrftoken"]
    headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    connection.request("POST", "/api/v1/projects", json.dumps({"name": "By cookie"}), headers)
    assert connection.getresponse().status == 201


def _push(line: socket.socket, most: int) -> int:
    """Send until the connection is cut. Returns the number of bytes sent."""
    sent, piece = 0, b"x" * 2**20
    try:
        while sent < most:
            line.sendall(piece)
            sent += len(piece)
    except OSError:
        pass
    return sent
