"""What a worker says of itself and its job, as messages to the web side's queue."""

from __future__ import annotations

import logging
import os
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from celery import Celery

from inference.gate import Gate
from inference.messages import ALIVE_TASK, INFERENCE_QUEUE, LABELING_QUEUE, REPORT_TASK, Failure, Made, Report

log = logging.getLogger(__name__)

Work = Callable[[], Made]
Explain = Callable[[Exception], Failure]
Progress = Callable[[], float]

INTERVAL_S = 3.0
WORKER = f"{INFERENCE_QUEUE}@{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


class Reporter:
    """Says every three seconds that this worker is there, and runs jobs, several at once if asked from several
    threads, reporting what becomes of them.

    A broker that is away for a while costs messages, never the worker: leases make up for what is lost.
    """

    def __init__(self, app: Celery, interval: float = INTERVAL_S) -> None:
        self._app = app
        self._interval = interval
        self._places = 1
        self._taken: list[str] = []
        self._gate = Gate()
        self._stopped = threading.Event()

    def start(self, places: int = 1) -> None:
        """From now on; `places` is how many jobs the worker takes at once."""
        self._places = places
        threading.Thread(target=self._stay_alive, name="alive", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def run(self, job: str, attempt: int, work: Work, explain: Explain, progress: Progress | None = None) -> None:
        """Does `work` and reports started, heartbeats (with the progress, where it is known), and done or failed.
        Raises only if the end cannot be told.

        A job that was tried before has the worker to itself: if it brings the worker down every time, a job beside it
        would be held to have failed as often.
        """
        with self._place(job), self._gate.together() if attempt == 1 else self._gate.alone():
            self._try(lambda: self._report(Report("started", job, attempt, WORKER)))
            outcome = self._outcome(job, attempt, work, explain, progress)
        self._report(outcome)

    @contextmanager
    def _place(self, job: str) -> Iterator[None]:
        self._taken.append(job)
        try:
            yield
        finally:
            self._taken.remove(job)

    def _outcome(self, job: str, attempt: int, work: Work, explain: Explain, progress: Progress | None) -> Report:
        with self._heartbeats(job, attempt, progress):
            try:
                return Report("done", job, attempt, WORKER, result=work())
            except Exception as error:
                log.exception("Job %s failed.", job)
                return Report("failed", job, attempt, WORKER, error=explain(error))

    @contextmanager
    def _heartbeats(self, job: str, attempt: int, progress: Progress | None) -> Iterator[None]:
        finished = threading.Event()

        def beat() -> Report:
            return Report("heartbeat", job, attempt, WORKER, progress=progress() if progress else None)

        def beats() -> None:
            while not finished.wait(self._interval):
                self._try(lambda: self._report(beat(), retry=False))

        thread = threading.Thread(target=beats, name="heartbeat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            finished.set()
            # A heartbeat must not be sent after the job's end is told.
            thread.join()

    def _stay_alive(self) -> None:
        while not self._stopped.is_set():
            self._try(self._say_alive)
            self._stopped.wait(self._interval)

    def _say_alive(self) -> None:
        taken = list(self._taken)
        # A worker that has a place left is not busy: a message that it did not take is lost.
        busy = taken[0] if len(taken) >= self._places else None
        message = {"worker": WORKER, "queue": INFERENCE_QUEUE, "busy": busy}
        # It expires: news of who was alive during an outage helps nobody after it.
        self._send(ALIVE_TASK, message, retry=False, expires=5 * self._interval)

    def _report(self, report: Report, retry: bool = True) -> None:
        self._send(REPORT_TASK, report.to_json(), retry=retry)

    def _send(self, task: str, message: dict[str, Any], retry: bool, expires: float | None = None) -> None:
        self._app.send_task(task, kwargs=message, queue=LABELING_QUEUE, retry=retry, expires=expires)

    def _try(self, send: Callable[[], None]) -> None:
        try:
            send()
        except Exception as error:
            log.warning("Could not reach the broker: %s", error)
