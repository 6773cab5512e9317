"""Bringing a project's jobs in line with its settings, or with its deletion.

A change of settings is recorded at once. One job of kind `reorder` then updates the jobs of all images in slices, each
a transaction, so that nobody waits for it. A killed job starts again and finds the finished slices done. Settings that
change meanwhile mark the job `stale`, so that it runs again and the later settings win.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from labeling.events.services import Entry, append
from labeling.images.models import Image
from labeling.images.services import KINDS, hold, payloads
from labeling.jobs import services as jobs
from labeling.jobs.models import Job
from labeling.jobs.performing import Progress
from labeling.projects.models import Project

# Images per transaction.
SLICE = 200
Place = tuple[datetime, UUID]


def reorder(project: UUID, progress: Progress) -> dict[str, Any]:
    """Order, replace or delete the jobs of all images of a project. Delete all its jobs if it was deleted."""
    total = max(1, Image.objects.filter(project=project, deleted_at=None).count())
    images, place = 0, None
    while found := _next_images(project, place):
        _reorder(project, [id for _, id in found])
        images, place = images + len(found), found[-1]
        progress(min(1.0, images / total))
    forgotten = _forget_deleted(project)
    return {"images": images, "forgotten": forgotten}


def _next_images(project: UUID, place: Place | None) -> list[Place]:
    """The next images by upload time. None if the project was deleted."""
    images = Image.objects.filter(project=project, project__deleted_at=None, deleted_at=None)
    if place is not None:
        images = images.filter(Q(created_at__gt=place[0]) | Q(created_at=place[0], id__gt=place[1]))
    return list(images.order_by("created_at", "id").values_list("created_at", "id")[:SLICE])


@transaction.atomic
def _reorder(project: UUID, ids: list[UUID]) -> None:
    # The project's lock keeps images from coming and going. Locks on images would hide them from a `pull` meanwhile.
    found = hold(project)
    images = Image.objects.filter(deleted_at=None).in_bulk(ids)
    wanted = {id: payloads(images[id], found) for id in ids if id in images}
    if jobs.reorder(
        project=project,
        payloads={(kind, id): of_image.get(kind) for id, of_image in wanted.items() for kind in KINDS},
    ):
        append(project=project, by=None, entries=[Entry("jobs.reordered", data={"images": len(wanted)})])


def _forget_deleted(project: UUID) -> int:
    """Delete the jobs of a deleted project. Returns how many there were."""
    if not Project.objects.filter(id=project, deleted_at__isnull=False).exists():
        return 0
    forgotten = 0
    while some := jobs.cancel_some(project=project, but=Job.Kind.REORDER):
        forgotten += some
    return forgotten
