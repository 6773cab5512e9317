"""Projects and their classes over HTTP. The counts of a project come from its progress (review/progress_api.py)."""

from math import isnan
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.response import Response

from labeling.accounts.api import UserRequest
from labeling.accounts.models import User
from labeling.events.replay import replayable
from labeling.free_text import FreeTextField
from labeling.names import validate_name
from labeling.projects import attributes, selectors, services
from labeling.projects.models import Kind, LabelClass, Project
from labeling.projects.roles import Permission, Role, permissions
from labeling.rest import StaleVersion, checked
from labeling.views import APIView, GenericAPIView

MOST_ATTRIBUTES = 50


class RolesField(serializers.ListField):
    """At least one of the roles."""

    def __init__(self, **options: Any) -> None:
        child = serializers.ChoiceField(choices=[role.value for role in Role])
        super().__init__(child=child, min_length=1, **options)


@extend_schema_field({"type": ["string", "number", "boolean", "array"], "items": {"type": "string"}})
class ValueField(serializers.JSONField):
    """The value of an attribute of any kind."""


class AttributeSerializer(serializers.Serializer[Any]):
    """Something that is said of each object of a class. Its values are kept by `id`, which stays when it is renamed."""

    id = serializers.RegexField(r"^[a-z0-9_]{1,50}$", help_text="As weather_at_night; once in a class.")
    name = serializers.CharField(max_length=100, validators=[validate_name])
    kind = serializers.ChoiceField(choices=attributes.KINDS)
    choices = serializers.ListField(
        child=serializers.CharField(max_length=100, validators=[validate_name]), max_length=100, required=False,
        help_text="Of choice and choices; no one twice.",
    )  # fmt: skip
    required = serializers.BooleanField(  # type: ignore[assignment]
        required=False, help_text="An image is not submitted without it."
    )
    default = ValueField(
        required=False, allow_null=True, help_text="What new objects get in the editor; null: nothing."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        # A PATCH of the class is partial, but an attribute in it is whole.
        absent = {"id", "name", "kind"} - attrs.keys()
        if absent:
            raise serializers.ValidationError(dict.fromkeys(sorted(absent), "This field is required."), "required")
        attribute = {"choices": [], "required": False, "default": None, **attrs}
        chosen = attribute["kind"] in ("choice", "choices")
        if chosen != bool(attribute["choices"]) or len(set(attribute["choices"])) != len(attribute["choices"]):
            raise serializers.ValidationError(
                {"choices": "A choice needs choices, each once; other kinds have none."}, "invalid_choices"
            )
        why = None if attribute["default"] is None else attributes.refusal(attribute, attribute["default"])
        if why:
            raise serializers.ValidationError({"default": why}, "invalid_default")
        return attribute


class LabelClassSerializer(serializers.ModelSerializer[LabelClass]):
    colour = serializers.RegexField(r"^#[0-9a-f]{6}$", required=False, help_text="As #56b4e9; chosen if left out.")
    attributes = AttributeSerializer(many=True, required=False)

    class Meta:
        model = LabelClass
        fields = ("id", "name", "colour", "position", "attributes", "version")
        read_only_fields = ("position", "version")

    def validate_attributes(self, schema: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len(schema) > MOST_ATTRIBUTES:
            raise serializers.ValidationError(f"A class has at most {MOST_ATTRIBUTES} attributes.", "too_many")
        for field in ("id", "name"):
            if len({attribute[field] for attribute in schema}) != len(schema):
                raise serializers.ValidationError(f"Two attributes have the same {field}.", "attribute_twice")
        return schema


class ReviewSettingsSerializer(serializers.Serializer[Any]):
    """What reviewers look at. The rest is accepted by policy. PATCH takes any part."""

    below = serializers.FloatField(min_value=0, max_value=1, help_text="All below this confidence; 1: everything.")
    sample = serializers.FloatField(min_value=0, max_value=1, help_text="A share of the rest, drawn at random.")
    first = serializers.IntegerField(min_value=0, max_value=10_000, help_text="All of a new annotator's first so many.")
    second_for = serializers.ListField(
        child=serializers.UUIDField(), max_length=1000, help_text="Classes that two reviewers have to accept."
    )
    own = serializers.BooleanField(help_text="People may judge what they drew themselves.")


class ShareField(serializers.FloatField):
    """A number from 0 to 1."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=1, **options)

    def to_internal_value(self, data: Any) -> float:
        value = float(super().to_internal_value(data))
        # NaN compares with no bound, so that none would refuse it.
        return self.fail("invalid") if isnan(value) else value


class ProposalsSerializer(serializers.Serializer[Any]):
    """What automatic masks are made by. PATCH takes any part."""

    enabled = serializers.BooleanField(help_text="Whether they are made at all.")
    points_per_side = serializers.IntegerField(min_value=4, max_value=64, help_text="Of the finest grid of points.")
    predicted_iou = ShareField(help_text="The least that the model itself says of a mask's quality.")
    stability = ShareField(help_text="The least stability score.")
    crops = serializers.IntegerField(min_value=0, max_value=1, help_text="1: look at four parts of the image too.")
    minimum_area = serializers.IntegerField(min_value=0, max_value=1_000_000_000, help_text="In pixels.")


class ProjectSerializer(serializers.ModelSerializer[Project]):
    description = FreeTextField(max_length=5000, allow_blank=True, required=False)
    guidelines = FreeTextField(max_length=50_000, allow_blank=True, required=False)
    my_roles = serializers.SerializerMethodField()
    permissions = serializers.SerializerMethodField()
    reject_reasons = serializers.ListField(
        child=serializers.CharField(max_length=100, validators=[validate_name]),
        min_length=1,
        max_length=9,
        required=False,
    )

    kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=Kind.choices), min_length=1, required=False,
        help_text="What new annotations may be. Those that are there stay.",
    )  # fmt: skip
    overlap = serializers.ChoiceField(
        choices=Project.Overlap.choices, required=False,
        help_text="exclusive: masks have no pixel in common. Cut new ones first: what overlaps is refused with 409.",
    )  # fmt: skip
    review = ReviewSettingsSerializer(required=False)
    proposals = ProposalsSerializer(required=False)

    class Meta:
        model = Project
        fields = (
            "id", "name", "description", "guidelines", "model", "kinds", "overlap", "proposals", "reject_reasons",
            "review", "my_roles", "permissions", "created_at", "version",
        )  # fmt: skip
        read_only_fields = ("created_at", "version")

    def validate_kinds(self, kinds: list[str]) -> list[str]:
        return [kind for kind in Kind.values if kind in kinds]

    @extend_schema_field(RolesField())
    def get_my_roles(self, project: Any) -> list[str]:
        return list(project.mine[0].roles)

    def get_permissions(self, project: Any) -> list[Permission]:
        return permissions(project.mine[0].roles, self.context["user"].token_scopes)


class NewProjectSerializer(serializers.Serializer[Project]):
    name = serializers.CharField(max_length=200, validators=[validate_name])
    description = FreeTextField(max_length=5000, allow_blank=True, default="")
    classes = LabelClassSerializer(many=True, default=[])


def project_json(user: User, project: UUID) -> dict[str, Any]:
    return dict(ProjectSerializer(selectors.visible(user).get(id=project), context={"user": user}).data)


# Answers a stale change of settings or of a class with 412 and how they are now.
class SettingsAPIView(APIView):
    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, services.Stale):
            exc = StaleVersion(str(exc), self._current(exc.changed))
        return super().handle_exception(exc)

    def _current(self, changed: Project | LabelClass) -> dict[str, Any]:
        if isinstance(changed, LabelClass):
            return dict(LabelClassSerializer(changed).data)
        user: Any = self.request.user
        return project_json(user, changed.id)


class ProjectsView(GenericAPIView[Project]):
    serializer_class = ProjectSerializer
    queryset = Project.objects.none()

    @extend_schema(operation_id="projects_list", responses=ProjectSerializer(many=True))
    def get(self, request: UserRequest) -> Response:
        page = self.paginate_queryset(selectors.visible(request.user))
        body = ProjectSerializer(page, many=True, context={"user": request.user}).data
        return self.get_paginated_response(body)

    @extend_schema(request=NewProjectSerializer, responses={201: ProjectSerializer})
    @replayable
    def post(self, request: UserRequest) -> Response:
        project = services.create_project(by=request.user, **checked(NewProjectSerializer, request))
        return Response(project_json(request.user, project.id), status=status.HTTP_201_CREATED)


class ProjectView(SettingsAPIView):
    @extend_schema(responses=ProjectSerializer)
    def get(self, request: UserRequest, project: UUID) -> Response:
        selectors.access(request.user, project)
        return Response(project_json(request.user, project))

    @extend_schema(responses={204: None})
    @replayable
    def delete(self, request: UserRequest, project: UUID) -> Response:
        services.delete_project(by=request.user, project=project)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ClassesView(APIView):
    @extend_schema(responses=LabelClassSerializer(many=True))
    def get(self, request: UserRequest, project: UUID) -> Response:
        classes = selectors.classes(selectors.access(request.user, project))
        return Response(LabelClassSerializer(classes, many=True).data)

    @extend_schema(request=LabelClassSerializer, responses={201: LabelClassSerializer})
    @replayable
    def post(self, request: UserRequest, project: UUID) -> Response:
        spec: Any = checked(LabelClassSerializer, request)
        label_class = services.add_class(by=request.user, project=project, spec=spec)
        return Response(LabelClassSerializer(label_class).data, status=status.HTTP_201_CREATED)
