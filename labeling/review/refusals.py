"""What is refused of several things that are done all or nothing: one error that tells of every one."""

from collections.abc import Callable, Iterable
from uuid import UUID

from rest_framework.exceptions import APIException

from labeling.annotations.services import Stale
from labeling.rest import said_first

Check = Callable[[], None]
Refusal = APIException | Stale


def require_each(checks: Iterable[tuple[UUID, Check]]) -> None:
    """Raises the first refusal of an annotation, with `refused` about each: the others can be sent again."""
    refused = {annotation: error for annotation, check in checks if (error := _refusal(check))}
    for first in refused.values():
        told = [{"annotation": str(id), **_told(error)} for id, error in refused.items()]
        # Problems and Stale have it; of DRF's own errors the formatter takes it as well.
        vars(first)["extra"] = {**getattr(first, "extra", {}), "refused": told}
        raise first


def _refusal(check: Check) -> Refusal | None:
    try:
        check()
    except (APIException, Stale) as error:
        return error
    return None


def _told(error: Refusal) -> dict[str, str | None]:
    if isinstance(error, Stale):
        return {"code": "stale_version", "detail": str(error)}
    first = said_first(error)
    return {"code": first.code, "detail": str(first)}
