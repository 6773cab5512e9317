"""The objects that requests.py refers to: picks from a generated project, some of whose images have files."""

import gzip
import hashlib
import io
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import numpy as np
from django.db.models import Count
from django.utils import timezone
from PIL import Image as Picture

from inference import masks
from inference.messages import TileTask
from inference.settings import read
from inference.tile_job import tile
from labeling.accounts.models import User
from labeling.annotations import services as annotations
from labeling.annotations.models import Annotation
from labeling.assignments.models import ActiveTime, Assignment
from labeling.exchange.models import Export
from labeling.images import keys, tiles
from labeling.images.models import Image
from labeling.jobs.models import Job
from labeling.projects.models import LabelClass, Membership, Project
from labeling.projects.roles import Role
from labeling.review import claims
from labeling.review import services as review
from labeling.review.models import Verdict
from labeling.review.queue import Place
from tests.labeling.making import square, submit

PHOTO, PANORAMA = (1280, 960), (4200, 600)
PROPOSALS = 100
EDITS = 60
CLAIMED_SHEET = 60


@dataclass(frozen=True)
class Scene:
    """One object of each kind that a route can name, and the values for queries."""

    project: Project
    people: dict[Role, User]
    image: Image
    crowded: Image
    panorama: Image
    mine: Image
    middle: Image
    last: Image
    annotation: Annotation
    edited: Annotation
    assignment: Assignment
    member: Membership
    export: Export
    frequent_class: LabelClass
    rare_class: LabelClass
    cursors: dict[str, str] = field(default_factory=dict)

    def path(self, route: str, on: str = "image") -> str:
        """The address of a route, about the image or annotation that `on` names."""
        names: dict[str, Any] = {"project": self.project, "assignment": self.assignment, "export": self.export}
        names["member"] = self.member
        names |= {"image": self.image, "annotation": self.annotation}
        chosen = getattr(self, on)
        names["annotation" if isinstance(chosen, Annotation) else "image"] = chosen
        for name, row in names.items():
            route = route.replace(f"<uuid:{name}>", str(row.id))
        for name in ("level", "x", "y"):
            route = route.replace(f"<int:{name}>", "0")
        return f"/api/v1/{route}" if route != "metrics" else "/metrics"


