"""Images: what was uploaded, the upright picture that everyone works on, and the parts of it looked at closely."""

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from labeling.accounts.models import User
    from labeling.projects.models import Project


class Image(models.Model):
    """One photograph of a project. Width and height are those of the upright image, in pixels.

    Stored bytes are addressed by content (see keys.py), so the same photograph in two projects is stored once.
    `derivative_type` is the media type of the upright sRGB picture; empty when the original is one itself.
    `notice` says what of the file is not in the picture, as the further frames of an animation. `numbered` is the
    highest number that an annotation of it ever had.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    project: "models.ForeignKey[Project, Project]" = models.ForeignKey(
        "projects.Project", on_delete=models.CASCADE, related_name="images"
    )
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=50)
    derivative_type = models.CharField(max_length=50, blank=True)
    bytes = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    notice = models.CharField(max_length=200, blank=True)
    credit = models.CharField(max_length=500, blank=True)
    numbered = models.PositiveIntegerField(default=0, db_default=0)
    created_by: "models.ForeignKey[User, User]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "sha256"], condition=models.Q(deleted_at=None), name="image_once_a_project"
            )
        ]
        indexes = [models.Index(fields=["project", "created_at", "id"], name="image_of_project")]

    def __str__(self) -> str:
        return self.name


class Word(models.Model):
    """A word of an image's name (words.py), to find it by."""

    project = models.UUIDField()
    word = models.CharField(max_length=40)
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="words", db_index=False)

    class Meta:
        indexes = [
            # In which PostgreSQL looks up beginnings, whatever the database's language.
            models.Index(fields=["project", "word", "image"], opclasses=["", "varchar_pattern_ops", ""], name="word"),
            models.Index(fields=["image", "word"], name="word_of_image"),
        ]

    def __str__(self) -> str:
        return self.word


class Region(models.Model):
    """A rectangle of an image, of the lattice in inference/regions.py, that somebody has looked at closely; target of
    the job that embeds it. `asked_at` is when somebody last waited for it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="regions")
    x0 = models.PositiveIntegerField()
    y0 = models.PositiveIntegerField()
    x1 = models.PositiveIntegerField()
    y1 = models.PositiveIntegerField()
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["image", "x0", "y0", "x1", "y1"], name="region_once_an_image")]

    def __str__(self) -> str:
        return f"{self.image_id} {self.x0},{self.y0},{self.x1},{self.y1}"
