"""Making exports."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from labeling.accounts.models import User
from labeling.events import selectors as log
from labeling.events.services import Entry, append
from labeling.exchange import selectors
from labeling.exchange.formats import coco
from labeling.exchange.formats.records import ImageRecord
from labeling.exchange.models import Export
from labeling.images import keys
from labeling.jobs import services as jobs
from labeling.jobs.models import Job
from labeling.projects.roles import Permission
from labeling.projects.selectors import access
from labeling.rest import invalid

WRITERS = {Export.Format.COCO: coco}

Progress = Callable[[float], None]
MADE = ("key", "sha256", "bytes", "image_count", "annotation_count")


@transaction.atomic
def order_export(
    *,
    by: User,
    project: UUID,
    format: str,
    include: str,
    name: str = "",
    as_of: datetime | None = None,
    seq: int | None = None,
) -> Export:
    """Order an export; a worker makes it. What is in it is decided now: the dataset as it was at `as_of`, or after the
    event `seq`, or as it is.

    Raises:
        ValidationError: there was no dataset at that moment, or is none yet.
    """
    found = access(by, project, Permission.EXPORT)
    moment, last = _moment(found.id, as_of, seq)
    export = Export.objects.create(
        project=found, format=format, include=include, name=name, as_of=moment, event_seq=last, created_by=by
    )
    jobs.enqueue(kind=Job.Kind.EXPORT, target=export.id, project=found.id, payload={"export": str(export.id)}, by=by)
    data = {"format": format, "include": include}
    append(project=found.id, by=by, entries=[Entry("export.created", object=export.id, data=data)])
    return selectors.export(by, export.id)


def _moment(project: UUID, as_of: datetime | None, seq: int | None) -> tuple[datetime, int]:
    """The moment, and the last event up to it."""
    if seq is not None:
        at = log.moment_of(project, seq)
        if at is None:
            raise invalid("no_such_moment", f"The project's log has no event {seq}.", "event_seq")
        return at, seq
    if as_of is None:
        return timezone.now(), log.last_seqs([project]).get(project, 0)
    if as_of > timezone.now():
        raise invalid("no_such_moment", "This moment has not come yet.", "as_of")
    last = log.seq_at(project, as_of)
    if last == 0:
        raise invalid("no_such_moment", "There was no such project yet at this moment.", "as_of")
    return as_of, last


@dataclass
class Tally:
    """Counts what passes by on its way into the file, and tells how far it has come."""

    total: int
    progress: Progress
    images: int = 0
    annotations: int = 0

    def through(self, records: Iterator[ImageRecord]) -> Iterator[ImageRecord]:
        for record in records:
            self.images += 1
            self.annotations += len(record.annotations)
            if self.images % 20 == 0 or self.images == self.total:
                self.progress(min(1.0, self.images / max(1, self.total)))
            yield record


def make_export(*, export: UUID, progress: Progress) -> dict[str, Any]:
    """Write the file and store it. What is in it was decided when it was ordered: made again, it is the same, and one
    that was made already is left alone. For the worker.

    Returns:
        Key, SHA-256 and size of the file, and what is in it.
    """
    row = Export.objects.select_related("project").get(id=export)
    if row.key:
        return {name: getattr(row, name) for name in MADE}
    writer = WRITERS[Export.Format(row.format)]
    seq = row.event_seq or 0
    tally = Tally(selectors.images(row.project, seq).count(), progress)
    records = tally.through(selectors.records(row.project, row.include, seq))
    info = {
        "description": row.project.name,
        "contributor": "Maskwright",
        "name": row.name,
        "date_created": row.created_at.isoformat(),
        "as_of": row.as_of.isoformat(),
        "include": row.include,
        "coordinates": "pixels of the upright image, origin at the top left",
        "event_seq": seq,
    }
    key = f"exports/{row.project_id}/{row.id}.{writer.EXTENSION}"
    with tempfile.TemporaryFile() as file:
        sha256 = _spool(writer.write(info, selectors.classes(row.project, seq), records), file)
        size = file.tell()
        file.seek(0)
        keys.store().write(key, file)
    values = {
        "key": key, "sha256": sha256, "bytes": size,
        "image_count": tally.images, "annotation_count": tally.annotations,
    }  # fmt: skip
    Export.objects.filter(id=export).update(**values)
    return values


def _spool(pieces: Iterator[bytes], file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
        file.write(piece)
    return digest.hexdigest()
