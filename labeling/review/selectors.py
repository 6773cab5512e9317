"""The review queue and a project's progress."""

from collections.abc import Collection
from typing import TypedDict
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from labeling.accounts.models import User
from labeling.annotations.models import Annotation
from labeling.annotations.selectors import with_people
from labeling.annotations.states import State
from labeling.assignments.models import Assignment
from labeling.images.models import Image
from labeling.jobs.models import Job
from labeling.jobs.selectors import Readiness, readiness_of, workers_alive
from labeling.projects.models import Project
from labeling.review.models import Claim


class ImageCounts(TypedDict):
    total: int
    unassigned: int
    open: int
    submitted: int
    returned: int
    done: int


class Progress(TypedDict):
    """Everything that a project's header shows."""

    project: UUID
    cover: UUID | None
    images: ImageCounts
    embeddings: Readiness
    annotations: dict[str, int]
    classes: dict[str, int]
    workers_alive: int


def queue(project: Project) -> QuerySet[Annotation]:
    """What waits for a verdict, the least certain first; ties in the order of ids, so that it never shuffles."""
    return with_people(_waiting(project)).order_by("confidence", "id")


def waiting(project: Project) -> int:
    return _waiting(project).count()


def next_for(user: User, project: Project, skip: Collection[UUID] = ()) -> QuerySet[Annotation]:
    """The queue without what others hold and without `skip`."""
    held = Claim.objects.filter(until__gt=timezone.now()).exclude(reviewer=user)
    unclaimed = queue(project).exclude(id__in=held.values("annotation"))
    return unclaimed.exclude(id__in=list(skip)) if skip else unclaimed


def progress(project: Project) -> Progress:
    """A fixed number of counting queries over indexes of the project."""
    images = Image.objects.filter(project=project, deleted_at=None)
    annotations = Annotation.objects.filter(project=project, deleted_at=None, image__deleted_at=None)
    states = dict.fromkeys((state.value for state in State), 0)
    classes: dict[str, int] = {}
    for label_class, state, n in annotations.values_list("label_class", "state").annotate(n=Count("id")).order_by():
        states[state] += n
        classes[str(label_class)] = classes.get(str(label_class), 0) + n
    cover = images.order_by("created_at", "id").values_list("id", flat=True).first()
    return Progress(
        project=project.id,
        cover=cover,
        images=_image_counts(project, images.count()),
        embeddings=readiness_of(project.id, Job.Kind.EMBED),
        annotations=states,
        classes=classes,
        workers_alive=workers_alive(Job.Kind.EMBED),
    )


def _image_counts(project: Project, total: int) -> ImageCounts:
    counts = ImageCounts(total=total, unassigned=total, open=0, submitted=0, returned=0, done=0)
    held = Assignment.objects.filter(project=project, image__deleted_at=None)
    for state, n in held.values_list("state").annotate(n=Count("id")).order_by():
        counts[state] = n  # type: ignore[literal-required]
        counts["unassigned"] -= n
    return counts


def _waiting(project: Project) -> QuerySet[Annotation]:
    return Annotation.objects.filter(Q(image__deleted_at=None), project=project, state=State.SUBMITTED, deleted_at=None)
