from django.contrib import admin

from labeling.review.models import Comment, Verdict


@admin.register(Verdict)
class VerdictAdmin(admin.ModelAdmin[Verdict]):
    list_display = ("at", "verdict", "reason", "by", "annotation", "confidence")
    list_filter = ("verdict",)
    raw_id_fields = ("annotation", "by")


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin[Comment]):
    list_display = ("at", "kind", "by", "text", "image", "resolved_at", "deleted_at")
    list_filter = ("kind",)
    raw_id_fields = ("image", "thread", "annotation", "verdict", "by", "resolved_by")
