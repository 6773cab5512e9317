"""Removing people from a project over HTTP, with the images that they have."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from labeling.accounts.api import UserRequest
from labeling.assignments import leaving, selectors
from labeling.events.replay import replayable_after
from labeling.projects import member_api
from labeling.projects.roles import Permission
from labeling.projects.selectors import member as find_member
from labeling.views import APIView


class RemovalSerializer(serializers.Serializer[Any]):
    hand_to = serializers.UUIDField(default=None, help_text="The person who gets their open and submitted images.")


class MemberWorkSerializer(serializers.Serializer[Any]):
    """How many images of the project somebody has, by the state of their work."""

    open = serializers.IntegerField()
    returned = serializers.IntegerField()
    submitted = serializers.IntegerField()
    skipped = serializers.IntegerField()
    done = serializers.IntegerField()


def _remove_ahead(view: "MemberView", request: UserRequest, member: UUID) -> None:
    leaving.remove_member_ahead(by=request.user, membership=member, **view.query(request))


class MemberView(member_api.MemberView):
    # projects/member_api.py has PATCH.
    query_serializer = RemovalSerializer
    query_methods = frozenset({"DELETE"})

    @extend_schema(parameters=[OpenApiParameter("hand_to", UUID)], responses={204: None})
    @replayable_after(_remove_ahead)
    def delete(self, request: UserRequest, member: UUID) -> Response:
        """Remove somebody from the project. Their open and returned images become unassigned. With
        `hand_to`, that person gets them and the submitted ones."""
        leaving.remove_member(by=request.user, membership=member, **self.query(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class MemberWorkView(APIView):
    @extend_schema(operation_id="members_work", responses=MemberWorkSerializer)
    def get(self, request: UserRequest, member: UUID) -> Response:
        found = find_member(request.user, member, Permission.ASSIGN)
        return Response(selectors.work_of(found))
