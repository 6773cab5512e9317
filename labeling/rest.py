"""What every API shares: errors as problem+json (RFC 9457), cursor pages, and version preconditions."""

import logging
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.core.exceptions import ValidationError as InvalidValue
from django.db import OperationalError, connection
from django.http import Http404, JsonResponse
from drf_spectacular.utils import OpenApiParameter
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from drf_standardized_errors.types import ErrorResponse, ExceptionHandlerContext
from rest_framework import status
from rest_framework.exceptions import APIException, ErrorDetail, NotFound, ParseError, ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from inference.storage import NO_ROOM, StorageUnavailable
from labeling.inputs import refuse_unknown_fields

log = logging.getLogger(__name__)

# Databases count rows in 64 bits.
MAX_OFFSET = 2**62
# Limits the errors of an answer: a thousand annotations may be wrong, and a wrong value may be megabytes long.
MAX_LISTED_ERRORS, MAX_DETAIL_LENGTH = 100, 1000
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description='The version being changed, as in "3".', required=True
)
# PostgreSQL's codes: lock_not_available, deadlock_detected, query_canceled.
LOCKED_CODES = {"55P03", "40P01"}
TOO_LONG_CODE = "57014"
TITLES = {
    400: "The request is not valid",
    401: "Not logged in",
    403: "Not allowed",
    404: "Not found",
    405: "Not possible here",
    408: "Too slow",
    409: "Conflict",
    412: "Changed in the meantime",
    413: "Too large",
    415: "Another kind of body is needed",
    428: "The version is missing",
    429: "Too many requests",
    503: "Not available",
    507: "No room left",
}


class Problem(APIException):
    """An error with a machine-readable code, a sentence for people and, where it helps, more fields.

    `extra` is added to the answer as it is, say the `current` state of what was changed by someone else.
    """

    status_code: int = status.HTTP_409_CONFLICT

    def __init__(self, code: str, detail: str, **extra: Any) -> None:
        super().__init__(detail, code)
        self.extra = extra


class Conflict(Problem):
    """409: the request is fine, but not in the present state."""


class StaleVersion(Problem):
    """412: the sender has not seen the current version."""

    status_code = status.HTTP_412_PRECONDITION_FAILED

    def __init__(self, detail: str, current: Any, **extra: Any) -> None:
        super().__init__("stale_version", detail, current=current, **extra)


class VersionRequired(Problem):
    """428: changes must name the version that they change."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED

    def __init__(self) -> None:
        super().__init__("version_required", 'Send the version you are changing, as in If-Match: "3".')


class Forbidden(Problem):
    """403: known, but not allowed to do this."""

    status_code = status.HTTP_403_FORBIDDEN


class TooLarge(Problem):
    """413: more than one request may bring."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE


class Unavailable(Problem):
    """503: something that the answer needs is unavailable. `wait`: seconds until a retry makes sense."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE

    def __init__(self, code: str, detail: str, wait: int | None = None, **extra: Any) -> None:
        super().__init__(code, detail, **extra)
        if wait is not None:
            # DRF answers it as Retry-After.
            self.wait = wait


class StorageFull(Problem):
    """507: there is no room left for what was sent."""

    status_code = status.HTTP_507_INSUFFICIENT_STORAGE


def invalid(code: str, detail: str, field: str | None = None) -> ValidationError:
    """A 400 about one field (dotted path, as in points.0.x) or about the whole request."""
    error = ErrorDetail(detail, code=code)
    return ValidationError({field: [error]} if field else [error])


def invalid_cursor() -> ValidationError:
    """400: the cursor is not one of this list."""
    return invalid("invalid_cursor", "This is not a cursor of this list. Start again at its first page.", "cursor")


def not_found(what: str) -> NotFound:
    """A 404 that is the same for what is not there and for what the asker may not know of."""
    return NotFound(f"There is no such {what}, or you are not a member of its project.")


def said_first(error: APIException) -> ErrorDetail:
    """The first sentence of an error, with its code, whether about the request or about one of its fields."""
    detail: Any = error.detail
    while not isinstance(detail, ErrorDetail):
        detail = next(iter(detail.values() if isinstance(detail, dict) else detail))
    return detail


def pointer(path: str | None) -> str | None:
    """drf-standardized-errors' dotted path as a JSON pointer."""
    parts = [part for part in (path or "").split(".") if part not in ("", "non_field_errors")]
    return "/" + "/".join(parts) if parts else None


def problem_response(
    status: int, code: str, detail: str, extra: dict[str, Any] | None = None, **headers: str
) -> JsonResponse:
    """An error of a view that is not DRF's, with more fields in `extra`."""
    body = {"type": "about:blank", "title": TITLES[status], "status": status, "code": code, "detail": detail}
    return JsonResponse(body | (extra or {}), status=status, content_type="application/problem+json", headers=headers)


def overloaded(sentence: str, retry_s: int) -> JsonResponse:
    """503: the server is too busy for this request now. Try again after `retry_s` seconds."""
    return problem_response(503, "overloaded", sentence, {"retry_after": retry_s}, **{"Retry-After": str(retry_s)})


def shortened(detail: str) -> str:
    """Shorten the sentence of an error, which may quote a very long input."""
    return detail if len(detail) <= MAX_DETAIL_LENGTH else f"{detail[:MAX_DETAIL_LENGTH]}…"


