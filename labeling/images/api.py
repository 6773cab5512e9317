"""Uploading images and serving their bytes. Listing them with the work on them is in assignments/api.py."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from inference.storage import Missing
from labeling.accounts.api import PersonSerializer, UserRequest
from labeling.events.replay import replayable
from labeling.images import keys, selectors, services
from labeling.images.models import Image
from labeling.projects import api as projects
from labeling.projects.api import ProjectSerializer
from labeling.rest import OneForm, checked, invalid, not_found

BINARY = {(200, "image/*"): OpenApiTypes.BINARY}


class EmbeddingSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=["queued", "running", "ready", "failed"])
    error = serializers.CharField(allow_null=True)


class ImageSerializer(serializers.ModelSerializer[Image]):
    created_by = PersonSerializer()
    embedding = serializers.SerializerMethodField()
    file_url = serializers.SerializerMethodField()
    original_url = serializers.SerializerMethodField()
    thumbnail_url = serializers.SerializerMethodField()

    class Meta:
        model = Image
        fields = (
            "id", "project", "name", "width", "height", "bytes", "media_type", "sha256", "notice", "credit",
            "created_at", "created_by", "embedding", "file_url", "original_url", "thumbnail_url",
        )  # fmt: skip

    @extend_schema(responses=EmbeddingSerializer)
    def get_embedding(self, image: Image) -> selectors.Embedding:
        return selectors.embedding(image)

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


class ModelsView(APIView):
    """The models that are installed. A project changes its own by PATCH."""

    @extend_schema(responses=ModelSerializer(many=True))
    def get(self, request: UserRequest) -> Response:
        return Response(ModelSerializer(selectors.models(), many=True).data)


class ProjectView(projects.ProjectView):
    """Changing the model touches the images, which is why PATCH is here and not in projects/api.py."""

    @extend_schema(request=ProjectSerializer(partial=True), responses=ProjectSerializer)
    @replayable
    def patch(self, request: UserRequest, project: UUID) -> Response:
        changes = checked(ProjectSerializer, request, partial=True)
        services.edit_project(by=request.user, project=project, changes=changes)
        return Response(projects.project_json(request.user, project))


class UploadView(APIView):
    """One result a file. Not replayable by op_id, and safe to repeat all the same: a second time is a duplicate."""

    parser_classes = (MultiPartParser,)

    @extend_schema(request={"multipart/form-data": UploadSerializer}, responses={201: OutcomesSerializer})
    def post(self, request: UserRequest, project: UUID) -> Response:
        files = request.FILES.getlist("files")
        if not files:
            raise invalid("no_files", "Send one or more images as multipart/form-data in the field files.", "files")
        outcomes = [
            services.add_image(by=request.user, project=project, name=file.name or "unnamed", file=file)
            for file in files
        ]
        return Response(OutcomesSerializer({"results": outcomes}).data, status=status.HTTP_201_CREATED)


class ImageEmbeddingView(APIView):
    @extend_schema(operation_id="images_prioritise", request=None, responses=EmbeddingSerializer)
    @replayable
    def post(self, request: UserRequest, image: UUID) -> Response:
        return Response(selectors.embedding(services.prioritise(by=request.user, image=image)))


class ImageRetryView(APIView):
    @extend_schema(operation_id="images_retry", request=None, responses=EmbeddingSerializer)
    @replayable
    def post(self, request: UserRequest, image: UUID) -> Response:
        return Response(selectors.embedding(services.retry(by=request.user, image=image)))


class FileView(APIView):
    """The upright picture."""

    content_negotiation_class = OneForm

    @extend_schema(responses=BINARY)
    def get(self, request: UserRequest, image: UUID) -> HttpResponse:
        found = selectors.image(request.user, image)
        if found.derivative_type:
            return _file(keys.derivative(found.sha256), found.derivative_type)
        return _file(keys.original(found.sha256), found.media_type)


class ThumbnailView(APIView):
    content_negotiation_class = OneForm

    @extend_schema(responses=BINARY)
    def get(self, request: UserRequest, image: UUID) -> HttpResponse:
        return _file(keys.thumbnail(selectors.image(request.user, image).sha256), "image/webp")


class OriginalView(APIView):
    """What was uploaded, byte for byte, as a download: never shown by the browser under our address."""

    content_negotiation_class = OneForm

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: UserRequest, image: UUID) -> HttpResponse:
        found = selectors.image(request.user, image)
        response = _file(keys.original(found.sha256), "application/octet-stream")
        response["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
        return response


def _file(key: str, media_type: str) -> HttpResponse:
    """Stored bytes that never change, so browsers may keep them. They are pictures and nothing else."""
    try:
        response = HttpResponse(keys.store().read(key), content_type=media_type)
    except Missing:
        raise not_found("file") from None
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
