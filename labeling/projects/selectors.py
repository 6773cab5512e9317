"""What a user may see of projects. Every other app asks `access` before it does anything."""

from itertools import combinations
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from rest_framework.exceptions import PermissionDenied

from labeling.accounts.models import Invitation, User
from labeling.accounts.scopes import require_scope
from labeling.events import grants
from labeling.projects.models import LabelClass, Membership, Project, WaitingMember
from labeling.projects.roles import SCOPES, Permission, Role, permissions, refusal
from labeling.rest import not_found


def visible(user: User) -> QuerySet[Project]:
    """The projects that the user is a member of, each with the user's membership as `mine`."""
    mine = Prefetch("memberships", Membership.objects.filter(user=user), to_attr="mine")
    return Project.objects.filter(deleted_at=None, memberships__user=user).prefetch_related(mine)


def access(user: User, project: UUID, permission: Permission = Permission.VIEW, *, what: str = "project") -> Project:
    """The project, if the user has this permission in it. `what` names the requested object in errors.

    Raises:
        NotFound: there is no such project, or the user is not a member (who need not know the difference).
        PermissionDenied: a member without the permission.
        Forbidden: the user authenticated with an API token without a scope for it.
    """
    membership = (
        Membership.objects.select_related("project")
        .filter(user=user, project=project, project__deleted_at=None)
        .first()
    )
    if membership is None:
        raise not_found(what)
    if permission not in permissions(membership.roles):
        raise PermissionDenied(refusal(permission))
    require_scope(user, SCOPES[permission])
    grants.note(project, permission, what)
    return membership.project


@grants.checker
def _access_again(user: User, project: UUID, permission: str | None, what: str) -> None:
    access(user, project, Permission(permission) if permission else Permission.VIEW, what=what)


def is_gone(project: UUID, target: UUID | None = None) -> bool:
    """Whether the project was deleted, so that nothing needs to be computed for it. Ignores `target`."""
    return Project.objects.filter(id=project, deleted_at__isnull=False).exists()


def may(user: User, project: Project, permission: Permission) -> bool:
    """Whether a member of the project has this permission."""
    roles = Membership.objects.filter(user=user, project=project).values_list("roles", flat=True).first()
    return permission in permissions(roles or [], user.token_scopes)


def members_who_may(project: Project, permission: Permission) -> dict[UUID, list[str]]:
    """The roles of each member who has this permission, by user."""
    roles_of = dict(Membership.objects.filter(project=project).values_list("user", "roles"))
    return {user: roles for user, roles in roles_of.items() if permission in permissions(roles)}


def annotators() -> QuerySet[Membership]:
    """The memberships whose roles may label, in all projects."""
    others = [role.value for role in Role if Permission.ANNOTATE not in permissions([role])]
    found = Membership.objects.all()
    # Roles are kept sorted, and SQLite cannot look into a list: so each set of roles that may not is left out.
    for count in range(1, len(others) + 1):
        for roles in combinations(sorted(others), count):
            found = found.exclude(roles=list(roles))
    return found


def classes(project: Project) -> QuerySet[LabelClass]:
    """The classes in the order of their number keys."""
    return LabelClass.objects.filter(project=project, deleted_at=None)


def members(project: Project) -> list[Membership | WaitingMember]:
    """The members by name, with their invitations, newest first. People who wait for verification come last."""
    invitations = Prefetch("user__invitations", Invitation.objects.order_by("-created_at"))
    active = Membership.objects.filter(project=project).select_related("user").prefetch_related(invitations)
    waiting = WaitingMember.objects.filter(project=project).select_related("user").order_by("user__email")
    return [*active.order_by("user__name", "user__email"), *waiting]


def member(user: User, membership: UUID, permission: Permission) -> Membership | WaitingMember:
    """A member, or someone who waits to be one, of a project in which the user has this permission.

    Raises:
        NotFound, PermissionDenied: as `access` does.
    """
    found: Membership | WaitingMember | None = None
    for model in (Membership, WaitingMember):
        found = found or model.objects.select_related("user", "project").filter(id=membership).first()
    if found is None:
        raise not_found("member")
    access(user, found.project_id, permission, what="member")
    return found


def label_class(user: User, label_class: UUID, permission: Permission) -> LabelClass:
    """A class of a project in which the user has this permission.

    Raises:
        NotFound, PermissionDenied: as `access` does.
    """
    found = LabelClass.objects.select_related("project").filter(id=label_class, deleted_at=None).first()
    if found is None:
        raise not_found("class")
    access(user, found.project_id, permission, what="class")
    return found
