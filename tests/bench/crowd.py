"""A crowd of masks as SAM leaves them on a full image: many small, some large, overlapping, some with holes."""

import uuid
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np

from inference import masks

WIDTH, HEIGHT = 4000, 3000
# Radius in pixels from and to, and the share of the masks that are so large.
SIZES = [(8, 40, 0.80), (40, 150, 0.17), (150, 500, 0.03)]
HOLED = 0.1


def crowd(count: int, class_ids: list[str], seed: int = 7) -> Iterator[dict[str, Any]]:
    """What the API is sent to create `count` masks, the largest at the bottom as people order them."""
    draw = np.random.default_rng(seed)
    radii = np.sort(np.concatenate([draw.uniform(low, high, round(count * share)) for low, high, share in SIZES]))
    for radius in radii[::-1]:
        yield mask_body(draw, float(radius), class_ids[int(draw.integers(len(class_ids)))])


def mask_body(draw: np.random.Generator, radius: float, class_id: str) -> dict[str, Any]:
    crop = blob(draw, radius)
    x = int(draw.integers(0, WIDTH - crop.shape[1]))
    y = int(draw.integers(0, HEIGHT - crop.shape[0]))
    score = float(draw.uniform(0.7, 1))
    return {
        **body(draw, class_id), "kind": "mask", "source": "proposal", "predicted_iou": score, "stability_score": score,
        "segmentation": masks.encode(crop, (HEIGHT, WIDTH), (x, y)).to_json(),
    }  # fmt: skip


def polygon_body(draw: np.random.Generator, at: tuple[float, float], radius: float, class_id: str) -> dict[str, Any]:
    """A polygon of twelve points whose first lies to the right of its middle."""
    angles = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    ring = np.stack([at[0] + radius * np.cos(angles), at[1] + radius * np.sin(angles)], axis=1)
    return {
        **body(draw, class_id),
        "kind": "polygon",
        "source": "polygon",
        "polygon": [[[round(float(value), 2) for value in ring.ravel()]]],
    }


def body(draw: np.random.Generator, class_id: str) -> dict[str, Any]:
    return {"id": str(uuid.UUID(bytes=draw.bytes(16), version=4)), "class_id": class_id}


def blob(draw: np.random.Generator, radius: float) -> masks.Mask:
    """A round thing with bulges and a rough edge; every tenth has a hole."""
    angles = np.linspace(0, 2 * np.pi, max(16, int(radius)), endpoint=False)
    bulges = sum(draw.uniform(0, 0.25 / k) * np.sin(k * angles + draw.uniform(0, 6)) for k in range(2, 8))
    outline = radius * (1 + bulges + draw.normal(0, 0.01, len(angles)))
    side = 2 * int(radius * 1.7) + 3
    ring = np.stack([outline * np.cos(angles), outline * np.sin(angles)], axis=1) + side / 2
    pixels = np.zeros((side, side), np.uint8)
    cv2.fillPoly(pixels, [np.round(ring).astype(np.int32)], 1)
    if draw.uniform() < HOLED:
        cv2.circle(pixels, (side // 2, side // 2), max(2, int(radius * 0.3)), 0, -1)
    return pixels.astype(np.bool_)
