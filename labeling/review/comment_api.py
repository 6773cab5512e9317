"""Comments over HTTP. Whatever is done in a thread is answered by the thread as it is then."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from labeling.accounts.api import PersonSerializer, UserRequest
from labeling.events.replay import replayable
from labeling.free_text import FreeTextField
from labeling.images import selectors as images
from labeling.projects.roles import Permission
from labeling.rest import Pages, checked, invalid
from labeling.review import comments, selectors
from labeling.review.models import Comment
from labeling.views import APIView, GenericAPIView


class CommentSerializer(serializers.ModelSerializer[Comment]):
    by = PersonSerializer()

    class Meta:
        model = Comment
        fields: tuple[str, ...] = ("id", "text", "by", "at", "edited_at")


class ThreadSerializer(CommentSerializer):
    """What somebody has said first, where, and what was answered."""

    resolved_by = PersonSerializer(allow_null=True)
    verdict = serializers.UUIDField(source="verdict_id", allow_null=True, help_text="The one that it was given with.")
    replies = CommentSerializer(source="answers", many=True)

    class Meta(CommentSerializer.Meta):
        fields = (
            *CommentSerializer.Meta.fields, "image", "annotation", "x", "y", "kind", "verdict", "resolved_by",
            "resolved_at", "replies",
        )  # fmt: skip


class NewCommentSerializer(serializers.Serializer[Any]):
    """A thread on the image, a place of it or an annotation; or, with `thread`, an answer in one."""

    id = serializers.UUIDField(help_text="Made by the client, so that sending it again is harmless.")
    text = FreeTextField(max_length=5000)
    kind = serializers.ChoiceField(
        choices=Comment.Kind.choices, default=Comment.Kind.COMMENT,
        help_text="`missing`: here is an object that is not labeled. A reviewer's; sends the image back.",
    )  # fmt: skip
    annotation = serializers.UUIDField(allow_null=True, default=None)
    x = serializers.FloatField(allow_null=True, default=None, help_text="In pixels of the upright image.")
    y = serializers.FloatField(allow_null=True, default=None)
    thread = serializers.UUIDField(allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        placed = any(attrs[name] is not None for name in ("annotation", "x", "y"))
        if attrs["thread"] and (placed or attrs["kind"] != Comment.Kind.COMMENT):
            raise invalid("reply_with_place", "An answer is where its thread is.", "thread")
        return attrs


class TextSerializer(serializers.Serializer[Any]):
    text = FreeTextField(max_length=5000)


class ResolvedSerializer(serializers.Serializer[Any]):
    resolved = serializers.BooleanField(default=True, help_text="False opens the thread again.")


class TalkSerializer(serializers.Serializer[Any]):
    """An image that was given to me, with open threads on it."""

    image = serializers.UUIDField()
    image_name = serializers.CharField(source="image__name")
    project = serializers.UUIDField(source="image__project")
    project_name = serializers.CharField(source="image__project__name")
    comments = serializers.IntegerField()
    missing = serializers.IntegerField(help_text="Missing objects that a reviewer has pointed at.")
    latest = serializers.DateTimeField()


class OldestFirst(Pages):
    ordering = ("at", "id")


class ImageCommentsView(GenericAPIView[Comment]):
    serializer_class = ThreadSerializer
    queryset = Comment.objects.none()
    pagination_class = OldestFirst

    @extend_schema(operation_id="images_comments_list", responses=ThreadSerializer(many=True))
    def get(self, request: UserRequest, image: UUID) -> Response:
        found = selectors.threads(images.bare_image(request.user, image, Permission.VIEW))
        return self.get_paginated_response(ThreadSerializer(self.paginate_queryset(found), many=True).data)

    @extend_schema(request=NewCommentSerializer, responses={201: ThreadSerializer, 200: ThreadSerializer})
    @replayable
    def post(self, request: UserRequest, image: UUID) -> Response:
        body = checked(NewCommentSerializer, request)
        thread = body.pop("thread")
        if thread is None:
            created = comments.begin(by=request.user, image=image, **body)
        else:
            created = comments.reply(by=request.user, image=image, thread=thread, id=body["id"], text=body["text"])
        code = status.HTTP_201_CREATED if created else status.HTTP_200_OK
        return Response(_thread(thread or body["id"]), status=code)


class CommentView(APIView):
    @extend_schema(request=TextSerializer, responses=ThreadSerializer)
    @replayable
    def patch(self, request: UserRequest, comment: UUID) -> Response:
        edited = comments.edit(by=request.user, comment=comment, **checked(TextSerializer, request))
        return Response(_thread(edited.thread_id or edited.id))

    @extend_schema(responses={204: None})
    @replayable
    def delete(self, request: UserRequest, comment: UUID) -> Response:
        comments.delete(by=request.user, comment=comment)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ResolveView(APIView):
    @extend_schema(operation_id="comments_resolve", request=ResolvedSerializer, responses=ThreadSerializer)
    @replayable
    def post(self, request: UserRequest, comment: UUID) -> Response:
        comments.resolve(by=request.user, comment=comment, **checked(ResolvedSerializer, request))
        return Response(_thread(comment))


class MyCommentsView(APIView):
    """Where something is open on the images that were given to me."""

    @extend_schema(operation_id="me_comments_list", responses=TalkSerializer(many=True))
    def get(self, request: UserRequest) -> Response:
        return Response(TalkSerializer(selectors.open_on_my_images(request.user), many=True).data)


def _thread(id: UUID) -> dict[str, Any]:
    found = selectors.with_answers(Comment.objects.filter(id=id)).get()
    return dict(ThreadSerializer(found).data)
