"""Annotations and every version that they ever had."""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import models
from django.utils import timezone

from labeling.annotations.states import State

if TYPE_CHECKING:
    from labeling.accounts.models import User
    from labeling.images.models import Image
    from labeling.projects.models import LabelClass, Project


class Annotation(models.Model):
    """A mask, polygon, box or tag that someone owns. Its id is made by the client, so that creating is idempotent.

    `shape` is the geometry of its kind as annotations/geometry.py keeps it; `version` counts the changes of its
    content. `review` is what the latest verdict said, for whoever has to mend it. Deleting leaves a tombstone
    (`deleted_at`).
    """

    class Kind(models.TextChoices):
        MASK = "mask"
        POLYGON = "polygon"
        BOX = "box"
        TAG = "tag"

    class Source(models.TextChoices):
        SAM = "sam"
        PROPOSAL = "proposal"
        BRUSH = "brush"
        POLYGON = "polygon"
        BOX = "box"
        TAG = "tag"
        IMPORT = "import"

    id = models.UUIDField(primary_key=True, default=uuid4)
    project: "models.ForeignKey[Project, Project]" = models.ForeignKey(
        "projects.Project", on_delete=models.CASCADE, related_name="+"
    )
    image: "models.ForeignKey[Image, Image]" = models.ForeignKey(
        "images.Image", on_delete=models.CASCADE, related_name="+"
    )
    label_class: "models.ForeignKey[LabelClass, LabelClass]" = models.ForeignKey(
        "projects.LabelClass", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    shape = models.JSONField()
    bbox = models.JSONField()
    area = models.FloatField()
    attributes = models.JSONField(default=dict)
    z = models.IntegerField(default=0)
    source = models.CharField(max_length=10, choices=Source)
    prompts = models.JSONField(default=list)
    model = models.CharField(max_length=120, blank=True)
    chosen_rank = models.PositiveSmallIntegerField(null=True)
    predicted_iou = models.FloatField(null=True)
    stability_score = models.FloatField(null=True)
    confidence = models.FloatField()
    state = models.CharField(
        max_length=10, choices=[(state.value, state.value) for state in State], default=State.DRAFT
    )
    review = models.JSONField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_by: "models.ForeignKey[User, User]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+"
    )
    updated_by: "models.ForeignKey[User, User]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)

    # What a version keeps: everything that a person or a model decided.
    CONTENT = (
        "label_class_id", "kind", "shape", "bbox", "area", "attributes", "z", "source", "prompts", "model",
        "chosen_rank", "predicted_iou", "stability_score", "confidence",
    )  # fmt: skip

    class Meta:
        indexes = [
            models.Index(fields=["image", "z", "created_at"], name="annotation_of_image"),
            # The review queue: one range of one index, whatever the size of the project.
            models.Index(
                fields=["project", "state", "confidence", "id"],
                condition=models.Q(deleted_at=None),
                name="annotation_queue",
            ),
            models.Index(fields=["label_class"], name="annotation_of_class"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    def content(self) -> dict[str, Any]:
        """What a version keeps, as JSON."""
        values = {field: getattr(self, field) for field in self.CONTENT}
        return {**values, "label_class_id": str(values["label_class_id"])}


class AnnotationVersion(models.Model):
    """The whole annotation as it was after one event. With the event's seq it answers history, restore and
    "the dataset as of"."""

    class Change(models.TextChoices):
        CREATED = "created"
        CHANGED = "changed"
        DELETED = "deleted"
        RESTORED = "restored"
        STATE = "state"

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    event_seq = models.BigIntegerField()
    change = models.CharField(max_length=10, choices=Change)
    state = models.CharField(max_length=10)
    content = models.JSONField()
    by: "models.ForeignKey[User, User]" = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["annotation", "event_seq"], name="version_once_an_event")]

    def __str__(self) -> str:
        return f"{self.annotation_id} v{self.version}"
