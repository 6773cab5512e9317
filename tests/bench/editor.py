"""The editor in a browser with 3,000 masks on an image of 4000 x 3000 pixels, each figure beside its limit.

A whole installation is started as for the browser tests and filled by the API. tests/e2e/bench drives chromium and
writes what it measured; docs/performance.md says what each figure is.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from tests.bench import crowd
from tests.processes.client import Client
from tests.processes.waiting import until
from tests.stack import ROOT, Stack, running

PHOTO = ROOT / "labeling" / "demo" / "photos" / "sheep.jpg"
E2E = ROOT / "tests" / "e2e"
MASKS, BATCH = 3000, 250
CLASSES = ("tree", "leaf", "stone", "sheep", "flower", "shadow", "fence", "cloud")
# Where the page's clicks find the polygon whose point they move, on top of everything.
POLYGON = (2000.0, 1500.0)
ACCOUNT = {"email": "bench@example.org", "name": "Bench", "password": "made-for-the-bench"}


def report() -> str:
    if not (ROOT / "frontend" / "dist" / "index.html").exists():
        return "Not measured: the frontend is not built (make frontend)."
    # A worker that looks at 6,000 masks in its own time would take the browser's.
    os.environ["MASKWRIGHT_ASSESS"] = "0"
    with installation() as (stack, folder):
        return table(measured("editor", filled(stack, folder)))


def measured(name: str, environment: dict[str, str]) -> list[dict[str, Any]]:
    """What tests/e2e/bench/NAME.bench.ts finds."""
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "figures.json"
        run = [str(E2E / "run"), "--config", "bench/playwright.config.ts", f"{name}.bench"]
        subprocess.run(run, env={**os.environ, **environment, "BENCH_FIGURES": str(found)}, check=True)
        figures: list[dict[str, Any]] = json.loads(found.read_text())
        return figures


@contextmanager
def installation() -> Iterator[tuple[Stack, Path]]:
    """One with somebody who may log in, and a folder."""
    with tempfile.TemporaryDirectory(prefix="maskwright-bench-") as name, running(Path(name)) as stack:
        until(lambda: Client(stack.url, "").get("/health/ready"))
        stack.environment["DJANGO_SUPERUSER_PASSWORD"] = ACCOUNT["password"]
        stack.manage("createsuperuser", "--noinput", "--email", ACCOUNT["email"], "--name", ACCOUNT["name"])
        yield stack, Path(name)


def filled(stack: Stack, folder: Path) -> dict[str, str]:
    client = Client(stack.url, stack.manage("token", ACCOUNT["email"]).strip())
    made = {"name": "Bench", "classes": [{"name": name} for name in CLASSES]}
    project = client.post("/projects", made)["id"]
    classes = [each["id"] for each in client.get(f"/projects/{project}/classes")]
    first, second = (each["image"]["id"] for each in client.upload(project, *photographs(folder)))
    for image, seed in ((first, 7), (second, 8)):
        draw = np.random.default_rng(seed)
        bodies = [*crowd.crowd(MASKS, classes, seed), crowd.polygon_body(draw, POLYGON, 60, classes[0])]
        for start in range(0, len(bodies), BATCH):
            create = [{**body, "z": start + i} for i, body in enumerate(bodies[start : start + BATCH])]
            client.post(f"/images/{image}/changes", {"create": create})
    until(lambda: client.get(f"/projects/{project}/progress")["embeddings"]["ready"] == 2)
    return told(stack, first, second)


def told(stack: Stack, *images: str) -> dict[str, str]:
    """What the browser has to know of the installation."""
    return {
        "BENCH_URL": stack.url,
        "BENCH_IMAGES": ",".join(images),
        "BENCH_EMAIL": ACCOUNT["email"],
        "BENCH_PASSWORD": ACCOUNT["password"],
    }


def photographs(folder: Path) -> list[Path]:
    """A demo photograph, enlarged; the second one upside down."""
    photo = cv2.imread(str(PHOTO))
    assert photo is not None
    large = cv2.resize(photo, (crowd.WIDTH, crowd.HEIGHT), interpolation=cv2.INTER_CUBIC)
    files = [folder / "first.jpg", folder / "second.jpg"]
    for file, pixels in zip(files, (large, large[::-1]), strict=True):
        cv2.imwrite(str(file), pixels)
    return files


def table(figures: list[dict[str, Any]]) -> str:
    """Each: what, measured, unit, limit or null, the naive canvas's or null."""
    lines = [f"{'what':<58}{'measured':>10}{'limit':>9}{'':>3}{'naive':>10}{'ratio':>8}"]
    for figure in figures:
        measured, limit, naive = figure["measured"], figure.get("limit"), figure.get("naive")
        over = " !" if limit is not None and measured > limit else "  "
        cells = f"{measured:>10,.1f}{'' if limit is None else f'{limit:,}':>9}{over:>3}"
        beside = "" if naive is None else f"{naive:>10,.1f}{naive / measured if measured else 0:>8.1f}"
        lines.append(f"{figure['what'] + ', ' + figure['unit']:<58}{cells}{beside}")
    return "\n".join(lines)
