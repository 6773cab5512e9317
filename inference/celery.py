"""The workers' Celery app: `celery -A inference.celery worker -P threads -c 2 -Q inference`."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery, bootsteps

from inference.broker import celery_settings
from inference.messages import INFERENCE_QUEUE
from inference.reports import Reporter
from inference.settings import settings

app = Celery("inference", set_as_current=False)
app.conf.update(celery_settings(settings().broker), task_default_queue=INFERENCE_QUEUE, imports=["inference.tasks"])
reporter = Reporter(app)

# Where clicks are answered on the same cores, whoever waits for one goes before what is computed ahead.
NICENESS = 5


class AliveStep(bootsteps.StartStopStep):
    """The web side knows of this worker from the moment it starts, idle or at work."""

    requires = ("celery.worker.components:Pool",)

    def start(self, worker: Any) -> None:
        # The threads that work inherit it: they start with the first job.
        os.nice(NICENESS)
        reporter.start(places=worker.concurrency)

    def stop(self, worker: Any) -> None:
        reporter.stop()


app.steps["worker"].add(AliveStep)
