"""One-by-one review in a browser: from a verdict's key until the next mask is drawn, beside its limit.

A whole installation with photographs and masks that wait, filled by the API; tests/e2e/bench drives chromium.
"""

import os
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench import crowd
from tests.bench.editor import ACCOUNT, ROOT, installation, measured, table, told
from tests.processes.client import Client
from tests.processes.waiting import until
from tests.stack import Stack

DEMO = ROOT / "labeling" / "demo" / "photos"
PHOTOGRAPHS, MASKS = 12, 10  # and masks on each; the bench judges 80 of them
RADII = (20, 140)


def report(data: Path | None) -> str:
    if not (ROOT / "frontend" / "dist" / "index.html").exists():
        return "Not measured: the frontend is not built (make frontend)."
    # A worker that looks at masks in its own time would take the browser's.
    os.environ["MASKWRIGHT_ASSESS"] = "0"
    with installation() as (stack, _):
        return table(measured("review", filled(stack, photographs(data))))


def photographs(data: Path | None) -> list[Path]:
    """Of the set `coco` where there is one, else the demo's."""
    folder = data / "coco" / "images" if data else DEMO
    return sorted((folder if folder.is_dir() else DEMO).glob("*.jpg"))[:PHOTOGRAPHS]


def filled(stack: Stack, files: list[Path]) -> dict[str, str]:
    client = Client(stack.url, stack.manage("token", ACCOUNT["email"]).strip())
    project = client.post("/projects", {"name": "Review", "classes": [{"name": "thing"}]})["id"]
    # Judging one's own, and all of it.
    client.configure(project, {"review": {"own": True}})
    (label_class,) = (each["id"] for each in client.get(f"/projects/{project}/classes"))
    images = [each["image"] for each in client.upload(project, *files)]
    until(lambda: client.get(f"/projects/{project}/progress")["embeddings"]["ready"] == len(images), seconds=300)
    names = [image["id"] for image in images]
    client.post(f"/projects/{project}/assignments", {"annotator": client.get("/me")["id"], "images": names})
    draw = np.random.default_rng(5)
    for image in images:
        create = [body(draw, image, label_class) for _ in range(MASKS)]
        client.post(f"/images/{image['id']}/changes", {"create": create})
    for assignment in client.get("/me/assignments"):
        client.post(f"/assignments/{assignment['id']}/submit", {})
    return {**told(stack, *names), "BENCH_PROJECT": project}


def body(draw: np.random.Generator, image: dict[str, Any], label_class: str) -> dict[str, Any]:
    """A polygon of sixty points around some place of the image, its confidence unknown like all the others'."""
    radius = draw.uniform(*RADII)
    x, y = draw.uniform(radius, image["width"] - radius), draw.uniform(radius, image["height"] - radius)
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    far = radius * draw.uniform(0.8, 1.0, len(angles))
    ring = np.stack([x + far * np.cos(angles), y + far * np.sin(angles)], axis=1)
    return {
        **crowd.body(draw, label_class),
        "kind": "polygon",
        "source": "polygon",
        "polygon": [[[round(float(value), 2) for value in ring.ravel()]]],
    }
