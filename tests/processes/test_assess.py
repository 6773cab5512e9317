"""The whole way of a mask's confidence, through the real processes: drawn, looked at by a worker, doubted or not."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from inference import masks
from inference.masks import Mask, Rle
from tests.processes.client import Client
from tests.processes.waiting import ended, until


def drawn(class_id: str, mask: Mask) -> dict[str, Any]:
    rle = masks.encode(mask).to_json()
    return {"id": str(uuid4()), "class_id": class_id, "kind": "mask", "segmentation": rle, "source": "brush"}


def test_a_drawn_mask_that_sam_agrees_with_is_believed_more_than_one_that_is_beside_it(
    client: Client, photographs: list[Path]
) -> None:
    project = client.post("/projects", {"name": "Assessed", "classes": [{"name": "sheep"}]})["id"]
    (class_id,) = (each["id"] for each in client.get(f"/projects/{project}/classes"))
    uploaded = client.upload(project, *(path for path in photographs if path.stem == "sheep"))
    until(lambda: ended(client, project, 1))
    image = uploaded[0]["image"]
    point = {"points": [{"x": image["width"] / 2, "y": image["height"] / 2, "label": 1}]}
    found = client.post(f"/images/{image['id']}/predict", point)["candidates"][0]["segmentation"]
    good = masks.decode(Rle.from_json(found))
    shifted = np.roll(good, good.shape[1] // 5, axis=1)
    bodies = [drawn(class_id, each) for each in (good, shifted)]
    for body in bodies:
        client.post(f"/images/{image['id']}/annotations", body)

    def confidences() -> list[float]:
        return [client.get(f"/annotations/{body['id']}")["confidence"] for body in bodies]

    until(lambda: all(confidences()))
    believed, doubted = confidences()
    assert believed > doubted
    assert client.get(f"/annotations/{bodies[1]['id']}")["doubts"]
