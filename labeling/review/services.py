"""Claims and verdicts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from labeling.accounts.models import User
from labeling.annotations import selectors as annotations
from labeling.annotations.models import Annotation
from labeling.annotations.services import Stale, record_states
from labeling.annotations.states import State
from labeling.assignments.services import follow_verdict, hold
from labeling.events.services import Entry, append
from labeling.projects.models import Project
from labeling.projects.roles import Permission
from labeling.projects.selectors import access
from labeling.rest import Conflict, invalid
from labeling.review import selectors
from labeling.review.models import Claim, Verdict

LEASE = timedelta(minutes=5)

STATE_AFTER = {
    Verdict.Choice.ACCEPTED: State.ACCEPTED,
    Verdict.Choice.FIXED: State.ACCEPTED,
    Verdict.Choice.REJECTED: State.REJECTED,
}


@dataclass(frozen=True)
class Judgement:
    """A verdict as a reviewer gives it, on the version that they saw."""

    annotation: UUID
    verdict: Verdict.Choice
    version: int
    reason: str = ""
    comment: str = ""


@transaction.atomic
def claim_next(*, by: User, project: UUID, skip: Collection[UUID] = ()) -> Annotation | None:
    """The least certain annotation that no one else holds, claimed for five minutes; None when nothing waits.

    A reviewer holds one at a time: claiming lets go of the one before.
    """
    annotation = _lock_next(by, access(by, project, Permission.REVIEW), skip)
    Claim.objects.filter(reviewer=by).delete()
    if annotation is not None:
        until = timezone.now() + LEASE
        claim, _ = Claim.objects.update_or_create(annotation=annotation, defaults={"reviewer": by, "until": until})
        annotation.claim = claim
    return annotation


@transaction.atomic
def judge(*, by: User, project: UUID, judgements: Sequence[Judgement]) -> list[Verdict]:
    """Record verdicts on annotations of one project, all or nothing.

    Raises:
        NotFound: there is no such annotation.
        Stale: an annotation is not the version that was judged.
        Conflict: it does not wait for a verdict, or another reviewer holds it.
        ValidationError: a rejection without one of the project's reasons.
    """
    found = access(by, project, Permission.REVIEW)
    ids = [judgement.annotation for judgement in judgements]
    rows = Annotation.objects.select_for_update(of=("self",)).select_related("image")
    locked = {row.id: row for row in rows.filter(id__in=ids, project=found, image__deleted_at=None).order_by("id")}
    for judgement in judgements:
        if judgement.annotation not in locked:
            annotations.annotation(by, judgement.annotation)
            raise invalid("another_project", "This annotation is not in this project.", "annotation")
        _check(found, by, locked[judgement.annotation], judgement)
    Claim.objects.filter(annotation__in=ids).delete()
    hold({row.image_id for row in locked.values()})
    return [_record(found, by, locked[judgement.annotation], judgement) for judgement in judgements]


def _lock_next(by: User, project: Project, skip: Collection[UUID]) -> Annotation | None:
    candidates = selectors.next_for(by, project, skip)
    if connection.features.has_select_for_update_skip_locked:
        candidates = candidates.select_for_update(skip_locked=True, of=("self",))
    annotation = candidates.first()
    if annotation is not None and _claim_of_another(by, annotation):
        # Claimed between our look and our lock.
        return _lock_next(by, project, {*skip, annotation.id})
    return annotation


def _claim_of_another(by: User, annotation: Annotation) -> Claim | None:
    claims = Claim.objects.filter(annotation=annotation, until__gt=timezone.now()).exclude(reviewer=by)
    return claims.select_related("reviewer").first()


def _check(project: Project, by: User, annotation: Annotation, judgement: Judgement) -> None:
    if annotation.deleted_at:
        raise Stale("This annotation was deleted in the meantime.", annotation)
    if annotation.version != judgement.version:
        who = annotation.updated_by.name
        raise Stale(f"{who} changed this annotation after you saw it. Look at it as it is now.", annotation)
    if annotation.state != State.SUBMITTED:
        raise Conflict("not_waiting", f"This annotation does not wait for a verdict: it is {annotation.state}.")
    claim = _claim_of_another(by, annotation)
    if claim is not None:
        name = claim.reviewer.name
        raise Conflict("claimed", f"{name} is looking at this annotation now.", by=name)
    if judgement.verdict == Verdict.Choice.REJECTED and judgement.reason not in project.reject_reasons:
        raise invalid("reason_missing", f"Say why: {', '.join(project.reject_reasons)}.", "reason")


def _record(project: Project, by: User, annotation: Annotation, judgement: Judgement) -> Verdict:
    verdict = Verdict.objects.create(
        annotation=annotation,
        project=project.id,
        verdict=judgement.verdict,
        version=judgement.version,
        confidence=annotation.confidence,
        reason=judgement.reason if judgement.verdict == Verdict.Choice.REJECTED else "",
        comment=judgement.comment,
        by=by,
    )
    state = STATE_AFTER[judgement.verdict]
    review = _review(verdict)
    entry = Entry(
        "verdict.given", object=annotation.id, image=annotation.image_id, data={**review, "state": state.value}
    )
    (event,) = append(project=project.id, by=by, entries=[entry])
    record_states(by=by, annotations=[annotation], state=state, seq=event.seq, review=review)
    follow_verdict(by=by, image=annotation.image_id)
    return verdict


def _review(verdict: Verdict) -> dict[str, Any]:
    """What is kept beside the annotation for whoever has to mend it."""
    return {
        "verdict": verdict.verdict,
        "reason": verdict.reason,
        "comment": verdict.comment,
        "by": {"id": str(verdict.by_id), "name": verdict.by.name},
        "at": verdict.at.isoformat(),
        "version": verdict.version,
    }
