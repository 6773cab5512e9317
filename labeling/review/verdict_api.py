"""What brings annotations into the queue and takes them out of it, over HTTP: handing in, and verdicts."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from labeling.accounts.api import PersonSerializer, UserRequest
from labeling.annotations import selectors as annotations
from labeling.annotations.api import AnnotationsAPIView, require_distinct
from labeling.annotations.serializers import AnnotationSerializer
from labeling.events.replay import replayable
from labeling.free_text import FreeTextField
from labeling.projects.roles import Permission
from labeling.rest import IF_MATCH, checked, version_of
from labeling.review import disputes, selectors, services
from labeling.review.api import ClaimedSerializer, TabSerializer, claimed
from labeling.review.models import LONGEST, Verdict
from labeling.review.states import Decider
from labeling.views import APIView


class UndoSheetSerializer(TabSerializer):
    verdicts = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=500)


class JudgementSerializer(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(choices=Verdict.Choice.choices)
    version = serializers.IntegerField(min_value=1, help_text="The version that was judged.")
    reason = serializers.CharField(max_length=100, allow_blank=True, default="")
    comment = FreeTextField(max_length=5000, allow_blank=True, default="")
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


class DisputeSerializer(serializers.Serializer[Any]):
    comment = FreeTextField(
        max_length=5000, allow_blank=True, default="", help_text="The reason why it is right; reviewers read it."
    )


class DisputedSerializer(serializers.Serializer[Any]):
    annotation = AnnotationSerializer()
    decided_by = serializers.ChoiceField(
        choices=[decider.value for decider in Decider],
        help_text="Another reviewer; a manager if there is none; the rejecter if nobody else may judge it.",
    )


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


class DisputeView(AnnotationsAPIView):
    """Disputes a rejection: the annotator thinks that the annotation is right. It goes back to review unchanged and
    marked as disputed, for someone other than the reviewer who rejected it, if there is anyone."""

    @extend_schema(
        operation_id="annotations_dispute",
        parameters=[IF_MATCH],
        request=DisputeSerializer,
        responses=DisputedSerializer,
    )
    @replayable
    def post(self, request: UserRequest, annotation: UUID) -> Response:
        annotations.annotation(request.user, annotation, Permission.ANNOTATE, deleted=True)
        expected, body = version_of(request), checked(DisputeSerializer, request)
        row, decider = disputes.dispute(by=request.user, annotation=annotation, expected=expected, **body)
        return Response({"annotation": AnnotationSerializer(row).data, "decided_by": decider.value})


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


class UndoView(APIView):
    """Takes one's own latest verdict back, while nothing came after it. The annotation comes to this tab again."""

    @extend_schema(operation_id="verdicts_undo", request=TabSerializer, responses=ClaimedSerializer)
    @replayable
    def post(self, request: UserRequest, verdict: UUID) -> Response:
        project = selectors.verdict(request.user, verdict).project
        rows = services.undo(by=request.user, project=project, verdicts=[verdict], **checked(TabSerializer, request))
        return Response(claimed(request, project, rows))


class UndoSheetView(APIView):
    """Takes several of one's own latest verdicts back, all or nothing; a problem lists what is `refused`."""

    @extend_schema(operation_id="projects_verdicts_undo", request=UndoSheetSerializer, responses=ClaimedSerializer)
    @replayable
    def post(self, request: UserRequest, project: UUID) -> Response:
        rows = services.undo(by=request.user, project=project, **checked(UndoSheetSerializer, request))
        return Response(claimed(request, project, rows))
