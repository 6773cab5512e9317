"""Embed jobs, from the work itself to a worker process on a real broker."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path
from queue import Empty
from typing import Any

import numpy as np
import pytest
from celery import Celery
from kombu.exceptions import OperationalError
from PIL import Image

from inference.broker import celery_settings
from inference.embed import OriginalLost, embed, failure_of
from inference.embeddings import embedding_key, unpack
from inference.encode import Encoder
from inference.frame import EMBEDDING_SHAPE
from inference.limits import Unreadable
from inference.messages import EMBED_TASK, Embedded, EmbedTask, Failure
from inference.models import NotInstalled, UnknownModel, decoder_key, encoder_key, manifest_key, model, pointer_key
from inference.regions import Region
from inference.reports import Reporter
from inference.settings import Settings, read
from inference.storage import Store, open_store

SETTINGS = read({"MASKWRIGHT_THREADS": "2"})


def a_photograph(width: int = 64) -> bytes:
    file = BytesIO()
    Image.linear_gradient("L").resize((width, 48)).save(file, "PNG")
    return file.getvalue()


def task_for(store: Store, data: bytes, model: str = "mobile_sam") -> EmbedTask:
    sha256 = hashlib.sha256(data).hexdigest()
    store.write(f"originals/{sha256}", data)
    return EmbedTask("job", 1, None, f"originals/{sha256}", sha256, model)


@pytest.fixture
def installed(store: Store, weights: str, tmp_path: Path) -> Store:
    """A store of its own for each test, with the model in it."""
    fresh = open_store(str(tmp_path / "storage"))
    for key in (encoder_key(weights), decoder_key(weights), manifest_key(weights), pointer_key("mobile_sam")):
        fresh.write(key, store.read(key))
    return fresh


def test_an_image_is_embedded_once_and_found_the_next_time(installed: Store) -> None:
    task = task_for(installed, a_photograph())
    first, second = embed(task, installed, SETTINGS), embed(task, installed, SETTINGS)
    blob = installed.read(first.key)
    assert (first.cached, second.cached) == (False, True)
    assert first.sha256 == second.sha256 == hashlib.sha256(blob).hexdigest()
    assert (first.bytes, first.width, first.height) == (len(blob), 64, 48)
    assert first.key == embedding_key(task.sha256, model("mobile_sam").sha256)
    assert first.model_sha256 == model("mobile_sam").sha256


def test_two_who_want_the_same_embedding_at_once_wait_for_one(installed: Store) -> None:
    task = task_for(installed, a_photograph())
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda _: embed(task, installed, SETTINGS), range(3)))
    assert sorted(each.cached for each in found) == [False, True, True]


def test_while_one_image_is_encoded_the_next_is_prepared(installed: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    encoding, prepared = threading.Event(), threading.Event()

    class Waiting:
        def run(self, frames: Any) -> Any:
            if encoding.is_set():
                prepared.set()
            encoding.set()
            assert prepared.wait(20), "the second image was not prepared while the first was encoded"
            return np.zeros((1, *EMBEDDING_SHAPE), np.float32)

    monkeypatch.setattr("inference.embed.load_encoder", lambda *_: Waiting())
    first, second = (task_for(installed, a_photograph(side)) for side in (64, 65))
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(embed, first, installed, SETTINGS)]
        encoding.wait(20)
        jobs.append(pool.submit(embed, second, installed, SETTINGS))
    assert [job.result().width for job in jobs] == [64, 65]


def test_a_damaged_embedding_is_computed_again(installed: Store) -> None:
    task = task_for(installed, a_photograph())
    key = embed(task, installed, SETTINGS).key
    installed.write(key, installed.read(key)[:-1])
    assert not embed(task, installed, SETTINGS).cached
    assert unpack(installed.read(key)).width == 64


def test_a_region_is_embedded_from_its_own_pixels_and_kept_beside_the_image(installed: Store, encoder: Encoder) -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (300, 400, 3), np.uint8)
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    whole = task_for(installed, file.getvalue())
    task = replace(whole, region=Region(64, 44, 320, 300))
    assert EmbedTask.from_json(json.loads(json.dumps(task.to_json()))) == task
    first, second = embed(task, installed, SETTINGS), embed(task, installed, SETTINGS)
    assert (first.cached, second.cached) == (False, True)
    assert (first.width, first.height) == (256, 256)
    assert first.key == embedding_key(task.sha256, model("mobile_sam").sha256, task.region)
    crop = encoder.encode(pixels[44:300, 64:320])
    assert np.abs(unpack(installed.read(first.key)).values - crop).max() < 0.05
    assert not installed.exists(embedding_key(task.sha256, model("mobile_sam").sha256))


def test_an_original_that_is_gone_or_altered_is_not_embedded(installed: Store) -> None:
    task = task_for(installed, a_photograph())
    installed.write(task.key, b"something else")
    with pytest.raises(OriginalLost, match="altered"):
        embed(task, installed, SETTINGS)
    installed.delete(task.key)
    with pytest.raises(OriginalLost, match="no longer"):
        embed(task, installed, SETTINGS)


def test_a_model_that_is_not_there_says_how_to_install_it(tmp_path: Path) -> None:
    store = open_store(str(tmp_path))
    with pytest.raises(NotInstalled, match=r"python -m inference\.install vit_b"):
        embed(task_for(store, a_photograph(), "vit_b"), store, SETTINGS)
    with pytest.raises(UnknownModel, match="mobile_sam"):
        embed(task_for(store, a_photograph(), "nonsense"), store, SETTINGS)


@pytest.mark.parametrize(
    ("error", "code", "retry"),
    [
        (Unreadable("truncated", "The file is truncated."), "truncated", False),
        (OriginalLost("Gone."), "original_lost", False),
        (NotInstalled("mobile_sam"), "model_missing", False),
        (OSError(errno.ENOSPC, "No space left on device"), "disk_full", True),
        (MemoryError(), "out_of_memory", True),
        (RuntimeError("Failed to allocate memory for requested buffer"), "out_of_memory", True),
        (ConnectionError("reset"), "error", True),
    ],
)
def test_a_failure_says_what_it_is_and_whether_trying_again_can_help(error: Exception, code: str, retry: bool) -> None:
    failure = failure_of(error)
    assert (failure.code, failure.retry) == (code, retry)
    assert failure.message


def test_settings_that_are_none_are_refused_with_their_name() -> None:
    for name, value in (("MASKWRIGHT_THREADS", "0"), ("MASKWRIGHT_UPLOAD_MAX_PIXELS", "1e9")):
        with pytest.raises(ValueError, match=name):
            read({name: value})


@pytest.fixture
def broker(tmp_path: Path) -> str:
    return f"filesystem://{tmp_path}/the broker"


@pytest.fixture
def app(broker: str) -> Iterator[Celery]:
    app = Celery("tests", set_as_current=False)
    app.conf.update(celery_settings(broker))
    yield app
    app.close()


class Inbox:
    """What arrived in the web side's queue, as (task, arguments)."""

    def __init__(self, app: Celery) -> None:
        self._connection = app.connection()
        self._queue = self._connection.SimpleQueue("labeling")

    def next(self, timeout: float = 20) -> tuple[str, dict[str, Any]]:
        message = self._queue.get(timeout=timeout)
        message.ack()
        return message.headers["task"], message.payload[1]

    def rest(self) -> Iterator[dict[str, Any]]:
        """Everything that has arrived."""
        with suppress(Empty):
            while True:
                yield self.next(timeout=0.5)[1]

    def until(self, wanted: Callable[[str, dict[str, Any]], bool]) -> list[dict[str, Any]]:
        seen = []
        while True:
            task, arguments = self.next()
            seen.append(arguments)
            if wanted(task, arguments):
                return seen


