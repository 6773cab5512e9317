"""The part of the review queue that a free text finds: in the image's name, the class's or the comment."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from labeling.annotations.models import Annotation
from labeling.annotations.queue_place import QueuePlace
from labeling.images.models import Word
from labeling.images.words import beginning_with, words_in
from labeling.projects.models import LabelClass, Project
from labeling.review.models import CommentWord

# So many images or comments are asked for their annotations; of more, the queue comes across one soon enough.
FEW = 50
FEW_CLASSES = 20

Rows = QuerySet[Annotation]
Words = QuerySet[Any]


def branches(rows: Rows, project: Project, text: str) -> list[Rows]:
    """Parts of `rows`, in its order, whose union the text finds. Each is answered by an index of its own, which no
    database does for their disjunction."""
    words = words_in(text)
    named, said = Word.objects.filter(project=project.id), CommentWord.objects.filter(project=project.id)
    return [
        *_by_class(rows, project, text),
        *_by_words(rows, named, words, of="image", column="image_id"),
        *_by_words(rows.filter(commented=True), said, words, of="annotation", column="id"),
    ]


def _by_class(rows: Rows, project: Project, text: str) -> list[Rows]:
    named = LabelClass.objects.filter(project=project, deleted_at=None, name__icontains=text)
    classes = list(named.order_by("id").values_list("id", flat=True))
    if len(classes) > FEW_CLASSES:
        return [rows.filter(label_class__in=classes)]
    return [rows.filter(label_class=label_class) for label_class in classes]


def _by_words(rows: Rows, index: Words, words: list[str], *, of: str, column: str) -> list[Rows]:
    """Those of what has, in this index of words, every one of the words, or a longer one that begins so.

    Args:
        of: what the index is of.
        column: the annotation's column that names it.
    """
    if not words:
        return []
    found = _first(index, words, of)
    if len(found) <= FEW:
        # Few rows, to be looked up and sorted. The sum keeps planners from walking the queue instead.
        few = rows.filter(**{f"{column}__in": found}).order_by(QueuePlace("confidence") + 0.0, "id")
        return [few] if found else []
    return [_with_all(rows, index, words, of, column)]


def _first(index: Words, words: list[str], of: str) -> list[UUID]:
    """Up to FEW of what has all the words, or one more; one twice where two of its words begin so."""
    # The longest word is the rarest, as a rule.
    first, *others = sorted(words, key=len, reverse=True)
    found = _with_all(index.filter(beginning_with(first)), index, others, of, of)
    return list(found.values_list(of, flat=True)[: FEW + 1])


def _with_all(rows: QuerySet[Any], index: Words, words: list[str], of: str, column: str) -> QuerySet[Any]:
    for word in words:
        rows = rows.filter(Exists(index.filter(beginning_with(word), **{of: OuterRef(column)})))
    return rows
