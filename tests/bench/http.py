"""Clicks over HTTP on a running installation, beside the bare decoder in the same run.

The clients are threads of this process and talk HTTP/1.1 on connections that stay open, as browsers do. What the web
process uses is read from /proc, so this runs on Linux.
"""

import http.client
import json
import os
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlparse
from uuid import uuid4

import cv2
import numpy as np

from inference.decode import Decoder, load_decoder
from inference.install import install
from inference.storage import open_store
from labeling.settings import cores
from tests.bench.timing import beside, milliseconds, table
from tests.processes.client import Client
from tests.processes.waiting import until
from tests.stack import MODELS, ROOT, Stack, running

PHOTO = ROOT / "labeling" / "demo" / "photos" / "sheep.jpg"
LARGE = (6000, 4000)
USERS, CROWD = 8, 64
ROUNDS, WINDOW_S = 3, 10.0
PROMPTS, EVERY = 5000, 1000


@dataclass(frozen=True)
class Photograph:
    id: str
    width: int
    height: int

    def click(self) -> dict[str, Any]:
        """Somewhere in the middle, where the sheep is."""
        x, y = random.uniform(0.3, 0.65), random.uniform(0.3, 0.6)
        return {"points": [{"x": x * self.width, "y": y * self.height, "label": 1}]}


class User:
    """Somebody with a connection of their own."""

    def __init__(self, client: Client, url: str) -> None:
        self._headers = {"Authorization": f"Bearer {client.token}", "Content-Type": "application/json"}
        self._connection = http.client.HTTPConnection(urlparse(url).netloc, timeout=60)

    def post(self, path: str, body: Any) -> int:
        return self.send(path, body)[0]

    def send(self, path: str, body: Any) -> tuple[int, bytes]:
        """The status and the body of the answer to a POST."""
        self._connection.request("POST", f"/api/v1{path}", json.dumps(body), self._headers)
        response = self._connection.getresponse()
        return response.status, response.read()

    def click(self, photograph: Photograph) -> int:
        return self.post(f"/images/{photograph.id}/predict", photograph.click())


