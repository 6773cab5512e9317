"""Who may do what: every method of every address of the API, tried by everyone."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import URLPattern
from rest_framework.test import APIClient

from labeling.accounts.invitations import issue
from labeling.accounts.models import Scope, User
from labeling.accounts.services import create_token
from labeling.annotations.models import Annotation
from labeling.assignments.models import Assignment
from labeling.exchange.models import Export
from labeling.exchange.services import order_export
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Membership, Project
from labeling.projects.roles import SCOPES, TABLE, Permission, Role
from labeling.review.models import Comment, Verdict
from labeling.urls import api
from tests.labeling.conftest import client_of, give_rights
from tests.labeling.making import (
    API,
    annotate,
    assign,
    judge,
    mask_body,
    named_file,
    photo_bytes,
    problem,
    said,
    submit,
)

pytestmark = pytest.mark.one_engine

PUBLIC = "everyone, logged in or not"
MYSELF = "everyone, about themselves"
NAMED = (
    "project",
    "image",
    "label_class",
    "annotation",
    "assignment",
    "export",
    "member",
    "verdict",
    "comment",
    "token",
)
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass
class Scene:
    """One of everything, and somebody in each role."""

    people: dict[Role, User]
    project: Project
    image: Image
    label_class: LabelClass
    annotation: Annotation
    assignment: Assignment
    export: Export
    member: Membership
    verdict: Verdict
    comment: Comment
    token: Any
    # The secret of an invitation link that is open.
    invitation: str

    def path(self, route: str) -> str:
        for name in NAMED:
            route = route.replace(f"<uuid:{name}>", str(getattr(self, name).id))
        for name in ("level", "x", "y"):
            route = route.replace(f"<int:{name}>", "0")
        return f"{API}/{route}"


Body = Callable[[Scene], Any]


@dataclass(frozen=True)
class Rule:
    """The roles and token scopes that may call an endpoint, the body to send, and the expected status."""

    may: str | frozenset[Role]
    status: int = 200
    body: Body | None = None
    headers: dict[str, str] = field(default_factory=dict)
    scopes: frozenset[Scope] = frozenset(Scope)
    format: str = "json"


def rule(may: str | Permission, status: int = 200, body: Body | None = None, **options: Any) -> Rule:
    if isinstance(may, Permission):
        return Rule(TABLE[may], status, body, scopes=SCOPES[may], **options)
    return Rule(may, status, body, **options)


def _judgement(scene: Scene) -> dict[str, Any]:
    return {"verdict": "accepted", "version": scene.annotation.version}


# Changing one's own account needs a login with the password, not a token.
NO_SCOPE: frozenset[Scope] = frozenset()
IF_MATCH = {"If-Match": '"1"'}
VIEW, EDIT, ANNOTATE, REVIEW = Permission.VIEW, Permission.EDIT, Permission.ANNOTATE, Permission.REVIEW
IMAGE, PROJECT, ANNOTATION = "images/<uuid:image>", "projects/<uuid:project>", "annotations/<uuid:annotation>"

RULES: dict[tuple[str, str], Rule] = {
    ("get", "me"): rule(MYSELF),
    ("patch", "me"): rule(MYSELF, scopes=NO_SCOPE, body=lambda scene: {"name": "Someone"}),
    ("post", "me/password"): rule(
        MYSELF, 400, lambda scene: {"current_password": "x", "new_password": "y"}, scopes=NO_SCOPE
    ),
    ("get", "me/assignments"): rule(MYSELF),
    ("get", "me/comments"): rule(MYSELF),
    ("post", "me/verification"): rule(MYSELF, 409, scopes=NO_SCOPE),
    ("post", "invitations/check"): rule(PUBLIC, body=lambda scene: {"key": scene.invitation}),
    ("post", "invitations/accept"): rule(
        PUBLIC, 204, lambda scene: {"key": scene.invitation, "password": "correct horse battery"}
    ),
    ("get", "tokens"): rule(MYSELF, scopes=NO_SCOPE),
    ("post", "tokens"): rule(MYSELF, 201, lambda scene: {"name": "script", "scopes": ["read"]}, scopes=NO_SCOPE),
    ("delete", "tokens/<uuid:token>"): Rule(frozenset({Role.MANAGER}), 204, scopes=NO_SCOPE),
    ("get", "progress"): rule(MYSELF),
    ("get", "projects"): rule(MYSELF),
    ("post", "projects"): rule(MYSELF, 201, lambda scene: {"name": "Mine"}, scopes=SCOPES[EDIT]),
    ("get", PROJECT): rule(VIEW),
    ("patch", PROJECT): rule(EDIT, body=lambda scene: {"name": "Renamed"}, headers=IF_MATCH),
    ("delete", PROJECT): rule(Permission.DELETE, 204),
    ("get", f"{PROJECT}/classes"): rule(VIEW),
    ("post", f"{PROJECT}/classes"): rule(EDIT, 201, lambda scene: {"name": "horse"}),
    ("get", f"{PROJECT}/members"): rule(Permission.SEE_MEMBERS),
    ("post", f"{PROJECT}/members"): rule(
        Permission.EDIT_MEMBERS, 201, lambda scene: {"email": "new@example.org", "roles": ["viewer"]}
    ),
    ("get", f"{PROJECT}/events"): rule(VIEW),
    ("get", f"{PROJECT}/progress"): rule(VIEW),
    ("get", f"{PROJECT}/images"): rule(VIEW),
    ("post", f"{PROJECT}/images"): rule(
        Permission.UPLOAD, 201, lambda scene: {"files": [named_file("new.png", photo_bytes(77))]}, format="multipart"
    ),
    ("get", f"{PROJECT}/assignments"): rule(VIEW),
    # Who gives, and who gives themselves what nobody else has.
    ("post", f"{PROJECT}/assignments"): Rule(
        frozenset({Role.ANNOTATOR, Role.MANAGER}),
        201,
        lambda scene: {"annotator": str(scene.people[Role.ANNOTATOR].id), "images": [str(scene.image.id)]},
        scopes=SCOPES[ANNOTATE],
    ),
    ("post", f"{PROJECT}/assignments/unassign"): rule(
        Permission.ASSIGN, body=lambda scene: {"images": [str(scene.image.id)]}
    ),
    # Nothing was assigned by these events.
    ("post", f"{PROJECT}/assignments/undo"): rule(Permission.ASSIGN, 409, lambda scene: {"first": 1, "last": 2}),
    ("post", f"{PROJECT}/assignments/next"): rule(ANNOTATE, 204),
    ("get", f"{PROJECT}/review-queue"): rule(REVIEW),
    ("get", f"{PROJECT}/calibration"): rule(REVIEW),
    ("post", f"{PROJECT}/review-queue/next"): rule(REVIEW, body=lambda scene: {}),
    ("post", f"{PROJECT}/review-queue/ahead"): rule(REVIEW, body=lambda scene: {}),
    ("get", f"{PROJECT}/review-queue/images"): rule(REVIEW),
    ("post", f"{PROJECT}/review-queue/release"): rule(REVIEW, 204, lambda scene: {}),
    ("post", f"{PROJECT}/review-queue/heartbeat"): rule(REVIEW, body=lambda scene: {}),
    ("get", f"{PROJECT}/quality"): rule(REVIEW),
    ("get", f"{PROJECT}/quality.csv"): rule(REVIEW),
    # Who gave it.
    ("post", "verdicts/<uuid:verdict>/undo"): Rule(
        frozenset({Role.REVIEWER}), body=lambda scene: {}, scopes=SCOPES[REVIEW]
    ),
    ("post", f"{PROJECT}/verdicts/undo"): Rule(
        frozenset({Role.REVIEWER}), body=lambda scene: {"verdicts": [str(scene.verdict.id)]}, scopes=SCOPES[REVIEW]
    ),
    ("post", f"{PROJECT}/verdicts"): rule(
        REVIEW,
        201,
        lambda scene: {"verdicts": [{"annotation": str(scene.annotation.id), **_judgement(scene)}]},
    ),
    ("get", f"{PROJECT}/exports"): rule(Permission.EXPORT),
    ("post", f"{PROJECT}/exports"): rule(Permission.EXPORT, 201, lambda scene: {"format": "coco"}),
    ("patch", "classes/<uuid:label_class>"): rule(EDIT, body=lambda scene: {"name": "kitten"}, headers=IF_MATCH),
    ("delete", "classes/<uuid:label_class>"): rule(EDIT, 409),
    ("patch", "members/<uuid:member>"): rule(Permission.EDIT_MEMBERS, body=lambda scene: {"roles": ["reviewer"]}),
    ("delete", "members/<uuid:member>"): rule(Permission.EDIT_MEMBERS, 204),
    ("get", "members/<uuid:member>/work"): rule(Permission.ASSIGN),
    # Of these roles, only the one who invited the person may.
    ("post", "members/<uuid:member>/invitation"): rule(Permission.EDIT_MEMBERS, 201),
    ("delete", "members/<uuid:member>/invitation"): rule(Permission.EDIT_MEMBERS, 204),
    ("get", IMAGE): rule(VIEW),
    ("delete", IMAGE): rule(Permission.DELETE_IMAGES, 204),
    ("get", f"{IMAGE}/file"): rule(VIEW),
    ("get", f"{IMAGE}/original"): rule(VIEW),
    ("get", f"{IMAGE}/thumbnail"): rule(VIEW),
    ("get", f"{IMAGE}/crop"): rule(VIEW, body=lambda scene: {"box": "0,0,8,8"}),
    ("get", f"{IMAGE}/tiles"): rule(VIEW),
    ("get", f"{IMAGE}/tiles/<int:level>/<int:x>/<int:y>"): rule(VIEW, 409),
    ("get", f"{IMAGE}/neighbours"): rule(VIEW),
    ("get", f"{IMAGE}/proposals"): rule(VIEW, 409),
    ("post", f"{IMAGE}/prioritise"): rule(VIEW),
    ("post", f"{IMAGE}/retry"): rule(Permission.UPLOAD),
    ("post", f"{IMAGE}/predict"): rule(ANNOTATE, 409, lambda scene: {"points": [{"x": 9, "y": 9, "label": 1}]}),
    ("get", f"{IMAGE}/annotations"): rule(VIEW),
    ("post", f"{IMAGE}/annotations"): rule(ANNOTATE, 201, lambda scene: mask_body(scene.label_class)),
    ("get", f"{IMAGE}/deleted"): rule(VIEW),
    ("post", f"{IMAGE}/changes"): rule(ANNOTATE, body=lambda scene: {"create": [mask_body(scene.label_class)]}),
    ("get", f"{IMAGE}/comments"): rule(VIEW),
    ("post", f"{IMAGE}/comments"): rule(Permission.COMMENT, 201, lambda scene: {"id": str(uuid4()), "text": "Look"}),
    # Who wrote it.
    ("patch", "comments/<uuid:comment>"): Rule(
        frozenset({Role.REVIEWER}), body=lambda scene: {"text": "Look"}, scopes=SCOPES[Permission.COMMENT]
    ),
    ("delete", "comments/<uuid:comment>"): Rule(frozenset({Role.REVIEWER}), 204, scopes=SCOPES[Permission.COMMENT]),
    ("post", "comments/<uuid:comment>/resolve"): rule(Permission.COMMENT, body=lambda scene: {}),
    ("get", ANNOTATION): rule(VIEW),
    ("patch", ANNOTATION): rule(ANNOTATE, body=lambda scene: {"z": 5}, headers=IF_MATCH),
    ("delete", ANNOTATION): rule(ANNOTATE, 204, headers=IF_MATCH),
    ("get", f"{ANNOTATION}/history"): rule(VIEW),
    ("get", f"{ANNOTATION}/sent-back"): rule(VIEW, 204),
    ("post", f"{ANNOTATION}/restore"): rule(ANNOTATE, body=lambda scene: {}, headers=IF_MATCH),
    ("post", f"{ANNOTATION}/verdicts"): rule(REVIEW, 201, _judgement),
    # Who labeled it.
    ("post", f"{ANNOTATION}/dispute"): Rule(
        frozenset({Role.ANNOTATOR}), 409, lambda scene: {}, headers=IF_MATCH, scopes=SCOPES[ANNOTATE]
    ),
    ("get", "assignments/<uuid:assignment>"): rule(VIEW),
    ("delete", "assignments/<uuid:assignment>"): rule(Permission.ASSIGN, 204),
    # Who was given it, and who gives.
    ("post", "assignments/<uuid:assignment>/submit"): Rule(
        frozenset({Role.ANNOTATOR, Role.MANAGER}), body=lambda scene: {}, scopes=SCOPES[ANNOTATE]
    ),
    # A verdict came after it.
    ("post", "assignments/<uuid:assignment>/submit/undo"): Rule(
        frozenset({Role.ANNOTATOR, Role.MANAGER}),
        409,
        lambda scene: {"submission": scene.assignment.submission},
        scopes=SCOPES[ANNOTATE],
    ),
    ("post", "assignments/<uuid:assignment>/confirm"): rule(REVIEW, body=lambda scene: {"because": "deleted"}),
    ("post", "assignments/<uuid:assignment>/skip"): Rule(
        frozenset({Role.ANNOTATOR, Role.MANAGER}), 409, lambda scene: {"reason": "Too dark."}, scopes=SCOPES[ANNOTATE]
    ),
    ("post", f"{IMAGE}/active-time"): rule(ANNOTATE, 204, lambda scene: {"seconds": 30}),
    ("get", f"{PROJECT}/active-times"): rule(Permission.ASSIGN),
    ("get", "exports/<uuid:export>"): rule(Permission.EXPORT),
    ("get", "exports/<uuid:export>/file"): rule(Permission.EXPORT, 409),
    ("get", "models"): rule(MYSELF),
    ("get", "about"): rule(PUBLIC),
    ("get", "health/live"): rule(PUBLIC),
    ("get", "health/ready"): rule(PUBLIC),
    ("get", "schema"): rule(PUBLIC, headers={"Accept": "*/*"}),
}


def offered() -> set[tuple[str, str]]:
    """Every method that an address of the API answers to."""
    found = set()
    for pattern in api:
        assert isinstance(pattern, URLPattern)
        view = getattr(pattern.callback, "view_class", None)
        methods = [method for method in METHODS if hasattr(view, method)] if view else ["get"]
        found |= {(method, str(pattern.pattern)) for method in methods}
    return found


@pytest.fixture
def scene(
    project: Project,
    image: Image,
    cat: LabelClass,
    manager: User,
    annotator: User,
    reviewer: User,
    viewer: User,
) -> Scene:
    # Managers renew and withdraw the invitations that they made, until the address is verified.
    User.objects.filter(id=viewer.id).update(invited_by=manager, email_verified_at=None)
    # Without the right to create projects, 403 would come whatever the scopes: accounts/test_invitations.py.
    give_rights(annotator)
    annotation, judged = annotate(annotator, image, cat), annotate(annotator, image, cat)
    assign(manager, image, annotator)
    assignment = submit(annotator, image)
    return Scene(
        people={
            Role.MANAGER: manager,
            Role.ANNOTATOR: annotator,
            Role.REVIEWER: reviewer,
            Role.VIEWER: viewer,
        },
        project=project,
        image=image,
        label_class=cat,
        annotation=annotation,
        assignment=assignment,
        export=order_export(by=manager, project=project.id, format="coco", include="accepted"),
        member=Membership.objects.get(project=project, user=viewer),
        verdict=judge(reviewer, judged, "accepted"),
        comment=said(reviewer, image),
        token=create_token(by=manager, name="script")[0],
        invitation=str(issue(by=manager, person=viewer, site="").path).removeprefix("/invite#"),
    )


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(client: APIClient, method: str, route: str, rule: Rule, scene: Scene) -> Any:
    body = rule.body(scene) if rule.body else None
    with undone():
        return getattr(client, method)(
            scene.path(route), data=body, format=None if method == "get" else rule.format, headers=rule.headers
        )


def test_every_address_and_method_has_its_rule() -> None:
    assert offered() == set(RULES)


# The stream reads from threads, which a test's open transaction hides everything from: events/test_stream.py tries it.
TRIED = {key: rule for key, rule in RULES.items() if not key[1].endswith("/events")}
scoped = pytest.mark.parametrize(
    ("method", "route"), [key for key, rule in TRIED.items() if not isinstance(rule.may, str)]
)
private = pytest.mark.parametrize(("method", "route"), [key for key, rule in TRIED.items() if rule.may != PUBLIC])


@private
def test_who_is_not_logged_in_is_told_so(method: str, route: str, scene: Scene, anonymous: APIClient) -> None:
    problem(ask(anonymous, method, route, RULES[method, route], scene), 401, "not_authenticated")


@scoped
def test_an_outsider_cannot_tell_what_exists(method: str, route: str, scene: Scene, as_outsider: APIClient) -> None:
    rule = RULES[method, route]
    theirs = problem(ask(as_outsider, method, route, rule, scene), 404, "not_found")
    for name in NAMED:
        route = route.replace(f"<uuid:{name}>", str(uuid4()))
    assert theirs == problem(ask(as_outsider, method, route, rule, scene), 404), "the same for what there is not"


@scoped
def test_members_may_do_what_the_table_says(method: str, route: str, scene: Scene) -> None:
    if route.startswith("tokens"):
        pytest.skip("tokens are their owner's, not the project's")
    rule = RULES[method, route]
    for role, user in scene.people.items():
        response = ask(client_of(user), method, route, rule, scene)
        if role in rule.may:
            assert response.status_code == rule.status, (role, response)
        else:
            problem(response, 403, "permission_denied")


@private
def test_a_token_may_do_what_its_scopes_say(method: str, route: str, scene: Scene) -> None:
    rule = RULES[method, route]
    roles = [Role.ANNOTATOR] if isinstance(rule.may, str) else [role for role in scene.people if role in rule.may]
    # Only the assigned person, or the author of the comment or verdict, may; a manager may not.
    owner = scene.people[roles[-1]]
    for scope in rule.scopes if len(rule.scopes) < len(Scope) else {Scope.READ}:
        assert ask(script_of(owner, {scope}), method, route, rule, scene).status_code == rule.status, scope
    others = set(Scope) - rule.scopes
    if others:
        refusal = "token_scope" if rule.scopes else "token_not_allowed"
        problem(ask(script_of(owner, others), method, route, rule, scene), 403, refusal)


def script_of(user: User, scopes: Collection[Scope]) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {create_token(by=user, name='script', scopes=scopes)[1]}")
    return client


@pytest.mark.parametrize(("method", "route"), [key for key, rule in RULES.items() if isinstance(rule.may, str)])
def test_what_is_not_a_projects_is_answered_to_an_outsider(
    method: str, route: str, scene: Scene, as_outsider: APIClient
) -> None:
    rule = RULES[method, route]
    assert ask(as_outsider, method, route, rule, scene).status_code == rule.status


def test_lists_show_an_outsider_only_what_is_theirs(scene: Scene, as_outsider: APIClient) -> None:
    assert [each["name"] for each in as_outsider.get(f"{API}/projects").json()["results"]] == ["Elsewhere"]
    assert str(scene.project.id) not in {each["project"] for each in as_outsider.get(f"{API}/progress").json()}
    assert as_outsider.get(f"{API}/me/assignments").json() == []
    assert as_outsider.get(f"{API}/me/comments").json() == []
    assert as_outsider.get(f"{API}/tokens").json() == []


def test_nobody_is_a_member_of_a_deleted_project(scene: Scene) -> None:
    client = client_of(scene.people[Role.MANAGER])
    assert client.delete(scene.path(PROJECT)).status_code == 204
    for method, route in (("get", PROJECT), ("get", IMAGE), ("get", ANNOTATION), ("get", f"{IMAGE}/file")):
        problem(getattr(client, method)(scene.path(route)), 404, "not_found")


@pytest.mark.parametrize("permission", list(Permission))
def test_a_manager_may_do_everything(permission: Permission) -> None:
    assert Role.MANAGER in TABLE[permission]


def test_every_permission_has_its_roles_and_its_scopes() -> None:
    assert set(TABLE) == set(SCOPES) == set(Permission)


def test_a_viewer_may_only_look() -> None:
    allowed = {permission for permission, roles in TABLE.items() if Role.VIEWER in roles}
    assert allowed == {Permission.VIEW, Permission.SEE_MEMBERS}


def test_roles_add_up(project: Project, viewer: User) -> None:
    Membership.objects.filter(project=project, user=viewer).update(roles=["reviewer", "viewer"])
    mine = client_of(viewer).get(f"{API}/projects/{project.id}").json()
    assert mine["my_roles"] == ["reviewer", "viewer"]
    assert mine["permissions"] == ["project.view", "members.view", "annotate", "review", "comment"]
