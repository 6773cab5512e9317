"""Annotations, prompts and candidates as JSON."""

import json
import re
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from labeling.accounts.api import PersonSerializer
from labeling.accounts.models import User
from labeling.annotations import contents, limits
from labeling.annotations.assessing import doubts_of
from labeling.annotations.geometry import outgoing, outgoing_all
from labeling.annotations.models import Annotation
from labeling.annotations.states import Resubmission, State
from labeling.images.serializers import RleSerializer
from labeling.json_bodies import is_longer

STATES = [state.value for state in State]
AT_MOST: dict[str, Any] = {"max_length": limits.MAX_CHANGED_ANNOTATIONS}
# Limits an object's attributes, and each prompt: names, values and characters of texts together.
MAX_OBJECT_LENGTH = 100_000
NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class PlainListField(serializers.ListField):
    """A list that is stored as the JSON that leaves. Images have thousands of them: nothing goes through each again."""

    def to_representation(self, value: Any) -> Any:
        return value


class PolygonField(PlainListField):
    """Parts → rings → flat [x, y, …]; the first ring is the outer one, the others are holes."""

    child = serializers.ListField(child=serializers.ListField(child=serializers.FloatField()))

    def to_internal_value(self, data: Any) -> Any:
        """Pass it on: annotations/geometry.py checks it without creating an object for each number and error."""
        return data if isinstance(data, list) else self.fail("not_a_list", input_type=type(data).__name__)


class BoxField(PlainListField):
    """[x, y, width, height] in pixels."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=serializers.FloatField(), min_length=4, max_length=4, **options)


@extend_schema_field({"type": "object", "additionalProperties": {}})
class ObjectField(serializers.DictField):
    """Any JSON object that every database can keep."""

    default_error_messages = {
        "unstorable": "Numbers must be finite, and texts Unicode without the character NUL.",
        "too_long": "At most {limit:,} values and characters are kept.",
    }

    def to_representation(self, value: Any) -> Any:
        return value

    def to_internal_value(self, data: Any) -> dict[Any, Any]:
        if is_longer(data, MAX_OBJECT_LENGTH):
            self.fail("too_long", limit=MAX_OBJECT_LENGTH)
        value = super().to_internal_value(data)
        try:
            text = json.dumps(value, ensure_ascii=False, allow_nan=False)
            text.encode()
        except ValueError:
            self.fail("unstorable")
        return self.fail("unstorable") if NUL.search(text) else value


class ReviewSerializer(serializers.Serializer[Any]):
    """What the latest verdict said, or that the project's policy accepted it, which is by nobody."""

    verdict = serializers.ChoiceField(choices=Annotation.Standing.choices)
    reason = serializers.CharField(allow_blank=True)
    comment = serializers.CharField(allow_blank=True)
    by = PersonSerializer(allow_null=True)
    at = serializers.DateTimeField()
    version = serializers.IntegerField()


class DoubtSerializer(serializers.Serializer[Any]):
    """What speaks against an annotation."""

    signal = serializers.CharField()
    text = serializers.CharField(help_text="A sentence for people.")
    weight = serializers.FloatField(help_text="How much, in log odds.")


class AnnotationsSerializer(serializers.ListSerializer[Any]):
    """Annotations on the way out. An image has thousands, so their shapes are written together, image by image."""

    def to_representation(self, data: Any) -> list[dict[str, Any]]:
        written = []
        for _, rows in groupby(data, attrgetter("image_id")):
            of_image = list(rows)
            shapes = outgoing_all([(row.kind, row.shape) for row in of_image], *_size(of_image[0]))
            written += [_written(row, shape) for row, shape in zip(of_image, shapes, strict=True)]
        return written


