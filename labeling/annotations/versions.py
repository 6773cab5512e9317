"""Writing annotations and versions before the log is locked, and linking them to events after it (docs/locks.md)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F

from labeling.accounts.models import User
from labeling.annotations import tally
from labeling.annotations.models import Annotation, AnnotationVersion
from labeling.annotations.states import State
from labeling.events.models import Event

Change = AnnotationVersion.Change
BATCH = 500
# The columns, besides the state, that a decision of reviewers or of the project's policy changes.
DECIDED = ("review", "verdict", "commented", "sampled", "approved_by", "resubmission", "disputed_with", "confidence",
           "provisional")  # fmt: skip


@dataclass(frozen=True)
class Unlogged:
    """New versions that do not name their events yet, with the counters of their annotations before and after.

    Everything slow is written before the project's log is locked. Only `name_events` has to follow.
    """

    project: UUID
    versions: list[AnnotationVersion]
    before: list[tally.Key]
    after: list[tally.Key]

    def name_events(self, events: Sequence[Event]) -> None:
        """Set the event of each version and update the counters. Call it after `append`, with its events in order."""
        if not self.versions:
            return
        kept = AnnotationVersion.objects.filter(id__in=[version.id for version in self.versions])
        kept.update(event_seq=events[0].seq - 1 - F("event_seq"))
        tally.move(self.project, self.before, self.after)


def write_states(*, by: User, project: UUID, decided: Sequence[tuple[Annotation, State, int]]) -> Unlogged:
    """Set the states of a project's annotations, and save their `DECIDED` columns.

    The caller locks the rows first, then appends the entries and passes the events to `name_events` of the result.

    Args:
        decided: each annotation with its new state and the index of the entry that reports it.
    """
    rows = [annotation for annotation, _, _ in decided]
    before = [tally.key_of(annotation) for annotation in rows]
    for annotation, state, _ in decided:
        annotation.state = state
    update_rows(rows, ["state", *DECIDED])
    versions = keep_versions(by, [(annotation, Change.STATE, entry) for annotation, _, entry in decided])
    return Unlogged(project, versions, before, [tally.key_of(annotation) for annotation in rows])


def update_rows(rows: Sequence[Annotation], columns: Sequence[str]) -> None:
    """Save these columns of rows that exist and are locked. Django's `bulk_update` takes six times as long."""
    Annotation.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=columns, batch_size=BATCH
    )


def keep_versions(by: User, rows: Iterable[tuple[Annotation, Change, int]]) -> list[AnnotationVersion]:
    """Save versions. Until `Unlogged.name_events` their `event_seq` is -1 minus the index of their entry."""
    return AnnotationVersion.objects.bulk_create(
        [
            AnnotationVersion(
                annotation=annotation,
                version=annotation.version,
                event_seq=-1 - entry,
                change=change,
                state=annotation.state,
                content=annotation.content(),
                content_bytes=annotation.content_bytes,
                review=annotation.review,
                by=by,
            )
            for annotation, change, entry in rows
        ],
        batch_size=BATCH,
    )
