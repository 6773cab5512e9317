"""Annotations and every version that they ever had."""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import models
from django.utils import timezone

from labeling.annotations.queue_place import QueuePlace
from labeling.annotations.states import Resubmission, State
from labeling.projects.models import Kind

if TYPE_CHECKING:
    from uuid import UUID

    from labeling.accounts.models import User
    from labeling.images.models import Image
    from labeling.projects.models import LabelClass, Project

WAITING = models.Q(deleted_at=None, state=State.SUBMITTED)
PLACE = (QueuePlace("confidence"), "id")


class Annotation(models.Model):
    """A mask, polygon, box or tag that someone owns. Its id is made by the client, so that creating is idempotent.

    `number` is what people call it by, as in "Owl 7": its place in the order of creation, never given again, and 0 for
    tags.
    `shape` is the geometry of its kind as annotations/geometry.py keeps it; `version` counts the changes of its
    content, except for its place in the stack (`z`). `confidence` is null while nothing is known. `review` is what the
    latest verdict said, for whoever has to mend it; `verdict` is the one that stands, null while none does.
    `chosen_rank` is the index of the kept candidate in the answer of `predict` (docs/confidence.md has how older ones
    count). `commented`: a comment on it is open. `sampled` marks what was drawn at random, to stand for all in the
    figures of review; `approved_by` has accepted this version of something that needs two. `resubmission` is how its
    annotator answered the latest rejection, until it is judged again; of a dispute, `disputed_with` is the reviewer
    who rejected it. `signals` are what a worker found of the mask as it was in version `assessed`; `provisional` is
    what the policy is asked about again once there are those of this one. `edits` counts the changes of its shape by
    hand since SAM gave its scores, or since it was made; null before the first. `content_bytes` is the size of its
    geometry, prompts and attributes (contents.py), so that pages can be cut before these are read. Deleting leaves a
    tombstone (`deleted_at`), and so does deleting the image.
    """

    class Source(models.TextChoices):
        SAM = "sam"
        PROPOSAL = "proposal"
        BRUSH = "brush"
        POLYGON = "polygon"
        BOX = "box"
        TAG = "tag"
        IMPORT = "import"

    class Size(models.TextChoices):
        SMALL = "small"
        MEDIUM = "medium"
        LARGE = "large"

    class Standing(models.TextChoices):
        """The verdict that stands."""

        ACCEPTED = "accepted"
        FIXED = "fixed"
        REJECTED = "rejected"
        POLICY = "policy"

    id = models.UUIDField(primary_key=True, default=uuid4)
    # Each of these begins an index below, so none has one of its own.
    project: "models.ForeignKey[Project, Project]" = models.ForeignKey(
        "projects.Project", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    image: "models.ForeignKey[Image, Image]" = models.ForeignKey(
        "images.Image", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    label_class: "models.ForeignKey[LabelClass, LabelClass]" = models.ForeignKey(
        "projects.LabelClass", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind)
    shape = models.JSONField()
    content_bytes = models.PositiveIntegerField(default=0, db_default=0)
    bbox = models.JSONField()
    area = models.FloatField()
    # COCO's bounds, so that figures by size can be compared with others'.
    size = models.GeneratedField(
        expression=models.Case(
            models.When(area__lt=32**2, then=models.Value("small")),
            models.When(area__lt=96**2, then=models.Value("medium")),
            default=models.Value("large"),
        ),
        output_field=models.CharField(max_length=10),
        db_persist=True,
    )
    attributes = models.JSONField(default=dict)
    z = models.IntegerField(default=0)
    number = models.PositiveIntegerField(default=0, db_default=0)
    source = models.CharField(max_length=10, choices=Source)
    prompts = models.JSONField(default=list)
    model = models.CharField(max_length=120, blank=True)
    chosen_rank = models.PositiveSmallIntegerField(null=True)
    predicted_iou = models.FloatField(null=True)
    stability_score = models.FloatField(null=True)
    confidence = models.FloatField(null=True)
    signals = models.JSONField(null=True)
    assessed = models.PositiveIntegerField(null=True)
    edits = models.PositiveSmallIntegerField(null=True)
    provisional = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=[(state.value, state.value) for state in State], default=State.DRAFT
    )
    review = models.JSONField(null=True)
    verdict = models.CharField(max_length=10, choices=Standing, null=True)
    commented = models.BooleanField(default=False)
    sampled = models.BooleanField(default=False)
    approved_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    resubmission = models.CharField(
        max_length=10, choices=[(answer.value, answer.value) for answer in Resubmission], null=True
    )
    disputed_with: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    version = models.PositiveIntegerField(default=1)
    created_by: "models.ForeignKey[User, User]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    updated_by: "models.ForeignKey[User, User]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)

    # What a version keeps: everything that a person or a model decided.
    CONTENT = (
        "label_class_id", "kind", "shape", "bbox", "area", "attributes", "z", "source", "prompts", "model",
        "chosen_rank", "predicted_iou", "stability_score", "confidence",
    )  # fmt: skip

    # The columns that `content_bytes` measures.
    LARGE = ("shape", "prompts", "attributes")

    # How `tally` counted the row when it was read under a lock; None: not at all.
    tallied: "tuple[UUID, UUID, str] | None" = None
    # The bytes that the image's total had of the row when it was read under a lock.
    totaled_bytes = 0
    # Which version is being brought back; None: none is.
    brought_back: int | None = None

    class Meta:
        # The review queue reads one range of one index, whatever the size of the project and whichever filter is set:
        # what the filter names, then the order of the queue. Only what waits is in them, so that most rows are in few.
        indexes = [
            models.Index(fields=["image", "z", "created_at"], name="annotation_of_image"),
            models.Index(fields=["label_class"], name="annotation_of_class"),
            models.Index("project", *PLACE, condition=WAITING, name="waiting"),
            *(
                models.Index("project", field, *PLACE, condition=WAITING, name=f"waiting_by_{field}")
                for field in ("label_class", "created_by", "source", "size", "image")
            ),
            models.Index("project", *PLACE, condition=WAITING & models.Q(commented=True), name="waiting_commented"),
            models.Index(
                "project",
                "resubmission",
                *PLACE,
                condition=WAITING & models.Q(resubmission__isnull=False),
                name="waiting_by_resubmission",
            ),
            models.Index(
                "project",
                "verdict",
                *PLACE,
                condition=models.Q(deleted_at=None, verdict__isnull=False),
                name="judged",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    def content(self) -> dict[str, Any]:
        """What a version keeps, as JSON."""
        values = {field: getattr(self, field) for field in self.CONTENT}
        return {**values, "label_class_id": str(values["label_class_id"])}


class AnnotationVersion(models.Model):
    """The whole annotation as it was after one event, and what the latest verdict on it said then. With the event's seq
    it answers history, restore and "the dataset as of"."""

    class Change(models.TextChoices):
        CREATED = "created"
        CHANGED = "changed"
        DELETED = "deleted"
        RESTORED = "restored"
        # Only `z`, which is about the others on the image as well: the version number and every decision stand.
        REORDERED = "reordered"
        STATE = "state"

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    event_seq = models.BigIntegerField()
    change = models.CharField(max_length=10, choices=Change)
    state = models.CharField(max_length=10)
    content = models.JSONField()
    content_bytes = models.PositiveIntegerField(default=0, db_default=0)
    review = models.JSONField(null=True)
    by: "models.ForeignKey[User, User]" = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["annotation", "event_seq"], name="version_once_an_event")]

    def __str__(self) -> str:
        return f"{self.annotation_id} v{self.version}"


class Tally(models.Model):
    """How many annotations of a class by an annotator are in a state, without deleted ones. Kept by tally.py with every
    write."""

    project = models.UUIDField()
    label_class = models.UUIDField()
    annotator = models.UUIDField()
    state = models.CharField(max_length=10)
    n = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "label_class", "annotator", "state"], name="annotation_tally_once"
            )
        ]
        indexes = [models.Index(fields=["project", "state"], name="tally_of_state")]

    def __str__(self) -> str:
        return f"{self.n} {self.state} of {self.label_class}"


class ImageTotal(models.Model):
    """How many annotations an image has and how many bytes their contents take, without deleted ones. Kept by
    image_totals.py with every write."""

    image = models.UUIDField(primary_key=True)
    annotations = models.PositiveIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.annotations} annotations of {self.image}, {self.bytes:,} bytes"
