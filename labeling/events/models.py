"""The append-only log: history, audit and what other browsers follow."""

from django.db import models
from django.utils import timezone


class LogIdentity(models.Model):
    """The name of this installation's log, in one row.

    After a restore, sequence numbers are used again for other events. So `manage.py new_log_identity` renews the name,
    and browsers that followed the old log start anew.
    """

    name = models.CharField(max_length=12)

    def __str__(self) -> str:
        return self.name


class Stream(models.Model):
    """The last sequence number of a project's events. Its row lock orders the writers of a project."""

    project = models.UUIDField(primary_key=True)
    last_seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.project} at {self.last_seq}"


class Event(models.Model):
    """One thing that happened in a project. Actor and project are plain columns: every app may write here."""

    project = models.UUIDField()
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    actor = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    object = models.UUIDField(null=True)
    image = models.UUIDField(null=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "seq"], name="event_seq_once_a_project")]
        indexes = [
            models.Index(fields=["object", "seq"], name="event_of_object"),
            # What the last event before a moment was.
            models.Index(fields=["project", "at", "seq"], name="event_of_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class Operation(models.Model):
    """A mutation that was answered: the same op_id by the same person gets the same answer again.

    `grants` are the permissions that it needed (events/grants.py). A user who has lost one of them gets no answer.
    """

    actor = models.UUIDField()
    op_id = models.UUIDField()
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField(null=True)
    grants = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "op_id"], name="operation_once_a_person")]

    def __str__(self) -> str:
        return str(self.op_id)
