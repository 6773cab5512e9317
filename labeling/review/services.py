"""Verdicts, and taking them back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from rest_framework.exceptions import PermissionDenied

from labeling.accounts.models import User
from labeling.annotations import limits
from labeling.annotations import selectors as annotations
from labeling.annotations.assessing import evidence_of
from labeling.annotations.models import Annotation
from labeling.annotations.policy import Policy
from labeling.annotations.services import Stale
from labeling.annotations.states import Resubmission, State
from labeling.annotations.versions import write_states
from labeling.events.services import Entry, append
from labeling.projects.models import Project
from labeling.projects.roles import Permission
from labeling.projects.selectors import access
from labeling.rest import Conflict, invalid, not_found
from labeling.review import claims, comments, counters, queue
from labeling.review.disputes import Panel
from labeling.review.evidence import order_calibration
from labeling.review.following import follow, hold
from labeling.review.models import Claim, Verdict
from labeling.review.refusals import require_each
from labeling.review.states import after


@dataclass(frozen=True)
class Judgement:
    """A verdict as a reviewer gives it, on the version that they saw."""

    annotation: UUID
    verdict: Verdict.Choice
    version: int
    reason: str = ""
    comment: str = ""
    seconds: float | None = None


@transaction.atomic
def judge(*, by: User, project: UUID, judgements: Sequence[Judgement], tab: UUID | None = None) -> list[Verdict]:
    """Record verdicts on annotations of one project, all or nothing. What else `tab` holds it goes on holding.

    Raises, for the first that cannot be judged, with `refused` about each of them:
        NotFound: there is no such annotation.
        Stale: an annotation is not the version that was judged.
        Conflict: it does not wait for a verdict, another reviewer holds it, it is one's own, or it waits for another
            reviewer than the one who has accepted it.
        ValidationError: a rejection without one of the project's reasons; or, without `refused`, too many bytes.
    """
    found = access(by, project, Permission.REVIEW)
    ids = [judgement.annotation for judgement in judgements]
    _hold_images(found, ids)
    locked = _locked(found, ids)
    bench = Bench(found, by, claims.of_another(by, ids), claims.mine(by, ids), Panel.of(found, by.id))
    _require_judgeable(bench, locked, judgements)
    Claim.objects.filter(annotation__in=ids).delete()
    if tab:
        claims.renew(by=by, project=project, tab=tab)
    return _record(bench, [(locked[judgement.annotation], judgement) for judgement in judgements])


@transaction.atomic
def undo(*, by: User, project: UUID, verdicts: Collection[UUID], tab: UUID = claims.NO_TAB) -> list[Annotation]:
    """Take back one's own latest verdicts in a project, all or nothing, as long as nothing came after them: the
    annotations wait as before, claimed for this tab. The verdicts are kept, and the log says that they were taken back.

    Raises, for the first that cannot be taken back, with `refused` about each of them:
        NotFound, PermissionDenied: no such verdict, or not one's own.
        Conflict: the annotation was changed or judged since, or the verdict was taken back already.
        ValidationError: the annotations are too many bytes together.
    """
    found = access(by, project, Permission.REVIEW, what="verdict")
    given = list(Verdict.objects.filter(id__in=verdicts, project=project).select_related("by").order_by("at", "id"))
    if len(given) < len(set(verdicts)):
        raise not_found("verdict")
    _hold_images(found, [each.annotation_id for each in given])
    locked = _locked(found, [each.annotation_id for each in given])
    _require_last(by, locked, given)
    rows = [locked[each.annotation_id] for each in given]
    Verdict.objects.filter(id__in=verdicts).update(undone_at=timezone.now())
    claims.give(by=by, annotations=list(locked), tab=tab)
    data = [{"verdict": each.verdict, "version": each.version, "state": State.SUBMITTED.value} for each in given]
    entries = [Entry("verdict.undone", row.id, row.image_id, said) for row, said in zip(rows, data, strict=True)]
    unsaid = comments.unsaid_with(given)
    _stand_as_before(by, rows, {each.annotation_id: each for each in given})
    decided = [(row, State.SUBMITTED, entry) for entry, row in enumerate(rows)]
    written = write_states(by=by, project=found.id, decided=decided)
    entries += unsaid + follow(images={row.image_id for row in rows})
    written.name_events(append(project=found.id, by=by, entries=entries))
    counters.count(found.id, given, sign=-1)
    return sorted(rows, key=queue.place_and_id)


@dataclass(frozen=True)
class Bench:
    """Who judges in which project, and who holds what of that which is judged."""

    project: Project
    by: User
    held_by_others: dict[UUID, Claim]
    mine: set[UUID]
    panel: Panel

    @property
    def policy(self) -> Policy:
        return Policy.from_json(self.project.review)

    def check(self, annotation: Annotation | None, judgement: Judgement) -> None:
        """Raises what `judge` does."""
        if annotation is None:
            annotations.annotation(self.by, judgement.annotation)
            raise invalid("another_project", "This annotation is not in this project.", "annotation")
        if annotation.deleted_at:
            raise Stale("This annotation was deleted in the meantime.", annotation)
        if annotation.version != judgement.version:
            who = annotation.updated_by.name
            raise Stale(f"{who} changed this annotation after you saw it. Look at it as it is now.", annotation)
        if annotation.state != State.SUBMITTED:
            raise Conflict("not_waiting", f"This annotation does not wait for a verdict: it is {annotation.state}.")
        claim = self.held_by_others.get(annotation.id)
        if claim is not None:
            name = claim.reviewer.name
            raise Conflict("claimed", f"{name} is looking at this annotation now.", by=name)
        self._require_other_eyes(annotation)
        reasons = self.project.reject_reasons
        if judgement.verdict == Verdict.Choice.REJECTED and judgement.reason not in reasons:
            raise invalid("reason_missing", f"Say why: {', '.join(reasons)}.", "reason")

    def _require_other_eyes(self, annotation: Annotation) -> None:
        if annotation.approved_by_id == self.by.id:
            raise Conflict("second_reviewer", "You have accepted this; it waits for another reviewer to accept it too.")
        if self.panel.bars(annotation):
            raise Conflict("disputed", "You rejected this and its annotator disputes that. Someone else has to decide.")
        # Whoever got it from the queue has not drawn it, and what they changed since is their fix.
        mended = annotation.updated_by_id == self.by.id and annotation.id not in self.mine
        if (annotation.created_by_id == self.by.id or mended) and not self.policy.own:
            raise Conflict("own_annotation", "This one is yours: someone else has to review it.")


def _hold_images(project: Project, ids: Sequence[UUID]) -> None:
    """Lock the assignments of these annotations' images before the annotations, whose image never changes."""
    hold(set(Annotation.objects.filter(id__in=ids, project=project).values_list("image", flat=True)))


