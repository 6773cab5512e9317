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
from rest_framework.test import APIClient

from inference import counts
from labeling.images.models import Image
from labeling.projects.models import LabelClass
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
