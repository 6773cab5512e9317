"""Verdicts, and who is looking at which annotation right now."""

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models
from django.utils import timezone

from labeling.annotations.models import Annotation

if TYPE_CHECKING:
    from labeling.accounts.models import User

LONGEST = 3600.0
"""Seconds of one verdict that are believed."""


class Verdict(models.Model):
    """What a reviewer decided about one version of an annotation. One that was taken back (`undone_at`) is kept.

    `sampled`: the annotation was in the random sample, so that this verdict stands for all in the figures. `again`: a
    reviewer had judged the annotation before. Class and annotator are kept as they were when it was judged, so that
    figures need no look at what became of the annotation. `seconds`: how long the reviewer was at work on it, as their
    browser measured; null when nobody did.
    """

    class Choice(models.TextChoices):
        ACCEPTED = "accepted"
        REJECTED = "rejected"
        FIXED = "fixed"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="verdicts")
    project = models.UUIDField()
    label_class = models.UUIDField()
    annotator = models.UUIDField()
    verdict = models.CharField(max_length=10, choices=Choice)
    version = models.PositiveIntegerField()
    confidence = models.FloatField(help_text="Of the annotation when it was judged; calibration learns from it.")
    sampled = models.BooleanField(default=False)
    again = models.BooleanField(default=False)
    seconds = models.FloatField(null=True)
    reason = models.CharField(max_length=100, blank=True)
    comment = models.TextField(max_length=5000, blank=True)
    by: "models.ForeignKey[User, User]" = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["project", "at"], name="verdict_of_project")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(seconds=None) | models.Q(seconds__range=(0, LONGEST)), name="verdict_seconds"
            )
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.annotation_id}"


class CommentWord(models.Model):
    """A word of the comment that stands on an annotation, to find it by (images/words.py)."""

    project = models.UUIDField()
    word = models.CharField(max_length=40)
    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["project", "word", "annotation"], opclasses=["", "varchar_pattern_ops", ""], name="comment_word"
            ),
            models.Index(fields=["annotation", "word"], name="comment_word_of_annotation"),
        ]

    def __str__(self) -> str:
        return self.word


class Claim(models.Model):
    """A reviewer has this annotation on the screen, in one tab of their browser; others, and their other tabs, get the
    next one until the lease is over. A lease that is over still says who looked last: nobody else did since."""

    annotation = models.OneToOneField(Annotation, on_delete=models.CASCADE, primary_key=True, related_name="claim")
    reviewer: "models.ForeignKey[User, User]" = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    tab = models.UUIDField()
    until = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["reviewer", "tab"], name="claim_of_tab"),
            models.Index(fields=["until"], name="claim_until"),
        ]

    def __str__(self) -> str:
        return f"{self.annotation_id} by {self.reviewer}"