def prepare(project: Project) -> Scene:
    """Pick the objects for the requests, and create those that rows.sql lacks with the services."""
    people = {role: User.objects.get(email=f"{role.value}0@example.org") for role in Role}
    User.objects.filter(id=people[Role.MANAGER].id).update(is_staff=True)
    images = Image.objects.filter(project=project, deleted_at=None).order_by("created_at", "id")
    count = images.count()
    crowded = Annotation.objects.filter(project=project).values_list("image").annotate(n=Count("id")).order_by("-n")[0]
    classes = list(project.classes.order_by("position"))
    edited = Annotation.objects.filter(project=project, version__gt=EDITS).first() or _edited(project, people)
    for reviewer in User.objects.filter(email__startswith="reviewer").order_by("email")[:4]:
        claims.claim(by=reviewer, project=project.id, count=CLAIMED_SHEET)
    image = _with_files(images.filter(width=PHOTO[0], height=PHOTO[1])[count // 3], PHOTO)
    return Scene(
        project=project,
        people=people,
        image=image,
        crowded=Image.objects.get(id=crowded[0]),
        panorama=_cut(_with_files(images.filter(width__gt=4096)[0], PANORAMA)),
        mine=edited.image,
        middle=images[count // 2],
        last=images[count - 1],
        annotation=_judged(project),
        edited=edited,
        assignment=Assignment.objects.get(image=edited.image),
        member=project.memberships.get(user=people[Role.ANNOTATOR]),
        export=_stored(Export.objects.filter(project=project).order_by("-created_at", "-id")[0]),
        frequent_class=classes[0],
        rare_class=classes[-1],
        cursors=_cursors(project, images[max(0, count - 150)]),
    )


def _judged(project: Project) -> Annotation:
    verdict = Verdict.objects.filter(project=project.id, undone_at=None, annotation__deleted_at=None).order_by("-at")[0]
    return verdict.annotation


def _cursors(project: Project, late: Image) -> dict[str, str]:
    """Cursors near the end of each list."""
    times = ActiveTime.objects.filter(image__project=project).order_by("seconds")
    return {
        "images": _cursor(late.created_at),
        "exports": _cursor(Export.objects.filter(project=project).order_by("created_at")[100].created_at),
        "active_times": _cursor(times[min(150, times.count() - 1)].seconds),
        "queue": Place(0.97, UUID(int=0)).cursor,
    }


def _cursor(position: Any) -> str:
    """Encode a cursor as DRF does, for a position in the first column of the order."""
    return urlsafe_b64encode(urlencode({"p": str(position)}).encode()).decode()


def _edited(project: Project, people: dict[Role, User]) -> Annotation:
    """An annotation with a long history that a reviewer sent back once."""
    annotator = people[Role.ANNOTATOR]
    held = Assignment.objects.filter(project=project, annotator=annotator, state="open", image__deleted_at=None)
    image = held.select_related("image").order_by("created_at")[0].image
    label_class = project.classes.order_by("position")[0]
    body = {
        "id": UUID(int=image.id.int ^ 1), "class_id": label_class.id, "kind": "mask", "source": "brush",
        "segmentation": masks.encode(square(size=(image.height, image.width))).to_json(),
    }  # fmt: skip
    made = annotations.change(by=annotator, image=image.id, create=[body]).annotations[0]
    for n in range(EDITS):
        edit = annotations.Edit(made.id, n + 1, {"model": f"{n}"})
        annotations.change(by=annotator, image=image.id, update=[edit])
    submit(annotator, image)
    judgement = review.Judgement(made.id, Verdict.Choice.REJECTED, EDITS + 1, "Rough edge")
    review.judge(by=people[Role.REVIEWER], project=image.project_id, judgements=[judgement])
    annotations.change(by=annotator, image=image.id, update=[annotations.Edit(made.id, EDITS + 1, {"model": ""})])
    return Annotation.objects.get(id=made.id)


def _with_files(image: Image, size: tuple[int, int]) -> Image:
    """The image with a photograph, a thumbnail and proposals in the store."""
    noise = np.random.default_rng(1).integers(0, 255, (size[1] // 20, size[0] // 20, 3), np.uint8)
    picture = Picture.fromarray(noise).resize(size, Picture.Resampling.BICUBIC)
    photo, thumbnail = io.BytesIO(), io.BytesIO()
    picture.save(photo, "JPEG")
    picture.resize((256, 192)).save(thumbnail, "WEBP")
    sha256 = hashlib.sha256(photo.getvalue()).hexdigest()
    keys.store().write(keys.original(sha256), photo.getvalue())
    keys.store().write(keys.thumbnail(sha256), thumbnail.getvalue())
    image.sha256, (image.width, image.height) = sha256, size
    image.save()
    blob = gzip.compress(json.dumps({"proposals": _proposals(size), "model": "mobile_sam"}).encode(), mtime=0)
    key = f"proposals/{sha256}/some.json.gz"
    keys.store().write(key, blob)
    result = {"key": key, "sha256": hashlib.sha256(blob).hexdigest(), "count": PROPOSALS}
    Job.objects.filter(kind=Job.Kind.PROPOSE, target=image.id).update(state=Job.State.DONE, result=result, error="")
    return image


def _proposals(size: tuple[int, int]) -> list[dict[str, Any]]:
    segmentation = masks.encode(square(size=(size[1], size[0]))).to_json()
    return [
        {
            "segmentation": segmentation, "area": 64, "bbox": [4, 6, 8, 8], "predicted_iou": 0.9,
            "stability_score": 0.9, "point_coords": [[8.0, 9.0]], "crop_box": [0, 0, *size], "parent": None, "level": 0,
        }
        for _ in range(PROPOSALS)
    ]  # fmt: skip


def _cut(image: Image) -> Image:
    """The image's tiles, as a worker makes them."""
    message = {"job": str(image.id), "attempt": 1, "project": None, **tiles.payload(image)}
    made = tile(TileTask.from_json(message), keys.store(), read({}))
    now = timezone.now()
    Job.objects.filter(kind=Job.Kind.TILE, target=image.id).update(
        state=Job.State.DONE, result=made.to_json(), error="", finished_at=now - timedelta(hours=1)
    )
    return image


def _stored(export: Export) -> Export:
    """The newest export with a file."""
    export.key = f"exports/{export.project_id}/{export.id}.json"
    keys.store().write(export.key, b"{}" * 500_000)
    export.save()
    return export
