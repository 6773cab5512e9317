"""Every write to annotations. All of them go through `change`: several edits of one image, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from labeling.accounts.models import User
from labeling.annotations import contents, image_totals, limits, overlap, selectors, tally
from labeling.annotations.assessing import confidence_of
from labeling.annotations.models import Annotation
from labeling.annotations.saving import Changed, ImageWork, save, totaled_bytes
from labeling.annotations.versions import Change
from labeling.events.services import Entry, append
from labeling.images import selectors as images
from labeling.images import services as image_services
from labeling.images.models import Image
from labeling.projects import selectors as projects
from labeling.projects.models import Kind, LabelClass
from labeling.projects.roles import Permission
from labeling.rest import Conflict, invalid, not_found


class Stale(Exception):
    """An annotation is not as the sender saw it. The message is a sentence; `annotation` is how it is now; `extra` is
    added to the answer, as a Problem's is."""

    def __init__(self, message: str, annotation: Annotation) -> None:
        super().__init__(message)
        self.annotation = annotation
        self.extra: dict[str, Any] = {}


@dataclass(frozen=True)
class Edit:
    """New values for one annotation, made against this version of it."""

    id: UUID
    version: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Deletion:
    id: UUID
    version: int


@dataclass
class Written:
    """What a change did: the annotations as they are now, and whether all of it had been done before."""

    annotations: list[Annotation] = field(default_factory=list)
    deleted: list[UUID] = field(default_factory=list)
    replayed: bool = True


@transaction.atomic
def change(
    *,
    by: User,
    image: UUID,
    create: Sequence[dict[str, Any]] = (),
    update: Sequence[Edit] = (),
    delete: Sequence[Deletion] = (),
    alone: bool = False,
    work: ImageWork | None = None,
) -> Written:
    """Create, change and delete annotations of one image, all or nothing. `alone`: the request is a single edit.
    `review.editing` calls it with the `work` that follows.

    Creating with an id that exists is harmless when the body is the same, so is deleting what is deleted. An edit of
    `z` alone names a version but makes none, and leaves every decision as it is.

    Raises:
        NotFound, PermissionDenied: the image, or an annotation that is not on it.
        ValidationError: a geometry or class that cannot be, with its place in the request.
        Stale: one was changed in the meantime; carries its current state.
        Conflict: an id is taken by another annotation; the image would hold too many, or too many bytes; or a mask
            takes pixels of another, where the project has none.
    """
    limits.require_few(len(create) + len(update) + len(delete))
    found = images.image(by, image, Permission.ANNOTATE)
    limits.require_simple([*create, *(edit.values for edit in update)], found)
    # Both lock the image. What else the work locks comes after that.
    numbers = _numbers(found, create)
    _hold(found, work)
    ids = [body["id"] for body in create] + [edit.id for edit in update] + [deletion.id for deletion in delete]
    existing = _locked(found, ids)
    request = _Request(found, by, existing, alone)
    created = request.create(create, numbers)
    updated = request.update(update)
    deleted = request.delete(delete)
    changes = request.changes
    overlap.require_none(found, [row for row, kind in changes if kind != Change.DELETED], gone=deleted)
    save(found, by, changes, work)
    return Written([*created, *updated], deleted, replayed=not changes)


class _Request:
    """The edits of one request. Each method returns the rows that the answer names, and collects those that change."""

    def __init__(self, image: Image, by: User, existing: dict[UUID, Annotation], alone: bool) -> None:
        self._image, self._by, self._existing, self._alone = image, by, existing, alone
        self._classes = {label_class.id: label_class for label_class in projects.classes(image.project)}
        self.changes: list[Changed] = []

    def create(self, bodies: Sequence[dict[str, Any]], numbers: dict[UUID, int]) -> list[Annotation]:
        return [self._create(body, self._place("create", index), numbers) for index, body in enumerate(bodies)]

    def update(self, edits: Sequence[Edit]) -> list[Annotation]:
        return [self._update(edit, self._place("update", index)) for index, edit in enumerate(edits)]

    def delete(self, deletions: Sequence[Deletion]) -> list[UUID]:
        for deletion in deletions:
            if not _deleted_already(self._existing, deletion.id):
                annotation = _current(self._existing, deletion.id, deletion.version)
                annotation.deleted_at = timezone.now()
                self.changes.append((annotation, Change.DELETED))
        return [deletion.id for deletion in deletions]

    def _place(self, part: str, index: int) -> str:
        """Where errors say that a value stands in the request."""
        return "" if self._alone else f"{part}.{index}."

    def _create(self, body: dict[str, Any], place: str, numbers: dict[UUID, int]) -> Annotation:
        fresh = contents.build(self._image, self._classes, body, self._by, place)
        fresh.number = numbers.get(fresh.id, 0)
        present = self._existing.get(fresh.id)
        if present is None:
            self.changes.append((fresh, Change.CREATED))
        elif not contents.says_the_same(present, fresh):
            raise Conflict("id_taken", "Another annotation has this id already.")
        return present or fresh

    def _update(self, edit: Edit, place: str) -> Annotation:
        annotation = _current(self._existing, edit.id, edit.version)
        if edit.values.keys() != contents.ORDER:
            contents.apply(annotation, self._image, self._classes, edit.values, place)
            self.changes.append((annotation, Change.CHANGED))
        elif annotation.z != edit.values["z"]:
            annotation.z = edit.values["z"]
            self.changes.append((annotation, Change.REORDERED))
        return annotation


