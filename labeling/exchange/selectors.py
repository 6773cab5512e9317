"""Exports, and the records that they are written from."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from labeling.accounts.models import User
from labeling.annotations.geometry import pixels_of
from labeling.annotations.models import Annotation, AnnotationVersion
from labeling.annotations.states import State
from labeling.events.models import Event
from labeling.exchange.formats.records import AnnotationRecord, ClassRecord, ImageRecord
from labeling.exchange.models import Export
from labeling.images.models import Image
from labeling.jobs.models import Job
from labeling.projects.models import Kind, LabelClass, Project
from labeling.projects.roles import Permission
from labeling.projects.selectors import access
from labeling.rest import not_found

STATES = {
    Export.Include.ACCEPTED: {State.ACCEPTED},
    Export.Include.NOT_REJECTED: set(State) - {State.REJECTED},
    Export.Include.ALL: set(State),
}
PAGE = 100
BATCH = 500
# Contents in memory at once, of one image at least.
MAX_BYTES = 32 * 1024 * 1024
CLASS_EVENTS = ("class.created", "class.changed", "class.deleted")
Change = AnnotationVersion.Change
# These leave who drew an annotation, and when.
NOT_DRAWN = (Change.STATE, Change.REORDERED)


def with_job(exports: QuerySet[Export]) -> QuerySet[Export]:
    """The exports with what is known of their jobs."""
    job = Job.objects.filter(kind=Job.Kind.EXPORT, target=OuterRef("id"))
    columns: dict[str, Any] = {
        f"job_{name}": Subquery(job.values(name)) for name in ("state", "error", "progress", "finished_at")
    }
    return exports.select_related("created_by").annotate(**columns)


def of_project(project: Project) -> QuerySet[Export]:
    return with_job(Export.objects.filter(project=project)).order_by("-created_at", "-id")


def export(user: User, export: UUID) -> Export:
    """The export, if the user may export from its project.

    Raises:
        NotFound, PermissionDenied: as `projects.selectors.access` does.
    """
    found = with_job(Export.objects.filter(id=export)).first()
    if found is None:
        raise not_found("export")
    access(user, found.project_id, Permission.EXPORT, what="export")
    return found


def classes(project: Project, seq: int) -> list[ClassRecord]:
    """The classes as they were after this event, in their order, by the names and colours that the log tells. Behind
    them those that were deleted just when something was labeled with them: an annotation without its class cannot be
    written."""
    used = Annotation.objects.filter(label_class=OuterRef("id"), deleted_at=None)
    rows = LabelClass.objects.filter(project=project).annotate(used=Exists(used)).order_by("position", "created_at")
    told = _told_of_classes(project, seq)
    there = [row for row in rows if told.get(row.id, {}).get("there", True)]
    late = [row for row in rows if row not in there and row.used and told[row.id].get("name")]
    return [_class(row, told.get(row.id, {})) for row in [*there, *late]]


def _told_of_classes(project: Project, seq: int) -> dict[UUID, dict[str, Any]]:
    """What the log says of each class up to this event, and whether it was there."""
    told: dict[UUID, dict[str, Any]] = {}
    log = Event.objects.filter(project=project.id, object__in=LabelClass.objects.filter(project=project).values("id"))
    for event in log.filter(kind__in=CLASS_EVENTS).order_by("seq"):
        of_class = told.setdefault(event.object, {"there": event.kind != "class.created"})  # type: ignore[arg-type]
        if event.seq <= seq:
            of_class.update(event.data, there=event.kind != "class.deleted")
    return told


def _class(row: LabelClass, told: dict[str, Any]) -> ClassRecord:
    return ClassRecord(str(row.id), told.get("name", row.name), told.get("colour", row.colour))


def images(project: Project, seq: int) -> QuerySet[Image]:
    """The images that were there after this event: deleted since included, added since not."""
    log = Event.objects.filter(object=OuterRef("id"), seq__lte=seq, project=project.id)
    there = Exists(log.filter(kind="image.created")) & ~Exists(log.filter(kind="image.deleted"))
    return Image.objects.filter(there, project=project).order_by("created_at", "id")


def records(project: Project, include: str, seq: int) -> Iterator[ImageRecord]:
    """The project's images as they were after this event, with what is exported of them, page by page: never the whole
    project in memory."""
    last: Image | None = None
    while page := list(_behind(images(project, seq), last)[:PAGE]):
        last = page[-1]
        wanted = _wanted(page, seq)
        for part in _parts(page, wanted):
            annotations = _annotations([one for image in part for one in wanted.get(image.id, [])], include)
            for image in part:
                yield _image(image, annotations.get(image.id, []))


def _behind(rows: QuerySet[Image], last: Image | None) -> QuerySet[Image]:
    if last is None:
        return rows
    later = rows.filter(created_at__gt=last.created_at)
    return later | rows.filter(created_at=last.created_at, id__gt=last.id)


@dataclass(frozen=True)
class Then:
    """An annotation as it was: `last` is its newest version of then, `drawn` the newest that changed its content."""

    last: AnnotationVersion
    drawn: AnnotationVersion

    @property
    def annotation(self) -> Annotation:
        return self.last.annotation

    @property
    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = self.last.content
        return content


@dataclass(frozen=True)
class Wanted:
    """The ids of the versions of a `Then`, and the bytes of the last one."""

    last: int
    drawn: int
    bytes: int


def _wanted(page: list[Image], seq: int) -> dict[UUID, list[Wanted]]:
    """The newest versions up to the event, by image. The index of an annotation's versions finds each."""
    versions = AnnotationVersion.objects.filter(annotation=OuterRef("id"), event_seq__lte=seq).order_by("-event_seq")
    rows = Annotation.objects.filter(image__in=page).annotate(
        last=Subquery(versions.values("id")[:1]),
        drawn=Subquery(versions.exclude(change__in=NOT_DRAWN).values("id")[:1]),
        bytes=Subquery(versions.values("content_bytes")[:1]),
    )
    wanted: dict[UUID, list[Wanted]] = {}
    for image, *columns in rows.filter(last__isnull=False).values_list("image", "last", "drawn", "bytes"):
        wanted.setdefault(image, []).append(Wanted(*columns))
    return wanted