class AnnotationSerializer(serializers.ModelSerializer[Annotation]):
    """An annotation on the way out; null where a field is not of its kind."""

    # The fields say what leaves. `_written` writes it, in a quarter of the time that they would take.

    class_id = serializers.UUIDField(source="label_class_id")
    segmentation = RleSerializer(allow_null=True)
    polygon = PolygonField(allow_null=True)
    bbox = BoxField()
    attributes = ObjectField()
    prompts = PlainListField(child=ObjectField())
    doubts = serializers.SerializerMethodField(help_text="Why the confidence is low, the weightiest first.")
    state = serializers.ChoiceField(choices=STATES)
    review = ReviewSerializer(allow_null=True)
    resubmission = serializers.ChoiceField(
        choices=[answer.value for answer in Resubmission], allow_null=True,
        help_text="How its annotator answered the latest rejection, until it is judged again.",
    )  # fmt: skip
    created_by = PersonSerializer()
    updated_by = PersonSerializer()

    class Meta:
        model = Annotation
        list_serializer_class = AnnotationsSerializer
        fields = (
            "id", "project", "image", "number", "class_id", "kind", "segmentation", "polygon", "bbox", "area",
            "attributes", "z", "source", "prompts", "model", "chosen_rank", "predicted_iou", "stability_score",
            "confidence", "doubts", "state", "review", "resubmission", "version", "created_by", "updated_by",
            "created_at", "updated_at", "deleted_at",
        )  # fmt: skip

    @extend_schema_field(DoubtSerializer(many=True))
    def get_doubts(self, annotation: Annotation) -> list[dict[str, Any]]:
        return doubts_of(annotation)

    def to_representation(self, instance: Annotation) -> dict[str, Any]:
        return _written(instance, outgoing(instance.kind, instance.shape, *_size(instance)))


def _size(annotation: Annotation) -> tuple[int, int]:
    return annotation.image.width, annotation.image.height


def _written(annotation: Annotation, shape: dict[str, Any]) -> dict[str, Any]:
    """The annotation as AnnotationSerializer's fields describe it, with its shape in the API's form."""
    return {
        "id": str(annotation.id),
        "project": str(annotation.project_id),
        "image": str(annotation.image_id),
        "number": annotation.number,
        "class_id": str(annotation.label_class_id),
        "kind": annotation.kind,
        "segmentation": shape["segmentation"],
        "polygon": shape["polygon"],
        "bbox": annotation.bbox,
        "area": annotation.area,
        "attributes": annotation.attributes,
        "z": annotation.z,
        "source": annotation.source,
        "prompts": annotation.prompts,
        "model": annotation.model,
        "chosen_rank": annotation.chosen_rank,
        "predicted_iou": annotation.predicted_iou,
        "stability_score": annotation.stability_score,
        "confidence": annotation.confidence,
        "doubts": doubts_of(annotation),
        "state": annotation.state,
        "review": annotation.review,
        "resubmission": annotation.resubmission,
        "version": annotation.version,
        "created_by": _person(annotation.created_by),
        "updated_by": _person(annotation.updated_by),
        "created_at": _moment(annotation.created_at),
        "updated_at": _moment(annotation.updated_at),
        "deleted_at": annotation.deleted_at and _moment(annotation.deleted_at),
    }


def _person(user: User) -> dict[str, str]:
    return {"id": str(user.id), "name": user.name}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


