"""Everything that ever happened to an annotation, in the order of the project's log.

A version is kept for every event that touched the annotation, so the versions are the timeline; the log says what kind
of event each was, also where its object is another (handing in is the image's, policy's acceptance too).
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from labeling.accounts.models import User
from labeling.annotations import selectors as annotations
from labeling.annotations.changes import ClassWords, beginning, changes, compared_crossings
from labeling.annotations.geometry import outgoing
from labeling.annotations.limits import fitting
from labeling.annotations.models import Annotation, AnnotationVersion
from labeling.events.models import Event
from labeling.projects.models import LabelClass
from labeling.review.models import Verdict

Change = AnnotationVersion.Change
Json = dict[str, Any]

# Work for the words of one page: crossings of polygon edges with pixel columns. They take about half a second.
MAX_COMPARED_CROSSINGS = 5_000_000

# What the log calls an event that only moved the annotation's state.
STATES = {
    "annotation.disputed": "disputed",
    "annotations.submitted": "submitted",
    "annotations.taken_back": "taken_back",
    "assignment.changed": "submitted",
    "policy.accepted": "policy",
    "verdict.given": "verdict",
    "verdict.undone": "undone",
}
KINDS = (
    "created", "changed", "deleted", "restored", "reordered", "submitted", "taken_back", "disputed", "policy",
    "verdict", "undone",
    "state",
)  # fmt: skip


def page(
    user: User, annotation: UUID, *, cursor: int | None, limit: int, newest_first: bool
) -> tuple[list[Json], int | None]:
    """A page of the timeline and the cursor of the following one: a fixed number of queries, whatever its length.

    The page is shorter than `limit` if its versions are large.

    Raises:
        NotFound: as `annotations.selectors.annotation` does; a deleted annotation has its history.
    """
    found = annotations.annotation(user, annotation, deleted=True)
    versions = _ordered(annotations.versions(found), cursor, newest_first)
    sizes = list(versions.values_list("id", "content_bytes")[: limit + 1])
    amount = min(limit, fitting(size for _, size in sizes))
    shown = list(versions.filter(id__in=[id for id, _ in sizes[:amount]]))
    entries = Timeline(found, shown).entries()
    return entries, shown[-1].event_seq if len(sizes) > amount else None


def sent_back(user: User, annotation: UUID) -> Json | None:
    """The version that a reviewer sent back last, with what was said of it, if the annotation has changed since: what
    anyone who judges it anew wants to see beside it, whoever gave which verdict in between.

    Raises:
        NotFound: as `annotations.selectors.annotation` does.
    """
    found = annotations.annotation(user, annotation)
    given = _sent_back(found).select_related("by").order_by("-at").first()
    if given is None:
        return None
    kept = annotations.versions(found).filter(version=given.version).last()
    if kept is None:
        return None
    said = {name: getattr(given, name) for name in ("version", "reason", "comment", "by", "at")}
    return {**said, "annotation": body(found, kept)}


def _sent_back(annotation: Annotation) -> QuerySet[Verdict]:
    rejected = Verdict.objects.filter(annotation=annotation, verdict=Verdict.Choice.REJECTED, undone_at=None)
    return rejected.filter(version__lt=annotation.version)


def _ordered(
    versions: QuerySet[AnnotationVersion], cursor: int | None, newest_first: bool
) -> QuerySet[AnnotationVersion]:
    if newest_first:
        behind = versions if cursor is None else versions.filter(event_seq__lt=cursor)
        return behind.order_by("-event_seq")
    return versions.filter(event_seq__gt=cursor or 0)


class Timeline:
    """Some versions of one annotation, and all that is needed to say what happened at each."""

    def __init__(self, annotation: Annotation, versions: Sequence[AnnotationVersion]) -> None:
        self.annotation = annotation
        self.versions = versions
        self.events = {event.seq: event for event in self._events()}
        self.before = self._before()
        self.classes = self._classes()
        self._crossings_left = MAX_COMPARED_CROSSINGS
        self.undone = {verdict.at.isoformat() for verdict in self._undone()}

    def entries(self) -> list[Json]:
        return [self._entry(version) for version in self.versions]

    def _events(self) -> QuerySet[Event]:
        return Event.objects.filter(
            project=self.annotation.project_id, seq__in=[version.event_seq for version in self.versions]
        )

    def _before(self) -> dict[int, AnnotationVersion]:
        """By event, the version that each content came after."""
        contents = sorted(
            (each for each in self.versions if each.change != Change.STATE), key=lambda each: each.event_seq
        )
        if not contents:
            return {}
        kept = annotations.versions(self.annotation).exclude(change=Change.STATE)
        first = kept.filter(event_seq__lt=contents[0].event_seq).last()
        chain = [*([first] if first else []), *contents]
        return {after.event_seq: before for before, after in pairwise(chain)}

    def _classes(self) -> dict[str, ClassWords]:
        ids = {version.content["label_class_id"] for version in [*self.versions, *self.before.values()]}
        return {
            str(row.id): ClassWords(row.name, {one["id"]: one["name"] for one in row.attributes})
            for row in LabelClass.objects.filter(id__in=ids)
        }

    def _undone(self) -> QuerySet[Verdict]:
        return Verdict.objects.filter(annotation=self.annotation, undone_at__isnull=False)

    def _entry(self, version: AnnotationVersion) -> Json:
        event = self.events.get(version.event_seq)
        kind = STATES.get(event.kind if event else "", "state") if version.change == Change.STATE else version.change
        said = _verdict(event.data, self.undone) if event and kind == "verdict" else None
        return {
            "seq": version.event_seq,
            "kind": kind,
            "at": version.at,
            "by": None if kind == "policy" else version.by,
            "version": version.version,
            "state": version.state,
            "words": self._words(version, kind, event.data if event else {}),
            "verdict": said,
            "annotation": None if version.change == Change.STATE else body(self.annotation, version),
        }

    def _words(self, version: AnnotationVersion, kind: str, data: Json) -> list[str]:
        if kind == Change.CREATED:
            return beginning(version.content, self.classes)
        if kind in (Change.CHANGED, Change.RESTORED, Change.REORDERED):
            return [*_brought_back(data), *self._changes(version)]
        return _decided(kind, data)

    def _changes(self, version: AnnotationVersion) -> list[str]:
        before = self.before.get(version.event_seq)
        if before is None:
            return []
        image = self.annotation.image
        self._crossings_left -= compared_crossings(before.content, version.content, image.width)
        return changes(
            before.content,
            version.content,
            self.classes,
            (image.width, image.height),
            compare_pixels=self._crossings_left >= 0,
        )


def body(annotation: Annotation, version: AnnotationVersion) -> Json:
    """The annotation as it was, in the form of the API."""
    content = dict(version.content)
    image = annotation.image
    shape = outgoing(content["kind"], content.pop("shape"), image.width, image.height)
    return {"id": str(annotation.id), "class_id": content.pop("label_class_id"), **content, **shape}


def _verdict(data: Json, undone: set[str]) -> Json:
    said = {name: data[name] for name in ("verdict", "reason", "comment")}
    return {**said, "undone": data["at"] in undone}


def _brought_back(data: Json) -> list[str]:
    return [f"version {data['restored']} again"] if "restored" in data else []


def _decided(kind: str, data: Json) -> list[str]:
    """What a decision said that its kind does not say already."""
    if kind == "disputed":
        return [data["comment"]] if data.get("comment") else []
    if kind == "undone":
        return [f"no longer {data['verdict']}"] if "verdict" in data else []
    return [said for said in (data.get("reason"), data.get("comment")) if said] if kind == "verdict" else []
