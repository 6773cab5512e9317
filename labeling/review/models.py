"""Verdicts, comments, and who is looking at which annotation right now."""

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models
from django.utils import timezone

from labeling.annotations.models import Annotation

if TYPE_CHECKING:
    from labeling.accounts.models import User
    from labeling.images.models import Image

LONGEST = 3600.0
"""Seconds of one verdict that are believed."""


class Verdict(models.Model):
    """What a reviewer decided about one version of an annotation. One that was taken back (`undone_at`) is kept.

    `sampled`: the annotation was in the random sample, so that this verdict stands for all in the figures. `again`: a
    reviewer had judged the annotation before. `resubmission`: how its annotator had answered a rejection before this
    verdict. Class and annotator are kept as they were when it was judged, so that figures need no look at what became
    of the annotation. `evidence_at`: since when the verdict can teach calibration; null while the signals of what was
    judged are unknown (evidence.py). `seconds`: how long the reviewer was at work on it, as their browser measured;
    null when nobody did.
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
    confidence = models.FloatField(null=True, help_text="Of the annotation when it was judged; null is unknown.")
    evidence = models.JSONField(
        default=dict, help_text="The signals of what was judged; calibration learns from them, whatever comes after."
    )
    evidence_at = models.DateTimeField(null=True)
    resubmission = models.CharField(max_length=10, null=True)
    sampled = models.BooleanField(default=False)
    again = models.BooleanField(default=False)
    seconds = models.FloatField(null=True)
    reason = models.CharField(max_length=100, blank=True)
    comment = models.TextField(max_length=5000, blank=True)
    by: "models.ForeignKey[User, User]" = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["project", "at"], name="verdict_of_project"),
            models.Index(
                fields=["project", "evidence_at"],
                condition=models.Q(undone_at=None, evidence_at__isnull=False),
                name="verdict_that_teaches",
            ),
            models.Index(
                fields=["project"],
                condition=models.Q(undone_at=None, evidence_at=None),
                name="verdict_without_evidence",
            ),
            # For the median durations (medians.py).
            models.Index(
                fields=["project", "seconds", "at", "by"],
                condition=models.Q(undone_at=None, seconds__isnull=False),
                name="verdict_seconds",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(seconds=None) | models.Q(seconds__range=(0, LONGEST)), name="verdict_seconds"
            )
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.annotation_id}"


class DailyFigures(models.Model):
    """Counts of the verdicts of one reviewer on one UTC day, without those that were undone.

    `of` and `subject` say whether a row counts all of them, or those on one class or one annotator's work. In the
    reviewer's row, `seconds` counts the timed verdicts by tenths of a second. counters.py updates the rows.
    """

    class Of(models.TextChoices):
        REVIEWER = "reviewer"
        CLASS = "class"
        ANNOTATOR = "annotator"

    project = models.UUIDField()
    of = models.CharField(max_length=10, choices=Of)
    day = models.DateField()
    by = models.UUIDField()
    subject = models.UUIDField()
    reviewed = models.IntegerField(default=0)
    accepted = models.IntegerField(default=0)
    fixed = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    first = models.IntegerField(default=0)
    errors = models.IntegerField(default=0)
    sample = models.IntegerField(default=0)
    sample_errors = models.IntegerField(default=0)
    seconds = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "of", "day", "by", "subject"], name="daily_figures_once")
        ]

    def __str__(self) -> str:
        return f"{self.of} {self.subject} on {self.day}: {self.reviewed}"


class Comment(models.Model):
    """What somebody says of an image: of the whole of it, of a place (pixels of the upright image) or of an annotation.
    Its id is made by the client, so that saying it is idempotent.

    The first comment of a thread has the place and is resolved; the others name it as their `thread`. `missing`: a
    reviewer points at an object that has not been labeled. `verdict`: it was given with this verdict. Deleting leaves a
    tombstone, whose text nobody is shown.
    """

    class Kind(models.TextChoices):
        COMMENT = "comment"
        MISSING = "missing"

    OPEN = models.Q(thread=None, resolved_at=None, deleted_at=None)
    MISSED = OPEN & models.Q(kind=Kind.MISSING)

    id = models.UUIDField(primary_key=True, default=uuid4)
    project = models.UUIDField()
    image: "models.ForeignKey[Image, Image]" = models.ForeignKey(
        "images.Image", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    thread = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="replies", db_index=False)
    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    x = models.FloatField(null=True)
    y = models.FloatField(null=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.COMMENT)
    verdict = models.ForeignKey(Verdict, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    text = models.TextField(max_length=5000)
    by: "models.ForeignKey[User, User]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)
    resolved_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    resolved_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(x=None, y=None) | models.Q(x__isnull=False, y__isnull=False),
                name="comment_place_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(thread=None) | models.Q(annotation=None, x=None, kind="comment", resolved_at=None),
                name="comment_reply_is_in_its_threads_place",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="comment") | models.Q(annotation=None, x__isnull=False),
                name="comment_missing_has_a_place",
            ),
        ]
        indexes = [
            models.Index(fields=["image", "at", "id"], condition=models.Q(thread=None), name="comment_thread_of_image"),
            models.Index(fields=["thread", "at"], condition=models.Q(thread__isnull=False), name="comment_reply"),
            models.Index(
                fields=["image", "kind"],
                condition=models.Q(thread=None, resolved_at=None, deleted_at=None),
                name="comment_open",
            ),
            models.Index(
                fields=["annotation"], condition=models.Q(annotation__isnull=False), name="comment_of_annotation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class CommentWord(models.Model):
    """A word of the open comments on an annotation, to find it by (images/words.py)."""

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
