"""What a user may see of images, and how ready they are."""

from typing import TypedDict
from uuid import UUID

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When

from inference.models import Model, installed
from labeling.accounts.models import User
from labeling.images import keys
from labeling.images.models import Image, Region
from labeling.jobs.models import Job
from labeling.jobs.services import readiness
from labeling.projects.models import Project
from labeling.projects.roles import Permission
from labeling.projects.selectors import access
from labeling.projects.selectors import is_gone as is_project_gone
from labeling.rest import not_found


class Readiness(TypedDict):
    state: str
    error: str | None


def with_readiness(images: QuerySet[Image]) -> QuerySet[Image]:
    """The images with their jobs at hand, as `embed_state`, `embed_error` and so on."""
    for kind in (Job.Kind.TILE, Job.Kind.EMBED, Job.Kind.PROPOSE):
        job = Job.objects.filter(kind=kind, target=OuterRef("id"))
        # While it is made anew, say by another model, there still is the old one to work with.
        state = Case(When(result__isnull=False, then=Value(Job.State.DONE)), default=F("state"))
        shown, error = Subquery(job.annotate(shown=state).values("shown")), Subquery(job.values("error"))
        images = images.annotate(**{f"{kind.value}_state": shown, f"{kind.value}_error": error})
    return images


def of_project(project: Project) -> QuerySet[Image]:
    """The project's images in their order: as they came, then by id."""
    images = Image.objects.filter(project=project, deleted_at=None).select_related("created_by")
    return with_readiness(images).order_by("created_at", "id")


def image(user: User, image: UUID, permission: Permission = Permission.VIEW) -> Image:
    """The image, if the user may do this in its project.

    Raises:
        NotFound, PermissionDenied: as `projects.selectors.access` does.
    """
    return _accessible(with_readiness(Image.objects.select_related("project", "created_by")), user, image, permission)


def bare_image(user: User, image: UUID, permission: Permission) -> Image:
    """As `image`, without its jobs, its project and its maker: for clicks, where looking them up would be felt."""
    return _accessible(Image.objects.all(), user, image, permission)


def _accessible(images: QuerySet[Image], user: User, image: UUID, permission: Permission) -> Image:
    found = images.filter(id=image, deleted_at=None).first()
    if found is None:
        raise not_found("image")
    access(user, found.project_id, permission, what="image")
    return found


def embedding(image: Image) -> Readiness:
    """How ready an image of `with_readiness` is to be clicked in."""
    return _readiness(image, Job.Kind.EMBED, without_job="queued")


def proposals(image: Image) -> Readiness:
    """How ready the proposals of an image of `with_readiness` are. Where they are off, there is no job for them."""
    return _readiness(image, Job.Kind.PROPOSE, without_job="off")


def tiles(image: Image) -> Readiness:
    """How ready the tiles of an image of `with_readiness` are. Smaller images have none."""
    return _readiness(image, Job.Kind.TILE, without_job="none")


def _readiness(image: Image, kind: Job.Kind, *, without_job: str) -> Readiness:
    state, error = (getattr(image, f"{kind.value}_{what}", None) for what in ("state", "error"))
    return Readiness(state=readiness(state) if state else without_job, error=error or None)


def is_gone(project: UUID, image: UUID) -> bool:
    """Whether an image or its project was deleted, so that nothing needs to be computed for it."""
    return is_project_gone(project) or Image.objects.filter(id=image, deleted_at__isnull=False).exists()


def is_region_gone(project: UUID, region: UUID) -> bool:
    """Like `is_gone`, for a region of an image."""
    deleted = Region.objects.filter(id=region, image__deleted_at__isnull=False)
    return is_project_gone(project) or deleted.exists()


def models() -> list[Model]:
    """The models that are installed, which a project may choose among."""
    return installed(keys.store())


def embedding_job(image: Image) -> Job | None:
    return Job.objects.filter(kind=Job.Kind.EMBED, target=image.id).first()


def tiles_job(image: Image) -> Job | None:
    return Job.objects.filter(kind=Job.Kind.TILE, target=image.id).first()


def proposals_job(image: Image) -> Job | None:
    return Job.objects.filter(kind=Job.Kind.PROPOSE, target=image.id).first()
