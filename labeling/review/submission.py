"""Images go to and fro: handed in by their annotator, then where their verdicts and missing objects lead them."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from labeling.accounts.models import User
from labeling.annotations import tally
from labeling.annotations.assessing import HANDED_IN, can_be_assessed, confidence_of, order_assessment
from labeling.annotations.models import Annotation
from labeling.annotations.policy import Because, Policy, because, drawn
from labeling.annotations.services import record_states
from labeling.annotations.states import State
from labeling.assignments import selectors
from labeling.assignments.models import Assignment
from labeling.assignments.services import locked, move, record
from labeling.events.services import Entry, append
from labeling.projects.attributes import missing as unsaid
from labeling.projects.models import Kind, LabelClass, Project
from labeling.rest import Conflict
from labeling.review.models import Comment
from labeling.review.states import of_image

# Of these nobody has judged anything yet, or nobody will.
NOT_HANDED_IN = (Assignment.State.OPEN, Assignment.State.SKIPPED)


@transaction.atomic
def submit(*, by: User, assignment: UUID) -> Assignment:
    """Hand an image in: its drafts go to the reviewers. Where nothing is left to judge, it is done.

    The project's policy says what goes to the reviewers; the rest is accepted, visibly by policy and by nobody. Handing
    in twice is harmless; what was drawn in between goes with the second time.

    Raises:
        PermissionDenied: it is someone else's.
        Conflict: something that was rejected has not been touched, an object that is missing has not been answered, or
            one lacks an attribute that it has to have.
    """
    found = locked(by=by, assignment=assignment)
    drafts = _drafts(found)
    _require_answers(found)
    _require_attributes(drafts)
    for draft in drafts:
        draft.confidence = confidence_of(draft, found.project)
    spared = _spared(found.project, drafts)
    drafted = {State.ACCEPTED if draft in spared else State.SUBMITTED for draft in drafts}
    state = of_image(_states(found.image_id, but=State.DRAFT) | drafted, missing=False)
    if found.state == state and not drafts:
        return selectors.assignment(by, assignment)
    move(found, state)
    (event,) = record(by, [found])
    waiting = [draft for draft in drafts if draft not in spared]
    record_states(by=by, decided=[(draft, State.SUBMITTED, event.seq) for draft in waiting])
    _accept_by_policy(by, spared)
    order_assessment(found.image, drafts, HANDED_IN)
    return selectors.assignment(by, assignment)


def hold(images: Collection[UUID]) -> None:
    """Lock the assignments of images that verdicts or comments are about. To be called before the first event is
    appended: submitting takes these locks before the log's too, so the two cannot wait for each other."""
    list(Assignment.objects.select_for_update().filter(image__in=images).order_by("id"))


@transaction.atomic
def follow(*, by: User, images: Collection[UUID]) -> None:
    """After verdicts, and when objects are missing or no longer: an image is where `of_image` says."""
    states: dict[UUID, set[str]] = {image: set() for image in images}
    found = Annotation.objects.filter(image__in=images, deleted_at=None).values_list("image", "state").distinct()
    for image, state in found.order_by():
        states[image].add(state)
    lacking = set(Comment.objects.filter(Comment.MISSED, image__in=images).values_list("image", flat=True))
    held = Assignment.objects.select_for_update().filter(image__in=images).exclude(state__in=NOT_HANDED_IN)
    changed = []
    for assignment in held.order_by("id"):
        followed = of_image(states[assignment.image_id], missing=assignment.image_id in lacking)
        if assignment.state != followed:
            assignment.state = followed
            assignment.updated_at = timezone.now()
            changed.append(assignment)
    Assignment.objects.bulk_update(changed, ["state", "updated_at"])
    record(by, changed)


def _states(image: UUID, *, but: State | None = None) -> set[str]:
    annotations = Annotation.objects.filter(image=image, deleted_at=None).exclude(state=but)
    return set(annotations.values_list("state", flat=True).distinct())


