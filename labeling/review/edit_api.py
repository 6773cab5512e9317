"""Editing annotations over HTTP."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response

from labeling.accounts.api import UserRequest
from labeling.annotations import api, selectors
from labeling.annotations.api import AnnotationsAPIView, require_distinct
from labeling.annotations.serializers import (
    AnnotationSerializer,
    ChangedSerializer,
    ChangesSerializer,
    EditSerializer,
    NewAnnotationSerializer,
    RestoreSerializer,
)
from labeling.annotations.services import Deletion, Edit
from labeling.events.replay import replayable
from labeling.projects.roles import Permission
from labeling.rest import IF_MATCH, checked, version_of
from labeling.review import editing


class ImageAnnotationsView(api.ImageAnnotationsView):
    # annotations/api.py has GET.
    @extend_schema(request=NewAnnotationSerializer, responses={201: AnnotationSerializer, 200: AnnotationSerializer})
    @replayable
    def post(self, request: UserRequest, image: UUID) -> Response:
        body = checked(NewAnnotationSerializer, request)
        written = editing.change(by=request.user, image=image, create=[body], alone=True)
        code = status.HTTP_200_OK if written.replayed else status.HTTP_201_CREATED
        return Response(AnnotationSerializer(written.annotations[0]).data, status=code)


class ChangesView(AnnotationsAPIView):
    @extend_schema(request=ChangesSerializer, responses=ChangedSerializer)
    @replayable
    def post(self, request: UserRequest, image: UUID) -> Response:
        """Create, change and delete at most 1,000 annotations of an image, all or nothing. Answers 409 `image_full` if
        the image would hold more than 10,000, and 409 `image_bytes_full` if these would take more than 64 MB. Those
        that it changes and deletes take at most 32 MB (400 `too_many_bytes`)."""
        body = checked(ChangesSerializer, request)
        require_distinct([item["id"] for items in body.values() for item in items])
        written = editing.change(
            by=request.user,
            image=image,
            create=body["create"],
            update=[Edit(item.pop("id"), item.pop("version"), item) for item in body["update"]],
            delete=[Deletion(**item) for item in body["delete"]],
        )
        annotations = AnnotationSerializer(written.annotations, many=True).data
        return Response({"annotations": annotations, "deleted": written.deleted})


class AnnotationView(api.AnnotationView):
    # annotations/api.py has GET.
    @extend_schema(parameters=[IF_MATCH], request=EditSerializer(partial=True), responses=AnnotationSerializer)
    @replayable
    def patch(self, request: UserRequest, annotation: UUID) -> Response:
        found = selectors.annotation(request.user, annotation, Permission.ANNOTATE, deleted=True)
        edit = Edit(annotation, version_of(request), checked(EditSerializer, request, partial=True))
        written = editing.change(by=request.user, image=found.image_id, update=[edit], alone=True)
        return Response(AnnotationSerializer(written.annotations[0]).data)

    @extend_schema(parameters=[IF_MATCH], responses={204: None})
    @replayable
    def delete(self, request: UserRequest, annotation: UUID) -> Response:
        found = selectors.annotation(request.user, annotation, Permission.ANNOTATE, deleted=True)
        deletion = Deletion(annotation, version_of(request))
        editing.change(by=request.user, image=found.image_id, delete=[deletion])
        return Response(status=status.HTTP_204_NO_CONTENT)


class RestoreView(AnnotationsAPIView):
    @extend_schema(parameters=[IF_MATCH], request=RestoreSerializer, responses=AnnotationSerializer)
    @replayable
    def post(self, request: UserRequest, annotation: UUID) -> Response:
        restored = editing.restore(
            by=request.user,
            annotation=annotation,
            expected=version_of(request),
            **checked(RestoreSerializer, request),
        )
        return Response(AnnotationSerializer(restored).data)
