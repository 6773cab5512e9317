"""Reading the log."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from labeling.events.models import Event, Stream


def last_seqs(projects: Iterable[UUID]) -> dict[UUID, int]:
    """The newest sequence number of each project that has any."""
    return dict(Stream.objects.filter(project__in=list(projects)).values_list("project", "last_seq"))


def seq_at(project: UUID, moment: datetime) -> int:
    """The last event of a project up to this moment; 0 before the first."""
    known = Event.objects.filter(project=project, at__lte=moment).order_by("-at", "-seq")
    return known.values_list("seq", flat=True).first() or 0


def moment_of(project: UUID, seq: int) -> datetime | None:
    """When this event was written; None where there is none."""
    return Event.objects.filter(project=project, seq=seq).values_list("at", flat=True).first()


def last_actor(object: UUID, kind: str) -> str:
    """The name of the person whose event of this kind about the object is the latest; "Somebody" if there is none."""
    events = Event.objects.filter(object=object, kind=kind).order_by("-seq")
    return events.values_list("actor_name", flat=True).first() or "Somebody"


def after(project: UUID, seq: int, limit: int = 100) -> list[Event]:
    """The next events of a project behind `seq`, oldest first. Few at a time: a slow listener holds them in memory."""
    return list(Event.objects.filter(project=project, seq__gt=seq).order_by("seq")[:limit])


def as_json(event: Event) -> dict[str, Any]:
    """An event as the stream and the history send it."""
    return {
        "seq": event.seq,
        "kind": event.kind,
        "actor": {"id": str(event.actor), "name": event.actor_name} if event.actor else None,
        "object": str(event.object) if event.object else None,
        "image": str(event.image) if event.image else None,
        "data": event.data,
        "at": event.at.isoformat(),
    }
