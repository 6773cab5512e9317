"""Scripted annotators at work: how long clicks and saves take for 2, 5, 10, 20 and 40 of them.

Each is a person of their own who clicks, looks at the answer for two to four seconds, and keeps every second mask, as
people do who label without a pause. The web process serves nothing else, and its worker has nothing to do.
"""

import json
import random
import statistics
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.bench.http import Bench, Photograph, User, running_bench
from tests.processes.client import Client

CROWDS = (2, 5, 10, 20, 40)
WINDOW_S = 30.0
LOOKING_S = (2.0, 4.0)
CLICKS_PER_KEPT_MASK = 2

# Run in the installation: make accounts that are members, and print a token of each.
HIRE = """
from labeling.accounts.models import User
from labeling.accounts.services import create_token
from labeling.projects.models import Membership
for n in range({count}):
    user = User.objects.create_user(f"annotator{{n}}@example.org", name=f"Annotator {{n}}")
    Membership.objects.create(project_id="{project}", user=user, roles=["annotator"])
    print("token", create_token(by=user, name="bench")[1])
"""


@dataclass
class Measured:
    """What the annotators of one crowd waited for, in milliseconds."""

    clicks_ms: list[float] = field(default_factory=list)
    saves_ms: list[float] = field(default_factory=list)
    refused: int = 0
    web_cores: float = 0.0
    client_cores: float = 0.0


HEADER = (
    f"{'annotators':>10}{'clicks':>8}{'median':>9}{'p95':>8}{'saves':>8}{'p95':>8}{'refused':>9}"
    f"{'web cores':>11}{'client cores':>14}"
)


def report() -> str:
    with running_bench() as bench:
        # The first click loads the decoder and the embedding.
        assert bench.user().click(bench.photograph) == 200
        tokens = _hired(bench, max(CROWDS))
        return "\n".join([HEADER, *(_line(count, _measured(bench, tokens[:count])) for count in CROWDS)])


def _hired(bench: Bench, count: int) -> list[str]:
    printed = bench.stack.manage("shell", "-v", "0", "-c", HIRE.format(count=count, project=bench.project))
    return [line.split()[1] for line in printed.splitlines() if line.startswith("token ")]


def _measured(bench: Bench, tokens: list[str]) -> Measured:
    measured = Measured()
    end = time.monotonic() + WINDOW_S
    threads = [threading.Thread(target=_annotate, args=(bench, token, end, measured)) for token in tokens]
    began, ours, theirs = time.perf_counter(), time.process_time(), bench.cpu_s()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    measured.web_cores = (bench.cpu_s() - theirs) / took
    measured.client_cores = (time.process_time() - ours) / took
    return measured


def _annotate(bench: Bench, token: str, end: float, measured: Measured) -> None:
    user = User(Client(bench.stack.url, token), bench.stack.url)
    time.sleep(random.uniform(0, LOOKING_S[1]))
    clicks = 0
    while time.monotonic() < end:
        began = time.perf_counter()
        status, answer = _click(user, bench.photograph)
        if status != 200:
            measured.refused += 1
            continue
        measured.clicks_ms.append((time.perf_counter() - began) * 1000)
        clicks += 1
        if clicks % CLICKS_PER_KEPT_MASK == 0:
            began = time.perf_counter()
            _keep(user, bench, answer["candidates"][0])
            measured.saves_ms.append((time.perf_counter() - began) * 1000)
        time.sleep(random.uniform(*LOOKING_S))


def _click(user: User, photograph: Photograph) -> tuple[int, Any]:
    status, body = user.send(f"/images/{photograph.id}/predict", photograph.click())
    return status, json.loads(body)


def _keep(user: User, bench: Bench, candidate: dict[str, Any]) -> None:
    annotation = {
        "id": str(uuid4()), "class_id": bench.label_class, "kind": "mask", "source": "sam",
        "segmentation": candidate["segmentation"], "predicted_iou": candidate["score"],
    }  # fmt: skip
    status = user.post(f"/images/{bench.photograph.id}/changes", {"create": [annotation]})
    assert status == 200


def _line(count: int, measured: Measured) -> str:
    clicks, saves = sorted(measured.clicks_ms), sorted(measured.saves_ms)
    return (
        f"{count:>10}{len(clicks):>8}{statistics.median(clicks):>6.0f} ms{_p95(clicks):>5.0f} ms{len(saves):>8}"
        f"{_p95(saves):>5.0f} ms{measured.refused:>9}{measured.web_cores:>11.2f}{measured.client_cores:>14.2f}"
    )


def _p95(ordered: list[float]) -> float:
    return ordered[int(len(ordered) * 0.95)]
