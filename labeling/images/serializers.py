"""Images, what became of uploads, and proposals as JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from labeling.accounts.api import PersonSerializer
from labeling.images import crops, selectors, services
from labeling.images.models import Image


class CountsField(serializers.CharField):
    """Run lengths as text. It may be megabytes long, so only inference/masks.py validates it."""

    def to_internal_value(self, data: Any) -> str:
        return data if isinstance(data, str) else self.fail("invalid")

    def run_validators(self, value: str) -> None:
        return None


class RleSerializer(serializers.Serializer[Any]):
    """A mask of the whole image as COCO's compressed RLE."""

    size = serializers.ListField(
        child=serializers.IntegerField(), min_length=2, max_length=2, help_text="[height, width]"
    )
    counts = CountsField(trim_whitespace=False)


class BoundsField(serializers.ListField):
    """[x, y, width, height] in whole pixels."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=serializers.IntegerField(), min_length=4, max_length=4, **options)


class CropQuerySerializer(serializers.Serializer[Any]):
    box = serializers.RegexField(r"^\d{1,6}(,\d{1,6}){3}$", help_text="x,y,width,height in whole pixels of the image.")
    size = serializers.IntegerField(
        min_value=1, max_value=crops.SIZES[-1], default=320, help_text="Of the longer side; the next size that is made."
    )

    def validate_box(self, value: str) -> crops.Part:
        return crops.Part(*map(int, value.split(",")))


class ProposalSerializer(serializers.Serializer[Any]):
    """An automatic mask."""

    segmentation = RleSerializer()
    area = serializers.IntegerField()
    bbox = BoundsField()
    predicted_iou = serializers.FloatField()
    stability_score = serializers.FloatField()
    point_coords = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2),
        help_text="[[x, y]]: where it was asked for.",
    )
    crop_box = BoundsField(help_text="The part of the image in which it was looked for.")
    parent = serializers.IntegerField(  # type: ignore[assignment]
        allow_null=True, help_text="The place in this list, from 0, of the mask that this one is a part of."
    )
    level = serializers.IntegerField(help_text="0: a whole, 1: a part, from 2 on: a part of a part.")


class ProposalListSerializer(serializers.Serializer[Any]):
    proposals = ProposalSerializer(many=True)
    model = serializers.CharField()


class EmbeddingSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=["queued", "running", "ready", "failed"])
    error = serializers.CharField(allow_null=True)


class ProposalsStateSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=["off", "queued", "running", "ready", "failed"])
    error = serializers.CharField(allow_null=True)


class TilesStateSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=["none", "queued", "running", "ready", "failed"])
    error = serializers.CharField(allow_null=True)


class LevelSerializer(serializers.Serializer[Any]):
    """One picture of the pyramid. A pixel of a level is exactly two by two of the next; what a level is larger than
    its share of the image, by less than a pixel, is not of the image."""

    level = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    columns = serializers.IntegerField()
    rows = serializers.IntegerField()


class TilesSerializer(TilesStateSerializer):
    progress = serializers.FloatField(help_text="From 0 to 1, while they are made.")
    tile_size = serializers.IntegerField(help_text="Pixels along a side; the last ones of a level are smaller.")
    overlap = serializers.IntegerField(help_text="Pixels that neighbours share.")
    levels = LevelSerializer(many=True, help_text="The smallest first; the last one has the image's size.")
    url = serializers.CharField(help_text="Where a tile is: put in {level}, {x} (its column) and {y} (its row).")


class ImageSerializer(serializers.ModelSerializer[Image]):
    created_by = PersonSerializer()
    embedding = serializers.SerializerMethodField()
    proposals = serializers.SerializerMethodField()
    tiles = serializers.SerializerMethodField()
    file_url = serializers.SerializerMethodField()
    original_url = serializers.SerializerMethodField()
    thumbnail_url = serializers.SerializerMethodField()

    class Meta:
        model = Image
        fields = (
            "id", "project", "name", "width", "height", "bytes", "media_type", "sha256", "notice", "credit",
            "numbered", "created_at", "created_by", "embedding", "proposals", "tiles", "file_url", "original_url",
            "thumbnail_url",
        )  # fmt: skip

    @extend_schema(responses=EmbeddingSerializer)
    def get_embedding(self, image: Image) -> selectors.Readiness:
        return selectors.embedding(image)

    @extend_schema(responses=ProposalsStateSerializer)
    def get_proposals(self, image: Image) -> selectors.Readiness:
        return selectors.proposals(image)

    @extend_schema(responses=TilesStateSerializer)
    def get_tiles(self, image: Image) -> selectors.Readiness:
        return selectors.tiles(image)

    def get_file_url(self, image: Image) -> str:
        return f"/api/v1/images/{image.id}/file"

    def get_original_url(self, image: Image) -> str:
        return f"/api/v1/images/{image.id}/original"

    def get_thumbnail_url(self, image: Image) -> str:
        return f"/api/v1/images/{image.id}/thumbnail"


class OutcomeSerializer(serializers.Serializer[services.Outcome]):
    name = serializers.CharField()
    outcome = serializers.ChoiceField(choices=["created", "duplicate", "refused"])
    image = ImageSerializer(allow_null=True)
    code = serializers.CharField(allow_null=True)
    detail = serializers.CharField(allow_null=True)


class OutcomesSerializer(serializers.Serializer[Any]):
    results = OutcomeSerializer(many=True)


class UploadSerializer(serializers.Serializer[Any]):
    files = serializers.ListField(child=serializers.FileField())


class ModelSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
