"""The web side's Celery app: results, exports, and the dispatcher as a thread of its worker."""

import logging
import os
import socket
import threading
import uuid
from typing import Any

from celery import Celery, bootsteps
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labeling.settings")

log = logging.getLogger(__name__)

app = Celery("labeling", set_as_current=False)
app.conf.update(
    settings.CELERY,
    task_default_queue="labeling",
    imports=[f"labeling.{noun}.tasks" for noun in ("jobs", "images", "calibration", "exchange")],
)
WORKER = f"labeling@{socket.gethostname()}-{uuid.uuid4().hex[:8]}"


class DispatcherStep(bootsteps.StartStopStep):
    """Start the dispatcher, and say that this worker is alive, while the worker runs."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, **options: Any) -> None:
        from labeling.jobs.dispatcher import Dispatcher

        self.dispatcher = Dispatcher(send)
        self.alive = AliveThread()

    def start(self, worker: Any) -> None:
        self.alive.start()
        self.dispatcher.start()

    def stop(self, worker: Any) -> None:
        self.dispatcher.stop()
        self.alive.stopped.set()


class AliveThread(threading.Thread):
    """Every three seconds: this worker is here. It takes several jobs at once, so it never counts as busy."""

    def __init__(self) -> None:
        super().__init__(name="alive", daemon=True)
        self.stopped = threading.Event()

    def run(self) -> None:
        from labeling.jobs.services import alive

        while not self.stopped.is_set():
            try:
                alive(worker=WORKER, queue="labeling", busy=None)
            except Exception:
                log.warning("Could not say that %s is alive; trying again.", WORKER, exc_info=True)
            self.stopped.wait(3)


def send(route: Any, message: dict[str, Any]) -> None:
    """Hand a job's message to the broker."""
    app.send_task(route.task, kwargs=message, queue=route.queue)


app.steps["worker"].add(DispatcherStep)
