"""Writing the log. Every other service ends its transaction with `append`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from labeling.events import grants
from labeling.events.models import Event, LogIdentity, Operation, Stream

# Longer than a page stays open in a browser that was offline over a holiday.
ANSWERS_KEPT = timedelta(days=30)


class Actor(Protocol):
    """Who did it: a user, seen from below the accounts app."""

    @property
    def id(self) -> UUID: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Entry:
    """An event to append. `image` lets an open editor select the events that concern it.

    `by_policy`: the project's policy decided, so the event has no actor, although a user's request led to it.
    """

    kind: str
    object: UUID | None = None
    image: UUID | None = None
    data: dict[str, Any] = field(default_factory=dict)
    by_policy: bool = False


@transaction.atomic
def append(*, project: UUID, by: Actor | None, entries: Sequence[Entry]) -> list[Event]:
    """Append events with the project's next sequence numbers, without gaps.

    Locks the project's log until the caller's transaction ends, and all writers of the project wait for it. Lock and
    write everything else first (docs/locks.md), except for rows that need the events' numbers.
    """
    grants.note(project)
    stream, _ = Stream.objects.select_for_update().get_or_create(project=project)
    events = [
        Event(
            project=project,
            seq=stream.last_seq + offset,
            kind=entry.kind,
            actor=by.id if by and not entry.by_policy else None,
            actor_name=by.name if by and not entry.by_policy else "",
            object=entry.object,
            image=entry.image,
            data=entry.data,
        )
        for offset, entry in enumerate(entries, start=1)
    ]
    stream.last_seq += len(events)
    stream.save(update_fields=["last_seq"])
    return Event.objects.bulk_create(events)


def log_identity() -> str:
    """The name of the log, created on first use."""
    return LogIdentity.objects.get_or_create(id=1, defaults={"name": _new_name()})[0].name


def renew_log_identity() -> str:
    """Give the log another name, so that all its followers start anew."""
    return LogIdentity.objects.update_or_create(id=1, defaults={"name": _new_name()})[0].name


def _new_name() -> str:
    return uuid4().hex[:12]


def forget_answers() -> None:
    """Drop the answers that are kept for replays once nobody can be waiting for them any more."""
    Operation.objects.filter(at__lt=timezone.now() - ANSWERS_KEPT).delete()
