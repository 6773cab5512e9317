"""The review queue, verdicts and progress over HTTP."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from labeling.accounts.api import PersonSerializer, UserRequest
from labeling.annotations import selectors as annotations
from labeling.annotations import tally
from labeling.annotations.api import AnnotationsAPIView, require_distinct
from labeling.annotations.models import Annotation
from labeling.annotations.serializers import AnnotationSerializer
from labeling.assignments.api import AssignmentSerializer, CountsSerializer, WorkImageSerializer, image_json
from labeling.events.replay import replayable
from labeling.images import selectors as images
from labeling.projects.models import Project
from labeling.projects.roles import Permission
from labeling.projects.selectors import access, classes, visible
from labeling.rest import checked, invalid
from labeling.review import claims, queue, selectors, services, submission
from labeling.review.models import LONGEST, Verdict


class FilterSerializer(serializers.Serializer[queue.Filters]):
    """Which part of the queue. All are plain parameters of an address, so that a link shows the same."""

    class_id = serializers.UUIDField(required=False)
    annotator = serializers.UUIDField(required=False, help_text="Who made it.")
    source = serializers.ChoiceField(choices=Annotation.Source.choices, required=False)  # type: ignore[assignment]
    size = serializers.ChoiceField(
        choices=Annotation.Size.choices, required=False, help_text="By area, at 32² and 96² pixels, as COCO has it."
    )
    image = serializers.UUIDField(required=False)
    confidence_min = serializers.FloatField(min_value=0, max_value=1, required=False)
    confidence_max = serializers.FloatField(min_value=0, max_value=1, required=False)
    commented = serializers.BooleanField(required=False, help_text="Only where a comment is open.")
    q = serializers.CharField(
        source="text", max_length=200, allow_blank=True, required=False,
        help_text="Words, or their beginnings, in the image's name, the class's or an open comment.",
    )  # fmt: skip

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("confidence_min", 0) > attrs.get("confidence_max", 1):
            raise serializers.ValidationError(
                {"confidence_min": "The lower bound of the confidence is above the upper one."}
            )
        return attrs


class QueueQuerySerializer(FilterSerializer):
    verdict = serializers.ChoiceField(
        choices=queue.VERDICTS, required=False, help_text="What waits, or what has this verdict now."
    )
    cursor = serializers.CharField(required=False, help_text="From `next` of the page before.")
    limit = serializers.IntegerField(min_value=1, required=False, help_text="At most 500 on a page.")


class AheadSerializer(FilterSerializer):
    tab = serializers.UUIDField(
        default=claims.NO_TAB, help_text="Made by each browser tab for itself: two tabs hold different annotations."
    )
    skip_images = serializers.ListField(
        child=serializers.UUIDField(), max_length=500, default=[], help_text="Nothing on these images is to be found."
    )


class ClaimNextSerializer(AheadSerializer):
    count = serializers.IntegerField(min_value=1, max_value=claims.MOST, default=1)
    skip = serializers.ListField(child=serializers.UUIDField(), max_length=500, default=[])
    keep = serializers.ListField(
        child=serializers.UUIDField(),
        max_length=claims.MOST,
        default=[],
        help_text="What the tab holds and goes on holding; it does not come again.",
    )


class TabSerializer(serializers.Serializer[Any]):
    tab = serializers.UUIDField(default=claims.NO_TAB)


class UndoSheetSerializer(TabSerializer):
    verdicts = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=500)


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


class JudgementSerializer(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(choices=Verdict.Choice.choices)
    version = serializers.IntegerField(min_value=1, help_text="The version that was judged.")
    reason = serializers.CharField(max_length=100, allow_blank=True, default="")
    comment = serializers.CharField(max_length=5000, allow_blank=True, default="")
    seconds = serializers.FloatField(
        min_value=0, max_value=LONGEST, allow_null=True, default=None, help_text="Of work that it took."
    )


class VerdictInputSerializer(JudgementSerializer):
    tab = serializers.UUIDField(default=None, help_text="What else this tab holds it goes on holding.")


class SheetRowSerializer(JudgementSerializer):
    annotation = serializers.UUIDField()


class SheetSerializer(serializers.Serializer[Any]):
    verdicts = SheetRowSerializer(many=True, min_length=1, max_length=500)  # type: ignore[call-arg]
    tab = serializers.UUIDField(default=None, help_text="What else this tab holds it goes on holding.")


class VerdictSerializer(serializers.ModelSerializer[Verdict]):
    by = PersonSerializer()

    class Meta:
        model = Verdict
        fields = ("id", "annotation", "verdict", "version", "reason", "comment", "seconds", "by", "at", "undone_at")


class VerdictListSerializer(serializers.Serializer[Any]):
    results = VerdictSerializer(many=True)


class ImageStatesSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
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


PAGE, LONGEST_PAGE = 100, 500


class ReviewQueueView(APIView):
    @extend_schema(
        operation_id="projects_review_queue_list", parameters=[QueueQuerySerializer], responses=QueuePageSerializer
    )
    def get(self, request: UserRequest, project: UUID) -> Response:
        found = access(request.user, project, Permission.REVIEW)
        asked = QueueQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        filters = dict(asked.validated_data)
        place = _place(filters.pop("cursor", None))
        limit = min(filters.pop("limit", PAGE), LONGEST_PAGE)
        rows = queue.page(found, _filters(found, filters), place, limit + 1)
        body = {
            "next": _next_page(request, rows[limit - 1]) if len(rows) > limit else None,
            "results": rows[:limit],
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
        return Response(_claimed(request, project, rows))


class ImageAheadView(APIView):
    """The image that most likely comes next, so that it can be loaded meanwhile. Nothing is claimed, and whatever the
    tab holds it goes on holding."""

    @extend_schema(
        operation_id="projects_review_queue_ahead", request=AheadSerializer, responses=ImageAheadSerializer
    )
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


class UndoView(APIView):
    """Takes one's own latest verdict back, while nothing came after it. The annotation comes to this tab again."""

    @extend_schema(operation_id="verdicts_undo", request=TabSerializer, responses=ClaimedSerializer)
    @replayable
    def post(self, request: UserRequest, verdict: UUID) -> Response:
        project = selectors.verdict(request.user, verdict).project
        rows = services.undo(by=request.user, project=project, verdicts=[verdict], **checked(TabSerializer, request))
        return Response(_claimed(request, project, rows))


