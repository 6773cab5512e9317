"""An image of 20000 x 20000 pixels: taken in, cut into tiles, embedded, opened in a browser."""

import re
import time
from pathlib import Path
from typing import Any

import pyvips

from tests.bench.editor import ACCOUNT, PHOTO, ROOT, installation, measured, table, told
from tests.processes.client import Client
from tests.processes.waiting import until
from tests.stack import Stack

SIDE = 20_000
MIB = 1 << 20


def report() -> str:
    if not (ROOT / "frontend" / "dist" / "index.html").exists():
        return "Not measured: the frontend is not built (make frontend)."
    with installation() as (stack, folder):
        before = {name: peak(stack, name) for name in ("web", "inference")}
        image, figures = taken_in(stack, photograph(folder / "large.jpg"))
        for name, size in before.items():
            grown = (peak(stack, name) - size) / MIB
            figures.append({"what": f"{name}, memory above that before, at most", "unit": "MiB", "measured": grown})
        return table([*figures, *measured("tiles", told(stack, image))])


def photograph(file: Path) -> Path:
    """A demo photograph, many times; written row by row, as nobody has the memory for all of it."""
    photo = pyvips.Image.new_from_file(str(PHOTO))
    many = photo.replicate(1 + SIDE // photo.width, 1 + SIDE // photo.height).crop(0, 0, SIDE, SIDE)
    many.jpegsave(str(file), Q=85, keep="none")
    return file


def taken_in(stack: Stack, file: Path) -> tuple[str, list[dict[str, Any]]]:
    """The image's id, and how long everything took."""
    client = Client(stack.url, stack.manage("token", ACCOUNT["email"]).strip())
    project = client.post("/projects", {"name": "Large", "classes": [{"name": "sheep"}]})["id"]
    began = time.monotonic()
    image = client.upload(project, file)[0]["image"]["id"]
    figures = [_seconds("upload and check", began)]
    for what in ("tiles", "embedding"):
        until(lambda what=what: client.get(f"/images/{image}")[what]["state"] == "ready", seconds=300)  # type: ignore[misc]
        figures.append(_seconds(f"{what} ready, from the upload's beginning", began))
    return image, figures


def _seconds(what: str, began: float) -> dict[str, Any]:
    return {"what": what, "unit": "s", "measured": time.monotonic() - began}


def peak(stack: Stack, name: str) -> int:
    """The most memory that a process has ever held, in bytes."""
    found = re.search(r"VmHWM:\s*(\d+) kB", Path(f"/proc/{stack.processes.pid(name)}/status").read_text())
    return int(found[1]) * 1024 if found else 0
