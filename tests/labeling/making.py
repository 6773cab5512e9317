"""How tests make things: photographs, masks, bodies of requests, and several threads at once."""

import asyncio
import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from uuid import uuid4

import numpy as np
import numpy.typing as npt
from django.db import connections
from django.http import HttpResponse
from PIL import Image as Picture
from rest_framework.test import APIClient

from inference import masks
from labeling.accounts.models import User
from labeling.annotations import services as annotations
from labeling.annotations.models import Annotation
from labeling.assignments import assigning
from labeling.assignments.models import Assignment
from labeling.images import reordering
from labeling.images import services as images
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Project
from labeling.review import comments, editing, submission
from labeling.review import services as review
from labeling.review.models import Comment, Verdict

T = TypeVar("T")
Mask = npt.NDArray[np.bool_]

API = "/api/v1"


def photo_bytes(seed: int, size: tuple[int, int] = (64, 48)) -> bytes:
    """A small picture whose pixels follow from the seed."""
    noise = np.random.default_rng(seed).integers(0, 255, (size[1], size[0], 3), np.uint8)
    file = io.BytesIO()
    Picture.fromarray(noise).save(file, "PNG")
    return file.getvalue()


def named_file(name: str, content: bytes) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def upload(by: User, project: Project, name: str, content: bytes) -> Image:
    made = images.add_image(by=by, project=project.id, name=name, file=io.BytesIO(content)).image
    assert made is not None
    return made


def reorder(project: Project) -> None:
    """Re-order the project's jobs, as a labeling worker does after its settings changed or it was deleted."""
    reordering.reorder(project.id, lambda done: None)


def square(x: int = 4, y: int = 6, side: int = 8, size: tuple[int, int] = (48, 64)) -> Mask:
    """A mask [height, width] with one filled square."""
    mask = np.zeros(size, np.bool_)
    mask[y : y + side, x : x + side] = True
    return mask


def listed(client: APIClient, image: Image) -> list[dict[str, Any]]:
    """The annotations of an image from bottom to top, which must fit on one page."""
    page = client.get(f"{API}/images/{image.id}/annotations").json()
    assert page["next"] is None
    return sorted(page["results"], key=lambda row: (row["z"], row["created_at"], row["id"]))


def mask_body(label_class: LabelClass, mask: Mask | None = None, **fields: Any) -> dict[str, Any]:
    """What a client sends to create a mask."""
    return {
        "id": str(uuid4()),
        "class_id": str(label_class.id),
        "kind": "mask",
        "segmentation": masks.encode(square() if mask is None else mask).to_json(),
        "source": "brush",
        **fields,
    }


def polygon_body(label_class: LabelClass, parts: list[list[list[float]]], **fields: Any) -> dict[str, Any]:
    return {**_without_mask(label_class), "kind": "polygon", "source": "polygon", "polygon": parts, **fields}


def box_body(label_class: LabelClass, box: list[float], **fields: Any) -> dict[str, Any]:
    return {**_without_mask(label_class), "kind": "box", "source": "box", "bbox": box, **fields}


def tag_body(label_class: LabelClass, **fields: Any) -> dict[str, Any]:
    return {**_without_mask(label_class), "kind": "tag", "source": "tag", **fields}


def _without_mask(label_class: LabelClass) -> dict[str, Any]:
    return {"id": str(uuid4()), "class_id": str(label_class.id)}


def annotate(by: User, image: Image, label_class: LabelClass, mask: Mask | None = None, **fields: Any) -> Annotation:
    """A mask, made through the service."""
    body = {**mask_body(label_class, mask, **fields), "id": uuid4(), "class_id": label_class.id}
    return editing.change(by=by, image=image.id, create=[body]).annotations[0]


def edit(by: User, annotation: Annotation) -> Annotation:
    """Change the annotation as it is now, but not its shape."""
    annotation.refresh_from_db()
    values = annotations.Edit(annotation.id, annotation.version, {"model": f"after {annotation.version}"})
    return editing.change(by=by, image=annotation.image_id, update=[values]).annotations[0]


def remove(by: User, annotation: Annotation) -> None:
    annotation.refresh_from_db()
    gone = annotations.Deletion(annotation.id, annotation.version)
    editing.change(by=by, image=annotation.image_id, delete=[gone])


def bring_back(by: User, annotation: Annotation) -> Annotation:
    annotation.refresh_from_db()
    return editing.restore(by=by, annotation=annotation.id, expected=annotation.version, version=None)


def assign(by: User, image: Image, annotator: User) -> Assignment:
    assigning.assign(by=by, project=image.project_id, annotator=annotator.id, images=[image.id])
    return Assignment.objects.get(image=image)


def submit(by: User, image: Image) -> Assignment:
    """Submit the image, or say that there is nothing to label where nothing is."""
    empty = not Annotation.objects.filter(image=image, deleted_at=None).exists()
    return submission.submit(by=by, assignment=Assignment.objects.get(image=image).id, nothing_to_label=empty)


def judge(by: User, annotation: Annotation, verdict: str, reason: str = "") -> Verdict:
    annotation.refresh_from_db()
    judgement = review.Judgement(annotation.id, Verdict.Choice(verdict), annotation.version, reason)
    return review.judge(by=by, project=annotation.project_id, judgements=[judgement])[0]


def said(by: User, image: Image, text: str = "Look here", **fields: Any) -> Comment:
    """A comment that begins a thread."""
    id = uuid4()
    comments.begin(by=by, image=image.id, id=id, text=text, **fields)
    return Comment.objects.get(id=id)


def configure(client: APIClient, target: Project | LabelClass, changes: dict[str, Any], **options: Any) -> Any:
    """Change the settings of a project, or a class, in the version that it has now."""
    version = type(target).objects.values_list("version", flat=True).get(id=target.id)  # type: ignore[attr-defined]
    path = f"{API}/{'projects' if isinstance(target, Project) else 'classes'}/{target.id}"
    return client.patch(path, changes, headers={"If-Match": f'"{version}"'}, **options)


def problem(response: HttpResponse, status: int, code: str | None = None) -> dict[str, Any]:
    """The body of an answer that must be an error of this status and, if given, code."""
    assert response.status_code == status, (response.status_code, response.content[:300])
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert body["detail"].strip(), "an error says what happened"
    assert code is None or body["code"] == code, body
    return body


def together(count: int, function: Callable[[int], T]) -> list[T | Exception]:
    """Run function(0), function(1), … in so many threads that start at once; what each returned or raised."""
    barrier = threading.Barrier(count)

    def run(n: int) -> T | Exception:
        barrier.wait()
        try:
            return function(n)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def downloaded(response: Any) -> bytes:
    """The body of an answer that comes in pieces, as a server sends them."""

    async def whole() -> bytes:
        return b"".join([piece async for piece in response.streaming_content])

    return asyncio.run(whole())
