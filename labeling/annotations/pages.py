"""Pages of annotations, which end by number or by bytes."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request

from labeling.annotations.limits import fitting
from labeling.annotations.models import Annotation
from labeling.rest import Pages


class AnnotationPages(Pages):
    """Cursor pages that hold at most MAX_PAGE_BYTES of contents, but at least one annotation.

    The sizes are read first, then the contents of as many as fit.
    """

    _fitting: int | None = None

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """Raise ValidationError for a malformed cursor or limit."""
        columns = [name.lstrip("-") for name in self.ordering]
        light = queryset.select_related(None).only("content_bytes", *columns)
        page: list[Annotation] = super().paginate_queryset(light, request, view) or []
        backwards = self.cursor is not None and self.cursor.reverse
        self._fitting = fitting(row.content_bytes for row in (reversed(page) if backwards else page))
        if self._fitting < len(page):
            page = super().paginate_queryset(light, request, view) or []
        return whole(queryset, page)

    def get_page_size(self, request: Request) -> int:
        size = super().get_page_size(request)
        return min(size, self._fitting) if self._fitting else size


def whole(queryset: QuerySet[Annotation], page: list[Annotation]) -> list[Annotation]:
    """The annotations of a page with all their columns, without those that are gone since it was cut."""
    found = {row.pk: row for row in queryset.filter(pk__in=[row.pk for row in page]).order_by()}
    return [found[row.pk] for row in page if row.pk in found]
