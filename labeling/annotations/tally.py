"""How many annotations of each class and annotator are in each state, counted as they are written, never by scanning.

Every write to annotations ends with an event, whose append holds the lock of the project's stream to the end of the
transaction (events/services.py). `move` is called behind it: so one transaction at a time counts in a project, and
since nothing is locked after the counts, they cannot be part of a deadlock.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet, Sum

from labeling.annotations.models import Annotation, Tally
from labeling.annotations.states import State
from labeling.events.models import Stream

# Class, annotator and state; None counts nowhere.
Key = tuple[UUID, UUID, str] | None


def key_of(annotation: Annotation) -> Key:
    """Where this annotation counts."""
    if annotation.deleted_at:
        return None
    return (annotation.label_class_id, annotation.created_by_id, str(annotation.state))


def move(project: UUID, before: Iterable[Key], after: Iterable[Key]) -> None:
    """Count annotations where they are now and no longer where they were. To be called after `append`."""
    change = Counter(after)
    change.subtract(Counter(before))
    moved = {key: n for key, n in change.items() if key is not None and n}
    if not moved:
        return
    rows = Tally.objects.filter(project=project, label_class__in={key[0] for key in moved})
    so_far = {(row.label_class, row.annotator, row.state): row.n for row in rows}
    fresh = [
        Tally(project=project, label_class=key[0], annotator=key[1], state=key[2], n=so_far.get(key, 0) + n)
        for key, n in moved.items()
    ]
    Tally.objects.bulk_create(
        fresh,
        update_conflicts=True,
        unique_fields=["project", "label_class", "annotator", "state"],
        update_fields=["n"],
    )


@transaction.atomic
def recount(project: UUID) -> None:
    """Count anew from the annotations themselves, after something wrote them without the services."""
    Stream.objects.select_for_update().get_or_create(project=project)
    Tally.objects.filter(project=project).delete()
    found = Annotation.objects.filter(project=project, deleted_at=None)
    rows = found.values_list("label_class", "created_by", "state").annotate(n=Count("id")).order_by()
    Tally.objects.bulk_create(
        Tally(project=project, label_class=label_class, annotator=annotator, state=state, n=n)
        for label_class, annotator, state, n in rows
    )


def counts(projects: Collection[UUID]) -> list[tuple[UUID, UUID, str, int]]:
    """Project, class, state and number of annotations, where there are any."""
    rows = Tally.objects.filter(project__in=projects, n__gt=0).order_by()
    return list(rows.values_list("project", "label_class", "state").annotate(Sum("n")))


def waiting(project: UUID) -> int:
    """How many annotations of the project wait for a verdict."""
    return _sum(Tally.objects.filter(project=project, state=State.SUBMITTED))


def handed_in(project: UUID, annotator: UUID) -> int:
    """How many of the annotator's have been handed in, whatever became of them."""
    return _sum(Tally.objects.filter(project=project, annotator=annotator).exclude(state=State.DRAFT))


def _sum(rows: QuerySet[Tally]) -> int:
    return rows.aggregate(n=Sum("n"))["n"] or 0
