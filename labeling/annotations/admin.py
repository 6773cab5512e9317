from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from labeling.annotations.models import Annotation


@admin.register(Annotation)
class AnnotationAdmin(admin.ModelAdmin[Annotation]):
    list_display = ("id", "project", "kind", "state", "confidence", "version", "created_by", "updated_at")
    list_filter = ("kind", "state", "source")
    raw_id_fields = ("image", "label_class", "project", "created_by", "updated_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Annotation]:
        """Without contents, of which a page of the list could hold gigabytes. A single one reads its own."""
        return super().get_queryset(request).defer(*Annotation.LARGE)
