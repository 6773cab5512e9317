"""Small objects in a large photograph: one click, with and without looking at a region around it.

The photograph is composed: photographs of 6000 x 4000 pixels together, and upon them others so small that an object in
each is SMALL pixels long. What the object is was said before, of the photograph at its own size: by people, or by SAM
where one click in the object's middle finds it again.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import cv2
import numpy as np

from inference import masks
from inference.clicks import predict as predict_whole
from inference.contract import Point, Prompt
from inference.embeddings import Embedding, embedding_key, pack, unpack
from inference.encode import Pixels, load_encoder
from inference.framed import predict, region_for
from inference.masks import Mask
from inference.pixels import inspect
from inference.regions import Region
from inference.storage import open_store
from tests.bench import sets
from tests.bench.clicks import depth, iou
from tests.bench.sets import Target
from tests.stack import MODELS, ROOT

DEMO = ROOT / "labeling" / "demo" / "photos"
SIZE = (6000, 4000)
SMALL = 40
LOOKED_AT = 400  # pixels around the click, about, as a browser shows them enlarged
GRID = (8, 5)
CLEAR = 0.95


@dataclass(frozen=True)
class Placed:
    """An object in the composed photograph: its mask [height, width] at (x, y)."""

    x: int
    y: int
    mask: Mask


def report(data: Path | None) -> str:
    """The mean IoU of one click in the middle of an object, from the whole image's embedding and from a region's: of
    the likeliest reading, and of the best fitting of the three."""
    rows = {"demo photographs, SAM's masks": list(clear_objects())}
    if data is not None and (data / "berkeley").is_dir():
        rows["berkeley, people's masks"] = list(sets.berkeley(data))
    title = f"objects of {SMALL} px in 6000 x 4000"
    lines = [
        f"{title:<34}{'whole':>8}{'region':>8}{'better':>8}   best of three:{'whole':>8}{'region':>8}{'better':>8}"
    ]
    for name, targets in rows.items():
        likeliest, best = np.array(list(clicked(targets))).mean(0)
        lines.append(f"{name:<34}{_columns(*likeliest)}{'':>17}{_columns(*best)}")
    if len(rows) == 1:
        lines.append("No set berkeley was given: nothing was measured on people's masks.")
    return "\n".join(lines)


def _columns(whole: float, region: float) -> str:
    return f"{whole:>8.3f}{region:>8.3f}{region - whole:>8.3f}"


def clear_objects() -> Iterator[Target]:
    """Objects of the demo photographs that SAM is sure of at full size."""
    for photograph in sorted(DEMO.glob("*.jpg")):
        image = sets.embedding(photograph)
        found: list[Mask] = []
        for y, x in np.ndindex(8, 8):
            mask = _clear(image, (x + 0.5) * image.width / 8, (y + 0.5) * image.height / 8)
            if mask is not None and all(iou(mask, other) < 0.5 for other in found):
                found.append(mask)
        yield from (Target(f"{photograph.stem} {number}", photograph, mask) for number, mask in enumerate(found))


def _clear(image: Embedding, x: float, y: float) -> Mask | None:
    """The mask that a click gives, if it is whole, in the middle of the image, and a click in its own middle gives it
    too; else None."""
    _, decoder = sets.model()
    first = predict_whole(decoder, image, Prompt((Point(x, y, 1),))).best
    left, top, width, height = first.bbox
    inside = left > 0 and top > 0 and left + width < image.width and top + height < image.height
    large = first.area > 0.005 * image.width * image.height
    if not (inside and large and min(first.score, first.stability_score) > CLEAR):
        return None
    mask = masks.decode(first.segmentation)
    again = predict_whole(decoder, image, Prompt((middle(mask),))).best
    return mask if iou(masks.decode(again.segmentation), mask) > CLEAR else None


def middle(mask: Mask) -> Point:
    """The deepest pixel."""
    row, column = np.unravel_index(int(depth(mask).argmax()), mask.shape)
    return Point(float(column) + 0.5, float(row) + 0.5, 1)


def clicked(targets: list[Target]) -> Iterator[list[list[float]]]:
    """For each placed object IoU of the likeliest reading, and of the best, from (the whole image, the region)."""
    pixels, placed = composed(targets)
    sha256 = hashlib.sha256(pixels.tobytes()).hexdigest()
    _, decoder = sets.model()
    for target in placed:
        local = middle(target.mask)
        point = Point(local.x + target.x, local.y + target.y, 1)
        wanted = masks.encode(target.mask, (SIZE[1], SIZE[0]), (target.x, target.y))
        # Nobody has what they click on just in the middle of their screen.
        shift = np.random.default_rng(target.x * target.y).uniform(-LOOKED_AT / 4, LOOKED_AT / 4, 2)
        seen = [point.x - LOOKED_AT / 2 + shift[0], point.y - LOOKED_AT / 2 + shift[1]]
        prompt = Prompt((point,))
        region = region_for([*seen, seen[0] + LOOKED_AT, seen[1] + LOOKED_AT], prompt, SIZE)
        answers = [predict(decoder, embedded(pixels, sha256, each), prompt, SIZE, each) for each in (None, region)]
        fits = [[masks.iou(each.segmentation, wanted) for each in answer.candidates] for answer in answers]
        preferred = [fit[answer.preferred] for fit, answer in zip(fits, answers, strict=True)]
        yield [preferred, [max(each) for each in fits]]


def composed(targets: list[Target]) -> tuple[Pixels, list[Placed]]:
    """Photographs at their own size, and upon them the targets' small ones, one somewhere in each cell of a grid."""
    random = np.random.default_rng(0)
    canvas, placed = _background(), list[Placed]()
    order = cycle(random.permutation(len(targets)))
    for (row, column), index in zip(np.ndindex(GRID[1], GRID[0]), order, strict=False):
        tile, mask = _tile(targets[index])
        height, width = mask.shape
        x = int((column + random.random()) * (SIZE[0] - width) / GRID[0])
        y = int((row + random.random()) * (SIZE[1] - height) / GRID[1])
        canvas[y : y + height, x : x + width] = tile
        placed.append(Placed(x, y, mask))
    return canvas, placed


