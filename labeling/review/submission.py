"""Submitting images, and the policy that says what of it goes to the reviewers."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from labeling.accounts.models import User
from labeling.annotations import limits, tally
from labeling.annotations.assessing import can_be_assessed, confidence_of, order_assessment
from labeling.annotations.models import Annotation
from labeling.annotations.policy import Because, Policy, because, drawn, reviews_nothing
from labeling.annotations.states import State
from labeling.annotations.versions import write_states
from labeling.assignments import selectors
from labeling.assignments.models import Assignment
from labeling.assignments.services import entries_of, locked, move
from labeling.events.models import Event
from labeling.events.services import Entry, append
from labeling.projects.models import Project
from labeling.rest import Conflict
from labeling.review.completeness import require_complete
from labeling.review.following import follow
from labeling.review.models import Comment
from labeling.review.states import of_image

HANDED_IN = (Assignment.State.SUBMITTED, Assignment.State.DONE)
# Drafts per transaction: few enough that other writers wait less than half a second on SQLite. Large ones are fewer.
SLICE = 500


@transaction.atomic
def submit(*, by: User, assignment: UUID, nothing_to_label: bool = False) -> Assignment:
    """Hand an image in: its drafts go to the reviewers. Where nothing is left to judge, it is done.

    The project's policy says what goes to the reviewers; the rest is accepted, visibly by policy and by nobody. That
    there is nothing to label has to be said, and is reviewed as the policy says. Handing in twice is harmless; what was
    drawn in between goes with the second time.

    Raises:
        PermissionDenied: it is someone else's.
        Conflict: something that was rejected has not been touched, an object that is missing has not been answered, or
            one lacks an attribute that it has to have; nothing is labeled, and nobody said that there is nothing.
    """
    found = locked(by=by, assignment=assignment)
    drafts = list(_drafts(found.image_id))
    require_complete(found)
    others = _states(found.image_id, but=State.DRAFT)
    empty = not (drafts or others)
    if empty and found.nothing_to_label and found.state in HANDED_IN:
        return submitted(by, found)
    _require_meant(nothing_to_label, empty=empty)
    before = _before(found)
    spared = _decide(found.project, drafts)
    _set_image_review(found, empty=empty)
    states = {State.ACCEPTED if draft in spared else State.SUBMITTED for draft in drafts}
    state = of_image(others | states, missing=False, look=bool(found.image_review))
    if found.state == state and not (drafts or empty):
        return submitted(by, found)
    move(found, state)
    submission = {"before": before, "image_review": found.image_review}
    entry = entries_of([found], submission=submission)[0]
    _hand_in(by, found, drafts, spared, entry, nothing_spared=empty and not found.image_review)
    return submitted(by, found)


def submitted(by: User, assignment: Assignment) -> Assignment:
    """The assignment as the API shows it, with the number of its latest submission."""
    shown = selectors.assignment(by, assignment.id)
    latest = latest_submission(assignment)
    shown.submission = latest.seq if latest else None
    return shown


def latest_submission(assignment: Assignment) -> Event | None:
    """The event of the latest submission; it names all versions that the last slice made."""
    events = Event.objects.filter(object=assignment.id, project=assignment.project_id, kind="assignment.changed")
    return events.filter(data__has_key="submission").order_by("-seq").first()


def _require_meant(nothing_to_label: bool, *, empty: bool) -> None:
    if empty and not nothing_to_label:
        raise Conflict(
            "nothing_labeled",
            "Nothing is labeled on this image. If there is nothing to label, confirm that and submit again.",
        )
    if nothing_to_label and not empty:
        raise Conflict("not_empty", "This image has objects by now. Look at them, then submit again.")


def _before(assignment: Assignment) -> dict[str, Any]:
    """The state that taking the submission back restores."""
    return {
        "state": assignment.state,
        "skip_reason": assignment.skip_reason,
        "nothing_to_label": assignment.nothing_to_label,
        "image_review": assignment.image_review,
        "leased": assignment.lease_until is not None,
    }


def _set_image_review(assignment: Assignment, *, empty: bool) -> None:
    """Set whether a reviewer has to look at the image itself. What was deleted from it stays to be looked at."""
    assignment.nothing_to_label = empty
    if empty and _reviews_nothing(assignment):
        assignment.image_review = Assignment.ImageReview.NOTHING_TO_LABEL
    elif assignment.image_review == Assignment.ImageReview.NOTHING_TO_LABEL:
        assignment.image_review = ""


def _reviews_nothing(assignment: Assignment) -> bool:
    returned = Comment.objects.filter(image=assignment.image_id, kind=Comment.Kind.MISSING, deleted_at=None).exists()
    return reviews_nothing(
        Policy.from_json(assignment.project.review),
        assignment=assignment.id,
        earlier=tally.handed_in(assignment.project_id, assignment.annotator_id),
        judged=returned,
    )


def submit_ahead(*, by: User, assignment: UUID, nothing_to_label: bool = False) -> None:
    """Submit an image's drafts except the last slice, one transaction per slice, so that no other writer waits long.

    The assignment does not change until `submit`, which does the rest. Both may be repeated at any point. Raises what
    `submit` raises, before anything is submitted.
    """
    while _submit_slice(by, assignment, nothing_to_label=nothing_to_label):
        pass


@transaction.atomic
def _submit_slice(by: User, assignment: UUID, *, nothing_to_label: bool = False) -> bool:
    """Submit the first slice of the drafts if there is more than one. Returns whether there was."""
    found = locked(by=by, assignment=assignment)
    sizes = list(_drafts(found.image_id).values_list("id", "content_bytes")[: SLICE + 1])
    amount = min(SLICE, limits.fitting(size for _, size in sizes))
    if len(sizes) <= amount:
        return False
    require_complete(found)
    _require_meant(nothing_to_label, empty=False)
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
    by: User,
    assignment: Assignment,
    drafts: Sequence[Annotation],
    spared: set[Annotation],
    entry: Entry,
    *,
    nothing_spared: bool = False,
) -> None:
    """Write the drafts' states, then the log: `entry`, and one more entry for what the policy accepted, which may be
    that there is nothing."""
    accepted = [draft for draft in drafts if draft in spared]
    entries = [entry, *_accept_by_policy(accepted)]
    if nothing_spared:
        data = {"annotations": [], "nothing_to_label": True}
        entries.append(Entry("policy.accepted", assignment.image_id, assignment.image_id, data, by_policy=True))
    decided = [(draft, *((State.ACCEPTED, 1) if draft in spared else (State.SUBMITTED, 0))) for draft in drafts]
    written = write_states(by=by, project=assignment.project_id, decided=decided)
    order_assessment(assignment.image, drafts)
    written.name_events(append(project=assignment.project_id, by=by, entries=entries))


def _states(image: UUID, *, but: State | None = None) -> set[str]:
    annotations = Annotation.objects.filter(image=image, deleted_at=None).exclude(state=but)
    return set(annotations.values_list("state", flat=True).distinct())


def _drafts(image: UUID) -> QuerySet[Annotation]:
    return Annotation.objects.select_for_update().filter(image=image, deleted_at=None, state=State.DRAFT).order_by("id")


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
    spared = [row for row in annotations if not policy.requires_review(row.confidence)]
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
