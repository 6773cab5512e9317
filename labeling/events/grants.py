"""The permissions that a request was granted. Replaying its answer requires them again.

The permission check lives above this app (`projects.selectors.access`): it notes what it granted with `note`, and
registers with `checker` how to ask again.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

# Of a user, a project, a permission (None: membership is enough) and what was asked for. It raises when refused.
Check = Callable[[Any, UUID, str | None, str], object]
# As kept with an answer: project, permission, what.
Grant = tuple[str, str | None, str]

_noted: ContextVar[dict[Grant, None] | None] = ContextVar("grants", default=None)
_checks: list[Check] = []


def checker(check: Check) -> Check:
    """Register the permission check that `require` asks."""
    _checks.append(check)
    return check


@contextmanager
def noting() -> Iterator[dict[Grant, None]]:
    """Collect the grants of a request, each once, in their order."""
    noted: dict[Grant, None] = {}
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


def note(project: UUID, permission: str | None = None, what: str = "project") -> None:
    """Note a grant; without effect outside of `noting`."""
    noted = _noted.get()
    if noted is not None:
        noted[str(project), permission, what] = None


def require(user: Any, grants: Sequence[Grant]) -> None:
    """Raises NotFound, PermissionDenied: the user no longer has all of these grants."""
    for project, permission, what in grants:
        for check in _checks:
            check(user, UUID(project), permission, what)
