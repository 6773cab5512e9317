from django.contrib import admin

from labeling.images.models import Image, Region


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin[Image]):
    list_display = ("name", "project", "width", "height", "created_at", "deleted_at")
    search_fields = ("name", "sha256")


@admin.register(Region)
class RegionAdmin(admin.ModelAdmin[Region]):
    list_display = ("image", "x0", "y0", "x1", "y1", "asked_at")
