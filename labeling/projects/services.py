"""Every write to projects, classes and members."""

from collections.abc import Collection, Iterable
from typing import Any, TypedDict
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from labeling.accounts.invitations import find_or_invite, mail_verification
from labeling.accounts.models import Scope, User
from labeling.accounts.scopes import require_scope
from labeling.events.selectors import last_actor
from labeling.events.services import Entry, append
from labeling.jobs import services as jobs
from labeling.names import name_key
from labeling.projects import selectors
from labeling.projects.models import LabelClass, Membership, Project, WaitingMember
from labeling.projects.palette import next_colour
from labeling.projects.roles import Permission, Role
from labeling.rest import Conflict, Forbidden, invalid


class Stale(Exception):
    """The settings of a project, or a class, are not as the sender saw them. The message is a sentence."""

    def __init__(self, what: str, changed: Project | LabelClass, kind: str) -> None:
        super().__init__(f"{last_actor(changed.id, kind)} changed {what} in the meantime. Your changes were not saved.")
        self.changed = changed


class ClassSpec(TypedDict, total=False):
    name: str
    colour: str
    attributes: list[dict[str, Any]]


@transaction.atomic
def create_project(*, by: User, name: str, description: str = "", classes: Iterable[ClassSpec] = ()) -> Project:
    """Create a project. Its creator becomes its manager.

    Raises:
        Forbidden: the user may not create projects, or authenticated with a token without a scope for it.
    """
    require_scope(by, {Scope.MANAGE})
    if not by.can_create_projects:
        detail = "You may not create projects. Ask an operator for this right."
        raise Forbidden("may_not_create_projects", detail)
    project = Project.objects.create(name=name, description=description, created_by=by)
    Membership.objects.create(project=project, user=by, roles=[Role.MANAGER])
    made = [_new_class(project, **spec) for spec in classes]
    created = Entry("project.created", object=project.id, data={"name": name})
    append(project=project.id, by=by, entries=[created, *(_class_entry(each, "class.created") for each in made)])
    return project


@transaction.atomic
def edit_project(*, by: User, project: UUID, expected: int, changes: dict[str, Any]) -> Project:
    """Change fields of the project. images.services.edit_project, which knows what another model means, calls it with
    the project locked.

    Raises:
        Stale: the settings have another version than `expected`.
        ValidationError: a class of the review settings is not the project's.
    """
    found = selectors.access(by, project, Permission.EDIT)
    if found.version != expected:
        raise Stale("the settings of this project", found, "project.changed")
    if "review" in changes:
        changes = {**changes, "review": _review(found, changes["review"])}
    for field, value in changes.items():
        setattr(found, field, value)
    found.version += 1
    found.save(update_fields=[*changes, "version"])
    append(project=project, by=by, entries=[Entry("project.changed", object=project, data={"fields": sorted(changes)})])
    return found


@transaction.atomic
def delete_project(*, by: User, project: UUID) -> None:
    """Leave a tombstone, so that nobody sees the project any more. Its data stays. Its jobs are deleted in the
    background."""
    found = selectors.access(by, project, Permission.DELETE)
    found.deleted_at = timezone.now()
    found.save(update_fields=["deleted_at"])
    jobs.order_reordering(project)
    append(project=project, by=by, entries=[Entry("project.deleted", object=project)])


@transaction.atomic
def add_class(*, by: User, project: UUID, spec: ClassSpec) -> LabelClass:
    """Raises: Conflict: the project has a class of this name."""
    label_class = _new_class(selectors.access(by, project, Permission.EDIT), **spec)
    _append_class(by, label_class, "class.created")
    return label_class


@transaction.atomic
def edit_class(*, by: User, label_class: UUID, expected: int, changes: dict[str, Any]) -> LabelClass:
    """Change fields of a class.

    Raises:
        Stale: the class has another version than `expected`.
        Conflict: the project has a class of this name.
    """
    selectors.label_class(by, label_class, Permission.EDIT)
    list(LabelClass.objects.select_for_update(no_key=True).filter(id=label_class).values_list("id"))
    # Read again, because somebody may have changed or deleted it before the lock.
    found = selectors.label_class(by, label_class, Permission.EDIT)
    if found.version != expected:
        raise Stale(f"the class {found.name}", found, "class.changed")
    for field, value in changes.items():
        setattr(found, field, value)
    found.version += 1
    _save_class(found)
    _append_class(by, found, "class.changed")
    return found


