"""When workers look at annotations, and what is thought of them until then and after."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from labeling.annotations import confidence, learned
from labeling.annotations.confidence import Calibrated
from labeling.annotations.models import Annotation
from labeling.annotations.states import State
from labeling.images import keys
from labeling.images.models import Image
from labeling.jobs import services as jobs
from labeling.jobs.models import Job
from labeling.projects.models import Kind, Project

PRIORITIES = {State.SUBMITTED: jobs.REVIEWED, State.DRAFT: jobs.URGENT}
WITH_PIXELS = (Kind.MASK, Kind.POLYGON)
MOST_EDITS = 1000
SHAPE = {"segmentation", "polygon", "bbox", "kind"}


def confidence_of(annotation: Annotation, project: Project) -> float | None:
    """The probability that it is accepted, from all that is known of it now. None while nothing is."""
    if not is_assessed(annotation):
        return confidence.from_scores(annotation.predicted_iou, annotation.stability_score)
    calibrated = Calibrated.from_json(project.calibration)
    who, what = str(annotation.created_by_id), str(annotation.label_class_id)
    return calibrated.probability(log_odds(annotation), what, who, learned.measures(annotation.signals or {}))


def believe(annotation: Annotation, project: Project) -> None:
    """Sets the confidence of an annotation that was assessed, and keeps what the project's own weights made of it."""
    annotation.confidence = confidence_of(annotation, project)
    signals = annotation.signals or {}
    weighed = Calibrated.from_json(project.calibration).weighed(learned.measures(signals))
    annotation.signals = {**signals, "learned": weighed}


def log_odds(annotation: Annotation) -> float:
    """What the start formula says of an annotation that was assessed."""
    return confidence.start(annotation.signals or {}, annotation.predicted_iou, annotation.stability_score)


def doubts_of(annotation: Annotation) -> list[dict[str, Any]]:
    """What speaks against it, in words, once a worker has looked."""
    if not is_assessed(annotation):
        return []
    return confidence.doubts(annotation.signals or {}, annotation.predicted_iou, annotation.stability_score)


def evidence_of(annotation: Annotation, *, fixed: bool = False) -> dict[str, Any]:
    """The signals of the mask that a reviewer judged, for calibration. Empty while there are none.

    Args:
        fixed: the reviewer has changed the mask. Its signals are then still those of the shape before the change.
    """
    signals = annotation.signals or {}
    if "start" not in signals or not (fixed or is_assessed(annotation)):
        return {}
    return {"start": signals["start"], "image": str(annotation.image_id), "learned": learned.measures(signals)}


def is_assessed(annotation: Annotation) -> bool:
    """Whether its signals are those of its shape as it is."""
    return annotation.signals is not None and annotation.assessed is not None


def can_be_assessed(annotation: Annotation) -> bool:
    return bool(settings.ASSESS) and annotation.kind in WITH_PIXELS


def follow_shape(annotation: Annotation, values: dict[str, Any]) -> None:
    """What SAM said of a mask, and what a worker found, is of that mask and of no other one."""
    if annotation._state.adding:
        return
    if "class_id" in values:
        _forget_class(annotation)
    if not SHAPE & values.keys():
        return
    annotation.assessed = None
    by_hand = values.get("predicted_iou") is None
    annotation.edits = min((annotation.edits or 0) + 1, MOST_EDITS) if by_hand else None
    if "predicted_iou" not in values:
        annotation.predicted_iou = annotation.stability_score = None


def _forget_class(annotation: Annotation) -> None:
    """What was found of it as one of its class is not so of another class."""
    of_class = ("class_size", "disagreement")
    if annotation.signals is not None:
        annotation.signals = {name: each for name, each in annotation.signals.items() if name not in of_class}


def edits_since_sam(annotation: Annotation) -> dict[str, float]:
    """How often the shape that SAM made was changed by hand; nothing where SAM did not make it, or nobody counted."""
    if annotation.source not in (Annotation.Source.SAM, Annotation.Source.PROPOSAL):
        return {}
    edits = annotation.edits if annotation.predicted_iou is None else 0
    return {} if edits is None else {"edits": float(edits)}


def waiting(image: UUID) -> QuerySet[Annotation]:
    """The image's annotations that a worker has yet to look at."""
    return Annotation.objects.filter(image=image, deleted_at=None, assessed=None, kind__in=WITH_PIXELS)


def order_assessment(image: Image, rows: Iterable[Annotation]) -> None:
    """Order the assessment of annotations with a new shape: one job per image, however many edits there were.

    Images with annotations that await review come first, then images that somebody annotates.
    """
    states = {row.state for row in rows if can_be_assessed(row) and row.assessed is None and row.deleted_at is None}
    if states:
        priority = max(PRIORITIES.get(State(state), 0) for state in states)
        payload = {"image": keys.image(image), "model": image.project.model}
        jobs.order(kind=Job.Kind.ASSESS, target=image.id, project=image.project_id, payload=payload, priority=priority)
