"""Regions of images: embedded when somebody looks closely, few of each image, forgotten with it."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Subquery
from django.utils import timezone

from inference.regions import Region as Rectangle
from labeling.accounts.models import User
from labeling.images import keys
from labeling.images.models import Image, Region
from labeling.jobs import services as jobs
from labeling.jobs.models import Job
from labeling.rest import not_found

# An embedding is most of a megabyte: the regions of an image never take more than some 50 of them.
KEPT = 64
# Who looks about leaves orders behind. Browsers ask every second or so while they wait.
WAITING = 8
STILL_WANTED = timedelta(seconds=10)
RETRIED_AFTER = timedelta(minutes=1)


def job_of(image: Image, rectangle: Rectangle) -> Job | None:
    """What embeds the rectangle by the model of the image's project, if that is ordered."""
    region = Region.objects.filter(image=image, **_edges(rectangle)).values("id")[:1]
    job = Job.objects.filter(kind=Job.Kind.REGION, target=Subquery(region)).first()
    return job if job is not None and job.payload["model"] == image.project.model else None


@transaction.atomic
def order(*, by: User, image: Image, rectangle: Rectangle) -> Job:
    """What embeds the rectangle, ordered first of all when it is not yet, and tried again when it failed a while ago.

    Raises:
        NotFound: the image was deleted.
    """
    # One at a time an image, so that its regions can be counted.
    if not Image.objects.select_for_update(no_key=True).filter(id=image.id, deleted_at=None).exists():
        raise not_found("image")
    job = job_of(image, rectangle)
    if job is None:
        _make_room(image, rectangle)
        return _enqueue(image, rectangle, by)
    Region.objects.filter(id=job.target).update(asked_at=timezone.now())
    if job.finished_at is not None and job.finished_at < timezone.now() - RETRIED_AFTER:
        jobs.retry(kinds=[Job.Kind.REGION], target=job.target, by=by)
        job.refresh_from_db()
    return job


def recompute(image: Image, rectangle: Rectangle) -> None:
    """The stored embedding was lost: it is made again, first of all."""
    job = job_of(image, rectangle)
    if job is not None:
        jobs.recompute(kind=Job.Kind.REGION, target=job.target)


@transaction.atomic
def forget_all(image: Image) -> None:
    """The image is gone, and so are its regions."""
    _forget(image, list(Region.objects.filter(image=image).values_list("id", flat=True)))


def _enqueue(image: Image, rectangle: Rectangle, by: User) -> Job:
    region = Region.objects.create(image=image, **_edges(rectangle))
    payload = {
        "image": keys.image(image),
        "model": image.project.model,
        "region": rectangle.to_json(),
    }
    return jobs.enqueue(
        kind=Job.Kind.REGION,
        target=region.id,
        project=image.project_id,
        payload=payload,
        by=by,
        priority=jobs.URGENT,
    )


def _make_room(image: Image, rectangle: Rectangle) -> None:
    """Forget the rectangle as another model saw it, orders that nobody waits for any more, and what was asked for
    longest ago of more than an image may have."""
    regions = Region.objects.filter(image=image)
    newest = list(regions.order_by("-asked_at").values_list("id", "asked_at"))
    queued = Job.objects.filter(kind=Job.Kind.REGION, target__in=[id for id, _ in newest], state=Job.State.QUEUED)
    queued_ids = set(queued.values_list("target", flat=True))
    waiting = [id for id, _ in newest if id in queued_ids]
    left = [id for id, asked_at in newest if id in queued_ids and asked_at < timezone.now() - STILL_WANTED]
    seen_otherwise = regions.filter(**_edges(rectangle)).values_list("id", flat=True)
    beyond = [id for id, _ in newest[KEPT - 1 :]]
    _forget(image, {*seen_otherwise, *left, *waiting[WAITING - 1 :], *beyond})


def _forget(image: Image, regions: Collection[UUID]) -> None:
    made = Job.objects.filter(kind=Job.Kind.REGION, target__in=regions).values_list("result", flat=True)
    stored = {result["key"] for result in made if result}
    Region.objects.filter(id__in=regions).delete()
    jobs.cancel(targets=list(regions))
    if stored:
        transaction.on_commit(lambda: _delete_stored(image, stored), robust=True)


def _delete_stored(image: Image, stored: set[str]) -> None:
    """The same photograph may be in another project, and its region in use there."""
    same = Region.objects.filter(image__sha256=image.sha256).values("id")
    used = Job.objects.filter(kind=Job.Kind.REGION, target__in=same).values_list("result", flat=True)
    for key in stored - {result["key"] for result in used if result}:
        keys.store().delete(key)


def _edges(rectangle: Rectangle) -> dict[str, int]:
    return {"x0": rectangle.x0, "y0": rectangle.y0, "x1": rectangle.x1, "y1": rectangle.y1}
