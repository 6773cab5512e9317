"""A project's people over HTTP, and the invitations of those whose account is not set up."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.accounts.api import UserRequest, UserSerializer
from labeling.accounts.invitations import is_inviter
from labeling.accounts.models import Invitation
from labeling.events.replay import replayable
from labeling.names import validate_name
from labeling.projects import selectors, services, verification
from labeling.projects.api import RolesField
from labeling.projects.models import Membership, WaitingMember
from labeling.projects.roles import Permission
from labeling.rest import checked
from labeling.views import APIView


class InvitationSerializer(serializers.Serializer[Any]):
    """The latest invitation of an account that is not set up."""

    state = serializers.ChoiceField(choices=["open", "expired", "withdrawn"])
    by_mail = serializers.BooleanField(help_text="It was mailed. Otherwise the link was shown to the inviter.")
    expires_at = serializers.DateTimeField(allow_null=True)
    may_renew = serializers.BooleanField(help_text="You may renew and withdraw it.")


class MemberSerializer(serializers.Serializer[Membership | WaitingMember]):
    """A member, or somebody who waits for verification. Of the latter only the address is shown."""

    id = serializers.UUIDField(read_only=True)
    email = serializers.EmailField(source="user.email", read_only=True)
    user = UserSerializer(source="person", read_only=True, allow_null=True)
    roles = RolesField()
    waits = serializers.BooleanField(read_only=True, help_text="No member until their address is verified.")
    email_verified = serializers.BooleanField(source="user.email_verified", read_only=True)
    invitation = serializers.SerializerMethodField()

    @extend_schema_field(InvitationSerializer(allow_null=True))
    def get_invitation(self, member: Membership | WaitingMember) -> dict[str, Any] | None:
        # The state of a waiting person's account elsewhere is none of this project's business.
        if member.waits or member.user.has_usable_password():
            return None
        latest = max(member.user.invitations.all(), key=lambda invitation: invitation.created_at, default=None)
        by = self.context["request"].user
        may_renew = by.can_invite and is_inviter(by, member.user)
        # An account invited before invitations were stored has a link that no longer works.
        missing = {"state": Invitation.State.EXPIRED, "by_mail": False, "expires_at": None}
        state = {name: getattr(latest, name) for name in missing} if latest else missing
        return dict(InvitationSerializer({**state, "may_renew": may_renew}).data)


class NewMemberSerializer(serializers.Serializer[Membership]):
    email = serializers.EmailField()
    name = serializers.CharField(max_length=200, allow_blank=True, default="", validators=[validate_name])
    roles = RolesField()


class AddedMemberSerializer(MemberSerializer):
    invite_url = serializers.CharField(
        allow_null=True, help_text="Page that sets up a new account. Shown only now, and only where no mail is sent."
    )


class RenewedInvitationSerializer(serializers.Serializer[Any]):
    by_mail = serializers.BooleanField()
    expires_at = serializers.DateTimeField()
    invite_url = serializers.CharField(allow_null=True, help_text="Shown only now; null where it was mailed.")


def site_of(request: Request) -> str:
    """The address of this installation, such as https://label.example.org."""
    return request.build_absolute_uri("/").rstrip("/")


class MembersView(APIView):
    @extend_schema(responses=MemberSerializer(many=True))
    def get(self, request: UserRequest, project: UUID) -> Response:
        found = selectors.access(request.user, project, Permission.SEE_MEMBERS)
        members: Any = selectors.members(found)
        return Response(MemberSerializer(members, many=True, context={"request": request}).data)

    @extend_schema(request=NewMemberSerializer, responses={201: AddedMemberSerializer})
    @replayable
    def post(self, request: UserRequest, project: UUID) -> Response:
        added, invite_url = services.add_member(
            by=request.user, project=project, site=site_of(request), **checked(NewMemberSerializer, request)
        )
        body = {**MemberSerializer(added, context={"request": request}).data, "invite_url": invite_url}
        return Response(body, status=status.HTTP_201_CREATED)


class MemberView(APIView):
    @extend_schema(request=MemberSerializer, responses=MemberSerializer)
    @replayable
    def patch(self, request: UserRequest, member: UUID) -> Response:
        found = services.edit_member(by=request.user, membership=member, **checked(MemberSerializer, request))
        return Response(MemberSerializer(found, context={"request": request}).data)


class InvitationView(APIView):
    """The invitation of a member whose account is not set up."""

    bodiless = frozenset({"post"})

    @extend_schema(request=None, responses={201: RenewedInvitationSerializer})
    @replayable
    def post(self, request: UserRequest, member: UUID) -> Response:
        issued = verification.renew_invitation(by=request.user, membership=member, site=site_of(request))
        invitation = issued.invitation
        body = {"by_mail": invitation.by_mail, "expires_at": invitation.expires_at, "invite_url": issued.path}
        return Response(RenewedInvitationSerializer(body).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    @replayable
    def delete(self, request: UserRequest, member: UUID) -> Response:
        verification.withdraw_invitation(by=request.user, membership=member)
        return Response(status=status.HTTP_204_NO_CONTENT)
