"""Learning from verdicts: when a project is calibrated anew, and what becomes of what waits."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from labeling.annotations.assessing import believe
from labeling.annotations.models import Annotation
from labeling.annotations.states import State
from labeling.calibration import selectors
from labeling.calibration.models import Calibration
from labeling.projects.models import Project
from labeling.review.models import Verdict

BATCH = 500
LEAST_CHANGE = 1e-6
# Of a project's verdicts, the latest so many are learned from.
MOST = 20_000


def calibrate(project: UUID) -> Calibration | None:
    """Fit the project's confidences to its verdicts, as a new version, and apply them to what waits. None while the
    verdicts are too few. Nothing is locked while it is fitted."""
    from labeling.calibration import fitting

    verdicts = [
        fitting.Judged(row["evidence"]["start"], row["verdict"] == Verdict.Choice.ACCEPTED, str(row["label_class"]),
                       str(row["annotator"]), row["evidence"]["image"], row["evidence"].get("learned", {}))
        for row in _verdicts(project)
    ]  # fmt: skip
    if len(verdicts) < selectors.NEEDED or len({each.group for each in verdicts}) < 2:
        return None
    made = _adopt(project, len(verdicts), fitting.fit(verdicts), fitting.report(verdicts))
    apply(made.project)
    return made


def _verdicts(project: UUID) -> QuerySet[Verdict, Any]:
    given = Verdict.objects.filter(selectors.TEACHES, project=project).order_by("-evidence_at")
    return given.values("verdict", "evidence", "label_class", "annotator")[:MOST]


@transaction.atomic
def _adopt(project: UUID, verdicts: int, coefficients: dict[str, object], report: dict[str, object]) -> Calibration:
    found = Project.objects.select_for_update(no_key=True).get(id=project)
    last = Calibration.objects.filter(project=found).order_by("-version").values_list("version", flat=True).first()
    found.calibration = coefficients
    found.save(update_fields=["calibration"])
    return Calibration.objects.create(
        project=found, version=(last or 0) + 1, verdicts=verdicts, coefficients=coefficients, report=report
    )


def apply(project: Project) -> int:
    """Give what waits the confidences of now, a batch a transaction; how many have changed. Versions, events and what
    the policy has decided stay as they are."""
    return sum(_apply(project, ids) for ids in _batches(project))


def _batches(project: Project) -> Iterator[list[UUID]]:
    waiting = Annotation.objects.filter(project=project, deleted_at=None, state=State.SUBMITTED, assessed__isnull=False)
    # All of them at once: to look up each batch behind the one before, no index has them in the order of ids.
    ids = sorted(waiting.values_list("id", flat=True))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


@transaction.atomic
def _apply(project: Project, ids: list[UUID]) -> int:
    rows = Annotation.objects.select_for_update().filter(id__in=ids, state=State.SUBMITTED).order_by("id")
    changed = []
    for row in rows.defer(*Annotation.LARGE):
        before = row.confidence
        believe(row, project)
        if before is None or row.confidence is None or abs(before - row.confidence) > LEAST_CHANGE:
            changed.append(row)
    Annotation.objects.bulk_update(changed, ["confidence", "signals"], batch_size=200)
    return len(changed)
