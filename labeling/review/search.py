"""The part of the review queue that a free text finds: in the image's name, the class's or the comment."""

from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet

from labeling.annotations.models import Annotation
from labeling.images.models import Word
from labeling.images.words import beginning_with, words_in
from labeling.projects.models import LabelClass, Project

# So many images are asked for their annotations; of more, the queue comes across one soon enough.
FEW_IMAGES = 100
FEW_CLASSES = 20

Rows = QuerySet[Annotation]


def branches(rows: Rows, project: Project, text: str) -> list[Rows]:
    """Parts of `rows`, in its order, whose union the text finds. Each is answered by an index of its own, which no
    database does for their disjunction."""
    commented = rows.filter(commented=True, review__comment__icontains=text)
    return [*_by_class(rows, project, text), *_by_image(rows, project, words_in(text)), commented]


def _by_class(rows: Rows, project: Project, text: str) -> list[Rows]:
    named = LabelClass.objects.filter(project=project, deleted_at=None, name__icontains=text)
    classes = list(named.order_by("id").values_list("id", flat=True))
    if len(classes) > FEW_CLASSES:
        return [rows.filter(label_class__in=classes)]
    return [rows.filter(label_class=label_class) for label_class in classes]


def _by_image(rows: Rows, project: Project, words: list[str]) -> list[Rows]:
    """Images whose name has every one of the words, or a longer one that begins so."""
    if not words:
        return []
    images = _images(project, words)
    if len(images) <= FEW_IMAGES:
        # Few rows, to be found by their image and sorted. The sum keeps planners from walking the queue instead.
        return [rows.filter(image__in=images).order_by(F("confidence") + 0.0, "id")] if images else []
    for word in words:
        rows = rows.filter(Exists(Word.objects.filter(beginning_with(word), image=OuterRef("image"))))
    return [rows]


def _images(project: Project, words: list[str]) -> list[UUID]:
    """Up to FEW_IMAGES of them, or one more; one twice where two of its words begin so."""
    # The longest word is in the fewest names, as a rule.
    first, *others = sorted(words, key=len, reverse=True)
    found = Word.objects.filter(beginning_with(first), project=project.id)
    for word in others:
        found = found.filter(Exists(Word.objects.filter(beginning_with(word), image=OuterRef("image"))))
    return list(found.values_list("image", flat=True)[: FEW_IMAGES + 1])