class ProblemFormatter(ExceptionFormatter):
    def format_error_response(self, error_response: ErrorResponse) -> dict[str, Any]:
        first = error_response.errors[0]
        listed = [
            {"pointer": pointer(error.attr), "code": error.code, "detail": shortened(error.detail)}
            for error in error_response.errors[:MAX_LISTED_ERRORS]
        ]
        field = (first.attr or "").replace("non_field_errors", "").replace("_", " ")
        generic = first.code in {"required", "null", "blank", "invalid_choice"} and field
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": TITLES.get(self.exc.status_code, "Something went wrong"),
            "status": self.exc.status_code,
            "code": first.code,
            "detail": f"{field}: {shortened(first.detail)}" if generic else shortened(first.detail),
        }
        if isinstance(self.exc, ValidationError):
            body["errors"] = listed
        return body | getattr(self.exc, "extra", {})


class ProblemHandler(ExceptionHandler):
    def format_exception(self, exc: APIException) -> dict[str, Any]:
        formatted: dict[str, Any] = ProblemFormatter(exc, self.context, self.exc).run()
        return formatted

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, Http404):
            return NotFound("There is nothing at this address.")
        if isinstance(exc, RecursionError):
            return ParseError("The request is nested too deeply.")
        if isinstance(exc, OperationalError):
            # Nothing was written, so the client may send the request again.
            log.error("The database: %s", exc)
            return _refused_by_database(exc)
        if isinstance(exc, StorageUnavailable):
            log.error("The storage: %s", exc)
            return Unavailable(
                "storage_unavailable", "The storage of the files does not answer. Try again in a moment."
            )
        if isinstance(exc, OSError) and exc.errno in NO_ROOM:
            return StorageFull("storage_full", "The storage is full. Whoever runs this installation has to make room.")
        return _unsafe(exc) if isinstance(exc, SuspiciousOperation) else super().convert_known_exceptions(exc)

    def get_response(self, exc: APIException, data: dict[str, Any]) -> Response:
        return Response(
            data, status=exc.status_code, headers=self.get_headers(exc), content_type="application/problem+json"
        )


def _refused_by_database(exc: OperationalError) -> Unavailable:
    """The error for the reason of the database: somebody else is writing, it took too long, or it is away."""
    code = getattr(exc.__cause__, "pgcode", None)
    if code in LOCKED_CODES or "database is locked" in str(exc):
        return Unavailable(
            "busy", "Somebody else is changing the same data. Nothing was saved. Try again in a moment.", 1
        )
    if code == TOO_LONG_CODE:
        return Unavailable("too_long", "This took too long and was stopped. Nothing was saved. Try again later.", 5)
    return Unavailable("database_unavailable", "The database does not answer. Try again in a moment.", 1)


def _unsafe(exc: SuspiciousOperation) -> APIException:
    """What Django refuses to read. Outside of DRF it makes a page of 400 of it."""
    if isinstance(exc, TooManyFilesSent):
        return TooLarge("too_large", f"Send at most {settings.DATA_UPLOAD_MAX_NUMBER_FILES} files at once.")
    if isinstance(exc, RequestDataTooBig):
        return TooLarge("too_large", f"Send at most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE:,} bytes at once.")
    return ParseError("The request cannot be read.")


def exception_handler(exc: Exception, context: ExceptionHandlerContext) -> Response | None:
    """DRF's EXCEPTION_HANDLER."""
    return ProblemHandler(exc, context).run()


class OneForm(DefaultContentNegotiation):
    """For views that answer with a file: it has one form, whatever the client says that it accepts."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


def checked(serializer: type[BaseSerializer[Any]], request: Request, **options: Any) -> dict[str, Any]:
    """Validate the request's body with the serializer.

    Raises:
        ValidationError: with a pointer to each field that is wrong or unknown.
    """
    body = serializer(data=request.data, **options)
    refuse_unknown_fields(body, request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


class Pages(CursorPagination):
    """Cursor pages: their cost does not grow with how far one has paged. Views set `ordering`.

    A cursor is a place in the first column of `ordering` and an offset among equals. Equals may be many (imported
    masks have no confidence), and DRF's cut-off would send whoever has paged past it round in circles.
    """

    page_size = 100
    page_size_query_param = "limit"
    max_page_size = 500
    offset_cutoff = None  # type: ignore[assignment]
    ordering = ("created_at", "id")

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """Raise ValidationError for a malformed cursor or limit."""
        self._column = queryset.model._meta.get_field(self.ordering[0].lstrip("-"))
        return super().paginate_queryset(queryset, request, view)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Decode `cursor`. Raises ValidationError for cursors of another list."""
        given = request.query_params.get(self.cursor_query_param)
        try:
            cursor = super().decode_cursor(request) if given else None
            if cursor is None:
                return None
            if cursor.position is not None:
                value = self._column.to_python(cursor.position)
                self._column.run_validators(value)
                self._column.get_db_prep_value(value, connection)
            (written,) = parse_qs(urlsplit(self.encode_cursor(cursor)).query).get(self.cursor_query_param, [""])
        except (NotFound, InvalidValue, ValueError, OverflowError):
            raise invalid_cursor() from None
        if cursor.offset > MAX_OFFSET or written != given:
            raise invalid_cursor()
        return cursor

    def get_page_size(self, request: Request) -> int:
        limit = request.query_params.get(self.page_size_query_param)
        if not limit:
            return self.page_size
        if not re.fullmatch(r"\d{1,30}", limit) or int(limit) < 1:
            raise invalid("invalid_limit", f"A limit is a number from 1 to {self.max_page_size}.", "limit")
        return min(int(limit), self.max_page_size)


def version_of(request: Request) -> int:
    """The version in If-Match (`"3"`, `3` or `W/"3"`).

    Raises:
        VersionRequired: there is none.
        ValidationError: it is not a number.
    """
    header = request.headers.get("If-Match")
    if header is None:
        raise VersionRequired()
    match = re.fullmatch(r'(?:W/)?"?(\d{1,9})"?', header.strip())
    if match is None:
        raise invalid("invalid_version", 'If-Match must be a version number, as in If-Match: "3".')
    return int(match[1])
