"""Figures of review over HTTP, as JSON and as CSV."""

import csv
from datetime import date, timedelta
from typing import Any
from unicodedata import normalize
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from labeling.accounts.api import PersonSerializer, UserRequest
from labeling.rest import OneForm
from labeling.review import quality
from labeling.review.quality import Span
from labeling.views import APIView

DEFAULT_DAYS, MOST_DAYS = 83, 3653
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2999, 12, 31)
COLUMNS = {
    "date": "date", "class": "label_class", "annotator": "annotator", "reviewer": "by", "reviewed": "reviewed",
    "accepted": "accepted", "fixed": "fixed", "rejected": "rejected", "first_reviewed": "first",
    "first_errors": "errors", "sample_reviewed": "sample", "sample_errors": "sample_errors",
    "timed": "timed", "seconds_in_all": "spent",
}  # fmt: skip
# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class DayField(serializers.DateField):
    """A day within the range of figures. The weeks and months around it must be valid dates too."""

    def to_internal_value(self, value: Any) -> date:
        day = super().to_internal_value(value)
        if not FIRST_DAY <= day <= LAST_DAY:
            raise serializers.ValidationError(f"A day lies between {FIRST_DAY} and {LAST_DAY}.", "out_of_range")
        return day


class SpanSerializer(serializers.Serializer[Any]):
    """Days as UTC has them, both included. Without: the last twelve weeks."""

    since = DayField(required=False)
    until = DayField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        until = attrs.get("until") or timezone.now().date()
        since = attrs.get("since") or until - timedelta(days=DEFAULT_DAYS)
        if since > until:
            raise serializers.ValidationError({"since": "The first day is behind the last one."})
        if (until - since).days > MOST_DAYS:
            raise serializers.ValidationError({"since": "At most ten years at once."})
        return {"span": Span(since, until)}


class FiguresSerializer(serializers.Serializer[Any]):
    """Counts of verdicts that were not taken back."""

    reviewed = serializers.IntegerField()
    accepted = serializers.IntegerField()
    fixed = serializers.IntegerField()
    rejected = serializers.IntegerField()
    first = serializers.IntegerField(help_text="Verdicts on what no reviewer had judged before.")
    errors = serializers.IntegerField(help_text="Of `first`: rejected or fixed.")  # type: ignore[assignment]
    sample = serializers.IntegerField(help_text="Of `first`: those in the random sample.")
    sample_errors = serializers.IntegerField()


class TimedSerializer(FiguresSerializer):
    seconds = serializers.FloatField(allow_null=True, help_text="The median a verdict, of those that were timed.")


class ClassFiguresSerializer(FiguresSerializer):
    class_id = serializers.UUIDField()
    name = serializers.CharField()
    colour = serializers.CharField()


class AnnotatorFiguresSerializer(FiguresSerializer):
    person = PersonSerializer()


class ReviewerFiguresSerializer(TimedSerializer):
    person = PersonSerializer()


class TimeFiguresSerializer(TimedSerializer):
    date = serializers.DateField(help_text="The first day of the step.")


class SampleSerializer(serializers.Serializer[Any]):
    """The random sample: what reviewing in random order would have found, with its 95 % interval as shares."""

    reviewed = serializers.IntegerField()
    errors = serializers.IntegerField()  # type: ignore[assignment]
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class QualitySerializer(serializers.Serializer[Any]):
    since = serializers.DateField()
    until = serializers.DateField()
    step = serializers.ChoiceField(choices=["day", "week", "month"])
    own = serializers.BooleanField(help_text="Only one's own verdicts: managers see everybody's.")
    totals = TimedSerializer()
    sample = SampleSerializer()
    classes = ClassFiguresSerializer(many=True)
    annotators = AnnotatorFiguresSerializer(many=True)
    reviewers = ReviewerFiguresSerializer(many=True)
    times = TimeFiguresSerializer(many=True)


class QualityView(APIView):
    query_serializer = SpanSerializer

    @extend_schema(responses=QualitySerializer)
    def get(self, request: UserRequest, project: UUID) -> Response:
        scope = quality.scope_for(request.user, project, self.query(request)["span"])
        return Response(QualitySerializer(quality.report(scope)).data)


class QualityCsvView(APIView):
    content_negotiation_class = OneForm
    query_serializer = SpanSerializer

    @extend_schema(operation_id="projects_quality_csv", responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: UserRequest, project: UUID) -> HttpResponse:
        span: Span = self.query(request)["span"]
        scope = quality.scope_for(request.user, project, span)
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        name = f"{slugify(scope.project.name) or 'project'}-quality-{span.since}-{span.until}.csv"
        response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        write_csv(response, quality.table(scope))
        return response


def write_csv(file: Any, rows: Any) -> None:
    """One line a row, as spreadsheets read it: names that look like formulas are marked as text."""
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_cell(row[field]) for field in COLUMNS.values()])


def _cell(value: Any) -> Any:
    # Spreadsheets treat full-width signs as signs too.
    if isinstance(value, str) and normalize("NFKC", value[:1]).startswith(FORMULA):
        return "'" + value
    return round(value, 3) if isinstance(value, float) else value
