"""Checks that keep an image from being submitted."""

from labeling.annotations.models import Annotation
from labeling.annotations.states import State
from labeling.assignments.models import Assignment
from labeling.projects.attributes import missing as unsaid
from labeling.projects.models import Kind, LabelClass
from labeling.rest import Conflict
from labeling.review.models import Comment


def require_complete(assignment: Assignment) -> None:
    """Raise what `submit` raises. Checks the whole image, even if its drafts are submitted in slices."""
    _require_mended(assignment)
    _require_answers(assignment)
    _require_attributes(assignment)


def _require_mended(assignment: Assignment) -> None:
    there = Annotation.objects.filter(image=assignment.image_id, deleted_at=None)
    rejected = there.filter(state=State.REJECTED).count()
    if rejected:
        masks = "1 rejected annotation has" if rejected == 1 else f"{rejected} rejected annotations have"
        raise Conflict(
            "rejected_unchanged",
            f"{masks} not been changed. Fix, delete or dispute them, then submit again.",
        )


def _require_answers(assignment: Assignment) -> None:
    n = Comment.objects.filter(Comment.MISSED, image=assignment.image_id).count()
    if n:
        things = "1 missing object has" if n == 1 else f"{n} missing objects have"
        raise Conflict(
            "missing_unanswered",
            f"{things} not been answered. Draw them or answer the comment, resolve the pin, then submit again.",
        )


def _require_attributes(assignment: Assignment) -> None:
    """Raise Conflict if a draft lacks a required attribute. Tags are exempt."""
    all_classes = LabelClass.objects.filter(project=assignment.project_id).only("name", "attributes")
    # Most classes require nothing, so their objects need no check.
    classes = {one.id: one for one in all_classes if unsaid(one.attributes, {})}
    if not classes:
        return
    there = Annotation.objects.filter(image=assignment.image_id, deleted_at=None, state=State.DRAFT)
    drafts = there.filter(label_class__in=classes).exclude(kind=Kind.TAG).order_by("id")
    lacking = [
        (draft, names)
        for draft in drafts.only("label_class", "attributes")
        if (names := unsaid(classes[draft.label_class_id].attributes, draft.attributes))
    ]
    if lacking:
        draft, names = lacking[0]
        things = "1 object is" if len(lacking) == 1 else f"{len(lacking)} objects are"
        what = f"{classes[draft.label_class_id].name}: {', '.join(names)}"
        ids = [str(draft.id) for draft, _ in lacking]
        raise Conflict(
            "attributes_missing",
            f"{things} missing required attributes ({what}). Fill them in, then submit again.",
            annotations=ids,
        )