def _locked(project: Project, ids: Sequence[UUID]) -> dict[UUID, Annotation]:
    """The project's annotations of these ids. Raises ValidationError if they are too many bytes together."""
    # Locked before it is read with its people: PostgreSQL leaves out a row whose joined row changes while it waits.
    rows = Annotation.objects.filter(id__in=ids, project=project)
    locked = rows.select_for_update().order_by("id").values_list("id", "content_bytes")
    limits.require_light([size for _, size in locked])
    return {row.id: row for row in annotations.with_people(rows).filter(image__deleted_at=None)}


def _require_judgeable(bench: Bench, locked: dict[UUID, Annotation], judgements: Sequence[Judgement]) -> None:
    require_each(
        (judgement.annotation, partial(bench.check, locked.get(judgement.annotation), judgement))
        for judgement in judgements
    )


def _require_last(by: User, locked: dict[UUID, Annotation], given: Sequence[Verdict]) -> None:
    latest = _latest(locked)
    require_each(
        (each.annotation_id, partial(_check_last, by, locked.get(each.annotation_id), each, latest)) for each in given
    )


def _check_last(by: User, annotation: Annotation | None, given: Verdict, latest: dict[UUID, Verdict]) -> None:
    """Whether the verdict is the user's and the latest thing that happened to its annotation."""
    if given.by_id != by.id:
        raise PermissionDenied(f"{given.by.name} gave this verdict: only they can take it back.")
    if annotation and given.verdict == Verdict.Choice.REJECTED and annotation.resubmission == Resubmission.DISPUTED:
        raise Conflict(
            "too_late", "Its annotator has disputed the rejection, so it can no longer be undone. Someone else decides."
        )
    if annotation is None or annotation.deleted_at or annotation.version != given.version:
        raise Conflict("too_late", "The annotation was changed since, so the verdict cannot be taken back any more.")
    if latest.get(annotation.id) != given:
        raise Conflict("too_late", "This verdict was taken back already, or another one came after it.")


