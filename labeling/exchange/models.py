"""What left the house, and when."""

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models
from django.utils import timezone

from labeling.names import NameField

if TYPE_CHECKING:
    from labeling.accounts.models import User
    from labeling.projects.models import Project


class Export(models.Model):
    """A snapshot: the dataset of a project as it was after the event `event_seq`, at the moment `as_of`, under a name.
    Once made it never changes. Its state and progress are those of its job."""

    class Format(models.TextChoices):
        COCO = "coco"

    class Include(models.TextChoices):
        ACCEPTED = "accepted"
        NOT_REJECTED = "not_rejected"
        ALL = "all"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    project: "models.ForeignKey[Project, Project]" = models.ForeignKey(
        "projects.Project", on_delete=models.CASCADE, related_name="+"
    )
    format = models.CharField(max_length=20, choices=Format, default=Format.COCO)
    include = models.CharField(max_length=20, choices=Include, default=Include.ACCEPTED)
    name = NameField(max_length=200, blank=True)
    as_of = models.DateTimeField(default=timezone.now)
    key = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    bytes = models.PositiveBigIntegerField(null=True)
    image_count = models.PositiveIntegerField(null=True)
    annotation_count = models.PositiveIntegerField(null=True)
    event_seq = models.BigIntegerField(null=True, help_text="The last event that is in it.")
    created_by: "models.ForeignKey[User, User]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["project", "created_at"], name="export_of_project")]

    def __str__(self) -> str:
        return f"{self.format} of {self.project}"
