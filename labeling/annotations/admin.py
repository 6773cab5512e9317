from django.contrib import admin

from labeling.annotations.models import Annotation


@admin.register(Annotation)
class AnnotationAdmin(admin.ModelAdmin[Annotation]):
    list_display = ("id", "project", "kind", "state", "confidence", "version", "created_by", "updated_at")
    list_filter = ("kind", "state", "source")
    raw_id_fields = ("image", "label_class", "project", "created_by", "updated_by")
