"""What is to be computed, and who is there to compute it."""

from uuid import uuid4

from django.db import models
from django.utils import timezone


class Job(models.Model):
    """A computation about one target. This row is the truth; the broker's messages only carry it about.

    `attempt` numbers the messages sent, so that a late one is recognised; `failures` counts the tries that
    were started and came to nothing. A job that was sent or runs holds a lease until `lease_until`. `stale`: what it is
    about has changed since it was sent, so that it is queued again once it is done.
    """

    class Kind(models.TextChoices):
        TILE = "tile"
        EMBED = "embed"
        REGION = "region"
        PROPOSE = "propose"
        ASSESS = "assess"
        REORDER = "reorder"
        CALIBRATE = "calibrate"
        EXPORT = "export"

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    target = models.UUIDField()
    project = models.UUIDField()
    payload = models.JSONField(default=dict)
    priority = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempt = models.PositiveIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    stale = models.BooleanField(default=False)
    progress = models.FloatField(default=0)
    worker = models.CharField(max_length=200, blank=True)
    lease_until = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "target"], name="job_once_a_target")]
        indexes = [
            models.Index(fields=["state", "kind", "-priority", "project", "created_at"], name="job_next"),
            models.Index(fields=["project", "kind", "state"], name="job_of_project"),
            models.Index(fields=["project", "sent_at"], name="job_last_sent"),
            models.Index(fields=["finished_at"], name="job_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target} {self.state}"


class Worker(models.Model):
    """A worker process, by its own report. One that was not heard of for a while counts as gone."""

    name = models.CharField(primary_key=True, max_length=200)
    queue = models.CharField(max_length=20)
    busy = models.UUIDField(null=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Tally(models.Model):
    """How often something has happened since the beginning, and how many seconds it took in all. `detail` is a
    bucket's upper bound in seconds, or a reason; `kind` that of the job, where it is about jobs."""

    class Name(models.TextChoices):
        JOB_SECONDS = "job_seconds"
        JOB_FAILURES = "job_failures"
        DECODE_SECONDS = "decode_seconds"
        EMBEDDING_CACHE = "embedding_cache"
        CLICKS_REFUSED = "clicks_refused"

    name = models.CharField(max_length=20, choices=Name)
    kind = models.CharField(max_length=20, blank=True)
    detail = models.CharField(max_length=60)
    count = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "kind", "detail"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.kind} {self.detail}: {self.count}"
