"""How far projects are, over HTTP."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from labeling.accounts.api import UserRequest
from labeling.assignments.api import CountsSerializer
from labeling.projects.selectors import access, visible
from labeling.review import selectors
from labeling.views import APIView


class ImageStatesSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    available = serializers.IntegerField(
        help_text="Available as the next image: unassigned, its lease ran out, or its annotator left."
    )
    to_review = serializers.IntegerField(
        help_text="A reviewer has to look at the image itself: nothing is labeled, or accepted objects were deleted."
    )
    unassigned = serializers.IntegerField()
    open = serializers.IntegerField()
    submitted = serializers.IntegerField()
    returned = serializers.IntegerField()
    skipped = serializers.IntegerField()
    done = serializers.IntegerField()


class ReadinessSerializer(serializers.Serializer[Any]):
    queued = serializers.IntegerField()
    running = serializers.IntegerField()
    ready = serializers.IntegerField()
    failed = serializers.IntegerField()
    rate_per_minute = serializers.FloatField(
        allow_null=True, help_text="How many were finished a minute, in the last five; null: none."
    )
    seconds_left = serializers.IntegerField(allow_null=True, help_text="At that rate; null: nobody can tell.")


class ProgressSerializer(serializers.Serializer[Any]):
    project = serializers.UUIDField()
    cover = serializers.UUIDField(allow_null=True, help_text="The first image.")
    images = ImageStatesSerializer()
    embeddings = ReadinessSerializer()
    proposals = ReadinessSerializer()
    annotations = CountsSerializer()
    classes = serializers.DictField(child=serializers.IntegerField(), help_text="Annotations by class id.")
    workers_alive = serializers.IntegerField()


class ProgressView(APIView):
    @extend_schema(responses=ProgressSerializer)
    def get(self, request: UserRequest, project: UUID) -> Response:
        (progress,) = selectors.progress([access(request.user, project)])
        return Response(ProgressSerializer(progress).data)


class MyProgressView(APIView):
    """The progress of each of my projects, for the home page."""

    @extend_schema(operation_id="progress_list", responses=ProgressSerializer(many=True))
    def get(self, request: UserRequest) -> Response:
        projects = visible(request.user).order_by("-created_at")[:50]
        return Response(ProgressSerializer(selectors.progress(list(projects)), many=True).data)
