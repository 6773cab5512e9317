"""Who labels which image."""

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from labeling.accounts.models import User
    from labeling.images.models import Image
    from labeling.projects.models import Project


class Assignment(models.Model):
    """An image given to a person. One that they pulled themselves carries a lease; one from a manager does not.

    `open`: to be labeled. `submitted`: handed in, under review. `returned`: to be handed in again, because something
    was rejected or has been drawn since. `done`: everything that was handed in has been accepted. `skipped`: its
    annotator could not label it, and said why.

    `nothing_to_label`: its annotator said so when handing it in. `image_review`: why a reviewer has to look at the
    image itself, and not only at what is on it; empty while nothing of the kind waits.
    """

    class State(models.TextChoices):
        OPEN = "open"
        SUBMITTED = "submitted"
        RETURNED = "returned"
        DONE = "done"
        SKIPPED = "skipped"

    class ImageReview(models.TextChoices):
        NOTHING_TO_LABEL = "nothing_to_label"
        # Accepted annotations were deleted, or all that was handed in.
        DELETED = "deleted"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    project: "models.ForeignKey[Project, Project]" = models.ForeignKey(
        "projects.Project", on_delete=models.CASCADE, related_name="+"
    )
    image: "models.ForeignKey[Image, Image]" = models.ForeignKey(
        "images.Image", on_delete=models.CASCADE, related_name="+"
    )
    annotator: "models.ForeignKey[User, User]" = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    skip_reason = models.CharField(max_length=300, blank=True)
    nothing_to_label = models.BooleanField(default=False)
    image_review = models.CharField(max_length=20, choices=ImageReview, blank=True)
    lease_until = models.DateTimeField(null=True)
    created_by: "models.ForeignKey[User, User]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["image"], name="assignment_once_an_image")]
        indexes = [
            models.Index(fields=["annotator", "state", "created_at"], name="assignment_of_annotator"),
            models.Index(fields=["project", "state"], name="assignment_of_project"),
            models.Index(
                fields=["project", "updated_at", "id"],
                condition=models.Q(state="submitted") & ~models.Q(image_review=""),
                name="images_to_review",
            ),
        ]

    # The event of the latest submission, where it was asked for.
    submission: int | None = None

    def __str__(self) -> str:
        return f"{self.image} for {self.annotator}: {self.state}"


class ActiveTime(models.Model):
    """How long a person has worked on an image, as their browser measured it: only while they did something."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    image: "models.ForeignKey[Image, Image]" = models.ForeignKey(
        "images.Image", on_delete=models.CASCADE, related_name="+"
    )
    person: "models.ForeignKey[User, User]" = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="+"
    )
    seconds = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["image", "person"], name="active_time_once")]

    def __str__(self) -> str:
        return f"{self.person} on {self.image}: {self.seconds} s"
