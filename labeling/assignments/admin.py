from django.contrib import admin

from labeling.assignments.models import ActiveTime, Assignment


@admin.register(Assignment)
class AssignmentAdmin(admin.ModelAdmin[Assignment]):
    list_display = ("image", "annotator", "state", "lease_until", "updated_at")
    list_filter = ("state",)
    raw_id_fields = ("image", "project", "annotator", "created_by")


@admin.register(ActiveTime)
class ActiveTimeAdmin(admin.ModelAdmin[ActiveTime]):
    list_display = ("image", "person", "seconds")
    raw_id_fields = ("image", "person")
