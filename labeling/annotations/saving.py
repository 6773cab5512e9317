"""Write changed annotations: rows, versions, events and counters."""

from collections.abc import Sequence
from typing import Protocol

from django.db import IntegrityError, transaction
from django.utils import timezone

from labeling.accounts.models import User
from labeling.annotations import image_totals, limits, tally
from labeling.annotations.assessing import order_assessment
from labeling.annotations.models import Annotation
from labeling.annotations.versions import Change, Unlogged, keep_versions, update_rows
from labeling.events.services import Entry, append
from labeling.images.models import Image
from labeling.rest import Conflict, not_found

# The columns that an edit may change.
CHANGING_COLUMNS = (
    *Annotation.CONTENT, "content_bytes", "deleted_at", "state", "verdict", "approved_by", "resubmission",
    "disputed_with", "assessed", "edits", "signals", "provisional", "version", "updated_by", "updated_at",
)  # fmt: skip

# An annotation after its change, or as it was when it was deleted, and the kind of the change.
Changed = tuple[Annotation, Change]


class ImageWork(Protocol):
    """The work on an image, as seen from below assignments: told of changes before they are logged."""

    def hold(self, image: Image) -> None:
        """Lock it, which comes before annotations are locked (docs/locks.md)."""

    def undoes_deletion(self, annotation: Annotation) -> bool:
        """Whether bringing this back undoes a deletion that no reviewer has seen, which changes nothing decided."""

    def follow(self, image: Image, changed: Sequence[Changed]) -> list[Entry]:
        """Write what follows from these changes, which are written already. Returns what the log has to tell of it."""


def save(image: Image, by: User, changes: list[Changed], work: ImageWork | None) -> None:
    """Write the rows and their versions first, then the events that the versions name."""
    if not changes:
        return
    _write_rows(by, changes)
    rows = [row for row, _ in changes]
    versions = keep_versions(by, [(row, kind, entry) for entry, (row, kind) in enumerate(changes)])
    counted = [row.tallied for row in rows], [tally.key_of(row) for row in rows]
    unlogged = Unlogged(image.project_id, versions, *counted)
    order_assessment(image, rows)
    entries = [_entry(row, kind) for row, kind in changes]
    entries += work.follow(image, changes) if work else []
    events = append(project=image.project_id, by=by, entries=entries)
    if not Image.objects.filter(id=image.id, deleted_at=None).exists():
        # The image was deleted meanwhile. Deleting locks the log too.
        raise not_found("image")
    unlogged.name_events(events)
    _count(image, rows)


def _write_rows(by: User, changes: Sequence[Changed]) -> None:
    for annotation, kind in changes:
        if kind == Change.REORDERED:
            continue
        if kind != Change.CREATED:
            annotation.version += 1
        annotation.updated_by = by
        annotation.updated_at = timezone.now()
    try:
        with transaction.atomic():
            Annotation.objects.bulk_create([annotation for annotation, kind in changes if kind == Change.CREATED])
    except IntegrityError:
        raise Conflict("id_taken", "An annotation with this id was created in the meantime.") from None
    update_rows([annotation for annotation, kind in changes if kind != Change.CREATED], CHANGING_COLUMNS)


def _count(image: Image, rows: Sequence[Annotation]) -> None:
    """Add what became of these rows to the image's total. Raises Conflict if the image is full. Call it last."""
    added = sum((row.deleted_at is None) - (row.tallied is not None) for row in rows)
    grown = sum(totaled_bytes(row) - row.totaled_bytes for row in rows)
    total = image_totals.add(image.id, annotations=added, bytes=grown)
    limits.require_room(total, added=added, grown=grown)


def _entry(row: Annotation, kind: Change) -> Entry:
    back = {} if row.brought_back is None else {"restored": row.brought_back}
    order = {"z": row.z} if kind == Change.REORDERED else {}
    data = {"version": row.version, "state": row.state, **back, **order}
    return Entry(f"annotation.{kind.value}", object=row.id, image=row.image_id, data=data)


def totaled_bytes(row: Annotation) -> int:
    """The bytes of this annotation in the total of its image."""
    return 0 if row.deleted_at else row.content_bytes
