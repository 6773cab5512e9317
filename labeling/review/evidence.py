"""Which verdicts can teach calibration: those whose annotation had its signals, or got them later."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.utils import timezone

from labeling.annotations.assessing import evidence_of
from labeling.annotations.models import Annotation
from labeling.jobs import services as jobs
from labeling.jobs.models import Job
from labeling.review.models import Verdict

# A project is calibrated anew after this many more verdicts that can teach (calibration/services.py).
VERDICTS_PER_FIT = 25


def incomplete(annotations: Collection[UUID]) -> list[Verdict]:
    """The verdicts on these annotations without evidence, locked. A fix is not among them: it judged the shape before
    the change, of which no worker will find signals any more."""
    given = Verdict.objects.filter(annotation__in=annotations, evidence_at=None, undone_at=None)
    return list(given.exclude(verdict=Verdict.Choice.FIXED).select_for_update().order_by("id"))


def complete(verdicts: Sequence[Verdict], annotations: Sequence[Annotation]) -> None:
    """Give verdicts the signals that arrived after them, as far as they judged the version that was assessed.

    Args:
        verdicts: locked by `incomplete`.
        annotations: assessed, with their new signals. All are of one project.
    """
    assessed = {row.id: row for row in annotations}
    found = [each for each in verdicts if each.version == assessed[each.annotation_id].version]
    for verdict in found:
        verdict.evidence, verdict.evidence_at = evidence_of(assessed[verdict.annotation_id]), timezone.now()
    if found:
        Verdict.objects.bulk_update(found, ["evidence", "evidence_at"], batch_size=200)
        order_calibration(found[0].project)


def order_calibration(project: UUID) -> None:
    """Order a new fit of the project's confidences if enough verdicts can teach that the last fit has not seen."""
    last = Job.objects.filter(kind=Job.Kind.CALIBRATE, target=project).first()
    since = Verdict.objects.filter(project=project, undone_at=None, evidence_at__isnull=False)
    if last is not None and last.sent_at:
        since = since.filter(evidence_at__gt=last.sent_at)
    if since[:VERDICTS_PER_FIT].count() == VERDICTS_PER_FIT:
        jobs.order(kind=Job.Kind.CALIBRATE, target=project, project=project, payload={}, priority=0)
