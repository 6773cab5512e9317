"""Assignments over HTTP, and images together with the work on them."""

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.response import Response

from labeling.accounts.api import PersonSerializer, UserRequest, UserSerializer
from labeling.annotations import services as annotations
from labeling.assignments import selectors, services
from labeling.assignments.models import ActiveTime, Assignment
from labeling.events.replay import replayable
from labeling.free_text import FreeTextField
from labeling.images import selectors as images
from labeling.images.api import UploadView
from labeling.images.models import Image
from labeling.images.serializers import ImageSerializer
from labeling.projects.roles import Permission
from labeling.projects.selectors import access
from labeling.rest import Pages, checked
from labeling.views import APIView, GenericAPIView


class AssignedSerializer(serializers.ModelSerializer[Assignment]):
    annotator = PersonSerializer()

    class Meta:
        model = Assignment
        fields = ("id", "annotator", "state", "skip_reason", "nothing_to_label", "image_review")


class CountsSerializer(serializers.Serializer[Any]):
    draft = serializers.IntegerField()
    submitted = serializers.IntegerField()
    accepted = serializers.IntegerField()
    rejected = serializers.IntegerField()


class WorkImageSerializer(ImageSerializer):
    """An image with its assignment and its annotations counted."""

    assignment = AssignedSerializer(allow_null=True)
    annotation_counts = CountsSerializer()

    class Meta(ImageSerializer.Meta):
        fields = (*ImageSerializer.Meta.fields, "assignment", "annotation_counts")  # type: ignore[assignment]


class AssignmentImageSerializer(serializers.ModelSerializer[Image]):
    thumbnail_url = serializers.SerializerMethodField()

    class Meta:
        model = Image
        fields = ("id", "name", "width", "height", "thumbnail_url")

    def get_thumbnail_url(self, image: Image) -> str:
        return f"/api/v1/images/{image.id}/thumbnail"


class AssignmentProjectSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class AssignmentSerializer(serializers.ModelSerializer[Assignment]):
    project = AssignmentProjectSerializer()
    image = AssignmentImageSerializer()
    annotator = UserSerializer()
    annotation_count = serializers.IntegerField()
    rejected_count = serializers.IntegerField()
    draft_count = serializers.IntegerField(help_text="Annotations that are not submitted.")

    class Meta:
        model = Assignment
        fields = (
            "id", "project", "image", "annotator", "state", "skip_reason", "nothing_to_label", "image_review",
            "annotation_count", "rejected_count", "draft_count", "lease_until", "created_at", "updated_at",
        )  # fmt: skip


class SkipSerializer(serializers.Serializer[Any]):
    reason = FreeTextField(max_length=300, help_text="Why it cannot be labeled; its manager reads it.")


class SpentSerializer(serializers.Serializer[Any]):
    seconds = serializers.IntegerField(min_value=1, max_value=3600, help_text="Since it was told last.")


class ActiveTimeSerializer(serializers.ModelSerializer[ActiveTime]):
    image = serializers.UUIDField(source="image_id")
    image_name = serializers.CharField(source="image.name")
    person = PersonSerializer()

    class Meta:
        model = ActiveTime
        fields = ("image", "image_name", "person", "seconds")


class NeighboursSerializer(serializers.Serializer[Any]):
    previous = serializers.UUIDField(allow_null=True)
    next = serializers.UUIDField(allow_null=True)
    index = serializers.IntegerField(
        allow_null=True, help_text="Place of this image, from 0; null where it is not among them."
    )
    total = serializers.IntegerField()


def image_json(found: list[Image]) -> list[dict[str, Any]]:
    work = selectors.work_on(found)
    for image in found:
        for name, value in work[image.id].items():
            setattr(image, name, value)
    return list(WorkImageSerializer(found, many=True).data)


IMAGE_STATES = [selectors.UNASSIGNED, *Assignment.State.values]


class AnnotatorField(serializers.UUIDField):
    """A person, nobody, or those who label here no more."""

    def to_internal_value(self, data: Any) -> Any:
        return data if data in (selectors.NOBODY, selectors.FORMER) else super().to_internal_value(data)


class FilterSerializer(serializers.Serializer[Any]):
    """Which of a project's images are listed."""

    q = serializers.CharField(source="name", allow_blank=True, default="", help_text="Part of the name.")
    state = serializers.ChoiceField(choices=IMAGE_STATES, allow_blank=True, default="")
    annotator = extend_schema_field(OpenApiTypes.STR)(AnnotatorField)(
        default=None,
        help_text="A person's id, `nobody`, or `former`: people who have left the project or label here no more.",
    )


