"""The one permission table: the permissions of each role in a project, and of each scope of an API token.

A member has a set of roles and may do what any of them may. For everybody else the project does not exist.
"""

from collections.abc import Iterable, Set
from enum import StrEnum

from labeling.accounts.models import Scope


class Role(StrEnum):
    MANAGER = "manager"
    REVIEWER = "reviewer"
    ANNOTATOR = "annotator"
    VIEWER = "viewer"


class Permission(StrEnum):
    VIEW = "project.view"
    EDIT = "project.edit"
    DELETE = "project.delete"
    SEE_MEMBERS = "members.view"
    EDIT_MEMBERS = "members.edit"
    UPLOAD = "images.upload"
    DELETE_IMAGES = "images.delete"
    ANNOTATE = "annotate"
    ASSIGN = "assign"
    REVIEW = "review"
    COMMENT = "comment"
    EXPORT = "export"
    SEE_QUALITY = "quality.view"


M, R, A, V = Role.MANAGER, Role.REVIEWER, Role.ANNOTATOR, Role.VIEWER

TABLE: dict[Permission, frozenset[Role]] = {
    Permission.VIEW: frozenset({M, R, A, V}),
    Permission.SEE_MEMBERS: frozenset({M, R, A, V}),
    Permission.ANNOTATE: frozenset({M, R, A}),
    Permission.REVIEW: frozenset({M, R}),
    Permission.COMMENT: frozenset({M, R, A}),
    Permission.EXPORT: frozenset({M}),
    Permission.SEE_QUALITY: frozenset({M}),
    Permission.ASSIGN: frozenset({M}),
    Permission.UPLOAD: frozenset({M}),
    Permission.DELETE_IMAGES: frozenset({M}),
    Permission.EDIT: frozenset({M}),
    Permission.EDIT_MEMBERS: frozenset({M}),
    Permission.DELETE: frozenset({M}),
}

# Besides its owner's role, a script needs one of these scopes. Every scope includes reading.
SCOPES: dict[Permission, frozenset[Scope]] = {
    Permission.VIEW: frozenset(Scope),
    Permission.SEE_MEMBERS: frozenset(Scope),
    Permission.ANNOTATE: frozenset({Scope.ANNOTATE}),
    Permission.REVIEW: frozenset({Scope.REVIEW}),
    Permission.COMMENT: frozenset({Scope.ANNOTATE, Scope.REVIEW}),
    Permission.EXPORT: frozenset({Scope.EXPORT}),
    Permission.SEE_QUALITY: frozenset({Scope.REVIEW}),
    Permission.ASSIGN: frozenset({Scope.MANAGE}),
    Permission.UPLOAD: frozenset({Scope.MANAGE}),
    Permission.DELETE_IMAGES: frozenset({Scope.MANAGE}),
    Permission.EDIT: frozenset({Scope.MANAGE}),
    Permission.EDIT_MEMBERS: frozenset({Scope.MANAGE}),
    Permission.DELETE: frozenset({Scope.MANAGE}),
}

SENTENCES: dict[Permission, str] = {
    Permission.ANNOTATE: "Viewers may look but not label. A manager of the project can give you the annotator role.",
    Permission.COMMENT: "Viewers may read comments but not write. A manager of the project can give you a role.",
    Permission.REVIEW: "Reviewing needs the reviewer role. A manager of the project can give it to you.",
}


def permissions(roles: Iterable[str], token_scopes: Set[str] | None = None) -> list[Permission]:
    """Everything that someone with these roles may do, within the scopes of a token, in the order of the table."""
    held = {Role(role) for role in roles}
    granted = [permission for permission, allowed in TABLE.items() if held & allowed]
    if token_scopes is None:
        return granted
    return [permission for permission in granted if SCOPES[permission] & token_scopes]


def refusal(permission: Permission) -> str:
    """The sentence for a member who may not."""
    return SENTENCES.get(permission, "Only managers of this project may do that.")
