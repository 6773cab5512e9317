"""Idempotency: a mutation that names an op_id is done once, and a replay answers what the first answered.

A replay is answered like any other request of its sender: with 403 or 404 once they lack a permission that the first
one needed.
"""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.events import grants
from labeling.events.models import Operation
from labeling.rest import Conflict, invalid

P = ParamSpec("P")
# Secrets in answers. They are shown once and never stored. A replay answers null in their place.
SHOWN_ONCE = frozenset({"invite_url", "token"})
# The request is a view's own subclass of Request.
Method = Callable[Concatenate[Any, Any, P], Response]
Ahead = Callable[Concatenate[Any, Any, P], None]


def replayable(method: Method[P]) -> Method[P]:
    """Make a view's mutation atomic and, under an `Idempotency-Key: <uuid>`, safe to send again.

    The answer is stored in the transaction of the write itself, so there is never one without the other.
    An error stores nothing: it changed nothing, and the retry may find a better world.
    """
    return _replayable(method, None)


def replayable_after(ahead: Ahead[P]) -> Callable[[Method[P]], Method[P]]:
    """Like `replayable`, for a mutation that does most of its work `ahead`, in separate transactions.

    That work must be safe to repeat. A replay skips it.
    """

    def decorate(method: Method[P]) -> Method[P]:
        return _replayable(method, ahead)

    return decorate


def _replayable(method: Method[P], ahead: Ahead[P] | None) -> Method[P]:
    @wraps(method)
    def wrapper(view: APIView, request: Request, /, *args: P.args, **kwargs: P.kwargs) -> Response:
        op_id = _op_id(request)
        if ahead is not None and (op_id is None or _answered(request, op_id) is None):
            ahead(view, request, *args, **kwargs)
        if op_id is None:
            with transaction.atomic():
                return method(view, request, *args, **kwargs)
        try:
            with transaction.atomic():
                answered = _answered(request, op_id)
                return answered or _answer(request, op_id, lambda: method(view, request, *args, **kwargs))
        except Exception:
            # The same operation, sent twice at once: the other one has won and has the answer. What this one fell
            # over may be the other's write.
            answered = _answered(request, op_id)
            if answered is None:
                raise
            return answered

    header = OpenApiParameter(
        "Idempotency-Key", UUID, OpenApiParameter.HEADER, description="A replay answers what the first answered."
    )
    return extend_schema(parameters=[header])(wrapper)


def _op_id(request: Request) -> UUID | None:
    header = request.headers.get("Idempotency-Key")
    try:
        return UUID(header) if header else None
    except ValueError:
        raise invalid("invalid_op_id", "Idempotency-Key must be a UUID.") from None


def _fingerprint(request: Request) -> str:
    """What was asked, so that one op_id cannot stand for two requests."""
    body = json.dumps(request.data, sort_keys=True)
    return hashlib.sha256(f"{request.method} {request.get_full_path()} {body}".encode()).hexdigest()


def _answered(request: Any, op_id: UUID) -> Response | None:
    operation = Operation.objects.filter(actor=request.user.pk, op_id=op_id).first()
    if operation is None:
        return None
    if operation.request != _fingerprint(request):
        raise Conflict("op_id_reused", "This Idempotency-Key was used for another request.")
    grants.require(request.user, operation.grants)
    return Response(operation.body, status=operation.status)


def _answer(request: Any, op_id: UUID, method: Callable[[], Response]) -> Response:
    with grants.noting() as granted:
        response = method()
    Operation.objects.create(
        actor=request.user.pk,
        op_id=op_id,
        request=_fingerprint(request),
        status=response.status_code,
        body=_without_secrets(response.data),
        grants=list(granted),
    )
    return response


def _without_secrets(data: Any) -> Any:
    """The answer as JSON, with null in place of secrets."""
    body = json.loads(JSONRenderer().render(data)) if data is not None else None
    if isinstance(body, dict):
        body |= dict.fromkeys(SHOWN_ONCE & body.keys())
    return body
