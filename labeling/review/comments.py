"""Every write to comments. A comment on an annotation makes it be found by its words as long as it is open; a missing
object sends its image back to the annotator.

Who writes locks first what the comment is about: the annotation, or for a missing object the image's assignment.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from rest_framework.exceptions import PermissionDenied

from labeling.accounts.models import User
from labeling.annotations.models import Annotation
from labeling.assignments.models import Assignment
from labeling.events.services import Entry, append
from labeling.images import selectors as images
from labeling.images.models import Image
from labeling.images.words import words_in
from labeling.projects.roles import Permission
from labeling.rest import Conflict, invalid
from labeling.review import selectors
from labeling.review.following import follow, hold
from labeling.review.models import Comment, CommentWord, Verdict
from labeling.review.states import APPROVING

Kind = Comment.Kind
# Sending work back is a reviewer's.
RIGHTS = {Kind.COMMENT: Permission.COMMENT, Kind.MISSING: Permission.REVIEW}


@transaction.atomic
def begin(
    *,
    by: User,
    image: UUID,
    id: UUID,
    text: str,
    kind: Kind = Kind.COMMENT,
    annotation: UUID | None = None,
    x: float | None = None,
    y: float | None = None,
) -> bool:
    """Begin a thread; whether it was not there yet. A missing object sends the image back to its annotator.

    Raises:
        ValidationError: a place that is not on the image, an annotation that is not, or a missing object without place.
        Conflict: the id is taken.
    """
    found = images.bare_image(by, image, RIGHTS[kind])
    fresh = Comment(
        id=id, project=found.project_id, image=found, annotation_id=annotation, x=x, y=y, kind=kind, text=text, by=by
    )
    _require_place(fresh, found)
    annotated = _held(fresh)
    if annotation and not annotated:
        raise invalid("no_such_annotation", "There is no such object on this image.", "annotation")
    return _say(fresh, annotated)


@transaction.atomic
def reply(*, by: User, image: UUID, thread: UUID, id: UUID, text: str) -> bool:
    """Answer in a thread of the image; whether the answer was not there yet.

    Raises:
        ValidationError: the thread is another image's, or is an answer itself.
        Conflict: the id is taken.
    """
    images.bare_image(by, image, Permission.COMMENT)
    first, annotated = _locked(by, thread, Permission.COMMENT)
    if first.image_id != image or first.thread_id:
        raise invalid("no_such_thread", "There is no such thread on this image.", "thread")
    fresh = Comment(id=id, project=first.project, image_id=first.image_id, thread=first, text=text, by=by)
    return _say(fresh, annotated)


@transaction.atomic
def edit(*, by: User, comment: UUID, text: str) -> Comment:
    """Say it in other words. Only one's own."""
    found, annotated = _locked(by, comment, Permission.COMMENT)
    _require_own(by, found)
    if found.text != text:
        found.text, found.edited_at = text, timezone.now()
        found.save(update_fields=["text", "edited_at"])
        _reindex(annotated)
        _tell(by, "changed", found)
    return found


@transaction.atomic
def delete(*, by: User, comment: UUID) -> None:
    """Take back what one has said. A thread goes as a whole, and only as long as nobody has answered in it.

    Raises:
        PermissionDenied: somebody else's.
        Conflict: there are answers.
    """
    found, annotated = _locked(by, comment, Permission.COMMENT)
    _require_own(by, found)
    if found.replies.filter(deleted_at=None).exists():
        raise Conflict("answered", "Somebody has answered. Resolve the thread, or change what you have said.")
    found.deleted_at = timezone.now()
    found.save(update_fields=["deleted_at"])
    _reindex(annotated)
    _tell(by, "deleted", found, moves=found.kind == Kind.MISSING)


@transaction.atomic
def resolve(*, by: User, comment: UUID, resolved: bool = True) -> Comment:
    """Settle a thread, or open it again. An annotator who answers a missing object still has to hand the image in;
    when anyone else takes the pin away the image is where it was before.

    Raises:
        Conflict: it is an answer in a thread.
    """
    found, annotated = _locked(by, comment, Permission.COMMENT)
    if found.thread_id:
        raise Conflict("not_a_thread", "Threads are resolved as a whole.")
    if (found.resolved_at is not None) != resolved:
        found.resolved_by, found.resolved_at = (by, timezone.now()) if resolved else (None, None)
        found.save(update_fields=["resolved_by", "resolved_at"])
        _reindex(annotated)
        moves = found.kind == Kind.MISSING and not (resolved and _is_the_annotator(by, found))
        _tell(by, "resolved" if resolved else "reopened", found, moves=moves)
    return found


def said_with(verdicts: Sequence[Verdict]) -> list[Entry]:
    """Begin a thread with the comment of each verdict. Who approves settles what earlier verdicts asked for. The
    annotations are locked by the caller, who tells the log what is answered here."""
    fresh = Comment.objects.bulk_create(
        Comment(project=given.project, image_id=given.annotation.image_id, annotation=given.annotation, verdict=given,
                text=given.comment, by=given.by, at=given.at)
        for given in verdicts
        if given.comment
    )  # fmt: skip
    approving = {given.annotation_id: given for given in verdicts if given.verdict in APPROVING}
    asked = Comment.objects.filter(Comment.OPEN, annotation__in=approving, verdict__isnull=False)
    settled = list(asked.exclude(id__in=[row.id for row in fresh]))
    for row in settled:
        given = approving[row.annotation_id]  # type: ignore[index]
        row.resolved_by, row.resolved_at = given.by, given.at
    Comment.objects.bulk_update(settled, ["resolved_by", "resolved_at"])
    return [_entry("created", row) for row in fresh] + [_entry("resolved", row) for row in settled]