def _drafts(assignment: Assignment) -> list[Annotation]:
    annotations = Annotation.objects.select_for_update().filter(image=assignment.image_id, deleted_at=None)
    rows = list(annotations.filter(Q(state=State.DRAFT) | Q(state=State.REJECTED)).order_by("id"))
    rejected = sum(row.state == State.REJECTED for row in rows)
    if rejected:
        masks = "1 rejected annotation has" if rejected == 1 else f"{rejected} rejected annotations have"
        raise Conflict(
            "rejected_unchanged", f"{masks} not been changed. Mend or delete what was rejected, then submit."
        )
    return rows


def _require_answers(assignment: Assignment) -> None:
    n = Comment.objects.filter(Comment.MISSED, image=assignment.image_id).count()
    if n:
        things = "1 missing object is" if n == 1 else f"{n} missing objects are"
        raise Conflict(
            "missing_unanswered",
            f"{things} still pointed at. Draw it or say why not, resolve the pin under Comments, then submit.",
        )


def _require_attributes(drafts: Sequence[Annotation]) -> None:
    """Attributes are said of objects; of a tag there is nothing more to say."""
    classes = LabelClass.objects.in_bulk({draft.label_class_id for draft in drafts})
    lacking = [
        (draft, names)
        for draft in drafts
        if draft.kind != Kind.TAG and (names := unsaid(classes[draft.label_class_id].attributes, draft.attributes))
    ]
    if lacking:
        draft, names = lacking[0]
        things = "1 object lacks" if len(lacking) == 1 else f"{len(lacking)} objects lack"
        what = f"{classes[draft.label_class_id].name}: {', '.join(names)}"
        ids = [str(draft.id) for draft, _ in lacking]
        raise Conflict("attributes_missing", f"{things} what has to be said of them ({what}).", annotations=ids)


def _spared(project: Project, drafts: Sequence[Annotation]) -> list[Annotation]:
    """Those of an image's drafts that the project's policy accepts; marks the members of the random sample, and what it
    is to be asked about again when a worker has looked."""
    policy = Policy.from_json(project.review)
    earlier = {id: tally.handed_in(project.id, id) for id in {row.created_by_id for row in drafts}}
    spared = []
    for draft in drafts:
        draft.sampled = drawn(draft.id, policy.sample)
        reason = because(
            policy,
            annotation=draft.id,
            label_class=draft.label_class_id,
            confidence=draft.confidence,
            earlier=earlier[draft.created_by_id],
            judged=bool(draft.review and draft.review["by"]),
        )
        earlier[draft.created_by_id] += 1
        unseen = can_be_assessed(draft) and draft.assessed is None
        draft.provisional = unseen and policy.below < 1 and reason in (None, Because.BELOW)
        if reason is None and not draft.provisional:
            spared.append(draft)
    return spared


@transaction.atomic
def ask_policy_again(annotations: Sequence[Annotation]) -> None:
    """Accept what the policy would have accepted, had it known what is known of these now. They wait, they are locked
    with their image's assignment, and nothing but their confidence asked for a look."""
    policy = Policy.from_json(annotations[0].project.review)
    spared = [row for row in annotations if policy.below < 1 and row.confidence >= policy.below]
    for row in annotations:
        row.provisional = False
    Annotation.objects.filter(id__in=[row.id for row in annotations]).update(provisional=False)
    if spared:
        by = spared[0].created_by
        _accept_by_policy(by, spared)
        follow(by=by, images={row.image_id for row in spared})


def _accept_by_policy(by: User, annotations: Sequence[Annotation]) -> None:
    if not annotations:
        return
    now = timezone.now().isoformat()
    for row in annotations:
        row.verdict = Annotation.Standing.POLICY
        row.review = {
            "verdict": "policy", "reason": "", "comment": "", "by": None, "at": now, "version": row.version
        }  # fmt: skip
    data = {"annotations": [str(row.id) for row in annotations]}
    entry = Entry("policy.accepted", object=annotations[0].image_id, image=annotations[0].image_id, data=data)
    (event,) = append(project=annotations[0].project_id, by=None, entries=[entry])
    record_states(by=by, decided=[(row, State.ACCEPTED, event.seq) for row in annotations])
