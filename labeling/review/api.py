"""The review queue over HTTP: which part of it, and who holds what."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from labeling.accounts.api import UserRequest
from labeling.annotations import tally
from labeling.annotations.models import Annotation
from labeling.annotations.serializers import AnnotationSerializer
from labeling.annotations.states import Resubmission
from labeling.assignments.api import WorkImageSerializer, image_json
from labeling.events.replay import replayable
from labeling.images import selectors as images
from labeling.projects.models import Project
from labeling.projects.roles import Permission
from labeling.projects.selectors import access, classes
from labeling.rest import checked, invalid, invalid_cursor
from labeling.review import claims, queue
from labeling.views import APIView


class FilterSerializer(serializers.Serializer[queue.Filters]):
    """Which part of the queue. All are plain parameters of an address, so that a link shows the same."""

    class_id = serializers.UUIDField(required=False)
    annotator = serializers.UUIDField(required=False, help_text="Who made it.")
    source = serializers.ChoiceField(choices=Annotation.Source.choices, required=False)  # type: ignore[assignment]
    size = serializers.ChoiceField(
        choices=Annotation.Size.choices, required=False, help_text="By area, at 32² and 96² pixels, as COCO has it."
    )
    image = serializers.UUIDField(required=False)
    confidence_min = serializers.FloatField(
        min_value=0, max_value=1, required=False, help_text="With confidence_max a band of known confidences."
    )
    confidence_max = serializers.FloatField(min_value=0, max_value=1, required=False)
    confidence_unknown = serializers.BooleanField(required=False, help_text="Only annotations without a confidence.")
    commented = serializers.BooleanField(required=False, help_text="Only where a comment is open.")
    resubmission = serializers.ChoiceField(
        choices=[answer.value for answer in Resubmission], required=False,
        help_text="Only annotations that came back after a rejection: `reworked`, or unchanged and `disputed`.",
    )  # fmt: skip
    q = serializers.CharField(
        source="text", max_length=200, allow_blank=True, required=False,
        help_text="Words, or their beginnings, in the image's name, the class's or an open comment.",
    )  # fmt: skip

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("confidence_min", 0) > attrs.get("confidence_max", 1):
            raise serializers.ValidationError(
                {"confidence_min": "The lower bound of the confidence is above the upper one."}
            )
        if attrs.get("confidence_unknown") and not attrs.keys().isdisjoint(("confidence_min", "confidence_max")):
            raise serializers.ValidationError(
                {"confidence_unknown": "Leave out the bounds, which an unknown confidence does not have."}
            )
        return attrs


class QueueQuerySerializer(FilterSerializer):
    verdict = serializers.ChoiceField(
        choices=queue.VERDICTS, required=False, help_text="What waits, or what has this verdict now."
    )
    cursor = serializers.CharField(required=False, help_text="From `next` of the page before.")
    limit = serializers.IntegerField(
        min_value=1, required=False, help_text="At most 500 and about 8 MB on a page, but at least one."
    )


class AheadSerializer(FilterSerializer):
    tab = serializers.UUIDField(
        default=claims.NO_TAB, help_text="Made by each browser tab for itself: two tabs hold different annotations."
    )
    skip_images = serializers.ListField(
        child=serializers.UUIDField(), max_length=500, default=[], help_text="Nothing on these images is to be found."
    )


class ClaimNextSerializer(AheadSerializer):
    count = serializers.IntegerField(
        min_value=1, max_value=claims.MOST, default=1, help_text="Fewer are claimed if they take more than about 8 MB."
    )
    skip = serializers.ListField(child=serializers.UUIDField(), max_length=500, default=[])
    keep = serializers.ListField(
        child=serializers.UUIDField(),
        max_length=claims.MOST,
        default=[],
        help_text="What the tab holds and goes on holding; it does not come again.",
    )


class TabSerializer(serializers.Serializer[Any]):
    tab = serializers.UUIDField(default=claims.NO_TAB)


class ReviewItemSerializer(AnnotationSerializer):
    """An annotation to be judged, with its image."""

    image_detail = WorkImageSerializer()
    approved = serializers.BooleanField(
        help_text="Another reviewer has accepted this version; accepted once more, it is done."
    )

    class Meta(AnnotationSerializer.Meta):
        fields = (*AnnotationSerializer.Meta.fields, "image_detail", "approved")  # type: ignore[assignment]


class ClaimedSerializer(serializers.Serializer[Any]):
    results = ReviewItemSerializer(many=True)
    until = serializers.DateTimeField(help_text="Until when these are held, without a heartbeat.")
    waiting = serializers.IntegerField(help_text="How many wait in the project in all.")


class ImageAheadSerializer(serializers.Serializer[Any]):
    image = WorkImageSerializer(allow_null=True)


class HeldSerializer(serializers.Serializer[Any]):
    held = serializers.ListField(child=serializers.UUIDField())
    until = serializers.DateTimeField()


class QueuePageSerializer(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    results = AnnotationSerializer(many=True)
    waiting = serializers.IntegerField(help_text="How many wait in the project in all.")


PAGE, LONGEST_PAGE = 100, 500


class ReviewQueueView(APIView):
    query_serializer = QueueQuerySerializer

    @extend_schema(operation_id="projects_review_queue_list", responses=QueuePageSerializer)
    def get(self, request: UserRequest, project: UUID) -> Response:
        found = access(request.user, project, Permission.REVIEW)
        filters = self.query(request)
        place = _place(filters.pop("cursor", None))
        limit = min(filters.pop("limit", PAGE), LONGEST_PAGE)
        rows, following = queue.page(found, _filters(found, filters), place, limit)
        body = {
            "next": _next_page(request, following) if following else None,
            "results": rows,
            "waiting": tally.waiting(found.id),
        }
        return Response(QueuePageSerializer(body).data)


class NextReviewView(APIView):
    @extend_schema(request=ClaimNextSerializer, responses=ClaimedSerializer)
    @replayable
    def post(self, request: UserRequest, project: UUID) -> Response:
        asked = checked(ClaimNextSerializer, request)
        how = {name: asked.pop(name) for name in ("tab", "count", "skip", "keep")}
        filters = _filters(access(request.user, project, Permission.REVIEW), asked)
        rows = claims.claim(by=request.user, project=project, filters=filters, **how)
        return Response(claimed(request, project, rows))


class ImageAheadView(APIView):
    """The image that most likely comes next, so that it can be loaded meanwhile. Nothing is claimed, and whatever the
    tab holds it goes on holding."""

    @extend_schema(operation_id="projects_review_queue_ahead", request=AheadSerializer, responses=ImageAheadSerializer)
    def post(self, request: UserRequest, project: UUID) -> Response:
        asked = checked(AheadSerializer, request)
        tab = asked.pop("tab")
        found = access(request.user, project, Permission.REVIEW)
        image = claims.image_ahead(by=request.user, project=found, tab=tab, filters=_filters(found, asked))
        shown = image_json(list(images.of_project(found).filter(id=image))) if image else []
        return Response({"image": shown[0] if shown else None})


class HeartbeatView(APIView):
    """A tab is still open: what it holds it goes on holding."""

    @extend_schema(operation_id="projects_review_queue_renew", request=TabSerializer, responses=HeldSerializer)
    def post(self, request: UserRequest, project: UUID) -> Response:
        until, held = claims.renew(by=request.user, project=project, **checked(TabSerializer, request))
        return Response(HeldSerializer({"held": held, "until": until}).data)


class ReleaseView(APIView):
    """Ends the leases of a tab, so that others get its annotations at once. Harmless to repeat."""

    @extend_schema(operation_id="projects_review_queue_release", request=TabSerializer, responses={204: None})
    def post(self, request: UserRequest, project: UUID) -> Response:
        claims.release(by=request.user, project=project, **checked(TabSerializer, request))
        return Response(status=status.HTTP_204_NO_CONTENT)


def claimed(request: UserRequest, project: UUID, rows: list[Annotation]) -> dict[str, Any]:
    """What a tab holds from now on, each with its image."""
    ids = {row.image_id for row in rows}
    found = images.of_project(access(request.user, project)).filter(id__in=ids)
    shown = {image["id"]: image for image in image_json(list(found))}
    items = [
        {
            **AnnotationSerializer(row).data,
            "image_detail": shown[str(row.image_id)],
            "approved": row.approved_by_id is not None,
        }
        for row in rows
    ]
    return {"results": items, "until": timezone.now() + claims.LEASE, "waiting": tally.waiting(project)}


def _filters(project: Project, asked: dict[str, Any]) -> queue.Filters:
    """Raises ValidationError for a class or an image that is not the project's: what is meant by it is not nothing."""
    filters = queue.Filters(**asked)
    if filters.class_id and not classes(project).filter(id=filters.class_id).exists():
        raise invalid("no_such_class", "The project has no such class; it may have been deleted.", "class_id")
    if filters.image and not images.of_project(project).filter(id=filters.image).exists():
        raise invalid("no_such_image", "The project has no such image; it may have been deleted.", "image")
    return filters


def _place(cursor: str | None) -> queue.Place | None:
    try:
        return queue.Place.from_cursor(cursor) if cursor else None
    except ValueError:
        raise invalid_cursor() from None


def _next_page(request: UserRequest, place: queue.Place) -> str:
    return replace_query_param(request.build_absolute_uri(), "cursor", place.cursor)
