"""Annotations over HTTP."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response

from labeling.accounts.api import UserRequest
from labeling.annotations import selectors, services
from labeling.annotations.models import Annotation
from labeling.annotations.pages import AnnotationPages
from labeling.annotations.predict import predict, warm
from labeling.annotations.serializers import (
    AnnotationSerializer,
    PredictionSerializer,
    PromptSerializer,
)
from labeling.events.replay import replayable
from labeling.images import selectors as images
from labeling.images import services as images_services
from labeling.images.serializers import EmbeddingSerializer
from labeling.inputs import refuse_unknown_fields
from labeling.projects import selectors as project_selectors
from labeling.projects import services as projects
from labeling.projects.api import LabelClassSerializer, SettingsAPIView
from labeling.projects.roles import Permission
from labeling.rest import IF_MATCH, StaleVersion, checked, invalid, version_of
from labeling.views import APIView, GenericAPIView


class AnnotationsAPIView(APIView):
    """Answers a stale change with 412 and the annotation as it is now."""

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, services.Stale):
            exc = StaleVersion(str(exc), AnnotationSerializer(exc.annotation).data, **exc.extra)
        return super().handle_exception(exc)


class ImageAnnotationPages(AnnotationPages):
    """Pages by id, which never changes: edits between two pages move no other annotation over the end of a page."""

    page_size = max_page_size = 1000
    ordering = ("id",)  # type: ignore[assignment]


class ImageAnnotationsView(AnnotationsAPIView, GenericAPIView[Annotation]):
    serializer_class = AnnotationSerializer
    pagination_class = ImageAnnotationPages
    queryset = Annotation.objects.none()

    @extend_schema(operation_id="images_annotations_list", responses=AnnotationSerializer(many=True))
    def get(self, request: UserRequest, image: UUID) -> Response:
        """The image's annotations by id, at most 1,000 and about 8 MB per page. Their stacking order is `z`, then
        `created_at`."""
        found = images.image(request.user, image)
        page = self.paginate_queryset(selectors.of_image(found)) or []
        selectors.attach(found, page)
        return self.get_paginated_response(AnnotationSerializer(page, many=True).data)


class DeletedPages(AnnotationPages):
    ordering = ("-deleted_at", "-id")


class DeletedView(GenericAPIView[Annotation]):
    """What was deleted on an image, the latest first. `updated_by` has deleted it; any version can be restored."""

    serializer_class = AnnotationSerializer
    pagination_class = DeletedPages
    queryset = Annotation.objects.none()

    @extend_schema(operation_id="images_deleted_list", responses=AnnotationSerializer(many=True))
    def get(self, request: UserRequest, image: UUID) -> Response:
        page = self.paginate_queryset(selectors.deleted_of_image(images.image(request.user, image)))
        return self.get_paginated_response(AnnotationSerializer(page, many=True).data)


class AnnotationView(AnnotationsAPIView):
    @extend_schema(responses=AnnotationSerializer)
    def get(self, request: UserRequest, annotation: UUID) -> Response:
        return Response(AnnotationSerializer(selectors.annotation(request.user, annotation)).data)


class ClassView(SettingsAPIView):
    @extend_schema(parameters=[IF_MATCH], request=LabelClassSerializer(partial=True), responses=LabelClassSerializer)
    @replayable
    def patch(self, request: UserRequest, label_class: UUID) -> Response:
        project_selectors.label_class(request.user, label_class, Permission.EDIT)
        expected, changes = version_of(request), checked(LabelClassSerializer, request, partial=True)
        found = projects.edit_class(by=request.user, label_class=label_class, expected=expected, changes=changes)
        return Response(LabelClassSerializer(found).data)

    @extend_schema(responses={204: None})
    @replayable
    def delete(self, request: UserRequest, label_class: UUID) -> Response:
        """Deleting touches annotations, which is why this view is here and not in projects/api.py."""
        services.delete_class(by=request.user, label_class=label_class)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PrioritiseView(APIView):
    """Moves the image to the front of the queue, or loads what the first click in it needs. Harmless to repeat."""

    bodiless = frozenset({"post"})

    @extend_schema(operation_id="images_prioritise", request=None, responses=EmbeddingSerializer)
    def post(self, request: UserRequest, image: UUID) -> Response:
        found = images_services.prioritise(by=request.user, image=image)
        warm(found)
        return Response(images.embedding(found))


class PredictView(APIView):
    """The candidates are sorted by `score`, the highest first. `preferred` is the index of the one to preselect. With
    `mask` and points but neither box nor logits the clicks edit that mask: each cuts out, or joins to it, what lies
    under it, and the rest stays as it is. 503 `overloaded` when more people click than there is room for; ask again
    after `Retry-After`.
    """

    @extend_schema(operation_id="images_predict", request=PromptSerializer, responses=PredictionSerializer)
    def post(self, request: UserRequest, image: UUID) -> Response:
        refuse_unknown_fields(PromptSerializer(), request.data)
        prediction = predict(user=request.user, image=image, body=request.data)
        ranking, region = prediction["ranking"], prediction["region"]
        return Response(
            {
                "candidates": [candidate.to_json() for candidate in ranking.candidates],
                "preferred": ranking.preferred,
                "model": prediction["model"],
                "region": region and region.to_json(),
            }
        )


def require_distinct(ids: list[UUID]) -> None:
    if len(set(ids)) != len(ids):
        raise invalid("id_twice", "An annotation appears twice in one request.")
