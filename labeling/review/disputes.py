"""An annotator answers a rejection: "I think it is right". Somebody else than the reviewer who rejected it decides."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from rest_framework.exceptions import PermissionDenied

from labeling.accounts.models import User
from labeling.annotations import selectors as annotations
from labeling.annotations.models import Annotation
from labeling.annotations.policy import Policy
from labeling.annotations.services import Stale
from labeling.annotations.states import Resubmission, State
from labeling.annotations.versions import write_states
from labeling.assignments.models import Assignment
from labeling.events.services import Entry, append
from labeling.projects.models import Project
from labeling.projects.roles import Permission
from labeling.projects.selectors import members_who_may
from labeling.rest import Conflict
from labeling.review import comments
from labeling.review.following import follow, hold
from labeling.review.states import Decider, who_decides


@transaction.atomic
def dispute(*, by: User, annotation: UUID, expected: int, comment: str = "") -> tuple[Annotation, Decider]:
    """Send a rejected annotation back to review as it is. Returns it with who decides.

    Raises:
        PermissionDenied: somebody else labeled it, and the image is not assigned to this person.
        Stale: it was changed or deleted in the meantime.
        Conflict: it is not rejected.
    """
    seen = annotations.annotation(by, annotation, Permission.ANNOTATE, deleted=True)
    _require_annotator(by, seen)
    hold([seen.image_id])
    list(Annotation.objects.select_for_update().filter(id=annotation).values_list("id"))
    row = annotations.annotation(by, annotation, Permission.ANNOTATE, deleted=True)
    _require_rejected(row, expected)
    rejecter = UUID(_verdict(row)["by"]["id"])
    row.resubmission, row.disputed_with_id = Resubmission.DISPUTED, rejecter
    # Somebody decides now, not the policy.
    row.provisional = False
    said = comments.disputed_with(row, by=by, text=comment) if comment else []
    comments.index([row])
    written = write_states(by=by, project=row.project_id, decided=[(row, State.SUBMITTED, 0)])
    data = {"version": row.version, "state": row.state, "comment": comment}
    entries = [Entry("annotation.disputed", row.id, row.image_id, data), *said, *follow(images=[row.image_id])]
    written.name_events(append(project=row.project_id, by=by, entries=entries))
    return row, Panel.of(row.project, rejecter).decider(row)


@dataclass(frozen=True)
class Panel:
    """Everybody who may review in a project, as far as disputes of one reviewer's rejections are concerned.

    Who rejected an annotation decides about the dispute only if nobody else may.
    """

    rejecter: UUID
    reviewers: Mapping[UUID, Collection[str]]
    own: bool

    @classmethod
    def of(cls, project: Project, rejecter: UUID) -> "Panel":
        reviewers = members_who_may(project, Permission.REVIEW)
        return cls(rejecter, reviewers, Policy.from_json(project.review).own)

    def decider(self, annotation: Annotation) -> Decider:
        excluded: set[UUID | None] = {annotation.approved_by_id}
        if not self.own:
            excluded |= {annotation.created_by_id, annotation.updated_by_id}
        return who_decides(rejecter=self.rejecter, reviewers=self.reviewers, excluded=excluded)

    def bars(self, annotation: Annotation) -> bool:
        """Whether somebody else than the rejecter has to decide about this annotation."""
        return annotation.disputed_with_id == self.rejecter and self.decider(annotation) != Decider.REJECTER

    def barred(self) -> Q:
        """The annotations for which `bars` holds."""
        disputed = Q(disputed_with=self.rejecter)
        others = [user for user in self.reviewers if user != self.rejecter]
        if not others:
            return Q(pk__in=[])
        # Two people at most made an annotation and one has accepted it, so that of more others one is free.
        if len(others) > (1 if self.own else 3):
            return disputed
        # Compared with NULL in SQL, the negation would be neither true nor false.
        approved = Q(approved_by__isnull=False)
        may_not = [approved & Q(approved_by=user) for user in others]
        if not self.own:
            made = [Q(created_by=user) | Q(updated_by=user) for user in others]
            may_not = [one | other for one, other in zip(may_not, made, strict=True)]
        return disputed & ~reduce(and_, may_not)


def _require_annotator(by: User, annotation: Annotation) -> None:
    if by.id in (annotation.created_by_id, annotation.updated_by_id):
        return
    if not Assignment.objects.filter(image=annotation.image_id, annotator=by).exists():
        detail = f"{annotation.created_by.name} labeled this, so only they can dispute the rejection."
        raise PermissionDenied(detail)


def _require_rejected(annotation: Annotation, expected: int) -> None:
    if annotation.deleted_at:
        raise Stale("This annotation was deleted in the meantime.", annotation)
    if annotation.version != expected:
        raise Stale(f"{annotation.updated_by.name} changed this annotation in the meantime.", annotation)
    if annotation.state != State.REJECTED:
        raise Conflict(
            "not_rejected", f"Only rejected annotations can be disputed, and this one is {annotation.state}."
        )


def _verdict(annotation: Annotation) -> dict[str, Any]:
    """The verdict that stands on a rejected annotation."""
    assert annotation.review is not None
    return dict(annotation.review)
