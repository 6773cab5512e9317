"""The memory of a request stays bounded, whatever is sent.

The figures are the growth of the whole process. `-s` shows them.
"""

import gc
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from inference import counts
from labeling.accounts.models import User
from labeling.annotations import limits
from labeling.annotations.models import Annotation, AnnotationVersion
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Project
from tests.labeling.making import API, mask_body, polygon_body, tag_body

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")

MAX_BYTES = 256 * 1024 * 1024
LENGTH = 19_000_000
SIDE = 3000


def resident(name: str) -> int:
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name)]
    return int(line.split()[1]) * 1024


def peak(call: Callable[[], Any]) -> tuple[Any, int]:
    """Call a function. Returns its result and the peak growth of the process's memory meanwhile."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    before = resident("VmRSS")
    answer = call()
    return answer, resident("VmHWM") - before


def rle(lengths: Any) -> str:
    return counts.to_strings(np.array(lengths, np.int64), np.array([len(lengths)]))[0]


PIXELS = SIDE * SIDE
MOST_RUNS = [*[1, 2] * 1_999_999, 1, PIXELS - 3 * 1_999_999 - 1]
BODIES: dict[str, tuple[int, Callable[[LabelClass], Any]]] = {
    "empty runs": (400, lambda cat: mask_body(cat, segmentation=segmentation("0" * LENGTH))),
    "as many runs as allowed": (201, lambda cat: mask_body(cat, segmentation=segmentation(rle(MOST_RUNS)))),
    "rings of words": (413, lambda cat: polygon_body(cat, [[["x"] * (LENGTH // 4)]])),
    "as many numbers as allowed": (400, lambda cat: polygon_body(cat, [[[12.25] * 1_300_000]])),
    "a long word for a kind": (400, lambda cat: tag_body(cat, kind="x" * LENGTH)),
    "a wide word for a kind": (413, lambda cat: tag_body(cat, kind="🐈" + "x" * LENGTH)),
    "a long attribute": (400, lambda cat: tag_body(cat, attributes={"a": "x" * LENGTH})),
}


def segmentation(text: str) -> dict[str, Any]:
    return {"size": [SIDE, SIDE], "counts": text}


@pytest.mark.parametrize("case", BODIES)
def test_no_body_takes_more_than_256_megabytes(
    as_annotator: APIClient, image: Image, cat: LabelClass, case: str
) -> None:
    Image.objects.filter(id=image.id).update(width=SIDE, height=SIDE)
    status, body = BODIES[case]
    text = json.dumps(body(cat), ensure_ascii=False, separators=(",", ":")).encode()
    path, headers = f"{API}/images/{image.id}/annotations", {"Idempotency-Key": str(uuid4())}
    answer, took = peak(lambda: as_annotator.post(path, text, content_type="application/json", headers=headers))
    assert answer.status_code == status, answer.content[:500]
    assert took < MAX_BYTES
    print(f"{case}: {took / 2**20:.0f} MiB")


MASKS = 60
HEAVY_BYTES = 4 * 1024 * 1024


@pytest.fixture
def heavy(annotator: User, image: Image, cat: LabelClass) -> list[Annotation]:
    """Masks of four million runs each, a quarter of a gigabyte together, written past the limits of an image."""
    Image.objects.filter(id=image.id).update(width=SIDE, height=SIDE)
    shape = {"offset": [0, 0], "size": [SIDE, SIDE], "counts": rle(MOST_RUNS)}
    fields: dict[str, Any] = {"project_id": image.project_id, "image": image, "label_class": cat, "kind": "mask"}
    fields |= {"shape": shape, "bbox": [0, 0, SIDE, SIDE], "area": 1, "confidence": 0, "source": "brush"}
    fields |= {"state": "submitted", "content_bytes": HEAVY_BYTES, "created_by": annotator, "updated_by": annotator}
    return Annotation.objects.bulk_create((Annotation(**fields) for _ in range(MASKS)), batch_size=1)


Read = Callable[[APIClient, Project, Image], Any]
READS: dict[str, Read] = {
    "an image's annotations": lambda client, project, image: client.get(f"{API}/images/{image.id}/annotations"),
    "the review queue": lambda client, project, image: client.get(
        f"{API}/projects/{project.id}/review-queue?limit=500"
    ),
    "a sheet": lambda client, project, image: client.post(
        f"{API}/projects/{project.id}/review-queue/next", {"count": 60}
    ),
}


@pytest.mark.parametrize("case", READS)
def test_no_list_of_masks_takes_more_than_256_megabytes(
    as_reviewer: APIClient, project: Project, image: Image, heavy: list[Annotation], case: str
) -> None:
    answer, took = peak(lambda: READS[case](as_reviewer, project, image))
    print(f"{case}: {took / 2**20:.0f} MiB")
    assert answer.status_code == 200, answer.content[:500]
    assert len(answer.json()["results"]) == limits.MAX_PAGE_BYTES // HEAVY_BYTES
    assert took < MAX_BYTES


def test_no_page_of_deleted_masks_takes_more_than_256_megabytes(
    as_reviewer: APIClient, image: Image, heavy: list[Annotation]
) -> None:
    Annotation.objects.update(deleted_at=timezone.now())
    answer, took = peak(lambda: as_reviewer.get(f"{API}/images/{image.id}/deleted"))
    print(f"deleted masks: {took / 2**20:.0f} MiB")
    assert len(answer.json()["results"]) == limits.MAX_PAGE_BYTES // HEAVY_BYTES
    assert took < MAX_BYTES


def test_no_page_of_a_history_takes_more_than_256_megabytes(
    as_reviewer: APIClient, annotator: User, heavy: list[Annotation]
) -> None:
    made = heavy[0]
    AnnotationVersion.objects.bulk_create(
        (
            AnnotationVersion(
                annotation=made, version=n, event_seq=1000 + n, change="changed", state="draft",
                content=made.content(), content_bytes=HEAVY_BYTES, by=annotator,
            )
            for n in range(MASKS)
        ),
        batch_size=1,
    )  # fmt: skip
    answer, took = peak(lambda: as_reviewer.get(f"{API}/annotations/{made.id}/history?limit=200"))
    print(f"a history: {took / 2**20:.0f} MiB")
    assert len(answer.json()["results"]) == limits.MAX_PAGE_BYTES // HEAVY_BYTES
    assert took < MAX_BYTES


def test_a_change_of_as_many_bytes_as_allowed_takes_no_more_than_512_megabytes(
    as_annotator: APIClient, image: Image, heavy: list[Annotation]
) -> None:
    most = limits.MAX_CHANGED_BYTES // HEAVY_BYTES
    named = [{"id": str(row.id), "version": 1, "model": "other"} for row in heavy[:most]]
    path, headers = f"{API}/images/{image.id}/changes", {"Idempotency-Key": str(uuid4())}
    answer, took = peak(lambda: as_annotator.post(path, {"update": named}, headers=headers))
    print(f"a change of {len(named)} masks: {took / 2**20:.0f} MiB")
    assert answer.status_code == 200, answer.content[:500]
    assert took < 2 * MAX_BYTES
