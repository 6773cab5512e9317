"""The bases of the API's views. They refuse every query parameter and body that the view does not declare."""

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


# The two bases have no docstrings: the API's description would show them with every view that has none itself.
class APIView(views.APIView):
    # Reads the query of GET, beside the parameters of `pagination_class`. Other methods take none.
    query_serializer: ClassVar[type[Serializer[Any]] | None] = None
    # Methods besides DELETE that take no body.
    bodiless: ClassVar[frozenset[str]] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Runs after authentication, so that strangers learn nothing about parameters."""
        super().initial(request, *args, **kwargs)
        refuse_unknown_parameters(request.query_params, self._parameters(request.method))
        if request.method == "DELETE" or (request.method or "").lower() in self.bodiless:
            refuse_body(request.data)

    def handle_exception(self, exc: Exception) -> Response:
        """Errors are JSON, whatever else the view answers with."""
        self.request.accepted_renderer = JSONRenderer()
        return super().handle_exception(exc)

    def query(self, request: Request) -> dict[str, Any]:
        """The query as `query_serializer` reads it. Raises ValidationError."""
        assert self.query_serializer is not None
        values = self.query_serializer(data=request.query_params)
        values.is_valid(raise_exception=True)
        return dict(values.validated_data)

    def _parameters(self, method: str | None) -> list[str]:
        if method not in ("GET", "HEAD"):
            return []
        names = list(self.query_serializer().fields) if self.query_serializer else []
        pages = getattr(self, "pagination_class", None)
        if isinstance(pages, type) and issubclass(pages, CursorPagination):
            names += [name for name in (pages.cursor_query_param, pages.page_size_query_param) if name]
        return names


class GenericAPIView(APIView, generics.GenericAPIView[M]):
    pass
