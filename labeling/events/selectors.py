"""Reading the log."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from labeling.events.models import Event, Stream


def last_seqs(projects: Iterable[UUID]) -> dict[UUID, int]:
    """The newest sequence number of each project that has any."""
    return dict(Stream.objects.filter(project__in=list(projects)).values_list("project", "last_seq"))


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
