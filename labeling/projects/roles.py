"""The one permission table: what each role may do in a project.

A member has a set of roles and may do what any of them may. Whoever is not a member sees nothing: for them
the project does not exist.
"""

from collections.abc import Iterable
from enum import StrEnum


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

SENTENCES: dict[Permission, str] = {
    Permission.ANNOTATE: "Viewers may look but not label. A manager of the project can give you the annotator role.",
    Permission.COMMENT: "Viewers may read comments but not write. A manager of the project can give you a role.",
    Permission.REVIEW: "Reviewing needs the reviewer role. A manager of the project can give it to you.",
}


def permissions(roles: Iterable[str]) -> list[Permission]:
    """Everything that someone with these roles may do, in the order of the table."""
    held = {Role(role) for role in roles}
    return [permission for permission, allowed in TABLE.items() if held & allowed]


def refusal(permission: Permission) -> str:
    """The sentence for a member who may not."""
    return SENTENCES.get(permission, "Only managers of this project may do that.")
