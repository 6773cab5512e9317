from django.contrib import admin

from labeling.events.models import Event


@admin.register(Event)
class EventAdmin(admin.ModelAdmin[Event]):
    """Read only: the log is never edited."""

    list_display = ("at", "project", "seq", "kind", "actor_name", "object")
    list_filter = ("kind",)
    search_fields = ("project", "object", "actor_name")

    def has_add_permission(self, *args: object) -> bool:
        return False

    def has_change_permission(self, *args: object) -> bool:
        return False

    def has_delete_permission(self, *args: object) -> bool:
        return False