def some_result() -> Embedded:
    return Embedded("key", "ab", 3, 0.1, False, "mobile_sam", "cd", width=64, height=48)


def explain(error: Exception) -> Failure:
    return Failure("error", str(error), retry=True)


def test_a_job_reports_started_heartbeats_and_done_in_this_order(app: Celery) -> None:
    def work() -> Embedded:
        time.sleep(0.35)
        return some_result()

    Reporter(app, interval=0.1).run("job", 2, work, explain)
    seen = Inbox(app).until(lambda _, message: message["event"] == "done")
    events = [message["event"] for message in seen]
    assert events[0] == "started"
    assert events.count("heartbeat") >= 2
    assert seen[-1]["result"] == some_result().to_json()
    assert {(message["job"], message["attempt"]) for message in seen} == {("job", 2)}


def test_two_jobs_at_once_are_reported_each_and_only_then_is_the_worker_busy(app: Celery) -> None:
    reporter, both = Reporter(app, interval=0.05), threading.Barrier(2, timeout=20)
    reporter.start(places=2)

    def work() -> Embedded:
        both.wait()
        time.sleep(0.3)
        return some_result()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda job: reporter.run(job, 1, work, explain), ("first", "second")))
    reporter.stop()
    seen = list(Inbox(app).rest())
    done = [each["job"] for each in seen if each.get("event") == "done"]
    assert sorted(done) == ["first", "second"]
    busy = [each["busy"] for each in seen if "busy" in each]
    assert {"first", "second"} & set(busy)
    assert None in busy


