"""What is known of a project's calibration."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from labeling.calibration.models import Calibration
from labeling.projects.models import Project
from labeling.review.models import Verdict

# Below so many verdicts the start formula stays in use (docs/confidence.md).
NEEDED = 50
# Verdicts that can teach: they were not undone, and the signals of what they judged are known.
TEACHES = Q(undone_at=None, evidence_at__isnull=False)
KEPT = 50


@dataclass(frozen=True)
class State:
    """The calibrations of a project, the newest first.

    `verdicts`: how many the newest was fitted to. Before the first one: how many can teach, counted up to NEEDED.
    `without_signals`: how many cannot teach, or not yet, counted up to NEEDED.
    """

    versions: Sequence[Calibration]
    verdicts: int
    without_signals: int

    @property
    def current(self) -> Calibration | None:
        return self.versions[0] if self.versions else None


def state(project: Project) -> State:
    versions = list(Calibration.objects.filter(project=project).order_by("-version")[:KEPT])
    verdicts = Verdict.objects.filter(project=project.id)
    so_far = versions[0].verdicts if versions else verdicts.filter(TEACHES)[:NEEDED].count()
    return State(versions, so_far, verdicts.filter(undone_at=None, evidence_at=None)[:NEEDED].count())
