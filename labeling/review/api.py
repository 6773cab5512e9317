"""The review queue, verdicts and progress over HTTP."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.accounts.api import PersonSerializer, UserRequest
from labeling.annotations import selectors as annotations
from labeling.annotations.api import AnnotationsAPIView, require_distinct
from labeling.annotations.models import Annotation
from labeling.annotations.serializers import AnnotationSerializer
from labeling.assignments.api import CountsSerializer, WorkImageSerializer, image_json
from labeling.events.replay import replayable
from labeling.images import selectors as images
from labeling.projects.roles import Permission
from labeling.projects.selectors import access, visible
from labeling.rest import Pages, checked
from labeling.review import selectors, services
from labeling.review.models import Verdict


class ClaimSerializer(serializers.Serializer[Any]):
    until = serializers.DateTimeField()


class ReviewItemSerializer(AnnotationSerializer):
    """An annotation to be judged, with its image and how long it is held for the asker."""

    image_detail = WorkImageSerializer()
    claim = ClaimSerializer()
    waiting = serializers.IntegerField(help_text="How many wait in all, this one included.")

    class Meta(AnnotationSerializer.Meta):
        fields = (*AnnotationSerializer.Meta.fields, "image_detail", "claim", "waiting")  # type: ignore[assignment]


class QueuePageSerializer(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = AnnotationSerializer(many=True)
    waiting = serializers.IntegerField(help_text="How many wait in all.")


class SkipSerializer(serializers.Serializer[Any]):
    skip = serializers.ListField(child=serializers.UUIDField(), max_length=500, default=[])


class JudgementSerializer(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(choices=Verdict.Choice.choices)
    version = serializers.IntegerField(min_value=1, help_text="The version that was judged.")
    reason = serializers.CharField(max_length=100, allow_blank=True, default="")
    comment = serializers.CharField(max_length=5000, allow_blank=True, default="")


class SheetRowSerializer(JudgementSerializer):
    annotation = serializers.UUIDField()


class SheetSerializer(serializers.Serializer[Any]):
    verdicts = SheetRowSerializer(many=True, min_length=1, max_length=500)  # type: ignore[call-arg]


class VerdictSerializer(serializers.ModelSerializer[Verdict]):
    by = PersonSerializer()

    class Meta:
        model = Verdict
        fields = ("id", "annotation", "verdict", "version", "reason", "comment", "by", "at")


class VerdictListSerializer(serializers.Serializer[Any]):
    results = VerdictSerializer(many=True)


class ImageStatesSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    unassigned = serializers.IntegerField()
    open = serializers.IntegerField()
    submitted = serializers.IntegerField()
    returned = serializers.IntegerField()
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


class QueuePages(Pages):
    ordering = ("confidence", "id")


class ReviewQueueView(APIView):
    @extend_schema(operation_id="projects_review_queue_list", responses=QueuePageSerializer)
    def get(self, request: UserRequest, project: UUID) -> Response:
        found = access(request.user, project, Permission.REVIEW)
        pages = QueuePages()
        page = pages.paginate_queryset(selectors.queue(found), request, self)
        response = pages.get_paginated_response(AnnotationSerializer(page, many=True).data)
        response.data["waiting"] = selectors.waiting(found)
        return response


class NextReviewView(APIView):
    @extend_schema(request=SkipSerializer, responses={200: ReviewItemSerializer, 204: None})
    @replayable
    def post(self, request: UserRequest, project: UUID) -> Response:
        annotation = services.claim_next(by=request.user, project=project, **checked(SkipSerializer, request))
        if annotation is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(_item(request, annotation))


class VerdictsView(AnnotationsAPIView):
    @extend_schema(request=JudgementSerializer, responses={201: VerdictSerializer})
    @replayable
    def post(self, request: UserRequest, annotation: UUID) -> Response:
        found = annotations.annotation(request.user, annotation, Permission.REVIEW, deleted=True)
        judgement = services.Judgement(annotation, **checked(JudgementSerializer, request))
        (verdict,) = services.judge(by=request.user, project=found.project_id, judgements=[judgement])
        return Response(VerdictSerializer(verdict).data, status=status.HTTP_201_CREATED)


class SheetView(AnnotationsAPIView):
    """Verdicts on several annotations, all or nothing."""

    @extend_schema(request=SheetSerializer, responses={201: VerdictListSerializer})
    @replayable
    def post(self, request: UserRequest, project: UUID) -> Response:
        rows = checked(SheetSerializer, request)["verdicts"]
        require_distinct([row["annotation"] for row in rows])
        judgements = [services.Judgement(**row) for row in rows]
        verdicts = services.judge(by=request.user, project=project, judgements=judgements)
        return Response({"results": VerdictSerializer(verdicts, many=True).data}, status=status.HTTP_201_CREATED)


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


def _item(request: UserRequest, annotation: Annotation) -> dict[str, Any]:
    return {
        **AnnotationSerializer(annotation).data,
        "image_detail": image_json([images.image(request.user, annotation.image_id)])[0],
        "claim": {"until": annotation.claim.until},
        "waiting": selectors.waiting(annotation.project),
    }