def _background() -> Pixels:
    photographs = [inspect(path.read_bytes()).array() for path in sorted(DEMO.glob("*.jpg"))]
    wide = [np.asarray(cv2.resize(each, (1000, 800), interpolation=cv2.INTER_AREA), np.uint8) for each in photographs]
    rows = [np.concatenate([wide[(row * 5 + column) % len(wide)] for column in range(6)], axis=1) for row in range(5)]
    return np.concatenate(rows, axis=0)


def _tile(target: Target) -> tuple[Pixels, Mask]:
    """The photograph and the mask, so small that the object is SMALL pixels long."""
    _, _, width, height = masks.bbox(masks.encode(target.mask))
    scale = SMALL / max(width, height)
    size = (round(target.mask.shape[1] * scale), round(target.mask.shape[0] * scale))
    pixels = inspect(target.photograph.read_bytes()).array()
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    mask = cv2.resize(target.mask.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0.5
    return np.asarray(small, np.uint8), mask


def embedded(pixels: Pixels, sha256: str, region: Region | None) -> Embedding:
    """As the API reads it, out of its stored form, kept in the temporary folder."""
    kept = open_store(str(Path(tempfile.gettempdir()) / "maskwright-bench"))
    key = embedding_key(sha256, sets.model()[0], region)
    if not kept.exists(key):
        part = pixels if region is None else pixels[region.y0 : region.y1, region.x0 : region.x1]
        values = load_encoder(open_store(str(MODELS)), "mobile_sam", 1).encode(part)
        kept.write(key, pack(Embedding(values, part.shape[1], part.shape[0])))
    return unpack(kept.read(key))
