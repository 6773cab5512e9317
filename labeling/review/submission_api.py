"""Submitting images over HTTP, taking that back, and accepting images as they are."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from labeling.accounts.api import UserRequest
from labeling.assignments.api import AssignmentSerializer, WorkImageSerializer, image_json
from labeling.assignments.models import Assignment
from labeling.events.replay import replayable, replayable_after
from labeling.images import selectors as images
from labeling.projects.roles import Permission
from labeling.projects.selectors import access
from labeling.rest import checked
from labeling.review import image_reviews, submission, taking_back
from labeling.views import APIView

LONGEST_LIST = 100


class SubmitSerializer(serializers.Serializer[Any]):
    nothing_to_label = serializers.BooleanField(
        default=False, help_text="Required to submit an image without annotations (409 nothing_labeled)."
    )


class SubmittedSerializer(AssignmentSerializer):
    submission = serializers.IntegerField(
        allow_null=True, help_text="Names the submission, to take it back; null for those of earlier versions."
    )

    class Meta(AssignmentSerializer.Meta):
        fields = (*AssignmentSerializer.Meta.fields, "submission")  # type: ignore[assignment]


class TakeBackSerializer(serializers.Serializer[Any]):
    submission = serializers.IntegerField(min_value=1, help_text="From the answer to the submission.")


class ConfirmSerializer(serializers.Serializer[Any]):
    because = serializers.ChoiceField(
        choices=Assignment.ImageReview.choices, help_text="The reason that the reviewer was shown."
    )


class ImageReviewsSerializer(serializers.Serializer[Any]):
    results = WorkImageSerializer(many=True)
    waiting = serializers.IntegerField(help_text="How many images wait for you, of which these are the first.")


def _submit_ahead(view: APIView, request: UserRequest, assignment: UUID) -> None:
    submission.submit_ahead(by=request.user, assignment=assignment, **checked(SubmitSerializer, request))


def _take_back_ahead(view: APIView, request: UserRequest, assignment: UUID) -> None:
    taking_back.take_back_ahead(by=request.user, assignment=assignment, **checked(TakeBackSerializer, request))


class SubmitView(APIView):
    @extend_schema(operation_id="assignments_submit", request=SubmitSerializer, responses=SubmittedSerializer)
    @replayable_after(_submit_ahead)
    def post(self, request: UserRequest, assignment: UUID) -> Response:
        found = submission.submit(by=request.user, assignment=assignment, **checked(SubmitSerializer, request))
        return Response(SubmittedSerializer(found).data)


class TakeBackView(APIView):
    """Takes the latest submission back until a reviewer has judged any of it (409 too_late). Its annotations are
    drafts again. Harmless to repeat."""

    @extend_schema(operation_id="assignments_submit_undo", request=TakeBackSerializer, responses=AssignmentSerializer)
    @replayable_after(_take_back_ahead)
    def post(self, request: UserRequest, assignment: UUID) -> Response:
        found = taking_back.take_back(by=request.user, assignment=assignment, **checked(TakeBackSerializer, request))
        return Response(AssignmentSerializer(found).data)


class ImageReviewsView(APIView):
    """Images that you have to look at themselves, the longest waiting first: nothing is labeled on them, or something
    that was accepted has been deleted. `assignment.image_review` says which."""

    @extend_schema(operation_id="projects_review_queue_images", responses=ImageReviewsSerializer)
    def get(self, request: UserRequest, project: UUID) -> Response:
        found = access(request.user, project, Permission.REVIEW)
        rows = image_reviews.waiting(request.user, found)
        ids = list(rows.values_list("image", flat=True)[:LONGEST_LIST])
        shown = {image["id"]: image for image in image_json(list(images.of_project(found).filter(id__in=ids)))}
        return Response({"results": [shown[str(id)] for id in ids], "waiting": rows.count()})


class ConfirmView(APIView):
    """Accepts that there is nothing to label on the image, or that objects were deleted from it."""

    @extend_schema(operation_id="assignments_confirm", request=ConfirmSerializer, responses=AssignmentSerializer)
    @replayable
    def post(self, request: UserRequest, assignment: UUID) -> Response:
        found = image_reviews.confirm(by=request.user, assignment=assignment, **checked(ConfirmSerializer, request))
        return Response(AssignmentSerializer(found).data)
