"""Writing annotations and their versions before the log is locked, and what is left to do behind it (docs/locks.md)."""

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
# What a decision of reviewers or of the project's policy says of an annotation beside its state.
DECIDED = ("review", "verdict", "commented", "sampled", "approved_by", "confidence", "provisional")


@dataclass(frozen=True)
class Unlogged:
    """Annotations as they were counted and as they are now, and their new versions, which do not name their events yet.

    Everything slow is written before the project's log is locked. `name_events` is what is left to do behind it.
    """

    project: UUID
    versions: list[AnnotationVersion]
    before: list[tally.Key]
    after: list[tally.Key]

    def name_events(self, events: Sequence[Event]) -> None:
        """Let each version name its event, and count the annotations where they are now. To be called after `append`,
        with the events in the order of their entries."""
        if not self.versions:
            return
        kept = AnnotationVersion.objects.filter(id__in=[version.id for version in self.versions])
        kept.update(event_seq=events[0].seq - 1 - F("event_seq"))
        tally.move(self.project, self.before, self.after)


def write_states(*, by: User, project: UUID, decided: Sequence[tuple[Annotation, State, int]]) -> Unlogged:
    """Set the states of a project's annotations, and save what else was decided of `DECIDED`. The caller has locked the
    rows, then appends the entries, and gives the events to the answer's `name_events`.

    Args:
        decided: each with its new state and the index, among the entries, of the one that says so.
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
    """Keep versions whose `event_seq` is -1 minus the index of their entry, until `Unlogged.name_events`."""
    return AnnotationVersion.objects.bulk_create(
        [
            AnnotationVersion(
                annotation=annotation,
                version=annotation.version,
                event_seq=-1 - entry,
                change=change,
                state=annotation.state,
                content=annotation.content(),
                review=annotation.review,
                by=by,
            )
            for annotation, change, entry in rows
        ],
        batch_size=BATCH,
    )
