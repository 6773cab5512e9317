"""Uploading images and serving their bytes. Listing them with the work on them is in assignments/api.py."""

import gzip
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response

from inference.storage import Missing
from labeling.accounts.api import UserRequest
from labeling.events.replay import replayable
from labeling.images import crops, keys, proposals, selectors, services, tiles
from labeling.images.downloads import download
from labeling.images.intake import TooManyUploads
from labeling.images.serializers import (
    CropQuerySerializer,
    EmbeddingSerializer,
    ModelSerializer,
    OutcomesSerializer,
    ProposalListSerializer,
    TilesSerializer,
    UploadSerializer,
)
from labeling.images.upload_parser import UploadParser
from labeling.inputs import refuse_unknown_fields
from labeling.projects import api as projects
from labeling.projects.api import ProjectSerializer
from labeling.projects.roles import Permission
from labeling.projects.selectors import access
from labeling.rest import IF_MATCH, OneForm, checked, invalid, not_found, overloaded, version_of
from labeling.views import APIView

TOO_MANY_UPLOADS = (
    "Too many of your uploads, or of this project's, are under way. Send the files again in a few seconds."
)
RETRY_S = 5
BINARY = {(200, "image/*"): OpenApiTypes.BINARY}


class ModelsView(APIView):
    """The models that are installed. A project changes its own by PATCH."""

    @extend_schema(responses=ModelSerializer(many=True))
    def get(self, request: UserRequest) -> Response:
        return Response(ModelSerializer(selectors.models(), many=True).data)


class ProjectView(projects.ProjectView):
    """Changing the model touches the images, which is why PATCH is here and not in projects/api.py."""

    @extend_schema(parameters=[IF_MATCH], request=ProjectSerializer(partial=True), responses=ProjectSerializer)
    @replayable
    def patch(self, request: UserRequest, project: UUID) -> Response:
        access(request.user, project, Permission.EDIT)
        expected, changes = version_of(request), checked(ProjectSerializer, request, partial=True)
        services.edit_project(by=request.user, project=project, expected=expected, changes=changes)
        return Response(projects.project_json(request.user, project))


class UploadView(APIView):
    """One result a file. Not replayable by op_id, and safe to repeat all the same: a second time is a duplicate."""

    parser_classes = (UploadParser,)

    @extend_schema(request={"multipart/form-data": UploadSerializer}, responses={201: OutcomesSerializer})
    def post(self, request: UserRequest, project: UUID) -> HttpResponseBase:
        # Before the files are read. connections.py asks the same before they are received.
        access(request.user, project, Permission.UPLOAD)
        refuse_unknown_fields(UploadSerializer(), request.data)
        files = request.FILES.getlist("files")
        if not files:
            raise invalid("no_files", "Send one or more images as multipart/form-data in the field files.", "files")
        named = ((file.name or "unnamed", file) for file in files)
        try:
            outcomes = services.add_images(by=request.user, project=project, files=named)
        except TooManyUploads:
            return overloaded(TOO_MANY_UPLOADS, RETRY_S)
        return Response(OutcomesSerializer({"results": outcomes}).data, status=status.HTTP_201_CREATED)


class ImageRetryView(APIView):
    bodiless = frozenset({"post"})

    @extend_schema(operation_id="images_retry", request=None, responses=EmbeddingSerializer)
    @replayable
    def post(self, request: UserRequest, image: UUID) -> Response:
        return Response(selectors.embedding(services.retry(by=request.user, image=image)))


class ProposalsView(APIView):
    """The image's automatic masks, the best predicted IoU first. 409 `proposals_not_ready`, `proposals_off` or
    `proposals_failed` where there are none; what is not ready comes next in the queue."""

    content_negotiation_class = OneForm

    @extend_schema(operation_id="images_proposals", responses=ProposalListSerializer)
    def get(self, request: UserRequest, image: UUID) -> HttpResponseBase:
        stored = proposals.read(user=request.user, image=image)
        answer = get_conditional_response(request, etag=stored.etag) or _json(request, stored)
        answer["ETag"] = stored.etag
        answer["Cache-Control"] = "private, no-cache"
        patch_vary_headers(answer, ["Accept-Encoding"])
        return answer


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


class CropView(APIView):
    """A part of the upright picture, small: JPEG with its longer side at most about `size`, never enlarged."""

    content_negotiation_class = OneForm
    query_serializer = CropQuerySerializer

    @extend_schema(
        operation_id="images_crop",
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY},
    )
    def get(self, request: UserRequest, image: UUID) -> HttpResponse:
        found = selectors.bare_image(request.user, image, Permission.VIEW)
        query = self.query(request)
        part, size = query["box"], query["size"]
        if not part.inside(found.width, found.height):
            raise invalid(
                "outside", f"The box is not inside the image of {found.width} × {found.height} pixels.", "box"
            )
        try:
            return _picture(crops.crop(found, part, size), "image/jpeg")
        except Missing:
            raise not_found("file") from None


class TilesView(APIView):
    """How a large image is cut into tiles, and whether they are there."""

    @extend_schema(operation_id="images_tiles", responses=TilesSerializer)
    def get(self, request: UserRequest, image: UUID) -> Response:
        return Response(TilesSerializer(tiles.describe(user=request.user, image=image)).data)


class TileView(APIView):
    """A tile, by its level, column and row."""

    content_negotiation_class = OneForm

    @extend_schema(operation_id="images_tile", responses=BINARY)
    def get(self, request: UserRequest, image: UUID, level: int, x: int, y: int) -> HttpResponse:
        return _picture(*tiles.read(user=request.user, image=image, place=(level, x, y)))


class OriginalView(APIView):
    """What was uploaded, byte for byte, as a download: never shown by the browser under our address."""

    content_negotiation_class = OneForm

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: UserRequest, image: UUID) -> HttpResponseBase:
        found = selectors.image(request.user, image)
        try:
            response = download(keys.original(found.sha256), name=found.name, media_type="application/octet-stream")
        except Missing:
            raise not_found("file") from None
        for header, value in IMMUTABLE.items():
            response[header] = value
        return response


# Bytes that never change, so browsers may keep them. They are pictures and nothing else.
IMMUTABLE = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


def _json(request: UserRequest, stored: proposals.Stored) -> HttpResponse:
    """As it is stored, or unpacked for a client that cannot do it."""
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(gzip.decompress(stored.blob), content_type="application/json")
    return HttpResponse(stored.blob, content_type="application/json", headers={"Content-Encoding": "gzip"})


def _file(key: str, media_type: str) -> HttpResponse:
    try:
        return _picture(keys.store().read(key), media_type)
    except Missing:
        raise not_found("file") from None


def _picture(data: bytes, media_type: str) -> HttpResponse:
    return HttpResponse(data, content_type=media_type, headers=IMMUTABLE)