def _numbers(image: Image, create: Sequence[dict[str, Any]]) -> dict[UUID, int]:
    """The numbers of new annotations. Tags are called by their class alone."""
    objects = [body for body in create if body["kind"] != Kind.TAG]
    if not objects:
        return {}
    numbers = image_services.take_numbers(image.id, [body.get("number") for body in objects])
    return {body["id"]: number for body, number in zip(objects, numbers, strict=True)}


@transaction.atomic
def restore(
    *, by: User, annotation: UUID, expected: int, version: int | None, work: ImageWork | None = None
) -> Annotation:
    """Bring back a deleted annotation, or an earlier version of one, as a new version.

    Its decisions are reopened, unless this undoes a deletion that no reviewer has seen. `review.editing` calls it with
    the `work` that follows.

    Raises:
        Stale: it was changed in the meantime.
        ValidationError: it never had that version.
        Conflict: the version's class was deleted; the image is full; or it would take pixels of another, where the
            project has none do so.
    """
    seen = selectors.annotation(by, annotation, Permission.ANNOTATE, deleted=True)
    _hold(seen.image, work)
    found = _current(_locked(seen.image, [annotation]), annotation, expected, deleted=True)
    kept = selectors.versions(found).filter(version=version or found.version).last()
    if kept is None:
        raise invalid("no_such_version", f"This annotation never had a version {version}.", "version")
    label_class = LabelClass.objects.get(id=kept.content["label_class_id"])
    if label_class.deleted_at:
        raise Conflict("class_deleted", f"It was labeled {label_class.name}, and that class has been deleted.")
    same = contents.is_same(found.content(), kept.content)
    undone = same and work is not None and work.undoes_deletion(found)
    for name, value in kept.content.items():
        setattr(found, name, value)
    found.content_bytes = kept.content_bytes
    found.label_class = label_class
    found.deleted_at = None
    found.brought_back = kept.version
    found.assessed = None
    found.confidence = confidence_of(found, found.image.project)
    if not undone:
        contents.reopen(found)
    overlap.require_none(found.image, [found])
    save(found.image, by, [(found, Change.RESTORED)], work)
    return found


@transaction.atomic
def delete_image(*, by: User, image: UUID) -> None:
    """Leave a tombstone of the image and, of the same moment, of every annotation on it."""
    found = image_services.bury(by=by, image=image)
    gone = _bury(found)
    image_services.forget(by=by, image=found)
    # Also counts annotations of a change that committed just before. Later changes find the image deleted.
    tally.move(found.project_id, gone + _bury(found), [])
    image_totals.forget(found.id)


def _bury(image: Image) -> list[tally.Key]:
    """Leave tombstones of the image's annotations. Returns the counters that they were in."""
    there = Annotation.objects.select_for_update().filter(image=image, deleted_at=None).order_by("id")
    rows = list(there.values_list("id", "label_class", "created_by", "state"))
    if rows:
        Annotation.objects.filter(id__in=[id for id, *_ in rows]).update(deleted_at=timezone.now())
    return [(label_class, annotator, state) for _, label_class, annotator, state in rows]


@transaction.atomic
def delete_class(*, by: User, label_class: UUID) -> None:
    """Remove a class that nothing is labeled with. Raises Conflict when something is."""
    found = projects.label_class(by, label_class, Permission.EDIT)
    used = Annotation.objects.filter(label_class=found, deleted_at=None, image__deleted_at=None).count()
    if used:
        things = "1 annotation is" if used == 1 else f"{used} annotations are"
        raise Conflict("class_in_use", f"{things} labeled {found.name}: give them another class first.")
    LabelClass.objects.filter(id=found.id).update(deleted_at=timezone.now())
    entry = Entry("class.deleted", object=found.id, data={"name": found.name})
    append(project=found.project_id, by=by, entries=[entry])


def _locked(image: Image, ids: Sequence[UUID]) -> dict[UUID, Annotation]:
    """The rows of these ids, in one order for everyone, so that two changes cannot wait for each other.

    Raises ValidationError if they are too many bytes together.
    """
    # Locked before it is read with its people: PostgreSQL leaves out a row whose joined person changes while it waits.
    rows = Annotation.objects.select_for_update().filter(id__in=ids).order_by("id")
    limits.require_light([size for _, size in rows.values_list("id", "content_bytes")])
    found = {row.id: row for row in selectors.with_people(Annotation.objects.filter(id__in=ids))}
    if any(row.image_id != image.id for row in found.values()):
        raise Conflict("id_taken", "An annotation of another image has this id.")
    for row in found.values():
        row.image = image
        row.tallied = tally.key_of(row)
        row.totaled_bytes = totaled_bytes(row)
    return found


def _current(existing: dict[UUID, Annotation], id: UUID, version: int, *, deleted: bool = False) -> Annotation:
    annotation = existing.get(id)
    if annotation is None:
        raise not_found("annotation")
    if annotation.deleted_at and not deleted:
        raise Stale("This annotation was deleted in the meantime.", annotation)
    if annotation.version != version:
        who = annotation.updated_by.name
        raise Stale(f"{who} changed this annotation in the meantime. Your changes were not saved.", annotation)
    return annotation


def _deleted_already(existing: dict[UUID, Annotation], id: UUID) -> bool:
    return id in existing and existing[id].deleted_at is not None


def _hold(image: Image, work: ImageWork | None) -> None:
    overlap.hold(image)
    if work:
        work.hold(image)
