"""Projects, their classes and their members."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone

from inference.propose_contract import ProposalSettings
from labeling.names import NameField, NameKeyField

if TYPE_CHECKING:
    from labeling.accounts.models import User


def default_reject_reasons() -> list[str]:
    return ["Rough edge", "Wrong object", "Wrong class", "Part missing", "Includes too much", "Duplicate"]


def default_model() -> str:
    return str(settings.MODEL)


def default_proposals() -> dict[str, Any]:
    return {"enabled": bool(settings.PROPOSALS), **asdict(ProposalSettings())}


def default_review() -> dict[str, Any]:
    return {"below": 1.0, "sample": 0.05, "first": 0, "second_for": [], "own": False}


class Kind(models.TextChoices):
    """How something can be labeled."""

    MASK = "mask"
    POLYGON = "polygon"
    BOX = "box"
    TAG = "tag"


def every_kind() -> list[str]:
    return [kind.value for kind in Kind]


class Project(models.Model):
    """A team's images, classes and people. Deleting leaves a tombstone (`deleted_at`).

    `kinds` are those that new annotations may have. With `overlap` exclusive, new masks take nothing from old ones.
    `proposals` are the fields of ProposalSettings and whether there are any: `enabled`. `review` are those of
    annotations.policy.Policy.
    `calibration` is what annotations.confidence.Calibrated has of its verdicts; null while they are too few.
    `version` counts the changes of its settings, so that a change names the settings that its sender saw.
    """

    class Overlap(models.TextChoices):
        FREE = "free"
        EXCLUSIVE = "exclusive"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = NameField(max_length=200)
    description = models.TextField(blank=True, max_length=5000)
    guidelines = models.TextField(blank=True, max_length=50_000)
    model = models.CharField(max_length=50, default=default_model)
    kinds = models.JSONField(default=every_kind)
    overlap = models.CharField(max_length=10, choices=Overlap, default=Overlap.FREE)
    proposals = models.JSONField(default=default_proposals)
    review = models.JSONField(default=default_review)
    calibration = models.JSONField(null=True)
    reject_reasons = models.JSONField(default=default_reject_reasons)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class LabelClass(models.Model):
    """What an annotation can be of; `attributes` is the schema of what is said of it (projects/attributes.py).

    Deleting leaves a tombstone, since old versions of annotations name it. No two classes that are there have names
    that differ only in case: `name_key`.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="classes")
    name = NameField(max_length=100)
    name_key = NameKeyField()
    colour = models.CharField(
        max_length=7, validators=[RegexValidator(r"^#[0-9a-f]{6}$", "Use a colour like #56b4e9.")]
    )
    position = models.PositiveIntegerField()
    attributes = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "name_key"], condition=models.Q(deleted_at=None), name="class_name_once_a_project"
            )
        ]

    def __str__(self) -> str:
        return self.name


class BaseMembership(models.Model):
    """A person and their set of roles (see roles.py), kept sorted."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    roles = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class Membership(BaseMembership):
    """A person in a project."""

    waits = False

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    user: "models.ForeignKey[User, User]" = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="memberships"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "user"], name="member_once_a_project")]

    def __str__(self) -> str:
        return f"{self.user} in {self.project}: {', '.join(self.roles)}"

    @property
    def person(self) -> "User | None":
        """The user, if others in the project may see them."""
        return self.user


class WaitingMember(BaseMembership):
    """Someone who will be a member, with the same id, once their address is verified.

    Until then no query on memberships finds them, and others in the project see only the address.
    """

    waits = True
    person = None

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="waiting_members")
    user: "models.ForeignKey[User, User]" = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="waiting_memberships"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "user"], name="waiting_once_a_project")]

    def __str__(self) -> str:
        return f"{self.user.email} waits for verification"


# Everybody on a project's people page.
Member = Membership | WaitingMember
