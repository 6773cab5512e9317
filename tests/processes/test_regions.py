"""A click on something small in a large photograph, through the real processes."""

import json
import urllib.error
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from pycocotools import mask as coco

from tests.processes.client import Client
from tests.processes.waiting import ended, until

TILE = (150, 109)
COLUMN, ROW = 12, 9


def herd(photograph: Path, path: Path) -> Path:
    """A photograph of 3000 x 2180 pixels, in which the given one is small and many times."""
    small = cv2.resize(np.asarray(cv2.imread(str(photograph))), TILE, interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(path), np.tile(small, (20, 20, 1)))
    return path


@pytest.mark.one_engine
def test_a_click_on_something_small_is_answered_from_the_part_that_is_looked_at(
    client: Client, photographs: list[Path], tmp_path: Path
) -> None:
    project = client.post("/projects", {"name": "Small"})["id"]
    sheep = next(path for path in photographs if path.stem == "sheep")
    (result,) = client.upload(project, herd(sheep, tmp_path / "herd.png"))
    image = result["image"]
    until(lambda: ended(client, project, 1))

    left, top = COLUMN * TILE[0], ROW * TILE[1]
    x, y = left + TILE[0] / 2, top + TILE[1] / 2
    body = {"points": [{"x": x, "y": y, "label": 1}], "region": [x - 200, y - 150, x + 200, y + 150]}
    answers = [asked(client, image["id"], body)]

    def answered() -> bool:
        answers.append(asked(client, image["id"], body))
        return "candidates" in answers[-1]

    until(answered)
    *waited, prediction = answers
    assert {each["code"] for each in waited} == {"region_not_ready"}
    x0, y0, x1, y1 = prediction["region"]
    assert x0 <= x - 200 < x + 200 <= x1 <= 3000
    assert y0 <= y - 150 < y + 150 <= y1 <= 2180
    best = prediction["candidates"][prediction["preferred"]]
    mask = coco.decode(best["segmentation"])
    assert mask.shape == (2180, 3000)
    assert mask[int(y), int(x)]
    assert best["score"] > 0.8
    in_tile = mask[top : top + TILE[1], left : left + TILE[0]].sum()
    assert in_tile > 0.95 * mask.sum(), "the sheep that was clicked, not its neighbours"
    assert in_tile > 0.2 * TILE[0] * TILE[1], "the sheep fills the middle of its photograph"


def asked(client: Client, image: str, body: dict[str, Any]) -> dict[str, Any]:
    """The answer to a prompt; what is wrong when it is a conflict."""
    try:
        return dict(client.post(f"/images/{image}/predict", body))
    except urllib.error.HTTPError as error:
        if error.code != 409:
            raise
        return dict(json.load(error))
