"""Assigning images over HTTP, and undoing it."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from labeling.accounts.api import UserRequest
from labeling.assignments import assigning, selectors
from labeling.assignments.api import AssignmentSerializer
from labeling.assignments.assigning import MAX_IMAGES, Assigned
from labeling.assignments.models import Assignment
from labeling.events.replay import replayable
from labeling.projects.selectors import access
from labeling.rest import checked, invalid
from labeling.views import APIView, GenericAPIView


class ImagesSerializer(serializers.Serializer[Any]):
    images = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MAX_IMAGES)


class AssignSerializer(ImagesSerializer):
    annotator = serializers.UUIDField()
    include_finished = serializers.BooleanField(
        default=False, help_text="Also assign submitted and finished images, which reopens them."
    )


class EventsSerializer(serializers.Serializer[Any]):
    """The events of a change, which name it to undo it."""

    first = serializers.IntegerField(min_value=1)
    last = serializers.IntegerField(min_value=1)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not 0 <= attrs["last"] - attrs["first"] < MAX_IMAGES:
            raise invalid("invalid_range", f"One change has from 1 to {MAX_IMAGES} events.", "last")
        return attrs


class AssignedImageSerializer(serializers.Serializer[Any]):
    image = serializers.UUIDField()
    outcome = serializers.ChoiceField(
        choices=["assigned", "reassigned", "already", "left", "unassigned"],
        help_text="`left`: submitted or done, so it was left unchanged.",
    )


class AssignedListSerializer(serializers.Serializer[Any]):
    assigned = serializers.IntegerField()
    left = serializers.IntegerField(help_text="Submitted or done, so they were left unchanged.")
    results = AssignedImageSerializer(many=True)
    undo = EventsSerializer(allow_null=True, help_text="Undoes this change; null if nothing changed.")


class UnassignedListSerializer(serializers.Serializer[Any]):
    unassigned = serializers.IntegerField()
    left = serializers.IntegerField(help_text="Submitted or done, so they were left unchanged.")
    results = AssignedImageSerializer(many=True)
    undo = EventsSerializer(allow_null=True, help_text="Undoes this change; null if nothing changed.")


class UndoneSerializer(serializers.Serializer[Any]):
    undone = serializers.IntegerField(help_text="Images that were restored.")
    left = serializers.IntegerField(help_text="Images that have changed since.")


def _answer(made: Assigned) -> dict[str, Any]:
    outcomes = list(made.outcomes.values())
    return {
        "left": outcomes.count("left"),
        "results": [{"image": image, "outcome": outcome} for image, outcome in made.outcomes.items()],
        "undo": made.events and {"first": made.events[0], "last": made.events[1]},
    }


class AssignmentsView(GenericAPIView[Assignment]):
    serializer_class = AssignmentSerializer
    queryset = Assignment.objects.none()

    @extend_schema(operation_id="projects_assignments_list", responses=AssignmentSerializer(many=True))
    def get(self, request: UserRequest, project: UUID) -> Response:
        page = self.paginate_queryset(selectors.of_project(access(request.user, project)))
        return self.get_paginated_response(AssignmentSerializer(page, many=True).data)

    @extend_schema(request=AssignSerializer, responses={201: AssignedListSerializer})
    @replayable
    def post(self, request: UserRequest, project: UUID) -> Response:
        made = assigning.assign(by=request.user, project=project, **checked(AssignSerializer, request))
        outcomes = list(made.outcomes.values())
        body = {"assigned": outcomes.count("assigned") + outcomes.count("reassigned"), **_answer(made)}
        return Response(AssignedListSerializer(body).data, status=status.HTTP_201_CREATED)


class UnassignView(APIView):
    """Unassigns images. Their annotations stay."""

    @extend_schema(
        operation_id="projects_assignments_unassign", request=ImagesSerializer, responses=UnassignedListSerializer
    )
    @replayable
    def post(self, request: UserRequest, project: UUID) -> Response:
        made = assigning.unassign(by=request.user, project=project, **checked(ImagesSerializer, request))
        body = {"unassigned": list(made.outcomes.values()).count("unassigned"), **_answer(made)}
        return Response(UnassignedListSerializer(body).data)


class UndoAssigningView(APIView):
    """Undoes your own assigning or unassigning of images that have not changed since."""

    @extend_schema(operation_id="projects_assignments_undo", request=EventsSerializer, responses=UndoneSerializer)
    @replayable
    def post(self, request: UserRequest, project: UUID) -> Response:
        undone, left = assigning.undo(by=request.user, project=project, **checked(EventsSerializer, request))
        return Response({"undone": undone, "left": left})
