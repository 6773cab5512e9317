"""Taking a submission back, as long as no reviewer has decided about any of it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from labeling.accounts.models import User
from labeling.annotations import limits
from labeling.annotations.models import Annotation, AnnotationVersion
from labeling.annotations.states import State
from labeling.annotations.versions import write_states
from labeling.assignments import selectors
from labeling.assignments.models import Assignment
from labeling.assignments.services import LEASE, entries_of, locked
from labeling.events.models import Event
from labeling.events.services import Entry, append
from labeling.rest import Conflict
from labeling.review.models import Claim, Comment, Verdict
from labeling.review.submission import latest_submission

# Annotations per transaction, as in submission.py. Large ones are fewer.
SLICE = 500
TAKEN_BACK = "annotations.taken_back"


@transaction.atomic
def take_back(*, by: User, assignment: UUID, submission: int) -> Assignment:
    """Take back an image's latest submission: what it handed in are drafts again, and the image is as it was before.

    Taking it back again is harmless. What was handed in earlier stays with the reviewers.

    Raises:
        PermissionDenied: it is someone else's.
        Conflict: a reviewer has decided about some of it, or something came after it.
    """
    found = locked(by=by, assignment=assignment)
    event = _require_latest(found, submission)
    if _is_taken_back(found, event):
        return selectors.assignment(by, assignment)
    rows = list(_require_unreviewed(found, event))
    _restore(found, event)
    entries = entries_of([found], taken_back=event.seq)
    _to_drafts(by, found, rows, entries)
    return selectors.assignment(by, assignment)


def take_back_ahead(*, by: User, assignment: UUID, submission: int) -> None:
    """Make all annotations of the submission drafts again except the last slice, one transaction per slice.

    `take_back` does the rest. Both may be repeated at any point. Raises what `take_back` raises.
    """
    while _take_back_slice(by, assignment, submission):
        pass


@transaction.atomic
def _take_back_slice(by: User, assignment: UUID, submission: int) -> bool:
    """Make the first slice of the annotations drafts if there is more than one. Returns whether there was."""
    found = locked(by=by, assignment=assignment)
    event = _require_latest(found, submission)
    if _is_taken_back(found, event):
        return False
    rows = _require_unreviewed(found, event)
    sizes = list(rows.values_list("id", "content_bytes")[: SLICE + 1])
    amount = min(SLICE, limits.fitting(size for _, size in sizes))
    if len(sizes) <= amount:
        return False
    _to_drafts(by, found, list(rows.filter(id__in=[id for id, _ in sizes[:amount]])), [])
    return True


def _require_latest(assignment: Assignment, submission: int) -> Event:
    latest = latest_submission(assignment)
    if latest is None or latest.seq != submission:
        raise Conflict("too_late", "The image has been submitted again. Only the latest submission can be taken back.")
    return latest


def _is_taken_back(assignment: Assignment, submission: Event) -> bool:
    later = Event.objects.filter(object=assignment.id, project=assignment.project_id, seq__gt=submission.seq)
    return later.filter(data__taken_back=submission.seq).exists()


def _require_unreviewed(assignment: Assignment, submission: Event) -> QuerySet[Annotation]:
    """The annotations of the submission that are still handed in, to be locked, if nobody has decided about any."""
    _require_in_hand(assignment, submission)
    events = _events_of(assignment, submission)
    ids = _annotations_of(assignment, events)
    began = min(event.at for event in events)
    if _is_reviewed(assignment, submission, ids, began):
        raise Conflict(
            "too_late",
            "A reviewer has already judged part of this image, so the submission can no longer be taken back. "
            "Ask a reviewer to return it.",
        )
    rows = Annotation.objects.select_for_update().filter(id__in=ids, deleted_at=None)
    return rows.filter(state__in=(State.SUBMITTED, State.ACCEPTED)).order_by("id")


def _require_in_hand(assignment: Assignment, submission: Event) -> None:
    states = (Assignment.State.SUBMITTED, Assignment.State.DONE, Assignment.State.RETURNED)
    if assignment.state not in states or str(assignment.annotator_id) != submission.data["annotator"]:
        raise Conflict("too_late", "The image has been reassigned, so the submission can no longer be taken back.")


def _events_of(assignment: Assignment, submission: Event) -> list[Event]:
    """The events of all slices of the submission, and of what the policy accepted with them."""
    log = Event.objects.filter(project=assignment.project_id)
    of_assignment = log.filter(object=assignment.id, seq__lt=submission.seq)
    before = of_assignment.exclude(kind="annotations.submitted").order_by("-seq").first()
    slices = of_assignment.filter(kind="annotations.submitted", seq__gt=before.seq if before else 0)
    seqs = [*slices.values_list("seq", flat=True), submission.seq]
    by_policy = Q(seq__in=[seq + 1 for seq in seqs], kind="policy.accepted", image=assignment.image_id)
    return list(log.filter(Q(seq__in=seqs) | by_policy))


def _annotations_of(assignment: Assignment, events: Sequence[Event]) -> list[UUID]:
    seqs = [event.seq for event in events]
    versions = AnnotationVersion.objects.filter(annotation__image=assignment.image_id, event_seq__in=seqs)
    return list(versions.values_list("annotation", flat=True))


def _is_reviewed(assignment: Assignment, submission: Event, annotations: Sequence[UUID], began: datetime) -> bool:
    """Whether a person has decided about the image, or about any of these annotations, since then."""
    given = Verdict.objects.filter(annotation__in=annotations, undone_at=None, at__gte=began)
    missing = Comment.objects.filter(image=assignment.image_id, kind=Comment.Kind.MISSING, deleted_at=None)
    confirmed = submission.data["submission"]["image_review"] != assignment.image_review
    return given.exists() or missing.filter(at__gte=began).exists() or confirmed


def _restore(assignment: Assignment, submission: Event) -> None:
    """Save the assignment as it was before. A lease begins anew."""
    before = submission.data["submission"]["before"]
    assignment.state = before["state"]
    assignment.skip_reason = before["skip_reason"]
    assignment.nothing_to_label = before["nothing_to_label"]
    assignment.image_review = before["image_review"]
    assignment.lease_until = timezone.now() + LEASE if before["leased"] else None
    assignment.updated_at = timezone.now()
    assignment.save()


def _to_drafts(by: User, assignment: Assignment, rows: Sequence[Annotation], entries: Sequence[Entry]) -> None:
    for row in rows:
        row.verdict, row.approved_by, row.provisional, row.sampled = None, None, False, False
        if row.review and row.review["by"] is None:
            row.review = None
    Claim.objects.filter(annotation__in=[row.id for row in rows]).delete()
    entry = Entry(TAKEN_BACK, object=assignment.id, image=assignment.image_id, data={"count": len(rows)})
    decided = [(row, State.DRAFT, 0) for row in rows]
    written = write_states(by=by, project=assignment.project_id, decided=decided)
    written.name_events(append(project=assignment.project_id, by=by, entries=[entry, *entries]))
