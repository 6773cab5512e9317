from django.contrib import admin

from labeling.images.models import Image


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin[Image]):
    list_display = ("name", "project", "width", "height", "created_at", "deleted_at")
    search_fields = ("name", "sha256")
