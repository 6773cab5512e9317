"""The endpoints of the invitation page, and of verifying one's own address."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.accounts.api import UserRequest
from labeling.accounts.invitations import open_invitation
from labeling.accounts.tokens import InvitationThrottle
from labeling.events.replay import replayable
from labeling.projects import verification
from labeling.projects.member_api import site_of
from labeling.rest import checked
from labeling.views import APIView


class InvitationKeySerializer(serializers.Serializer[Any]):
    key = serializers.CharField(max_length=100, help_text="The secret of the link.")


class AcceptanceSerializer(InvitationKeySerializer):
    password = serializers.CharField(max_length=128, trim_whitespace=False)


class InvitedSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField()
    is_new = serializers.BooleanField(help_text="The account has no password yet.")


class CheckView(APIView):
    """The account that an invitation sets up. The link is the only permission needed. Answers 409 if it was used,
    withdrawn or has expired."""

    permission_classes = (AllowAny,)
    throttle_classes = (InvitationThrottle,)

    @extend_schema(request=InvitationKeySerializer, responses=InvitedSerializer)
    def post(self, request: Request) -> Response:
        person = open_invitation(**checked(InvitationKeySerializer, request)).user
        return Response({"email": person.email, "is_new": not person.has_usable_password()})


class AcceptView(APIView):
    """Set the password of the account. Its sessions and tokens end."""

    permission_classes = (AllowAny,)
    throttle_classes = (InvitationThrottle,)

    @extend_schema(request=AcceptanceSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        # Not replayable, because nobody is logged in. A repeated request is told that the invitation was used.
        verification.accept_invitation(**checked(AcceptanceSerializer, request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class VerificationView(APIView):
    """Mail a link that proves the user's address."""

    bodiless = frozenset({"post"})

    @extend_schema(request=None, responses={204: None})
    @replayable
    def post(self, request: UserRequest) -> Response:
        verification.request_verification(by=request.user, site=site_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
