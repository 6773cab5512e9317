"""Run jobs of the labeling worker itself, which reports to the database without a message."""

import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from labeling.celery import WORKER
from labeling.jobs import services
from labeling.jobs.heartbeats import heartbeat
from labeling.jobs.tasks import UNWRITTEN, report

log = logging.getLogger(__name__)

Progress = Callable[[float], None]
Work = Callable[[Progress], dict[str, Any] | None]


def perform(job: str, attempt: int, work: Work, *, code: str, sentence: str) -> None:
    """Run a job, renew its lease meanwhile, and report the outcome.

    Args:
        work: receives a function that reports progress from 0 to 1, and returns the job's result.
        code: the code of a failure.
        sentence: the message of a failure, which the error completes.
    """
    who = {"job": UUID(job), "attempt": attempt, "worker": WORKER}
    services.report(event="started", **who)  # type: ignore[arg-type]
    try:
        with heartbeat(who):
            result = work(lambda done: services.report(event="heartbeat", progress=done, **who))  # type: ignore[arg-type]
    except Exception as error:
        log.exception("The job %s failed.", job)
        _end(who, event="failed", error={"code": code, "message": f"{sentence}: {error}", "retry": True})
    else:
        _end(who, event="done", result=result)


def _end(who: dict[str, Any], **end: Any) -> None:
    try:
        services.report(**who, **end)
    except UNWRITTEN:
        log.warning("The end of job %s could not be written; it is sent as a message.", who["job"], exc_info=True)
        report.apply_async(kwargs={**who, "job": str(who["job"]), **end}, countdown=1)