def disputed_with(annotation: Annotation, *, by: User, text: str) -> list[Entry]:
    """Say why a rejected annotation is right: in the thread that the rejection began, or in one settled with it.

    The annotation is locked by the caller, who appends the returned entries.
    """
    rejections = Verdict.objects.filter(annotation=annotation, verdict=Verdict.Choice.REJECTED, undone_at=None)
    rejection = rejections.order_by("-at", "-id").first()
    thread = Comment.objects.filter(Comment.OPEN, annotation=annotation, verdict=rejection).first()
    place: dict[str, Any] = {"thread": thread} if thread else {"annotation": annotation, "verdict": rejection}
    row = Comment.objects.create(
        id=uuid4(), project=annotation.project_id, image_id=annotation.image_id, text=text, by=by, **place
    )
    return [_entry("created", row)]


def unsaid_with(verdicts: Sequence[Verdict]) -> list[Entry]:
    """What verdicts did to comments, taken back with them; what somebody has answered stays. As `said_with`."""
    moments: dict[UUID | None, datetime] = {given.annotation_id: given.at for given in verdicts}
    threads = Comment.objects.filter(annotation__in=moments)
    settled = [
        row for row in threads.filter(resolved_at__in=moments.values()) if moments[row.annotation_id] == row.resolved_at
    ]
    threads.filter(id__in=[row.id for row in settled]).update(resolved_by=None, resolved_at=None)
    answered = Comment.objects.filter(thread__in=threads, deleted_at=None).values("thread")
    gone = list(threads.filter(verdict__in=verdicts, deleted_at=None).exclude(id__in=answered))
    threads.filter(id__in=[row.id for row in gone]).update(deleted_at=timezone.now())
    return [_entry("reopened", row) for row in settled] + [_entry("deleted", row) for row in gone]


def index(annotations: Collection[Annotation]) -> None:
    """Let annotations be found by the open comments on them. They are locked by the caller, who saves `commented`."""
    by_id = {row.id: row for row in annotations}
    threads = Comment.objects.filter(Comment.OPEN, annotation__in=by_id)
    answers = Comment.objects.filter(thread__in=threads, deleted_at=None)
    said = {*threads.values_list("annotation", "text"), *answers.values_list("thread__annotation", "text")}
    CommentWord.objects.filter(annotation__in=by_id).delete()
    words = {(by_id[id], word) for id, text in said for word in words_in(text) if id}
    CommentWord.objects.bulk_create(
        CommentWord(project=row.project_id, annotation=row, word=word) for row, word in words
    )
    commented = {annotation for annotation, _ in said}
    for row in annotations:
        row.commented = row.id in commented


def _require_place(comment: Comment, image: Image) -> None:
    if (comment.x is None) != (comment.y is None):
        raise invalid("invalid_place", "A place has both x and y.", "y" if comment.y is None else "x")
    if comment.x is not None and comment.y is not None:
        if not (0 <= comment.x <= image.width and 0 <= comment.y <= image.height):
            raise invalid("invalid_place", "This place is not on the image.", "x")
    elif comment.kind == Kind.MISSING:
        raise invalid("place_missing", "Say where the object is that is missing.", "x")
    if comment.kind == Kind.MISSING and comment.annotation_id:
        raise invalid("invalid_place", "What is missing has no object yet.", "annotation")


def _locked(by: User, comment: UUID, permission: Permission) -> tuple[Comment, Annotation | None]:
    """The comment and what it is about, both locked."""
    seen = selectors.comment(by, comment, permission)
    annotated = _held(seen.thread or seen)
    family = {seen.id, seen.thread_id or seen.id}
    list(Comment.objects.select_for_update().filter(id__in=family).order_by("id").values_list("id"))
    return selectors.comment(by, comment, permission), annotated


def _held(thread: Comment) -> Annotation | None:
    """Locks what the thread is about."""
    if thread.kind == Kind.MISSING:
        hold([thread.image_id])
    if thread.annotation_id is None:
        return None
    return Annotation.objects.select_for_update().filter(id=thread.annotation_id, image=thread.image_id).first()


def _say(fresh: Comment, annotated: Annotation | None) -> bool:
    fields = ("project", "image_id", "thread_id", "annotation_id", "x", "y", "kind", "text", "by_id")
    defaults = {name: getattr(fresh, name) for name in fields}
    present, created = Comment.objects.get_or_create(id=fresh.id, defaults=defaults)
    if not created:
        # Its text may be another one by now.
        if any(getattr(present, name) != defaults[name] for name in fields if name != "text" or not present.edited_at):
            raise Conflict("id_taken", "Another comment has this id already.")
        return False
    _reindex(annotated)
    _tell(fresh.by, "created", fresh, moves=fresh.kind == Kind.MISSING)
    return True


def _reindex(annotation: Annotation | None) -> None:
    if annotation:
        index([annotation])
        Annotation.objects.filter(id=annotation.id).update(commented=annotation.commented)


def _require_own(by: User, comment: Comment) -> None:
    if comment.by_id != by.id:
        raise PermissionDenied(f"{comment.by.name} wrote this: only they can change it or take it back.")


def _is_the_annotator(user: User, comment: Comment) -> bool:
    return Assignment.objects.filter(image=comment.image_id, annotator=user).exists()


def _entry(what: str, comment: Comment) -> Entry:
    data = {"thread": str(comment.thread_id or comment.id), "kind": comment.kind}
    return Entry(f"comment.{what}", object=comment.id, image=comment.image_id, data=data)


def _tell(by: User, what: str, comment: Comment, *, moves: bool = False) -> None:
    """Append the event of the comment and, if it `moves` its image, the image's change of state."""
    moved = follow(images=[comment.image_id]) if moves else []
    append(project=comment.project, by=by, entries=[_entry(what, comment), *moved])
