"""A verdict, comments, and a project's progress."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from django.db.models import Count, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from labeling.accounts.models import User
from labeling.annotations import tally
from labeling.annotations.states import State
from labeling.assignments.models import Assignment
from labeling.assignments.selectors import OPEN_STATES
from labeling.images.models import Image
from labeling.jobs.models import Job
from labeling.jobs.selectors import Readiness, readiness_of, workers_alive
from labeling.projects.models import Project
from labeling.projects.roles import Permission
from labeling.projects.selectors import access, annotators
from labeling.rest import not_found
from labeling.review.models import Comment, Verdict


class ImageCounts(TypedDict):
    """By state; `available` and `to_review` count some of them again. `available`: whoever asks for the next image may
    have it. `to_review`: a reviewer has to look at the image itself."""

    total: int
    available: int
    to_review: int
    unassigned: int
    open: int
    submitted: int
    returned: int
    skipped: int
    done: int


class Progress(TypedDict):
    """Everything that a project's header shows."""

    project: UUID
    cover: UUID | None
    images: ImageCounts
    embeddings: Readiness
    proposals: Readiness
    annotations: dict[str, int]
    classes: dict[str, int]
    workers_alive: int


def verdict(user: User, verdict: UUID) -> Verdict:
    """The verdict, if the user reviews in its project.

    Raises:
        NotFound, PermissionDenied: as `projects.selectors.access` does.
    """
    found = Verdict.objects.filter(id=verdict).first()
    if found is None:
        raise not_found("verdict")
    access(user, found.project, Permission.REVIEW, what="verdict")
    return found


def progress(projects: Sequence[Project]) -> list[Progress]:
    """The progress of each project, in a fixed number of counting queries over their indexes."""
    ids = [project.id for project in projects]
    embeddings, proposals = (readiness_of(ids, kind) for kind in (Job.Kind.EMBED, Job.Kind.PROPOSE))
    alive = workers_alive(Job.Kind.EMBED)
    counted = {id: Progress(project=id, cover=None, images=_no_images(), embeddings=embeddings[id],
                            proposals=proposals[id], classes={}, workers_alive=alive,
                            annotations=dict.fromkeys((state.value for state in State), 0)) for id in ids}  # fmt: skip
    _count_images(counted)
    _count_assignments(counted)
    _count_annotations(counted)
    return [counted[id] for id in ids]


def _no_images() -> ImageCounts:
    return ImageCounts(
        total=0, available=0, to_review=0, unassigned=0, open=0, submitted=0, returned=0, skipped=0, done=0
    )


def _count_images(counted: dict[UUID, Progress]) -> None:
    images = Image.objects.filter(project=OuterRef("id"), deleted_at=None).order_by()
    total = images.values("project").annotate(n=Count("id")).values("n")
    cover = images.order_by("created_at", "id").values("id")[:1]
    projects = Project.objects.filter(id__in=counted).annotate(cover=Subquery(cover), total=Subquery(total))
    for project, first, n in projects.values_list("id", "cover", "total"):
        counted[project]["cover"] = first
        counts = counted[project]["images"]
        counts["total"] = counts["unassigned"] = counts["available"] = n or 0


def _count_assignments(counted: dict[UUID, Progress]) -> None:
    able = set(annotators().filter(project__in=counted).values_list("project", "user"))
    held = Assignment.objects.filter(project__in=counted, image__deleted_at=None)
    lapsed = Count("id", filter=Q(lease_until__lt=timezone.now()))
    looks = Count("id", filter=Q(state=Assignment.State.SUBMITTED) & ~Q(image_review=""))
    rows = held.values_list("project", "state", "annotator").annotate(n=Count("id"), lapsed=lapsed, looks=looks)
    for project, state, annotator, n, ended, looked_at in rows.order_by():
        images = counted[project]["images"]
        images[state] += n  # type: ignore[literal-required]
        images["unassigned"] -= n
        images["available"] -= n
        images["to_review"] += looked_at
        if state in OPEN_STATES:
            images["available"] += ended if (project, annotator) in able else n


def _count_annotations(counted: dict[UUID, Progress]) -> None:
    for project, label_class, state, n in tally.counts(counted):
        of_project = counted[project]
        of_project["annotations"][state] += n
        of_project["classes"][str(label_class)] = of_project["classes"].get(str(label_class), 0) + n


def threads(image: Image) -> QuerySet[Comment]:
    """What is said of the image, each thread with what was answered in it as `answers`, the oldest first."""
    return with_answers(Comment.objects.filter(image=image, thread=None, deleted_at=None)).order_by("at", "id")


def with_answers(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    said = Comment.objects.filter(deleted_at=None).select_related("by").order_by("at", "id")
    answers = Prefetch("replies", said, to_attr="answers")
    return comments.select_related("by", "resolved_by").prefetch_related(answers)


def comment(user: User, comment: UUID, permission: Permission = Permission.VIEW) -> Comment:
    """The comment with its thread, if the user may do this in its project.

    Raises:
        NotFound, PermissionDenied: as `projects.selectors.access` does.
    """
    found = Comment.objects.filter(id=comment, deleted_at=None, image__deleted_at=None).select_related("by", "thread")
    row = found.first()
    if row is None or (row.thread and row.thread.deleted_at):
        raise not_found("comment")
    access(user, row.project, permission, what="comment")
    return row


class Talk(TypedDict):
    """How much is open on an image."""

    image: UUID
    image__name: str
    image__project: UUID
    image__project__name: str
    comments: int
    missing: int
    latest: datetime


def open_on_my_images(user: User) -> list[Talk]:
    """The images that were given to the user and have open threads, the latest first."""
    given = Assignment.objects.filter(annotator=user, project__memberships__user=user).values("image")
    there = Comment.objects.filter(Comment.OPEN, image__in=given, image__deleted_at=None)
    rows = there.filter(image__project__deleted_at=None).order_by().values(
        "image", "image__name", "image__project", "image__project__name"
    )  # fmt: skip
    missing = Count("id", filter=Q(kind=Comment.Kind.MISSING))
    counted = rows.annotate(missing=missing, comments=Count("id") - missing, latest=Max("at"))
    return list(counted.order_by("-latest")[:200])