class EditSerializer(serializers.ModelSerializer[Annotation]):
    """The fields of an annotation that people change. The geometry is checked by annotations/geometry.py."""

    class_id = serializers.UUIDField()
    segmentation = RleSerializer(required=False, allow_null=True)
    polygon = PolygonField(required=False, allow_null=True)
    bbox = BoxField(required=False, allow_null=True)
    attributes = ObjectField(required=False)
    prompts = serializers.ListField(child=ObjectField(), max_length=200, required=False)
    predicted_iou = serializers.FloatField(required=False, allow_null=True, min_value=-10, max_value=10)
    stability_score = serializers.FloatField(required=False, allow_null=True, min_value=0, max_value=1)
    chosen_rank = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=20,
        help_text="The index of the kept candidate in the answer of `predict`: its rank by `score`, from 0.",
    )  # fmt: skip
    z = serializers.IntegerField(required=False, min_value=-(2**31), max_value=2**31 - 1)

    class Meta:
        model = Annotation
        fields = (
            "class_id", "kind", "segmentation", "polygon", "bbox", "attributes", "z", "source", "prompts", "model",
            "chosen_rank", "predicted_iou", "stability_score",
        )  # fmt: skip

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A null geometry means: not of this kind."""
        return {name: value for name, value in attrs.items() if name not in contents.GEOMETRY or value is not None}


class NewAnnotationSerializer(EditSerializer):
    id = serializers.UUIDField(help_text="Made by the client, so that sending it again is harmless.")
    number = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=2**31 - 1,
        help_text="What people call it by. The next of the image where it is left out or not free.",
    )  # fmt: skip

    class Meta(EditSerializer.Meta):
        fields = ("id", "number", *EditSerializer.Meta.fields)  # type: ignore[assignment]


class UpdateSerializer(EditSerializer):
    id = serializers.UUIDField()
    version = serializers.IntegerField(min_value=1, help_text="The version being changed.")

    class Meta(EditSerializer.Meta):
        fields = ("id", "version", *EditSerializer.Meta.fields)  # type: ignore[assignment]
        extra_kwargs = {name: {"required": False} for name in ("kind", "source")}

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        fields["class_id"].required = False
        return fields


class DeletionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField(min_value=1)


class ChangesSerializer(serializers.Serializer[Any]):
    create = NewAnnotationSerializer(many=True, default=[], **AT_MOST)  # type: ignore[assignment]
    update = UpdateSerializer(many=True, default=[], **AT_MOST)  # type: ignore[assignment]
    delete = DeletionSerializer(many=True, default=[], **AT_MOST)

    def to_internal_value(self, data: Any) -> Any:
        """Check how many there are before validating any."""
        if isinstance(data, dict):
            limits.require_few(sum(len(items) for items in data.values() if isinstance(items, list)))
        return super().to_internal_value(data)


class ChangedSerializer(serializers.Serializer[Any]):
    annotations = AnnotationSerializer(many=True)
    deleted = serializers.ListField(child=serializers.UUIDField())


class RestoreSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1, required=False, allow_null=True, default=None)


class PointSerializer(serializers.Serializer[Any]):
    x = serializers.FloatField()
    y = serializers.FloatField()
    label = serializers.ChoiceField(choices=[(1, "on"), (0, "off")])  # type: ignore[assignment]


class PromptSerializer(serializers.Serializer[Any]):
    """What the schema says of a prompt; it is read and checked by inference/contract.py."""

    points = PointSerializer(many=True, required=False)
    box = serializers.ListField(
        child=serializers.FloatField(), min_length=4, max_length=4, required=False, allow_null=True,
        help_text="[x0, y0, x1, y1] in pixels.",
    )  # fmt: skip
    mask = RleSerializer(required=False, allow_null=True)
    logits = serializers.CharField(required=False, allow_null=True, help_text="The token of an earlier candidate.")
    region = serializers.ListField(
        child=serializers.FloatField(), min_length=4, max_length=4, required=False, allow_null=True,
        help_text="The part of the image that is looked at, [x0, y0, x1, y1] in pixels: what is small in the image is "
        "found better in a part of it. Snapped to a lattice, and enlarged where it does not hold the points and the "
        "box. 409 region_not_ready until the part is prepared, which the first prompt orders.",
    )  # fmt: skip
    multimask = serializers.BooleanField(required=False, default=True, help_text="Three readings instead of one.")


class CandidateSerializer(serializers.Serializer[Any]):
    segmentation = RleSerializer()
    bbox = BoxField()
    area = serializers.IntegerField()
    score = serializers.FloatField(help_text="SAM's predicted IoU, clamped to [0, 1].")
    stability_score = serializers.FloatField()
    logits = serializers.CharField()


class PredictionSerializer(serializers.Serializer[Any]):
    candidates = CandidateSerializer(many=True, help_text="By `score`, the highest first.")
    preferred = serializers.IntegerField(help_text="The index of the candidate to preselect.")
    model = serializers.CharField()
    region = serializers.ListField(
        child=serializers.IntegerField(), min_length=4, max_length=4, allow_null=True,
        help_text="The part that the answer comes from, [x0, y0, x1, y1]; null is the whole image.",
    )  # fmt: skip
