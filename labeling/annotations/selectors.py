"""What a user may see of annotations."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from labeling.accounts.models import User
from labeling.annotations.models import Annotation, AnnotationVersion
from labeling.images.models import Image
from labeling.projects.roles import Permission
from labeling.projects.selectors import access
from labeling.rest import not_found


def with_people(annotations: QuerySet[Annotation]) -> QuerySet[Annotation]:
    return annotations.select_related("created_by", "updated_by", "image")


def of_image(image: Image) -> QuerySet[Annotation]:
    """The image's annotations except deleted ones. `attach` adds their image and people."""
    return Annotation.objects.filter(image=image, deleted_at=None)


def attach(image: Image, rows: Sequence[Annotation]) -> None:
    """Set the image and the people of annotations of one image.

    Thousands of annotations are by a few people. Joining these to every row took as long as reading the rows.
    """
    people = User.objects.in_bulk({person for row in rows for person in (row.created_by_id, row.updated_by_id)})
    for row in rows:
        row.image = image
        row.created_by, row.updated_by = people[row.created_by_id], people[row.updated_by_id]


def annotation(
    user: User, annotation: UUID, permission: Permission = Permission.VIEW, *, deleted: bool = False
) -> Annotation:
    """The annotation, if the user may do this in its project; with `deleted`, also a tombstone.

    Raises:
        NotFound, PermissionDenied: as `projects.selectors.access` does.
    """
    found = with_people(Annotation.objects.filter(id=annotation, image__deleted_at=None)).first()
    if found is None or (found.deleted_at and not deleted):
        raise not_found("annotation")
    access(user, found.project_id, permission, what="annotation")
    return found


def versions(annotation: Annotation) -> QuerySet[AnnotationVersion]:
    """Everything that the annotation ever was, the oldest first."""
    return AnnotationVersion.objects.filter(annotation=annotation).select_related("by").order_by("event_seq")


def deleted_of_image(image: Image) -> QuerySet[Annotation]:
    """What was deleted on the image, and could be brought back."""
    return with_people(Annotation.objects.filter(image=image, deleted_at__isnull=False))
