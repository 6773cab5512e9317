"""An inference worker has the broker and the store, and nothing else: no database, no Django, no secret."""

import hashlib
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from celery import Celery

from inference.broker import celery_settings
from inference.embeddings import unpack
from inference.messages import EMBED_TASK, INFERENCE_QUEUE, LABELING_QUEUE, REPORT_TASK, EmbedTask
from inference.storage import open_store
from labeling.demo.processes import WEB_ONLY, specs
from tests.engines import Engines
from tests.processes.waiting import READY_S
from tests.stack import Stack, install_model, places

pytestmark = pytest.mark.one_engine

FORBIDDEN = ("django", "psycopg2", "labeling")


@pytest.fixture
def bare(tmp_path: Path, servers: Engines | None) -> Iterator[dict[str, str]]:
    """The whole environment of a worker; on its path, what it must not import cannot be imported."""
    modules = tmp_path / "modules"
    modules.mkdir()
    for name in FORBIDDEN:
        (modules / f"{name}.py").write_text(f"raise ImportError('an inference worker has no {name}')")
    install_model(tmp_path / "storage")
    with places(tmp_path) as own:
        yield {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(modules),
            "MASKWRIGHT_BROKER": own["MASKWRIGHT_BROKER"],
            "MASKWRIGHT_STORAGE": str(tmp_path / "storage"),
        }


def test_a_worker_with_broker_and_store_alone_embeds_an_image(
    bare: dict[str, str], photographs: list[Path], tmp_path: Path
) -> None:
    photograph = photographs[0].read_bytes()
    store = open_store(bare["MASKWRIGHT_STORAGE"])
    store.write("originals/one", photograph)
    task = EmbedTask("job", 1, None, "originals/one", hashlib.sha256(photograph).hexdigest(), "mobile_sam")
    app = Celery("asking", set_as_current=False)
    app.conf.update(celery_settings(bare["MASKWRIGHT_BROKER"]))
    command = next(spec.command for spec in specs("127.0.0.1", 0) if spec.name == "inference")

    with (tmp_path / "worker.log").open("wb") as log:
        worker = subprocess.Popen(command, env=bare, stdout=log, stderr=log)
    try:
        app.send_task(EMBED_TASK, kwargs=task.to_json(), queue=INFERENCE_QUEUE)
        done = _last_report(app)
    finally:
        worker.terminate()
        worker.wait(30)

    assert done["event"] == "done", (done, (tmp_path / "worker.log").read_text())
    embedding = unpack(store.read(done["result"]["key"]))
    assert (embedding.width, embedding.height) == (done["result"]["width"], done["result"]["height"])


def test_the_installations_worker_is_started_without_the_webs_variables(stack: Stack) -> None:
    web, worker = (psutil.Process(stack.processes.pid(name)).environ() for name in ("web", "inference"))
    assert "DATABASE_URL" in web
    assert [name for name in WEB_ONLY if name in worker] == []


def _last_report(app: Celery) -> dict[str, Any]:
    """The report that ends the job; what comes before it are started, heartbeats and signs of life."""
    end = time.monotonic() + READY_S
    with app.connection_for_read() as connection, connection.SimpleQueue(LABELING_QUEUE) as queue:
        while time.monotonic() < end:
            message = queue.get(timeout=READY_S)
            message.ack()
            report: dict[str, Any] = message.payload[1]
            if message.headers["task"] == REPORT_TASK and report["event"] in ("done", "failed"):
                return report
    raise AssertionError("the worker lives and reports nothing of the job")
