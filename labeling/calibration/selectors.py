"""What is known of a project's calibration."""

from collections.abc import Sequence
from dataclasses import dataclass

from labeling.calibration.models import Calibration
from labeling.projects.models import Project
from labeling.review.models import Verdict

# Below so many verdicts the start formula stays in use (docs/confidence.md).
NEEDED = 50
KEPT = 50


@dataclass(frozen=True)
class State:
    """The calibrations of a project, the newest first, and how many verdicts there are for the first one, of NEEDED."""

    versions: Sequence[Calibration]
    verdicts: int

    @property
    def current(self) -> Calibration | None:
        return self.versions[0] if self.versions else None


def state(project: Project) -> State:
    versions = list(Calibration.objects.filter(project=project).order_by("-version")[:KEPT])
    return State(versions, versions[0].verdicts if versions else so_far(project))


def so_far(project: Project) -> int:
    """How many verdicts stand, counted no further than is needed."""
    return Verdict.objects.filter(project=project.id, undone_at=None)[:NEEDED].count()
