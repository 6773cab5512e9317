"""Images go to and fro: handed in by their annotator, then where their verdicts and missing objects lead them."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from labeling.accounts.models import User
from labeling.annotations import limits, tally
from labeling.annotations.assessing import can_be_assessed, confidence_of, order_assessment
from labeling.annotations.models import Annotation
from labeling.annotations.policy import Because, Policy, because, drawn
from labeling.annotations.states import State
from labeling.annotations.versions import write_states
from labeling.assignments import selectors
from labeling.assignments.models import Assignment
from labeling.assignments.services import entries_of, locked, move
from labeling.events.services import Entry, append
from labeling.projects.attributes import missing as unsaid
from labeling.projects.models import Kind, LabelClass, Project
from labeling.rest import Conflict
from labeling.review.models import Comment
from labeling.review.states import of_image

# Of these nobody has judged anything yet, or nobody will.
NOT_HANDED_IN = (Assignment.State.OPEN, Assignment.State.SKIPPED)
# Drafts per transaction: few enough that other writers wait less than half a second on SQLite. Large ones are fewer.
SLICE = 500


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
    drafts = list(_drafts(found.image_id))
    _require_complete(found)
    spared = _decide(found.project, drafts)
    states = {State.ACCEPTED if draft in spared else State.SUBMITTED for draft in drafts}
    state = of_image(_states(found.image_id, but=State.DRAFT) | states, missing=False)
    if found.state == state and not drafts:
        return selectors.assignment(by, assignment)
    move(found, state)
    _hand_in(by, found, drafts, spared, entries_of([found])[0])
    return selectors.assignment(by, assignment)


def submit_ahead(*, by: User, assignment: UUID) -> None:
    """Submit an image's drafts except the last slice, one transaction per slice, so that no other writer waits long.

    The assignment does not change until `submit`, which does the rest. Both may be repeated at any point. Raises what
    `submit` raises, before anything is submitted.
    """
    while _submit_slice(by, assignment):
        pass


@transaction.atomic
def _submit_slice(by: User, assignment: UUID) -> bool:
    """Submit the first slice of the drafts if there is more than one. Returns whether there was."""
    found = locked(by=by, assignment=assignment)
    sizes = list(_drafts(found.image_id).values_list("id", "content_bytes")[: SLICE + 1])
    amount = min(SLICE, limits.fitting(size for _, size in sizes))
    if len(sizes) <= amount:
        return False
    _require_complete(found)
    drafts = list(_drafts(found.image_id).filter(id__in=[id for id, _ in sizes[:amount]]))
    entry = Entry("annotations.submitted", object=found.id, image=found.image_id, data={"count": len(drafts)})
    _hand_in(by, found, drafts, _decide(found.project, drafts), entry)
    return True


def _decide(project: Project, drafts: Sequence[Annotation]) -> set[Annotation]:
    """Update the confidence of drafts. Returns those that the project's policy accepts."""
    for draft in drafts:
        draft.confidence = confidence_of(draft, project)
    return set(_spared(project, drafts))


def _hand_in(
    by: User, assignment: Assignment, drafts: Sequence[Annotation], spared: set[Annotation], entry: Entry
) -> None:
    """Write the drafts' states, then the log: `entry`, and one more entry for drafts that the policy accepted."""
    accepted = [draft for draft in drafts if draft in spared]
    entries = [entry, *_accept_by_policy(accepted)]
    decided = [(draft, *((State.ACCEPTED, 1) if draft in spared else (State.SUBMITTED, 0))) for draft in drafts]
    written = write_states(by=by, project=assignment.project_id, decided=decided)
    order_assessment(assignment.image, drafts)
    written.name_events(append(project=assignment.project_id, by=by, entries=entries))


def hold(images: Collection[UUID]) -> None:
    """Lock the assignments of images before their annotations are locked (docs/locks.md).

    Submitting locks in the same order, so the two cannot wait for each other.
    """
    list(Assignment.objects.select_for_update().filter(image__in=images).order_by("id"))


@transaction.atomic
def follow(*, images: Collection[UUID]) -> list[Entry]:
    """Update the state of images after verdicts and after changes of missing objects, as `of_image` says.

    The caller has locked the assignments and appends the returned entries.
    """
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
    return entries_of(changed)


def _states(image: UUID, *, but: State | None = None) -> set[str]:
    annotations = Annotation.objects.filter(image=image, deleted_at=None).exclude(state=but)
    return set(annotations.values_list("state", flat=True).distinct())


def _drafts(image: UUID) -> QuerySet[Annotation]:
    return Annotation.objects.select_for_update().filter(image=image, deleted_at=None, state=State.DRAFT).order_by("id")


def _require_complete(assignment: Assignment) -> None:
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
            "rejected_unchanged", f"{masks} not been changed. Mend or delete what was rejected, then submit."
        )


def _require_answers(assignment: Assignment) -> None:
    n = Comment.objects.filter(Comment.MISSED, image=assignment.image_id).count()
    if n:
        things = "1 missing object is" if n == 1 else f"{n} missing objects are"
        raise Conflict(
            "missing_unanswered",
            f"{things} still pointed at. Draw it or say why not, resolve the pin under Comments, then submit.",
        )


def _require_attributes(assignment: Assignment) -> None:
    """Attributes are said of objects; of a tag there is nothing more to say."""
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
    if not spared:
        return
    by, project = spared[0].created_by, spared[0].project_id
    entries = _accept_by_policy(spared)
    written = write_states(by=by, project=project, decided=[(row, State.ACCEPTED, 0) for row in spared])
    entries += follow(images={row.image_id for row in spared})
    written.name_events(append(project=project, by=by, entries=entries))


def _accept_by_policy(annotations: Sequence[Annotation]) -> list[Entry]:
    """Mark annotations of one image as accepted by policy. Returns the log entry, if there are any."""
    if not annotations:
        return []
    now = timezone.now().isoformat()
    for row in annotations:
        row.verdict = Annotation.Standing.POLICY
        row.review = {
            "verdict": "policy", "reason": "", "comment": "", "by": None, "at": now, "version": row.version
        }  # fmt: skip
    data = {"annotations": [str(row.id) for row in annotations]}
    image = annotations[0].image_id
    return [Entry("policy.accepted", object=image, image=image, data=data, by_policy=True)]
