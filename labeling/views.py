"""Base classes of the API's views. They refuse query parameters and bodies that the view does not declare."""

from typing import Any, ClassVar, TypeVar

from django.db.models import Model
from rest_framework import generics, views
from rest_framework.pagination import CursorPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from labeling.inputs import refuse_body, refuse_unknown_parameters

M = TypeVar("M", bound=Model)


# The two base classes have no docstrings, because the API's description would show them for views without their own.
class APIView(views.APIView):
    # Validates the query of `query_methods`, besides the parameters of `pagination_class`. Other methods take no query.
    query_serializer: ClassVar[type[Serializer[Any]] | None] = None
    query_methods: ClassVar[frozenset[str]] = frozenset({"GET", "HEAD"})
    # Methods besides DELETE that take no body.
    bodiless: ClassVar[frozenset[str]] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse unknown parameters and bodies, after authentication, so that strangers learn nothing about them."""
        super().initial(request, *args, **kwargs)
        refuse_unknown_parameters(request.query_params, self._parameters(request.method))
        if request.method == "DELETE" or (request.method or "").lower() in self.bodiless:
            refuse_body(request.data)

    def handle_exception(self, exc: Exception) -> Response:
        """Answer errors as JSON, whatever the view's own format is."""
        self.request.accepted_renderer = JSONRenderer()
        return super().handle_exception(exc)

    def query(self, request: Request) -> dict[str, Any]:
        """Validate the query with `query_serializer`. Raises ValidationError."""
        assert self.query_serializer is not None
        values = self.query_serializer(data=request.query_params)
        values.is_valid(raise_exception=True)
        return dict(values.validated_data)

    def _parameters(self, method: str | None) -> list[str]:
        if method not in self.query_methods:
            return []
        names = list(self.query_serializer().fields) if self.query_serializer else []
        pages = getattr(self, "pagination_class", None)
        if isinstance(pages, type) and issubclass(pages, CursorPagination):
            names += [name for name in (pages.cursor_query_param, pages.page_size_query_param) if name]
        return names


class GenericAPIView(APIView, generics.GenericAPIView[M]):
    pass
