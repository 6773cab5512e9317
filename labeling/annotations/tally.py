"""How many annotations of each class are in each state, counted as they are written and never by scanning.

Every write to annotations ends with an event, whose append holds the lock of the project's stream to the end of the
transaction (events/services.py). `move` is called behind it: so one transaction at a time counts in a project, and
since nothing is locked after the counts, they cannot be part of a deadlock.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from labeling.annotations.models import Annotation, Tally
from labeling.annotations.states import State
from labeling.events.models import Stream

# Class and state; None counts nowhere.
Key = tuple[UUID, str] | None


def key_of(annotation: Annotation) -> Key:
    """Where this annotation counts."""
    return None if annotation.deleted_at else (annotation.label_class_id, str(annotation.state))


def move(project: UUID, before: Iterable[Key], after: Iterable[Key]) -> None:
    """Count annotations where they are now and no longer where they were. To be called after `append`."""
    change = Counter(after)
    change.subtract(Counter(before))
    moved = {key: n for key, n in change.items() if key is not None and n}
    if not moved:
        return
    classes = {label_class for label_class, _ in moved}
    rows = Tally.objects.filter(project=project, label_class__in=classes)
    so_far = {(row.label_class, row.state): row.n for row in rows}
    Tally.objects.bulk_create(
        [Tally(project=project, label_class=key[0], state=key[1], n=so_far.get(key, 0) + moved[key]) for key in moved],
        update_conflicts=True,
        unique_fields=["project", "label_class", "state"],
        update_fields=["n"],
    )


@transaction.atomic
def recount(project: UUID) -> None:
    """Count anew from the annotations themselves, after something wrote them without the services."""
    Stream.objects.select_for_update().get_or_create(project=project)
    Tally.objects.filter(project=project).delete()
    found = Annotation.objects.filter(project=project, deleted_at=None).values_list("label_class", "state")
    rows = found.annotate(n=Count("id")).order_by()
    Tally.objects.bulk_create(Tally(project=project, label_class=c, state=s, n=n) for c, s, n in rows)


def counts(projects: Collection[UUID]) -> list[tuple[UUID, UUID, str, int]]:
    """Project, class, state and number of annotations, where there are any."""
    rows = Tally.objects.filter(project__in=projects, n__gt=0)
    return list(rows.values_list("project", "label_class", "state", "n"))


def waiting(project: UUID) -> int:
    """How many annotations of the project wait for a verdict."""
    return sum(Tally.objects.filter(project=project, state=State.SUBMITTED).values_list("n", flat=True))
