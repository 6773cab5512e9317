"""Who am I, and my tokens."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import update_session_auth_hash
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import ensure_csrf_cookie
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.accounts import passwords, services
from labeling.accounts.authentication import BearerAuthentication
from labeling.accounts.models import ApiToken, Scope, User
from labeling.accounts.scopes import require_password_login
from labeling.events.replay import replayable
from labeling.rest import checked
from labeling.views import APIView


class UserRequest(Request):
    """A request past the permission check: someone is logged in."""

    user: User


class PersonSerializer(serializers.ModelSerializer[User]):
    """A user as others see them in passing."""

    class Meta:
        model = User
        fields = ("id", "name")


class UserSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ("id", "email", "name")
        read_only_fields = ("id", "email")


class MeSerializer(serializers.ModelSerializer[User]):
    is_operator = serializers.BooleanField(source="is_staff", read_only=True)
    may_create_projects = serializers.BooleanField(source="can_create_projects", read_only=True)
    may_invite = serializers.BooleanField(source="can_invite", read_only=True)
    email_verified = serializers.BooleanField(read_only=True)

    class Meta:
        model = User
        fields = ("id", "email", "name", "is_operator", "may_create_projects", "may_invite", "email_verified")
        read_only_fields = ("id", "email")


class TokenSerializer(serializers.ModelSerializer[ApiToken]):
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=Scope.choices), min_length=1,
        help_text="What the token may do; each includes reading.",
    )  # fmt: skip

    class Meta:
        model = ApiToken
        fields = ("id", "name", "scopes", "expires_at", "created_at", "last_used_at")
        read_only_fields = ("created_at", "last_used_at")
        extra_kwargs = {"expires_at": {"help_text": "When it stops working; null: never."}}

    def validate_expires_at(self, expires_at: datetime | None) -> datetime | None:
        if expires_at and expires_at <= timezone.now():
            raise serializers.ValidationError("Choose a time in the future.", "in_the_past")
        return expires_at


class NewTokenSerializer(TokenSerializer):
    token = serializers.CharField(
        read_only=True, allow_null=True, help_text="Shown only now: a replay answers null, because no secret is stored."
    )

    class Meta(TokenSerializer.Meta):
        fields = (*TokenSerializer.Meta.fields, "token")  # type: ignore[assignment]


@method_decorator(ensure_csrf_cookie, name="dispatch")
class MeView(APIView):
    @extend_schema(responses=MeSerializer)
    def get(self, request: UserRequest) -> Response:
        return Response(MeSerializer(request.user).data)

    @extend_schema(request=MeSerializer, responses=MeSerializer)
    @replayable
    def patch(self, request: UserRequest) -> Response:
        return Response(MeSerializer(services.rename(by=request.user, **checked(MeSerializer, request))).data)


class PasswordSerializer(serializers.Serializer[Any]):
    current_password = serializers.CharField(trim_whitespace=False, write_only=True)
    new_password = serializers.CharField(trim_whitespace=False, write_only=True, max_length=1000)
    end_tokens = serializers.BooleanField(default=False, help_text="Delete all API tokens too.")


class PasswordView(APIView):
    """Changes the password and ends all other sessions. Wrong current passwords are counted as those of the login."""

    # Not replayable: a replay would store a hash of the passwords.
    @extend_schema(operation_id="me_password", request=PasswordSerializer, responses={204: None})
    def post(self, request: UserRequest) -> Response:
        require_password_login(request.user)
        body = checked(PasswordSerializer, request)
        passwords.require_current_password(request._request, request.user, body.pop("current_password"))
        passwords.change_password(by=request.user, **body)
        update_session_auth_hash(request._request, request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class TokensView(APIView):
    @extend_schema(responses=TokenSerializer(many=True))
    def get(self, request: UserRequest) -> Response:
        require_password_login(request.user)
        return Response(TokenSerializer(request.user.tokens.order_by("created_at"), many=True).data)

    @extend_schema(request=TokenSerializer, responses={201: NewTokenSerializer})
    @replayable
    def post(self, request: UserRequest) -> Response:
        token, secret = services.create_token(by=request.user, **checked(TokenSerializer, request))
        return Response({**TokenSerializer(token).data, "token": secret}, status=status.HTTP_201_CREATED)


class TokenView(APIView):
    @extend_schema(responses={204: None})
    @replayable
    def delete(self, request: UserRequest, token: UUID) -> Response:
        services.delete_token(by=request.user, token=token)
        return Response(status=status.HTTP_204_NO_CONTENT)


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = BearerAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return build_bearer_security_scheme_object("Authorization", "Bearer")
