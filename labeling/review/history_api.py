"""The history of an annotation over HTTP."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from labeling.accounts.api import PersonSerializer, UserRequest
from labeling.annotations.serializers import STATES, ObjectField
from labeling.review import history
from labeling.review.models import Verdict
from labeling.views import APIView

PAGE, LONGEST_PAGE = 50, 200
LAST_SEQ = 2**63 - 1


class HistoryQuerySerializer(serializers.Serializer[Any]):
    order = serializers.ChoiceField(choices=["newest", "oldest"], default="newest", help_text="Which comes first.")
    cursor = serializers.IntegerField(
        min_value=0, max_value=LAST_SEQ, default=None, help_text="From `next` of the page before."
    )
    limit = serializers.IntegerField(
        min_value=1, default=PAGE, help_text=f"At most {LONGEST_PAGE} and about 8 MB on a page, but at least one."
    )


class SaidSerializer(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(choices=Verdict.Choice.choices)
    reason = serializers.CharField(allow_blank=True)
    comment = serializers.CharField(allow_blank=True)
    undone = serializers.BooleanField(help_text="It was taken back later.")


class HistoryEntrySerializer(serializers.Serializer[Any]):
    """One thing that happened. `annotation` is how it was from then on; null where only its state changed."""

    seq = serializers.IntegerField(help_text="Of its event in the project's log.")
    kind = serializers.ChoiceField(choices=history.KINDS)
    at = serializers.DateTimeField()
    by = PersonSerializer(allow_null=True, help_text="Null: the project's policy.")
    version = serializers.IntegerField()
    state = serializers.ChoiceField(choices=STATES)
    words = serializers.ListField(child=serializers.CharField(), help_text="What changed.")
    verdict = SaidSerializer(allow_null=True)
    annotation = ObjectField(allow_null=True)


class HistoryPageSerializer(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    results = HistoryEntrySerializer(many=True)


class SentBackSerializer(serializers.Serializer[Any]):
    """A version that a reviewer sent back, and why."""

    version = serializers.IntegerField()
    reason = serializers.CharField(allow_blank=True)
    comment = serializers.CharField(allow_blank=True)
    by = PersonSerializer()
    at = serializers.DateTimeField()
    annotation = ObjectField(help_text="As it was then.")


class HistoryView(APIView):
    """Who did what to an annotation, when: its versions, verdicts (also those taken back) and changes of state. Any
    `version` can be restored."""

    query_serializer = HistoryQuerySerializer

    @extend_schema(operation_id="annotations_history_list", responses=HistoryPageSerializer)
    def get(self, request: UserRequest, annotation: UUID) -> Response:
        query = self.query(request)
        order, cursor, limit = (query[name] for name in ("order", "cursor", "limit"))
        entries, behind = history.page(
            request.user, annotation, cursor=cursor, limit=min(limit, LONGEST_PAGE), newest_first=order == "newest"
        )
        here = request.build_absolute_uri()
        following = None if behind is None else replace_query_param(here, "cursor", behind)
        return Response(HistoryPageSerializer({"next": following, "results": entries}).data)


class SentBackView(APIView):
    """The version of an annotation that a reviewer sent back last, to be seen beside the present one; 204 when none
    was, or nothing has changed since."""

    @extend_schema(operation_id="annotations_sent_back", responses={200: SentBackSerializer, 204: None})
    def get(self, request: UserRequest, annotation: UUID) -> Response:
        found = history.sent_back(request.user, annotation)
        if found is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(SentBackSerializer(found).data)
