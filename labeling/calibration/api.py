"""A project's calibration over HTTP."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from labeling.accounts.api import UserRequest
from labeling.calibration import selectors
from labeling.calibration.models import Calibration
from labeling.projects.roles import Permission
from labeling.projects.selectors import access
from labeling.views import APIView


class BinSerializer(serializers.Serializer[Any]):
    """Some of the verdicts, whose confidences lie between two bounds."""

    confidence = serializers.FloatField(help_text="The mean of the confidences.")
    accepted = serializers.FloatField(help_text="The share that was accepted as it was.")
    n = serializers.IntegerField()


class ReportSerializer(serializers.Serializer[Any]):
    """How good confidences are on verdicts that they were not fitted to."""

    ece = serializers.FloatField(help_text="Expected calibration error.")
    ece_low = serializers.FloatField(help_text="With ece_high a bootstrap interval of 95 %.")
    ece_high = serializers.FloatField()
    auroc = serializers.FloatField(allow_null=True, help_text="Null where all verdicts are alike.")
    start_ece = serializers.FloatField(help_text="Of the start formula on the same verdicts.")
    start_auroc = serializers.FloatField(allow_null=True)
    bins = BinSerializer(many=True)


class VersionSerializer(serializers.ModelSerializer[Calibration]):
    report = ReportSerializer()

    class Meta:
        model = Calibration
        fields = ("version", "fitted_at", "verdicts", "report")


class CalibrationSerializer(serializers.Serializer[Any]):
    needed = serializers.IntegerField(help_text="From so many verdicts on a project has its own.")
    verdicts = serializers.IntegerField(
        help_text="Verdicts that it was fitted to. Before the first fit: verdicts that can be used, at most `needed`."
    )
    without_signals = serializers.IntegerField(
        help_text="Verdicts that do not count, counted up to `needed`: no worker has assessed what they judged."
    )
    current = VersionSerializer(allow_null=True)
    history = VersionSerializer(many=True, help_text="The newest first.")


class CalibrationView(APIView):
    """How far the confidences of this project may be believed."""

    @extend_schema(operation_id="projects_calibration", responses=CalibrationSerializer)
    def get(self, request: UserRequest, project: UUID) -> Response:
        state = selectors.state(access(request.user, project, Permission.REVIEW))
        body = {
            "needed": selectors.NEEDED,
            "verdicts": state.verdicts,
            "without_signals": state.without_signals,
            "current": state.current,
            "history": state.versions,
        }
        return Response(CalibrationSerializer(body).data)