@transaction.atomic
def add_member(
    *, by: User, project: UUID, email: str, roles: list[Role], name: str, site: str = ""
) -> tuple[Membership | WaitingMember, str | None]:
    """Add someone by e-mail. A new address gets an account and an invitation.

    Somebody whose address is not verified waits, unless the user invited them. Mailed links lead to `site`.

    Raises:
        Forbidden: the address has no account, and the user may not invite people.
        Conflict: they were added already.
    """
    found = selectors.access(by, project, Permission.EDIT_MEMBERS)
    person, issued = find_or_invite(by=by, email=email, name=name, site=site)
    # The account is locked, so that nobody verifies its address or adds it in between.
    if Membership.objects.filter(project=found, user=person).exists():
        raise Conflict("already_member", f"{person.email} is a member of this project already.")
    if WaitingMember.objects.filter(project=found, user=person).exists():
        raise Conflict("already_member", f"{person.email} was added already and waits for verification.")
    at_once = person.email_verified or person.invited_by_id == by.id
    added: Membership | WaitingMember = (Membership if at_once else WaitingMember)(
        project=found, user=person, roles=sorted(set(roles))
    )
    added.save(force_insert=True)
    if added.waits:
        mail_verification(by=by, person=person, site=site)
    append_member(by, added, "member.added" if at_once else "member.waiting")
    return added, issued.path if issued else None


@transaction.atomic
def edit_member(*, by: User, membership: UUID, roles: list[Role]) -> Membership | WaitingMember:
    """Raises: Conflict: the project would be left without a manager."""
    found = selectors.member(by, membership, Permission.EDIT_MEMBERS)
    _require_another_manager(found, roles)
    found.roles = sorted(set(roles))
    found.save(update_fields=["roles"])
    append_member(by, found, "member.changed")
    return found


def removable_member(*, by: User, membership: UUID) -> Membership | WaitingMember:
    """A member who may be removed, with the project's members locked. assignments/leaving.py removes them.

    Raises:
        NotFound, PermissionDenied: as `selectors.member` does.
        Conflict: the project would be left without a manager.
    """
    found = selectors.member(by, membership, Permission.EDIT_MEMBERS)
    _require_another_manager(found, [])
    return found


def _review(project: Project, changes: dict[str, Any]) -> dict[str, Any]:
    """The project's review settings with these changes."""
    wanted = {**changes}
    if "second_for" in wanted:
        wanted["second_for"] = sorted({str(label_class) for label_class in wanted["second_for"]})
        known = {str(label_class.id) for label_class in selectors.classes(project)}
        if not known.issuperset(wanted["second_for"]):
            raise invalid(
                "no_such_class", "The project has no such class; it may have been deleted.", "review.second_for"
            )
    return {**project.review, **wanted}


def _new_class(
    project: Project, name: str = "", colour: str | None = None, attributes: Iterable[dict[str, Any]] = ()
) -> LabelClass:
    used = list(project.classes.values_list("colour", flat=True))
    last = project.classes.aggregate(last=Max("position"))["last"]
    label_class = LabelClass(
        project=project,
        name=name,
        colour=colour or next_colour(used),
        position=0 if last is None else last + 1,
        attributes=list(attributes),
    )
    _save_class(label_class)
    return label_class


def _save_class(label_class: LabelClass) -> None:
    try:
        with transaction.atomic():
            label_class.save()
    except IntegrityError:
        same = selectors.classes(label_class.project).filter(name_key=name_key(label_class.name))
        name = same.values_list("name", flat=True).first() or label_class.name
        detail = f"This project has a class “{name}” already. Names must differ in more than upper and lower case."
        raise Conflict("class_exists", detail) from None


def _append_class(by: User, label_class: LabelClass, kind: str) -> None:
    append(project=label_class.project_id, by=by, entries=[_class_entry(label_class, kind)])


def _class_entry(label_class: LabelClass, kind: str) -> Entry:
    """With what it is called from now on: "the dataset as of" reads it."""
    return Entry(kind, object=label_class.id, data={"name": label_class.name, "colour": label_class.colour})


def _require_another_manager(changed: Membership | WaitingMember, roles: Collection[Role]) -> None:
    # Under a lock taken in one order, so that two managers cannot each remove the other.
    memberships = list(Membership.objects.select_for_update().filter(project=changed.project_id).order_by("id"))
    others = [membership for membership in memberships if membership.id != changed.id]
    if Role.MANAGER not in roles and not any(Role.MANAGER in membership.roles for membership in others):
        raise Conflict("last_manager", "A project needs a manager: make someone else manager first.")


def append_member(by: User, member: Membership | WaitingMember, kind: str) -> None:
    append(project=member.project_id, by=by, entries=[member_entry(member, kind)])


def member_entry(member: Membership | WaitingMember, kind: str) -> Entry:
    """The event does not name people who wait, because all members read the project's log."""
    data = {} if member.waits else {"user": str(member.user_id), "name": member.user.name}
    return Entry(kind, object=member.id, data={**data, "roles": member.roles})