class UndoSheetView(APIView):
    """Takes several of one's own latest verdicts back, all or nothing; a problem lists what is `refused`."""

    @extend_schema(operation_id="projects_verdicts_undo", request=UndoSheetSerializer, responses=ClaimedSerializer)
    @replayable
    def post(self, request: UserRequest, project: UUID) -> Response:
        rows = services.undo(by=request.user, project=project, **checked(UndoSheetSerializer, request))
        return Response(_claimed(request, project, rows))


class VerdictsView(AnnotationsAPIView):
    @extend_schema(request=VerdictInputSerializer, responses={201: VerdictSerializer})
    @replayable
    def post(self, request: UserRequest, annotation: UUID) -> Response:
        found = annotations.annotation(request.user, annotation, Permission.REVIEW, deleted=True)
        body = checked(VerdictInputSerializer, request)
        tab = body.pop("tab")
        judgement = services.Judgement(annotation, **body)
        (verdict,) = services.judge(by=request.user, project=found.project_id, judgements=[judgement], tab=tab)
        return Response(VerdictSerializer(verdict).data, status=status.HTTP_201_CREATED)


class SheetView(AnnotationsAPIView):
    """Verdicts on several annotations, all or nothing. A problem is about the first that cannot be judged; its
    `refused` lists each of them (`annotation`, `code`, `detail`), so that the others can be sent again."""

    @extend_schema(request=SheetSerializer, responses={201: VerdictListSerializer})
    @replayable
    def post(self, request: UserRequest, project: UUID) -> Response:
        body = checked(SheetSerializer, request)
        require_distinct([row["annotation"] for row in body["verdicts"]])
        judgements = [services.Judgement(**row) for row in body["verdicts"]]
        verdicts = services.judge(by=request.user, project=project, judgements=judgements, tab=body["tab"])
        return Response({"results": VerdictSerializer(verdicts, many=True).data}, status=status.HTTP_201_CREATED)


class SubmitView(APIView):
    @extend_schema(operation_id="assignments_submit", request=None, responses=AssignmentSerializer)
    @replayable
    def post(self, request: UserRequest, assignment: UUID) -> Response:
        return Response(AssignmentSerializer(submission.submit(by=request.user, assignment=assignment)).data)


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


def _claimed(request: UserRequest, project: UUID, rows: list[Annotation]) -> dict[str, Any]:
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
        raise invalid("invalid_cursor", "This is not a cursor of this list.", "cursor") from None


def _next_page(request: UserRequest, last: Annotation) -> str:
    return replace_query_param(request.build_absolute_uri(), "cursor", queue.Place.of(last).cursor)