def test_a_job_that_was_tried_before_has_the_worker_to_itself(app: Celery) -> None:
    reporter, at_work = Reporter(app), set[str]()
    beside: list[tuple[str, int]] = []

    def work(job: str) -> Embedded:
        at_work.add(job)
        time.sleep(0.3)
        beside.append((job, len(at_work) - 1))
        at_work.remove(job)
        return some_result()

    with ThreadPoolExecutor(6) as pool:
        for job, attempt in (("a", 1), ("b", 1), ("again", 2), ("c", 1), ("again too", 3), ("d", 1)):
            pool.submit(reporter.run, job, attempt, partial(work, job), explain)
            time.sleep(0.02)
    assert {job for job, _ in beside[2:4]} == {"again", "again too"}, "they go before those who came later"
    assert {count for job, count in beside if job.startswith("again")} == {0}
    assert {count for job, count in beside if not job.startswith("again")} == {0, 1}


def test_work_that_raises_is_reported_as_failed_and_why(app: Celery) -> None:
    def work() -> Embedded:
        raise ValueError("It broke.")

    Reporter(app).run("job", 1, work, explain)
    last = Inbox(app).until(lambda _, message: message["event"] == "failed")[-1]
    assert last["error"] == {"code": "error", "message": "It broke.", "retry": True}
    assert last["result"] is None


def test_a_broker_that_is_away_stops_neither_the_work_nor_the_signs_of_life() -> None:
    app = Celery("tests", broker="redis://127.0.0.1:9/0", set_as_current=False)
    app.conf.task_publish_retry_policy = {"max_retries": 0}
    reporter = Reporter(app, interval=0.02)
    reporter.start()
    worked = threading.Event()

    def work() -> Embedded:
        time.sleep(0.1)
        worked.set()
        return some_result()

    with pytest.raises(OperationalError):
        reporter.run("job", 1, work, explain)
    assert worked.is_set()
    assert "alive" in {thread.name for thread in threading.enumerate()}
    reporter.stop()


def test_two_that_take_from_a_folder_broker_get_each_message_once(app: Celery) -> None:
    for number in range(60):
        app.send_task("count", kwargs={"number": number}, queue="labeling")
    found: list[int] = []

    def take() -> None:
        inbox = Inbox(app)
        found.extend(inbox.next()[1]["number"] for _ in range(30))

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(60))


@pytest.fixture
def worker(installed: Store, broker: str, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"MASKWRIGHT_STORAGE": installed.root, "MASKWRIGHT_BROKER": broker}
    command = [sys.executable, "-m", "celery", "-A", "inference.celery", "worker", "-P", "threads", "-c", "2",
               "-Q", "inference", "--without-gossip", "--without-mingle", "--without-heartbeat"]  # fmt: skip
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        yield process
        process.kill()
        process.wait()


def test_a_worker_is_alive_from_the_start_embeds_and_stops_at_once(
    worker: subprocess.Popen[bytes], app: Celery, installed: Store
) -> None:
    inbox = Inbox(app)
    task, alive = inbox.next()
    assert (task, alive["queue"], alive["busy"]) == ("labeling.jobs.alive", "inference", None)
    message = task_for(installed, a_photograph())
    app.send_task(EMBED_TASK, kwargs=message.to_json(), queue="inference")
    done = inbox.until(lambda _, arguments: arguments.get("event") == "done")[-1]
    assert done["worker"] == alive["worker"]
    assert hashlib.sha256(installed.read(done["result"]["key"])).hexdigest() == done["result"]["sha256"]
    assert not done["result"]["cached"]
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=3) == 0


def test_a_settings_object_has_the_defaults_of_one_machine() -> None:
    found = read({"MASKWRIGHT_VAR": "/srv/maskwright"})
    assert isinstance(found, Settings)
    assert (found.storage, found.broker) == ("/srv/maskwright/storage", "filesystem:///srv/maskwright/broker")
