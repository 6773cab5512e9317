"""COCO instances, lossless and streamed: one image in memory at a time.

Every annotation with pixels is written as a compressed RLE, because COCO's own polygons cannot have holes and are
rasterised by another rule than ours: `annToMask` then gives exactly the pixels that were stored. A polygon is kept
beside it, as drawn, with parts and holes. Boxes have their rectangle's pixels; tags belong to the image.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from inference import masks
from labeling.exchange.formats.records import AnnotationRecord, ClassRecord, ImageRecord

MEDIA_TYPE = "application/json"
EXTENSION = "json"


def write(info: dict[str, Any], classes: Sequence[ClassRecord], images: Iterable[ImageRecord]) -> Iterator[bytes]:
    """The dataset as pieces of one JSON document. Annotations come first, so that images can follow in one pass."""
    categories = {record.id: index for index, record in enumerate(classes, start=1)}
    listed: list[dict[str, Any]] = []
    yield b'{"info":' + _json(info)
    yield b',"categories":' + _json([_category(record, categories[record.id]) for record in classes])
    yield b',"annotations":['
    number = 0
    for image_id, record in enumerate(images, start=1):
        listed.append(_image(record, image_id, categories))
        for annotation in record.annotations:
            if annotation.kind != "tag":
                number += 1
                row = _annotation(annotation, number, image_id, categories)
                yield (b"," if number > 1 else b"") + b"\n" + _json(row)
    yield b'],"images":' + _json(listed) + b"}\n"


def _category(record: ClassRecord, number: int) -> dict[str, Any]:
    return {"id": number, "name": record.name, "supercategory": "", "colour": record.colour, "class_id": record.id}


def _image(record: ImageRecord, number: int, categories: dict[str, int]) -> dict[str, Any]:
    tags = [categories[tag.class_id] for tag in record.annotations if tag.kind == "tag"]
    return {
        "id": number,
        "file_name": record.name,
        "width": record.width,
        "height": record.height,
        "image_id": record.id,
        "tags": tags,
        **record.extra,
    }


def _annotation(record: AnnotationRecord, number: int, image: int, categories: dict[str, int]) -> dict[str, Any]:
    assert record.pixels is not None, "only tags have no pixels"
    mask = record.pixels()
    row: dict[str, Any] = {
        "id": number,
        "image_id": image,
        "category_id": categories[record.class_id],
        "iscrowd": 0,
        "area": masks.area(mask),
        "bbox": list(record.box or masks.bbox(mask)),
        "segmentation": mask.to_json(),
        "kind": record.kind,
        "annotation_id": record.id,
        **record.extra,
    }
    return row if record.polygon is None else {**row, "polygon": record.polygon}


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
