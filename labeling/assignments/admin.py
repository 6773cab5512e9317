from django.contrib import admin

from labeling.assignments.models import Assignment


@admin.register(Assignment)
class AssignmentAdmin(admin.ModelAdmin[Assignment]):
    list_display = ("image", "annotator", "state", "lease_until", "updated_at")
    list_filter = ("state",)
    raw_id_fields = ("image", "project", "annotator", "created_by")
