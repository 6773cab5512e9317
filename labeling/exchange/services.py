"""Making exports."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from labeling.accounts.models import User
from labeling.events.selectors import last_seqs
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

WRITERS = {Export.Format.COCO: coco}

Progress = Callable[[float], None]


@transaction.atomic
def order_export(*, by: User, project: UUID, format: str, include: str) -> Export:
    """Order an export; a worker makes it."""
    found = access(by, project, Permission.EXPORT)
    export = Export.objects.create(project=found, format=format, include=include, created_by=by)
    jobs.enqueue(kind=Job.Kind.EXPORT, target=export.id, project=found.id, payload={"export": str(export.id)}, by=by)
    data = {"format": format, "include": include}
    append(project=found.id, by=by, entries=[Entry("export.created", object=export.id, data=data)])
    return selectors.export(by, export.id)


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
    """Write the file and store it; done again, it is written anew under the same key. For the worker.

    Returns:
        Key, SHA-256 and size of the file, and what is in it.
    """
    row = Export.objects.select_related("project").get(id=export)
    writer = WRITERS[Export.Format(row.format)]
    seq = last_seqs([row.project_id]).get(row.project_id, 0)
    tally = Tally(selectors.images(row.project).count(), progress)
    records = tally.through(selectors.records(row.project, row.include))
    info = {
        "description": row.project.name,
        "contributor": "Maskwright",
        "date_created": timezone.now().isoformat(),
        "include": row.include,
        "coordinates": "pixels of the upright image, origin at the top left",
        "event_seq": seq,
    }
    key = f"exports/{row.project_id}/{row.id}.{writer.EXTENSION}"
    with tempfile.TemporaryFile() as file:
        sha256 = _spool(writer.write(info, selectors.classes(row.project), records), file)
        size = file.tell()
        file.seek(0)
        keys.store().write(key, file)
    values = {
        "key": key, "sha256": sha256, "bytes": size, "event_seq": seq,
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
