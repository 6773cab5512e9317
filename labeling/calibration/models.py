"""What the verdicts of a project have taught about its confidences."""

from django.db import models
from django.utils import timezone


class Calibration(models.Model):
    """One fit of a project's confidences to its verdicts; the newest is in use, older ones are kept.

    `coefficients` are those of annotations.confidence.Calibrated. `report` says how good it is on verdicts that it has
    not seen (calibration/fitting.py): a verdict is never judged by a model that saw it.
    """

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="calibrations")
    version = models.PositiveIntegerField()
    fitted_at = models.DateTimeField(default=timezone.now)
    verdicts = models.PositiveIntegerField()
    coefficients = models.JSONField()
    report = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "version"], name="calibration_version_once")]
        indexes = [models.Index(fields=["project", "-version"], name="calibration_newest")]

    def __str__(self) -> str:
        return f"{self.project_id} v{self.version}"


class ClassSize(models.Model):
    """What the masks of a class measure, as logarithms of their shares of the image; kept by sizes.py."""

    label_class = models.OneToOneField(
        "projects.LabelClass", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    n = models.PositiveIntegerField(default=0)
    mean = models.FloatField(default=0.0)
    variance = models.FloatField(default=0.0)

    def __str__(self) -> str:
        return f"{self.label_class_id}: {self.mean:.2f}"