def _record(bench: Bench, judged: Sequence[tuple[Annotation, Judgement]]) -> list[Verdict]:
    """Record all verdicts at once and append last, so that a sheet locks the log hardly longer than one verdict."""
    verdicts = Verdict.objects.bulk_create([_verdict(bench, annotation, given) for annotation, given in judged])
    states = [_decide(bench, annotation, verdict) for (annotation, _), verdict in zip(judged, verdicts, strict=True)]
    entries = [
        Entry("verdict.given", annotation.id, annotation.image_id, {**_review(verdict), "state": state.value})
        for (annotation, _), verdict, state in zip(judged, verdicts, states, strict=True)
    ]
    rows = [annotation for annotation, _ in judged]
    said = comments.said_with(verdicts)
    comments.index(rows)
    decided = [(row, state, entry) for entry, (row, state) in enumerate(zip(rows, states, strict=True))]
    written = write_states(by=bench.by, project=bench.project.id, decided=decided)
    entries += said + follow(images={row.image_id for row in rows})
    order_calibration(bench.project.id)
    written.name_events(append(project=bench.project.id, by=bench.by, entries=entries))
    counters.count(bench.project.id, verdicts)
    return verdicts


def _verdict(bench: Bench, annotation: Annotation, judgement: Judgement) -> Verdict:
    evidence = evidence_of(annotation, fixed=judgement.verdict == Verdict.Choice.FIXED)
    return Verdict(
        annotation=annotation,
        project=bench.project.id,
        label_class=annotation.label_class_id,
        annotator=annotation.created_by_id,
        verdict=judgement.verdict,
        version=judgement.version,
        confidence=annotation.confidence,
        evidence=evidence,
        evidence_at=timezone.now() if evidence else None,
        resubmission=annotation.resubmission,
        sampled=annotation.sampled,
        # The policy's own word is by nobody.
        again=bool(annotation.review and annotation.review["by"]),
        seconds=judgement.seconds,
        reason=judgement.reason if judgement.verdict == Verdict.Choice.REJECTED else "",
        comment=judgement.comment,
        by=bench.by,
    )


def _decide(bench: Bench, annotation: Annotation, verdict: Verdict) -> State:
    """What the verdict makes of the annotation, which is yet to be saved."""
    needs_two = bench.policy.needs_two(annotation.label_class_id)
    state = after(verdict.verdict, needs_two=needs_two, approved=annotation.approved_by_id is not None)
    annotation.review = _review(verdict)
    if state == State.SUBMITTED:
        annotation.approved_by = bench.by
    else:
        annotation.verdict = verdict.verdict
        annotation.resubmission = annotation.disputed_with = None
    return state


def _latest(annotations: Iterable[UUID], **which: Any) -> dict[UUID, Verdict]:
    """The newest verdict on each of these annotations that was not taken back, of those with these fields."""
    standing = Verdict.objects.filter(annotation__in=list(annotations), undone_at=None, **which).select_related("by")
    return {verdict.annotation_id: verdict for verdict in standing.order_by("at", "id")}


def _stand_as_before(by: User, rows: Sequence[Annotation], undone: Mapping[UUID, Verdict]) -> None:
    """After a verdict was taken back, what the one before it said stands; the annotations are yet to be saved."""
    latest = _latest(row.id for row in rows)
    disputed = [row.id for row in rows if undone[row.id].resubmission == Resubmission.DISPUTED]
    # In between, the first of two reviewers may have accepted it.
    rejections = _latest(disputed, verdict=Verdict.Choice.REJECTED)
    for row in rows:
        before = latest.get(row.id)
        row.review = _review(before) if before else None
        row.verdict = None
        row.resubmission = undone[row.id].resubmission
        row.disputed_with = rejections[row.id].by if row.id in rejections else None
        if row.approved_by_id == by.id:
            row.approved_by = None
    comments.index(rows)


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
