"""What a user may see of assignments, and of the work on images."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from labeling.accounts.models import User
from labeling.annotations.models import Annotation
from labeling.annotations.states import State
from labeling.assignments.models import ActiveTime, Assignment
from labeling.images import selectors as images
from labeling.images.models import Image
from labeling.projects.models import Member, Project
from labeling.projects.roles import Permission
from labeling.projects.selectors import access, annotators
from labeling.rest import not_found

OPEN_STATES = (Assignment.State.OPEN, Assignment.State.RETURNED)
FINISHED_STATES = (Assignment.State.SUBMITTED, Assignment.State.DONE)
Open = Q(state__in=OPEN_STATES)
# Instead of a state, for images that nobody has.
UNASSIGNED = "unassigned"
# Instead of a person, for the images of nobody, and of people who cannot label in the project any more.
NOBODY, FORMER = "nobody", "former"


def with_counts(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """The assignments with `annotation_count`, `rejected_count` and `draft_count` of their images."""
    of_image = Annotation.objects.filter(image=OuterRef("image"), deleted_at=None).order_by().values("image")

    def counted(only: Q | None = None) -> Coalesce:
        return Coalesce(Subquery(of_image.annotate(n=Count("id", filter=only)).values("n")), 0)

    return assignments.select_related("project", "image", "annotator").annotate(
        annotation_count=counted(),
        rejected_count=counted(Q(state=State.REJECTED)),
        draft_count=counted(Q(state=State.DRAFT)),
    )


def mine(user: User) -> QuerySet[Assignment]:
    """What the user has to do, over all projects: what came back first, then in the order it was given."""
    held = Assignment.objects.filter(Open, annotator=user, image__deleted_at=None, project__deleted_at=None)
    current = held.filter(Q(lease_until=None) | Q(lease_until__gt=timezone.now()))
    in_membership = current.filter(project__memberships__user=user)
    return with_counts(in_membership).order_by("-state", "created_at", "id")


def of_project(project: Project) -> QuerySet[Assignment]:
    return with_counts(Assignment.objects.filter(project=project, image__deleted_at=None)).order_by("created_at", "id")


def assignment(user: User, assignment: UUID, permission: Permission = Permission.VIEW) -> Assignment:
    """The assignment, if the user may do this in its project.

    Raises:
        NotFound, PermissionDenied: as `projects.selectors.access` does.
    """
    found = with_counts(Assignment.objects.filter(id=assignment, image__deleted_at=None)).first()
    if found is None:
        raise not_found("assignment")
    access(user, found.project_id, permission, what="assignment")
    return found


def labels_no_more() -> Q:
    """Whether the assignment's annotator has left its project, or may only look."""
    return Q(~Exists(annotators().filter(project=OuterRef("project"), user=OuterRef("annotator"))))


def abandoned(project: UUID) -> QuerySet[Assignment]:
    """Open images of the project that whoever asks for the next one may have: their lease ran out, or their annotator
    labels here no more."""
    lapsed = Q(lease_until__lt=timezone.now())
    held = Assignment.objects.filter(Open, project=project, image__deleted_at=None)
    return held.filter(lapsed | labels_no_more())


def work_of(member: Member) -> dict[str, int]:
    """How many images of the project somebody has, by state."""
    held = Assignment.objects.filter(project=member.project_id, annotator=member.user_id, image__deleted_at=None)
    counts = dict(held.values_list("state").annotate(n=Count("id")).order_by())
    return {state.value: counts.get(state.value, 0) for state in Assignment.State}


def work_on(images: Sequence[Image]) -> dict[UUID, dict[str, Any]]:
    """Assignment and counts of annotations by state for each image of a page, in two queries."""
    ids = [image.id for image in images]
    work: dict[UUID, dict[str, Any]] = {
        id: {"assignment": None, "annotation_counts": {state.value: 0 for state in State}} for id in ids
    }
    for assignment in Assignment.objects.filter(image__in=ids).select_related("annotator"):
        work[assignment.image_id]["assignment"] = assignment
    counts = Annotation.objects.filter(image__in=ids, deleted_at=None).values_list("image", "state")
    for image, state, n in counts.annotate(n=Count("id")).order_by():
        work[image]["annotation_counts"][state] = n
    return work


def filtered(
    project: Project,
    *,
    name: str = "",
    state: str = "",
    annotator: str | UUID | None = None,
    open_for: User | None = None,
) -> QuerySet[Image]:
    """The project's images by part of the name, state of work (UNASSIGNED or an assignment's), annotator, who may be
    NOBODY or FORMER, and the person who has them open."""
    found = images.of_project(project)
    held = Assignment.objects.filter(project=project)
    if name:
        found = found.filter(name__icontains=name)
    if state == UNASSIGNED or annotator == NOBODY:
        found = found.exclude(id__in=held.values("image"))
    if state and state != UNASSIGNED:
        found = found.filter(id__in=held.filter(state=state).values("image"))
    if annotator == FORMER:
        found = found.filter(id__in=held.filter(labels_no_more()).values("image"))
    elif isinstance(annotator, UUID):
        found = found.filter(id__in=held.filter(annotator=annotator).values("image"))
    if open_for:
        found = found.filter(id__in=held.filter(Open, annotator=open_for).values("image"))
    return found


def neighbours(image: Image, ordered: QuerySet[Image]) -> dict[str, Any]:
    """The images before and behind this one in `ordered` (by created_at, id), and its place there from 0 on, if any."""
    at, id = image.created_at, image.id
    # The second argument excludes nothing, but lets a database begin at this place of the index.
    before = ordered.filter(Q(created_at__lt=at) | Q(created_at=at, id__lt=id), created_at__lte=at)
    behind = ordered.filter(Q(created_at__gt=at) | Q(created_at=at, id__gt=id), created_at__gte=at)
    previous = before.order_by(F("created_at").desc(), F("id").desc()).values_list("id", flat=True).first()
    return {
        "previous": previous,
        "next": behind.values_list("id", flat=True).first(),
        "index": before.count() if ordered.filter(pk=image.pk).exists() else None,
        "total": ordered.count(),
    }


def active_times(project: Project) -> QuerySet[ActiveTime]:
    """Who has worked how long on which of the project's images, the longest first."""
    found = ActiveTime.objects.filter(image__project=project, image__deleted_at=None, seconds__gt=0)
    return found.select_related("image", "person").order_by("-seconds", "id")
