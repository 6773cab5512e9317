"""The permissions that a request was granted. Replaying its answer requires them again.

The permission check is in an app above this one (`projects.selectors.access`). It records its grants with `note`, and
registers itself with `checker`.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

# Called with a user, a project, a permission (None: membership is enough) and the requested thing. Raises if refused.
Check = Callable[[Any, UUID, str | None, str], object]
# As stored with an answer: project, permission, requested thing.
Grant = tuple[str, str | None, str]

_noted: ContextVar[dict[Grant, None] | None] = ContextVar("grants", default=None)
_checks: list[Check] = []


def checker(check: Check) -> Check:
    """Register the permission check that `require` calls."""
    _checks.append(check)
    return check


@contextmanager
def noting() -> Iterator[dict[Grant, None]]:
    """Collect the grants of a request in order, without repetitions."""
    noted: dict[Grant, None] = {}
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


def note(project: UUID, permission: str | None = None, what: str = "project") -> None:
    """Record a grant. Does nothing outside of `noting`."""
    noted = _noted.get()
    if noted is not None:
        noted[str(project), permission, what] = None


def require(user: Any, grants: Sequence[Grant]) -> None:
    """Raise NotFound or PermissionDenied if the user no longer has all of these grants."""
    for project, permission, what in grants:
        for check in _checks:
            check(user, UUID(project), permission, what)
