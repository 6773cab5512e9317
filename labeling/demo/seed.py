"""The demo's people and its project. Safe to run again: what is there stays as it is."""

from dataclasses import dataclass

from django.db import transaction

from labeling.accounts.models import User
from labeling.images.services import add_image
from labeling.projects.models import Membership, Project
from labeling.projects.roles import Role
from labeling.projects.services import add_member, create_project
from labeling.site import CREDITS, photo_credits

PASSWORD = "label-the-animals"
PROJECT = "Farm and wild animals"
CLASSES = ("Bird", "Grazing animal", "Predator", "Other animal")


@dataclass(frozen=True)
class Login:
    email: str
    name: str
    role: Role


LOGINS = (
    Login("manager@maskwright.example", "Mara Manager", Role.MANAGER),
    Login("annotator@maskwright.example", "Ana Annotator", Role.ANNOTATOR),
    Login("reviewer@maskwright.example", "Rui Reviewer", Role.REVIEWER),
)


def seed() -> int:
    """Make the people and the project; returns how many photographs came in anew."""
    manager, *others = [_user(login) for login in LOGINS]
    project = Project.objects.filter(created_by=manager, deleted_at=None).order_by("created_at").first()
    if project is None:
        project = _project(manager, others)
    return _photographs(manager, project)


def _user(login: Login) -> User:
    found = User.objects.filter(email=login.email).first()
    user = found or User.objects.create_user(login.email, PASSWORD, name=login.name)
    if login.role is Role.MANAGER:
        user.may_create_projects = user.may_invite = True
        user.save(update_fields=["may_create_projects", "may_invite"])
    return user


@transaction.atomic
def _project(manager: User, others: list[User]) -> Project:
    project = create_project(
        by=manager,
        name=PROJECT,
        description="Twelve photographs to try Maskwright with. Their credits are on the about page.",
        classes=[{"name": name} for name in CLASSES],
    )
    for login, user in zip(LOGINS[1:], others, strict=True):
        if not Membership.objects.filter(project=project, user=user).exists():
            add_member(by=manager, project=project.id, email=user.email, roles=[login.role], name=user.name)
    return project


def _photographs(manager: User, project: Project) -> int:
    created = 0
    for row in photo_credits():
        with (CREDITS.parent / row["file"]).open("rb") as file:
            credit = f"{row['author']}, {row['licence']}, {row['source']}"
            outcome = add_image(by=manager, project=project.id, name=row["file"], file=file, credit=credit)
        created += outcome.outcome == "created"
    return created
