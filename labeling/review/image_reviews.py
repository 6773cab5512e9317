"""Images that a reviewer has to look at themselves: nothing is labeled on them, or objects were deleted from them."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from labeling.accounts.models import User
from labeling.annotations.policy import Policy
from labeling.assignments import selectors
from labeling.assignments.models import Assignment
from labeling.assignments.services import entries_of
from labeling.events.services import append
from labeling.projects.models import Project
from labeling.projects.roles import Permission
from labeling.rest import Conflict
from labeling.review.following import follow
from labeling.review.submission import HANDED_IN


def waiting(user: User, project: Project) -> QuerySet[Assignment]:
    """The images that wait in the project for this reviewer, the longest first."""
    found = Assignment.objects.filter(project=project, state=Assignment.State.SUBMITTED, image__deleted_at=None)
    found = found.exclude(image_review="").order_by("updated_at", "id")
    return found if Policy.from_json(project.review).own else found.exclude(annotator=user)


@transaction.atomic
def confirm(*, by: User, assignment: UUID, because: str) -> Assignment:
    """Accept an image as it is, for the reason that the reviewer was shown. Accepting it again is harmless.

    Raises:
        PermissionDenied: no reviewer.
        Conflict: it waits for another reason or not at all, or it is the reviewer's own work.
    """
    selectors.assignment(by, assignment, Permission.REVIEW)
    found = Assignment.objects.select_for_update().get(id=assignment)
    if found.annotator_id == by.id and not Policy.from_json(found.project.review).own:
        raise Conflict("own_image", "This is your own image. Someone else has to review it.")
    if not found.image_review and found.state in HANDED_IN:
        return selectors.assignment(by, assignment)
    if found.state != Assignment.State.SUBMITTED or found.image_review != because:
        raise Conflict("not_waiting", "The image has changed since you looked at it. Look at it again.")
    found.image_review = ""
    found.save(update_fields=["image_review"])
    follow(images=[found.image_id])
    found.refresh_from_db()
    append(project=found.project_id, by=by, entries=entries_of([found], confirmed=because))
    return selectors.assignment(by, assignment)
