from typing import Any

import pytest
from rest_framework import serializers
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.annotations.models import Annotation
from labeling.annotations.serializers import AnnotationSerializer
from labeling.images.models import Image
from labeling.projects.models import LabelClass
from tests.labeling.making import (
    API,
    annotate,
    assign,
    box_body,
    judge,
    mask_body,
    polygon_body,
    submit,
    tag_body,
)


@pytest.fixture
def of_every_kind(
    as_annotator: APIClient, annotator: User, reviewer: User, manager: User, image: Image, cat: LabelClass
) -> list[Annotation]:
    create = [
        mask_body(cat, predicted_iou=0.9, stability_score=0.8, chosen_rank=1, prompts=[{"points": []}], z=3),
        polygon_body(cat, [[[1, 1, 9, 1, 9, 9]]]),
        box_body(cat, [1, 2, 3, 4]),
        tag_body(cat),
    ]
    assert as_annotator.post(f"{API}/images/{image.id}/changes", {"create": create}).status_code == 200
    rejected = annotate(annotator, image, cat)
    assign(manager, image, annotator)
    submit(annotator, image)
    judge(reviewer, rejected, "rejected", "Rough edge")
    return list(Annotation.objects.all())


def test_an_annotation_is_written_as_its_fields_describe_it(of_every_kind: list[Annotation]) -> None:
    for row in of_every_kind:
        written = AnnotationSerializer(row).data
        row.segmentation, row.polygon = written["segmentation"], written["polygon"]  # type: ignore[attr-defined]
        assert written == _generic(row)


def test_many_are_written_as_each_alone(of_every_kind: list[Annotation]) -> None:
    assert AnnotationSerializer(of_every_kind, many=True).data == [
        AnnotationSerializer(row).data for row in of_every_kind
    ]


def _generic(row: Annotation) -> dict[str, Any]:
    """What the fields themselves would make of it, as it is after it went through JSON."""
    values = serializers.ModelSerializer.to_representation(AnnotationSerializer(), row)
    return {**values, **{name: str(values[name]) for name in ("project", "image")}}