@dataclass(frozen=True)
class Bench:
    stack: Stack
    client: Client
    project: str
    label_class: str
    photograph: Photograph
    large: Photograph
    decoder: Decoder

    def user(self) -> User:
        return User(self.client, self.stack.url)

    def bare(self) -> None:
        """One prompt by the decoder and nothing else."""
        coordinates, labels = np.array([[512, 380], [0, 0]], np.float32), np.array([1, -1], np.float32)
        self.decoder.run(EMBEDDING, coordinates, labels, None)

    def cpu_s(self) -> float:
        """Seconds of CPU that the web process has used."""
        fields = self._proc("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mib(self) -> float:
        return int(self._proc("statm").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

    def _proc(self, name: str) -> str:
        return Path(f"/proc/{self.stack.processes.pid('web')}/{name}").read_text()


EMBEDDING = np.random.default_rng(0).normal(0, 0.1, (256, 64, 64)).astype(np.float32)


def report() -> str:
    with running_bench() as bench:
        return "\n\n".join(part(bench) for part in (alone, together, crowded, memory))


@contextmanager
def running_bench() -> Iterator[Bench]:
    store = open_store(str(MODELS))
    decoder = load_decoder(store, install("mobile_sam", store))
    # Proposals would keep the worker busy all the while.
    os.environ["MASKWRIGHT_PROPOSALS"] = "0"
    with tempfile.TemporaryDirectory() as name, running(Path(name)) as stack:
        until(lambda: Client(stack.url, "").get("/health/ready"))
        stack.environment["DJANGO_SUPERUSER_PASSWORD"] = "made-for-the-bench"
        stack.manage("createsuperuser", "--noinput", "--email", "bench@example.org", "--name", "Bench")
        client = Client(stack.url, stack.manage("token", "bench@example.org").strip())
        project = client.post("/projects", {"name": "Bench", "classes": [{"name": "sheep"}]})["id"]
        large = Path(name) / "large.jpg"
        cv2.imwrite(str(large), cv2.resize(cv2.imread(str(PHOTO)), LARGE, interpolation=cv2.INTER_CUBIC))
        results = client.upload(project, PHOTO, large)
        small, big = (Photograph(*(each["image"][key] for key in ("id", "width", "height"))) for each in results)
        until(lambda: client.get(f"/projects/{project}/progress")["embeddings"]["ready"] == 2)
        label_class = client.get(f"/projects/{project}/classes")[0]["id"]
        yield Bench(stack, client, project, label_class, small, big, decoder)


def alone(bench: Bench) -> str:
    """One user, clicks and bare decodes in turn."""
    user = bench.user()
    rows = [
        beside(
            f"POST predict, one user, {photograph.width} x {photograph.height}",
            lambda photograph=photograph: user.click(photograph),
            "bare session.run of the decoder",
            bench.bare,
            rounds=40,
        )
        for photograph in (bench.photograph, bench.large)
    ]
    lines = [f"{row.what}: {row.ours_ms - row.peer_ms:.1f} ms more than the bare decoder" for row in rows]
    return "\n".join([table(rows), *lines])


def together(bench: Bench) -> str:
    """Eight users and the bare decoder in turn; medians of the rounds."""
    _crowd_for(bench, USERS, 1.0)
    rounds = [(_bare_rate(bench), _crowd_for(bench, USERS, WINDOW_S)) for _ in range(ROUNDS)]
    best = statistics.median(rate for (rate, _), _ in rounds)
    bare_ms = statistics.median(cpu for (_, cpu), _ in rounds)
    share = [crowd.rate / (rate * (cores() - crowd.clients_cores) / cores()) for (rate, _), crowd in rounds]
    rate, clients, server_ms = (
        statistics.median(getattr(crowd, name) for _, crowd in rounds)
        for name in ("rate", "clients_cores", "server_ms")
    )
    left = cores() - clients
    lines = [
        (f"the bare decoder, a thread a core, one prompt each, on {cores()} cores", f"{best:.1f} prompts/s"),
        (f"POST predict by {USERS} users", f"{rate:.1f} clicks/s"),
        ("cores that the clients used, and so what is left to the server", f"{clients:.2f}, {left:.2f}"),
        (
            f"what the bare decoder would answer there: {best:.1f} x {left:.2f} / {cores()}",
            f"{best * left / cores():.1f}",
        ),
        ("share of it that the server answers, median of the rounds", f"{statistics.median(share):.0%}"),
        ("CPU of a bare prompt, and of a click in the web process", f"{bare_ms:.1f} ms, {server_ms:.1f} ms"),
    ]
    title = f"{USERS} users at once, medians of {ROUNDS} rounds of {WINDOW_S:.0f} s, in turn with the bare decoder"
    return "\n".join([title, *(f"  {what:<72}{value:>20}" for what, value in lines)])


def crowded(bench: Bench) -> str:
    """More users than there is room for, each of whom asks again a moment after being refused; and one who saves."""
    quiet = _savings(bench, 2.0)
    with ThreadPoolExecutor(1) as pool:
        saving = pool.submit(_savings, bench, WINDOW_S)
        crowd = _crowd_for(bench, CROWD, WINDOW_S)
    refused = crowd.refused / (crowd.refused + len(crowd.admitted_ms))
    lines = [
        ("share of the clicks that was refused with 503", f"{refused:.0%}"),
        ("a click that was admitted", _spread(crowd.admitted_ms)),
        ("saving meanwhile, by one more", _spread(saving.result())),
        ("saving when it is quiet", _spread(quiet)),
    ]
    title = f"{CROWD} users at once for {WINDOW_S:.0f} s, each asking again 0.25 s after being refused"
    return "\n".join([title, *(f"  {what:<50}{value:>42}" for what, value in lines)])


def memory(bench: Bench) -> str:
    """Resident memory of the web process."""
    line = [f"0: {bench.resident_mib():.0f}"]
    for done in range(EVERY, PROMPTS + 1, EVERY):
        with ThreadPoolExecutor(USERS) as pool:
            list(pool.map(lambda n: _clicks(bench, n), [EVERY // USERS] * USERS))
        line.append(f"{done}: {bench.resident_mib():.0f}")
    return "resident MiB of the web process after so many prompts: " + ", ".join(line)


@dataclass
class Crowd:
    """What a crowd of clients got in some seconds, and what that cost."""

    seconds: float
    admitted_ms: list[float]
    refused: int
    clients_cores: float
    server_ms: float

    @property
    def rate(self) -> float:
        return len(self.admitted_ms) / self.seconds


def _crowd_for(bench: Bench, users: int, seconds: float) -> Crowd:
    admitted: list[float] = []
    refused: list[int] = []
    end = time.monotonic() + seconds

    def visit() -> None:
        user = bench.user()
        while time.monotonic() < end:
            took, status = _timed(lambda: user.click(bench.photograph))
            if status == 200:
                admitted.append(took)
            else:
                refused.append(status)
                time.sleep(0.25)

    threads = [threading.Thread(target=visit) for _ in range(users)]
    began, ours, theirs = time.perf_counter(), time.process_time(), bench.cpu_s()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    cpu_ms = (bench.cpu_s() - theirs) * 1000 / max(1, len(admitted))
    assert set(refused) <= {503}, "nothing else is answered to a click that is fine"
    return Crowd(took, admitted, len(refused), (time.process_time() - ours) / took, cpu_ms)


def _bare_rate(bench: Bench) -> tuple[float, float]:
    """(prompts a second, ms of CPU a prompt) of the bare decoder in a thread a core."""
    count = 20

    def decode() -> float:
        began = time.thread_time()
        for _ in range(count):
            bench.bare()
        return (time.thread_time() - began) * 1000 / count

    with ThreadPoolExecutor(cores()) as pool:
        began = time.perf_counter()
        cpu = list(pool.map(lambda _: decode(), range(cores())))
        return count * cores() / (time.perf_counter() - began), statistics.mean(cpu)


def _savings(bench: Bench, seconds: float) -> list[float]:
    """How long it took to save, again and again for some seconds."""
    user, took = bench.user(), []
    tag = {"class_id": bench.label_class, "kind": "tag", "source": "tag"}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        body = {"create": [{**tag, "id": str(uuid4())}]}
        ms, status = _timed(lambda body=body: user.post(f"/images/{bench.photograph.id}/changes", body))
        assert status == 200
        took.append(ms)
        time.sleep(0.05)
    return took


def _clicks(bench: Bench, count: int) -> None:
    user, answered = bench.user(), 0
    while answered < count:
        status = user.click(bench.photograph)
        assert status in (200, 503), "nothing else is answered to a click that is fine"
        answered += status == 200


def _timed(call: Callable[[], int]) -> tuple[float, int]:
    status: list[int] = []
    return milliseconds(lambda: status.append(call())), status[0]


def _spread(times: list[float]) -> str:
    ordered = sorted(times)
    return f"median {statistics.median(ordered):.0f} ms, 95 % within {ordered[int(len(ordered) * 0.95)]:.0f} ms"
