"""Exports over HTTP."""

from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils.text import slugify
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from inference.storage import Missing
from labeling.accounts.api import PersonSerializer, UserRequest
from labeling.events.replay import replayable
from labeling.exchange import selectors, services
from labeling.exchange.models import Export
from labeling.images.downloads import download
from labeling.jobs.services import readiness
from labeling.projects.roles import Permission
from labeling.projects.selectors import access
from labeling.rest import Conflict, OneForm, Pages, checked, not_found
from labeling.views import APIView, GenericAPIView


class NewExportSerializer(serializers.ModelSerializer[Export]):
    as_of = serializers.DateTimeField(
        default=None, allow_null=True, help_text="The dataset as it was at this moment; null: as it is now."
    )
    event_seq = serializers.IntegerField(
        source="seq", default=None, allow_null=True, min_value=1, max_value=2**63 - 1,
        help_text="The same, by the last event of the project's log that counts.",
    )  # fmt: skip

    class Meta:
        model = Export
        fields = ("format", "include", "name", "as_of", "event_seq")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("as_of") is not None and attrs.get("seq") is not None:
            raise serializers.ValidationError({"event_seq": "Say the moment either as a time or as an event."})
        return attrs


class ExportSerializer(serializers.ModelSerializer[Export]):
    created_by = PersonSerializer()
    state = serializers.SerializerMethodField()
    progress = serializers.FloatField(source="job_progress", help_text="From 0 to 1.")
    error = serializers.SerializerMethodField()
    finished_at = serializers.DateTimeField(source="job_finished_at", allow_null=True)
    file_url = serializers.SerializerMethodField()

    class Meta:
        model = Export
        fields = (
            "id", "project", "name", "format", "include", "as_of", "event_seq", "state", "progress", "error",
            "image_count", "annotation_count", "bytes", "sha256", "created_by", "created_at", "finished_at",
            "file_url",
        )  # fmt: skip

    @extend_schema(responses=serializers.ChoiceField(choices=["queued", "running", "ready", "failed"]))
    def get_state(self, export: Any) -> str:
        return readiness(export.job_state)

    def get_error(self, export: Any) -> str | None:
        return export.job_error or None

    def get_file_url(self, export: Export) -> str | None:
        return f"/api/v1/exports/{export.id}/file" if export.key else None


class ExportPages(Pages):
    ordering = ("-created_at", "-id")


class ExportsView(GenericAPIView[Export]):
    serializer_class = ExportSerializer
    pagination_class = ExportPages
    queryset = Export.objects.none()

    @extend_schema(operation_id="projects_exports_list", responses=ExportSerializer(many=True))
    def get(self, request: UserRequest, project: UUID) -> Response:
        exports = selectors.of_project(access(request.user, project, Permission.EXPORT))
        page = self.paginate_queryset(exports)
        return self.get_paginated_response(ExportSerializer(page, many=True).data)

    @extend_schema(request=NewExportSerializer, responses={201: ExportSerializer})
    @replayable
    def post(self, request: UserRequest, project: UUID) -> Response:
        body = {
            "format": Export.Format.COCO,
            "include": Export.Include.ACCEPTED,
            **checked(NewExportSerializer, request),
        }
        export = services.order_export(by=request.user, project=project, **body)
        return Response(ExportSerializer(export).data, status=status.HTTP_201_CREATED)


class ExportView(APIView):
    @extend_schema(responses=ExportSerializer)
    def get(self, request: UserRequest, export: UUID) -> Response:
        return Response(ExportSerializer(selectors.export(request.user, export)).data)


class ExportFileView(APIView):
    content_negotiation_class = OneForm

    @extend_schema(responses={(200, "application/json"): OpenApiTypes.BINARY})
    def get(self, request: UserRequest, export: UUID) -> HttpResponseBase:
        found = selectors.export(request.user, export)
        if not found.key:
            raise Conflict("export_not_ready", "This export is not ready yet.")
        writer = services.WRITERS[Export.Format(found.format)]
        title = slugify(found.name or found.project.name) or "project"
        name = f"{title}-{found.as_of:%Y%m%d-%H%M}-{found.include}.{writer.EXTENSION}"
        try:
            return download(found.key, name=name, media_type=writer.MEDIA_TYPE)
        except Missing:
            raise not_found("file") from None
