"""What workers find of annotations: how it is asked, how it comes back, and what the policy then decides.

`message` and `receive` are named by the route of the job (jobs/dispatcher.py).
"""

import hashlib
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Case, QuerySet, When
from django.utils import timezone

from inference import masks
from inference.assess_contract import packed, unpacked
from inference.storage import Missing
from labeling.annotations.assessing import WITH_PIXELS, believe, edits_since_sam, log_odds, order_assessment, waiting
from labeling.annotations.geometry import pixels_of
from labeling.annotations.models import Annotation
from labeling.annotations.states import State
from labeling.calibration.sizes import size_beside_class
from labeling.images import keys
from labeling.images.models import Image
from labeling.projects.models import Project
from labeling.review.evidence import complete, incomplete
from labeling.review.following import hold
from labeling.review.models import Claim
from labeling.review.submission import ask_policy_again

# Masks of one message: seconds of a worker, so that whoever opens an image meanwhile does not wait for its embedding.
MOST = 32
URGENCY = Case(When(state=State.SUBMITTED, then=0), When(state=State.DRAFT, then=1), default=2)


def message(image: UUID) -> dict[str, Any]:
    """Store up to MOST masks of the image that are not assessed yet, and the masks that may overlap them.

    Masks that await review come first. Returns the message for the worker, which says where they are stored.
    """
    found = Image.objects.filter(id=image).first()
    wanted = set(waiting(image).order_by(URGENCY, "-provisional", "id").values_list("id", flat=True)[:MOST])
    rows = Annotation.objects.filter(id__in=_touched(image, wanted)).order_by("id") if found else ()
    document = packed({"masks": [_asked(row, found, wanted=row.id in wanted) for row in rows if found]})
    key = f"assessments/{image}/{hashlib.sha256(document).hexdigest()[:32]}/masks.json.gz"
    keys.store().write(key, document)
    return {"masks": key}


def _touched(image: UUID, wanted: Collection[UUID]) -> list[UUID]:
    """These masks of the image, and those whose boxes meet one of theirs."""
    there = Annotation.objects.filter(image=image, deleted_at=None, kind__in=WITH_PIXELS).order_by("id")
    boxes = dict(there.values_list("id", "bbox"))
    sought = [boxes[each] for each in wanted if each in boxes]
    return [each for each, box in boxes.items() if each in wanted or any(masks.meet(box, other) for other in sought)]


def _held() -> QuerySet[Claim, UUID]:
    return Claim.objects.filter(until__gt=timezone.now()).values_list("annotation", flat=True)


def _asked(row: Annotation, image: Image, *, wanted: bool) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "version": row.version,
        "by": str(row.created_by_id),
        "class": str(row.label_class_id),
        "segmentation": pixels_of(row.kind, row.shape, image.width, image.height).to_json(),
        "wanted": wanted,
    }


def receive(image: UUID, result: Mapping[str, Any]) -> None:
    """Keep the signals of what has not changed since, complete the verdicts that were given before, and ask the policy
    about what waited for them. Once or twice is the same.

    A known confidence does not change under a reviewer who has the annotation open, and neither does its state."""
    try:
        answers = unpacked(keys.store().read(result["key"]))["signals"]
    except Missing:
        return  # Received before.
    _keep({UUID(each["id"]): each for each in answers})
    _settle(image)
    _go_on(image)
    for name in ("signals.json.gz", "masks.json.gz"):
        keys.store().delete(result["key"].replace("signals.json.gz", name))


@transaction.atomic
def _keep(answers: Mapping[UUID, Mapping[str, Any]]) -> None:
    held = set(_held().filter(annotation__in=answers))
    locked = Annotation.objects.select_for_update().filter(id__in=answers, deleted_at=None).order_by("id")
    rows = list(locked.defer(*Annotation.LARGE))
    found = [row for row in rows if row.version == answers[row.id]["version"]]
    verdicts = incomplete([row.id for row in found])
    projects = Project.objects.in_bulk({row.project_id for row in found})
    for row in found:
        row.signals, row.assessed = answers[row.id]["signals"] | edits_since_sam(row), row.version
        row.signals["start"] = log_odds(row)
    size_beside_class(found)
    for row in found:
        seen = row.confidence
        believe(row, projects[row.project_id])
        if row.id in held:
            row.confidence = row.confidence if seen is None else seen
            row.provisional = False
    Annotation.objects.bulk_update(found, ["signals", "assessed", "confidence", "provisional"], batch_size=200)
    complete(verdicts, found)


def _go_on(image: UUID) -> None:
    """Have the rest looked at."""
    rest = waiting(image).select_related("image__project").order_by(URGENCY, "id").first()
    if rest is not None:
        order_assessment(rest.image, [rest])


@transaction.atomic
def _settle(image: UUID) -> None:
    rows = Annotation.objects.filter(
        image=image, deleted_at=None, state=State.SUBMITTED, provisional=True, assessed__isnull=False
    )
    if not rows.exists():
        return
    hold({image})
    waiting = list(rows.select_for_update(of=("self",)).select_related("created_by", "project").order_by("id"))
    if waiting:
        ask_policy_again(waiting)