class ProjectImagesView(UploadView):
    """POST is the upload of images/api.py."""

    pagination_class = Pages
    query_serializer = FilterSerializer

    @extend_schema(
        operation_id="projects_images_list",
        parameters=[
            OpenApiParameter("cursor", str),
            OpenApiParameter("limit", int),
        ],
        responses=WorkImageSerializer(many=True),
    )
    def get(self, request: UserRequest, project: UUID) -> Response:
        found = access(request.user, project)
        pages = self.pagination_class()
        page = pages.paginate_queryset(selectors.filtered(found, **self.query(request)), request, self)
        return pages.get_paginated_response(image_json(page or []))


class ImageView(APIView):
    @extend_schema(responses=WorkImageSerializer)
    def get(self, request: UserRequest, image: UUID) -> Response:
        return Response(image_json([images.image(request.user, image)])[0])

    @extend_schema(responses={204: None})
    @replayable
    def delete(self, request: UserRequest, image: UUID) -> Response:
        annotations.delete_image(by=request.user, image=image)
        return Response(status=status.HTTP_204_NO_CONTENT)


class NeighboursQuerySerializer(FilterSerializer):
    """Among which of the project's images: those that its list shows with this filter."""

    assignment = serializers.ChoiceField(choices=["mine"], required=False, help_text="Only among what I have open.")


class NeighboursView(APIView):
    query_serializer = NeighboursQuerySerializer

    @extend_schema(responses=NeighboursSerializer)
    def get(self, request: UserRequest, image: UUID) -> Response:
        found = images.image(request.user, image)
        query = self.query(request)
        mine = request.user if query.pop("assignment", None) else None
        return Response(selectors.neighbours(found, selectors.filtered(found.project, open_for=mine, **query)))


class MyAssignmentsView(APIView):
    @extend_schema(responses=AssignmentSerializer(many=True))
    def get(self, request: UserRequest) -> Response:
        return Response(AssignmentSerializer(selectors.mine(request.user)[:500], many=True).data)


class NextAssignmentView(APIView):
    bodiless = frozenset({"post"})

    @extend_schema(request=None, responses={200: AssignmentSerializer, 204: None})
    @replayable
    def post(self, request: UserRequest, project: UUID) -> Response:
        assignment = services.pull(by=request.user, project=project)
        if assignment is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(AssignmentSerializer(assignment).data)


class AssignmentView(APIView):
    @extend_schema(responses=AssignmentSerializer)
    def get(self, request: UserRequest, assignment: UUID) -> Response:
        return Response(AssignmentSerializer(selectors.assignment(request.user, assignment)).data)

    @extend_schema(responses={204: None})
    @replayable
    def delete(self, request: UserRequest, assignment: UUID) -> Response:
        services.withdraw(by=request.user, assignment=assignment)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SkipView(APIView):
    @extend_schema(operation_id="assignments_skip", request=SkipSerializer, responses=AssignmentSerializer)
    @replayable
    def post(self, request: UserRequest, assignment: UUID) -> Response:
        fields = checked(SkipSerializer, request)
        return Response(AssignmentSerializer(services.skip(by=request.user, assignment=assignment, **fields)).data)


class SpentView(APIView):
    @extend_schema(operation_id="images_active_time", request=SpentSerializer, responses={204: None})
    @replayable
    def post(self, request: UserRequest, image: UUID) -> Response:
        services.add_active_time(by=request.user, image=image, **checked(SpentSerializer, request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class LongestFirst(Pages):
    ordering = ("-seconds", "id")


class ActiveTimesView(GenericAPIView[ActiveTime]):
    """Who has worked how long on which image, for whoever plans the work."""

    serializer_class = ActiveTimeSerializer
    queryset = ActiveTime.objects.none()
    pagination_class = LongestFirst

    @extend_schema(operation_id="projects_active_times_list", responses=ActiveTimeSerializer(many=True))
    def get(self, request: UserRequest, project: UUID) -> Response:
        found = selectors.active_times(access(request.user, project, Permission.ASSIGN))
        return self.get_paginated_response(ActiveTimeSerializer(self.paginate_queryset(found), many=True).data)
