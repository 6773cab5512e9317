"""Exports, and the records that they are written from."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from labeling.accounts.models import User
from labeling.annotations.geometry import pixels_of
from labeling.annotations.models import Annotation
from labeling.annotations.states import State
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


def classes(project: Project) -> list[ClassRecord]:
    """The classes in their order. Behind them those that were deleted just when something was labeled with them: an
    annotation without its class cannot be written."""
    used = Annotation.objects.filter(label_class=OuterRef("id"), deleted_at=None)
    rows = LabelClass.objects.filter(project=project).filter(Q(deleted_at=None) | Exists(used))
    ordered = rows.order_by(F("deleted_at").asc(nulls_first=True), "position", "created_at")
    return [ClassRecord(str(row.id), row.name, row.colour) for row in ordered]


def images(project: Project) -> QuerySet[Image]:
    return Image.objects.filter(project=project, deleted_at=None).order_by("created_at", "id")


def records(project: Project, include: str) -> Iterator[ImageRecord]:
    """The project's images with what is exported of them, page by page: never the whole project in memory."""
    last: Image | None = None
    while page := list(_behind(images(project), last)[:PAGE]):
        last = page[-1]
        annotations = _annotations(page, include)
        for image in page:
            yield _image(image, annotations.get(image.id, []))


def _behind(rows: QuerySet[Image], last: Image | None) -> QuerySet[Image]:
    if last is None:
        return rows
    later = rows.filter(created_at__gt=last.created_at)
    return later | rows.filter(created_at=last.created_at, id__gt=last.id)


def _annotations(page: list[Image], include: str) -> dict[UUID, list[Annotation]]:
    rows = (
        Annotation.objects.filter(image__in=page, deleted_at=None, state__in=STATES[Export.Include(include)])
        .select_related("created_by", "updated_by")
        .order_by("image_id", "z", "created_at", "id")
    )
    return {image: list(group) for image, group in groupby(rows, key=lambda row: row.image_id)}


def _image(image: Image, annotations: list[Annotation]) -> ImageRecord:
    extra = {"sha256": image.sha256, "pixels": "upright", **({"credit": image.credit} if image.credit else {})}
    rows = [_annotation(row, image) for row in annotations]
    return ImageRecord(str(image.id), image.name, image.width, image.height, extra, rows)


def _annotation(row: Annotation, image: Image) -> AnnotationRecord:
    tag = row.kind == Kind.TAG
    x, y, width, height = row.bbox
    return AnnotationRecord(
        id=str(row.id),
        class_id=str(row.label_class_id),
        kind=row.kind,
        mask=None if tag else pixels_of(row.kind, row.shape, image.width, image.height),
        polygon=row.shape["parts"] if row.kind == Kind.POLYGON else None,
        box=(x, y, width, height) if row.kind == Kind.BOX else None,
        extra=_extra(row),
    )


def _extra(row: Annotation) -> dict[str, Any]:
    """Scores and provenance: who, when, from which prompts, by which model."""
    return {
        "attributes": row.attributes,
        "state": row.state,
        "confidence": row.confidence,
        "predicted_iou": row.predicted_iou,
        "stability_score": row.stability_score,
        "source": row.source,
        "model": row.model,
        "prompts": row.prompts,
        "chosen_rank": row.chosen_rank,
        "version": row.version,
        "created_by": row.created_by.name,
        "created_at": row.created_at.isoformat(),
        "updated_by": row.updated_by.name,
        "updated_at": row.updated_at.isoformat(),
        "review": row.review,
    }
