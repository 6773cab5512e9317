"""An image's automatic masks: one document that a worker stored and nobody changes, handed out as it lies there."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from inference.storage import Missing
from labeling.accounts.models import User
from labeling.images import keys, selectors
from labeling.jobs import services as jobs
from labeling.jobs.models import Job
from labeling.rest import Conflict


@dataclass(frozen=True)
class Stored:
    """A gzipped JSON document, and the entity tag of what it says, however it is sent."""

    blob: bytes
    etag: str


def read(*, user: User, image: UUID) -> Stored:
    """The proposals of an image. Changes nothing but the order of the queue.

    Raises:
        NotFound: as `projects.selectors.access` does.
        Conflict: there are none, and why; the image is next in the queue if there will be.
    """
    job = selectors.proposals_job(selectors.image(user, image))
    if job is None:
        raise Conflict("proposals_off", "This project makes no proposals; a manager can turn them on in its settings.")
    if job.result is None:
        raise _missing(job)
    try:
        blob = keys.store().read(job.result["key"])
    except Missing:
        blob = b""
    if hashlib.sha256(blob).hexdigest() != job.result["sha256"]:
        # The store lost it or its bytes went bad: made anew, never handed out.
        jobs.recompute(kind=Job.Kind.PROPOSE, target=image)
        raise _not_ready("The proposals of this image are being made again; try in a moment.")
    return Stored(blob, etag=f'W/"{job.result["sha256"]}"')


def _missing(job: Job) -> Conflict:
    if job.state == Job.State.FAILED:
        return Conflict("proposals_failed", f"No proposals could be made for this image: {job.error}")
    jobs.prioritise(kinds=[Job.Kind.PROPOSE], target=job.target)
    return _not_ready("The proposals of this image are still being made. It is next in the queue.")


def _not_ready(detail: str) -> Conflict:
    return Conflict("proposals_not_ready", detail)
