from django.contrib import admin

from labeling.review.models import Verdict


@admin.register(Verdict)
class VerdictAdmin(admin.ModelAdmin[Verdict]):
    list_display = ("at", "verdict", "reason", "by", "annotation", "confidence")
    list_filter = ("verdict",)
    raw_id_fields = ("annotation", "by")