def _parts(page: list[Image], wanted: dict[UUID, list[Wanted]]) -> Iterator[list[Image]]:
    """The page's images in their order, as many together as are small enough, but at least one."""
    part: list[Image] = []
    held = 0
    for image in page:
        size = sum(one.bytes for one in wanted.get(image.id, []))
        if part and held + size > MAX_BYTES:
            yield part
            part, held = [], 0
        part.append(image)
        held += size
    yield part


def _annotations(wanted: list[Wanted], include: str) -> dict[UUID, list[Then]]:
    """The exported annotations of some images, from bottom to top."""
    kept = _versions({id for one in wanted for id in (one.last, one.drawn)})
    then = [Then(kept[one.last], kept[one.drawn]) for one in wanted]
    states = STATES[Export.Include(include)]
    there = [each for each in then if each.last.change != Change.DELETED and each.last.state in states]
    found: dict[UUID, list[Then]] = {}
    for each in sorted(there, key=lambda one: (one.content["z"], one.annotation.created_at, one.annotation.id)):
        found.setdefault(each.annotation.image_id, []).append(each)
    return found


def _versions(ids: Collection[int]) -> dict[int, AnnotationVersion]:
    rows = AnnotationVersion.objects.select_related("annotation__created_by", "by")
    ordered = sorted(ids)
    batches = (ordered[at : at + BATCH] for at in range(0, len(ordered), BATCH))
    return {row.id: row for batch in batches for row in rows.filter(id__in=batch)}


def _image(image: Image, annotations: list[Then]) -> ImageRecord:
    extra = {"sha256": image.sha256, "pixels": "upright", **({"credit": image.credit} if image.credit else {})}
    rows = [_annotation(each, image) for each in annotations]
    return ImageRecord(str(image.id), image.name, image.width, image.height, extra, rows)


def _annotation(then: Then, image: Image) -> AnnotationRecord:
    content, kind, shape = then.content, then.content["kind"], then.content["shape"]
    x, y, width, height = content["bbox"]
    return AnnotationRecord(
        id=str(then.annotation.id),
        class_id=content["label_class_id"],
        kind=kind,
        pixels=None if kind == Kind.TAG else partial(pixels_of, kind, shape, image.width, image.height),
        polygon=shape["parts"] if kind == Kind.POLYGON else None,
        box=(x, y, width, height) if kind == Kind.BOX else None,
        extra=_extra(then),
    )


def _extra(then: Then) -> dict[str, Any]:
    """Scores and provenance: who, when, from which prompts, by which model."""
    names = (
        "attributes",
        "confidence",
        "predicted_iou",
        "stability_score",
        "source",
        "model",
        "prompts",
        "chosen_rank",
    )
    return {
        **{name: then.content[name] for name in names},
        "state": then.last.state,
        "version": then.last.version,
        "created_by": then.annotation.created_by.name,
        "created_at": then.annotation.created_at.isoformat(),
        "updated_by": then.drawn.by.name,
        "updated_at": then.drawn.at.isoformat(),
        "review": then.last.review,
    }
