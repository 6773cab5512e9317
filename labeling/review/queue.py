"""The review queue: what waits for a verdict, or was judged, the least certain first, by filters and in pages.

An unknown confidence has a fixed place among the known ones (annotations/queue_place.py). Ties are in the order of ids,
so that the queue never shuffles. Each filter is answered by an index that begins with
what it names and goes on in the order of the queue (annotations/models.py): no query sorts or counts.
"""

import base64
import binascii
import heapq
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice
from math import isfinite
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, F, FloatField, Func, Q, QuerySet, UUIDField, Value
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from labeling.accounts.models import User
from labeling.annotations.limits import fitting
from labeling.annotations.models import Annotation
from labeling.annotations.pages import whole
from labeling.annotations.queue_place import UNKNOWN_PLACE, QueuePlace, place_of
from labeling.annotations.selectors import with_people
from labeling.annotations.states import State
from labeling.projects.models import Project
from labeling.review import search
from labeling.review.disputes import Panel
from labeling.review.models import Claim

WAITING = "waiting"
VERDICTS = (WAITING, *Annotation.Standing.values)
ORDER = ("place", "id")
# Columns that are read until it is known how many annotations fit into an answer.
LIGHT = ("id", "confidence", "content_bytes")


@dataclass(frozen=True)
class Filters:
    """Which part of the queue; what is None is not asked for. `verdict` is one of VERDICTS: the one that stands."""

    class_id: UUID | None = None
    annotator: UUID | None = None
    source: str | None = None
    size: str | None = None
    image: UUID | None = None
    confidence_min: float | None = None
    confidence_max: float | None = None
    confidence_unknown: bool = False
    verdict: str = WAITING
    commented: bool = False
    resubmission: str | None = None
    text: str = ""
    skip_images: Collection[UUID] = ()


ALL = Filters()


@dataclass(frozen=True)
class Place:
    """A place in the queue: behind this annotation."""

    place: float
    id: UUID

    @classmethod
    def of(cls, annotation: Annotation) -> "Place":
        return cls(*place_and_id(annotation))

    @classmethod
    def from_cursor(cls, cursor: str) -> "Place":
        """Raises ValueError for what `cursor` has not made."""
        try:
            place, id = base64.urlsafe_b64decode(cursor).decode().split("/")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise ValueError("not a cursor") from error
        found = cls(float(place), UUID(id))
        if not isfinite(found.place):
            raise ValueError("not a cursor")
        return found

    @property
    def cursor(self) -> str:
        return base64.urlsafe_b64encode(f"{self.place!r}/{self.id}".encode()).decode()


class Row(Func):
    """(a, b): compared as one, an index finds a place in the queue however many are equally certain."""

    function = ""
    output_field = BooleanField()


def branches(project: Project, filters: Filters) -> list[QuerySet[Annotation]]:
    """The queue as one query, or several whose union it is: each in the queue's order, by an index of its own."""
    rows = with_place(Annotation.objects.filter(project=project, deleted_at=None, **_named(filters)))
    rows = rows.filter(standing(filters.verdict)).order_by(*ORDER)
    if filters.skip_images:
        rows = rows.exclude(image__in=filters.skip_images)
    text = filters.text.strip()
    bands = [rows.filter(band) for band in _bands(filters)]
    return [part for band in bands for part in search.branches(band, project, text)] if text else bands


def with_place(rows: QuerySet[Annotation]) -> QuerySet[Annotation]:
    """Rows that can be filtered and ordered by `place`."""
    return rows.alias(place=QueuePlace("confidence"))


def _bands(filters: Filters) -> list[Q]:
    """The places that the filter names: two ranges where the unknown confidences, which it leaves out, lie between."""
    if filters.confidence_unknown:
        # A range: SQLite would sort what an equality of an expression finds.
        return [Q(place__gte=UNKNOWN_PLACE, place__lte=UNKNOWN_PLACE)]
    low, high = filters.confidence_min, filters.confidence_max
    if low is None and high is None:
        return [Q()]
    low, high = low or 0.0, 1.0 if high is None else high
    if not low < UNKNOWN_PLACE < high:
        return [Q(place__gte=low, place__lte=high)]
    return [Q(place__gte=low, place__lt=UNKNOWN_PLACE), Q(place__gt=UNKNOWN_PLACE, place__lte=high)]


def standing(verdict: str) -> Q:
    """What has this verdict now."""
    return Q(state=State.SUBMITTED.value) if verdict == WAITING else Q(verdict=verdict)


def free_for(rows: QuerySet[Annotation], user: User, tab: UUID, panel: Panel) -> QuerySet[Annotation]:
    """Without what others hold, or oneself in another tab; without what one has accepted before; without disputes of
    one's own rejections; and, where people may not judge their own, without what one has drawn or changed."""
    held = Claim.objects.filter(until__gt=timezone.now()).exclude(reviewer=user, tab=tab)
    free = rows.exclude(id__in=held.values("annotation")).exclude(approved_by=user).exclude(panel.barred())
    return free if panel.own else free.exclude(created_by=user).exclude(updated_by=user)


def behind(rows: QuerySet[Annotation], place: Place | None) -> QuerySet[Annotation]:
    if place is None:
        return rows
    here = Row(Value(place.place, FloatField()), Value(place.id, UUIDField()))
    # SQLite begins an index's range by the place alone, since it compares as rows only columns.
    return rows.filter(Q(place__gte=place.place), GreaterThan(Row(QueuePlace("confidence"), F("id")), here))


def place_and_id(annotation: Annotation) -> tuple[float, UUID]:
    """The key by which the queue is ordered."""
    return place_of(annotation.confidence), annotation.id


def merged(parts: Iterable[Iterable[Annotation]], most: int) -> list[Annotation]:
    """The first `most` of several parts of the queue, each once."""
    once = {row.id: row for row in heapq.merge(*parts, key=place_and_id)}
    return list(islice(once.values(), most))


def page(project: Project, filters: Filters, place: Place | None, most: int) -> tuple[list[Annotation], Place | None]:
    """At most `most` behind this place, fewer if their contents are large, and the place of the next page."""
    parts = (behind(rows, place).only(*LIGHT)[: most + 1] for rows in branches(project, filters))
    found = merged(parts, most + 1)
    shown = found[: min(most, fitting(row.content_bytes for row in found))]
    following = Place.of(shown[-1]) if len(found) > len(shown) else None
    return whole(with_people(Annotation.objects.all()), shown), following


def _named(filters: Filters) -> dict[str, Any]:
    asked = {
        "label_class": filters.class_id,
        "created_by": filters.annotator,
        "source": filters.source,
        "size": filters.size,
        "image": filters.image,
        "commented": filters.commented or None,
        "resubmission": filters.resubmission,
    }
    return {name: value for name, value in asked.items() if value is not None}
