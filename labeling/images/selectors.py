"""What a user may see of images, and how ready they are."""

from typing import TypedDict
from uuid import UUID

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When

from inference.models import Model, installed
from labeling.accounts.models import User
from labeling.images import keys
from labeling.images.models import Image
from labeling.jobs.models import Job
from labeling.jobs.services import readiness
from labeling.projects.models import Project
from labeling.projects.roles import Permission
from labeling.projects.selectors import access
from labeling.rest import not_found


class Embedding(TypedDict):
    state: str
    error: str | None


def with_embedding(images: QuerySet[Image]) -> QuerySet[Image]:
    """The images with their embedding's job at hand, as `job_state` and `job_error`."""
    job = Job.objects.filter(kind=Job.Kind.EMBED, target=OuterRef("id"))
    # While an embedding is made anew, say by another model, there still is the old one to click in.
    state = Case(When(result__isnull=False, then=Value(Job.State.DONE)), default=F("state"))
    return images.annotate(
        job_state=Subquery(job.annotate(shown=state).values("shown")), job_error=Subquery(job.values("error"))
    )


def of_project(project: Project) -> QuerySet[Image]:
    """The project's images in their order: as they came, then by id."""
    images = Image.objects.filter(project=project, deleted_at=None).select_related("created_by")
    return with_embedding(images).order_by("created_at", "id")


def image(user: User, image: UUID, permission: Permission = Permission.VIEW) -> Image:
    """The image, if the user may do this in its project.

    Raises:
        NotFound, PermissionDenied: as `projects.selectors.access` does.
    """
    found = (
        with_embedding(Image.objects.filter(id=image, deleted_at=None)).select_related("project", "created_by").first()
    )
    if found is None:
        raise not_found("image")
    access(user, found.project_id, permission, what="image")
    return found


def embedding(image: Image) -> Embedding:
    """How ready an image of `with_embedding` is to be clicked in."""
    state = getattr(image, "job_state", None)
    return Embedding(state=readiness(state) if state else "queued", error=getattr(image, "job_error", "") or None)


def models() -> list[Model]:
    """The models that are installed, which a project may choose among."""
    return installed(keys.store())


def embedding_job(image: Image) -> Job | None:
    return Job.objects.filter(kind=Job.Kind.EMBED, target=image.id).first()
