"""Projects, their classes and their members."""

from uuid import uuid4

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.annotations.services import Deletion, change
from labeling.events import selectors
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Membership, Project
from labeling.projects.palette import PALETTE
from tests.labeling.conftest import client_of, give_rights
from tests.labeling.making import API, annotate, configure, problem, together


def test_who_makes_a_project_manages_it(as_viewer: APIClient, viewer: User) -> None:
    give_rights(viewer)
    body = {"name": "Birds", "description": "From above", "classes": [{"name": "owl"}, {"name": "duck"}]}
    made = as_viewer.post(f"{API}/projects", body).json()
    assert made["my_roles"] == ["manager"]
    assert "project.delete" in made["permissions"]
    assert made["model"] == "mobile_sam"
    assert len(made["reject_reasons"]) == 6
    classes = as_viewer.get(f"{API}/projects/{made['id']}/classes").json()
    assert [(each["name"], each["position"]) for each in classes] == [("owl", 0), ("duck", 1)]


def test_two_classes_of_one_name_make_no_project(as_manager: APIClient) -> None:
    body = {"name": "Birds", "classes": [{"name": "owl"}, {"name": "owl"}]}
    problem(as_manager.post(f"{API}/projects", body), 409, "class_exists")
    assert not Project.objects.filter(name="Birds").exists()


def test_a_project_is_changed_in_part(as_manager: APIClient, project: Project) -> None:
    changed = configure(as_manager, project, {"guidelines": "Whole ears.", "reject_reasons": ["Bad"]}).json()
    assert (changed["name"], changed["guidelines"], changed["reject_reasons"]) == ("Animals", "Whole ears.", ["Bad"])
    problem(configure(as_manager, project, {"id": str(uuid4())}), 400, "unknown_field")


@pytest.mark.parametrize("body", [{"name": ""}, {"name": "x" * 201}, {"reject_reasons": []}, {"reject_reasons": [""]}])
def test_a_project_needs_a_name_and_reasons(as_manager: APIClient, project: Project, body: dict[str, object]) -> None:
    problem(configure(as_manager, project, body), 400)


def test_a_deleted_project_is_gone_for_everyone(as_manager: APIClient, as_viewer: APIClient, project: Project) -> None:
    assert as_manager.delete(f"{API}/projects/{project.id}").status_code == 204
    problem(as_viewer.get(f"{API}/projects/{project.id}"), 404)
    assert as_viewer.get(f"{API}/projects").json()["results"] == []
    assert as_viewer.get(f"{API}/progress").json() == []


def test_a_class_takes_the_next_colour(as_manager: APIClient, project: Project) -> None:
    path = f"{API}/projects/{project.id}/classes"
    made = [as_manager.post(path, {"name": f"class {n}"}).json()["colour"] for n in range(len(PALETTE))]
    colours = list(project.classes.values_list("colour", flat=True))
    assert len(set(colours[: len(PALETTE)])) == len(PALETTE), "no colour twice while there are others"
    assert made[-1] in PALETTE


@pytest.mark.parametrize("colour", ["red", "#FFF", "#12345g", "#1234567", "#56B4E9\n"])
def test_a_colour_is_six_hexadecimal_digits(as_manager: APIClient, project: Project, colour: str) -> None:
    body = {"name": "horse", "colour": colour}
    problem(as_manager.post(f"{API}/projects/{project.id}/classes", body), 400)


def test_a_class_is_once_a_project(as_manager: APIClient, project: Project, dog: LabelClass) -> None:
    problem(as_manager.post(f"{API}/projects/{project.id}/classes", {"name": "cat"}), 409, "class_exists")
    problem(configure(as_manager, dog, {"name": "cat"}), 409, "class_exists")
    assert configure(as_manager, dog, {"name": "wolf", "colour": "#000000"}).json()["name"] == "wolf"


@pytest.mark.parametrize(("one", "other"), [("car", "CAR"), ("Öl", "öl"), ("Öl", "o\u0308L"), ("straße", "STRASSE")])
def test_names_of_classes_differ_in_more_than_case(
    as_manager: APIClient, project: Project, dog: LabelClass, one: str, other: str
) -> None:
    path = f"{API}/projects/{project.id}/classes"
    made = as_manager.post(path, {"name": one}).json()
    refused = problem(as_manager.post(path, {"name": other}), 409, "class_exists")
    assert f"“{one}”" in refused["detail"], "the class that is there, as it is written"
    problem(configure(as_manager, dog, {"name": other}), 409, "class_exists")
    problem(as_manager.post(f"{API}/projects", {"name": "B", "classes": [{"name": one}, {"name": other}]}), 409)
    again = configure(as_manager, LabelClass.objects.get(id=made["id"]), {"name": other})
    assert again.json()["name"] == other, "a class may change the case of its own name"


@pytest.mark.django_db(transaction=True)
def test_classes_whose_names_clash_are_told_apart_by_a_number(project: Project, cat: LabelClass) -> None:
    """The migration from names that were unique with their case."""
    executor = MigrationExecutor(connection)
    executor.migrate([("projects", "0004_versions")])
    old = executor.loader.project_state([("projects", "0004_versions"), ("events", "0004_log_identity")]).apps
    classes = old.get_model("projects", "LabelClass").objects
    for position, (name, gone) in enumerate([("CAT", None), ("Cat (2)", None), ("cAT", timezone.now())], start=2):
        classes.create(project_id=project.id, name=name, colour="#000000", position=position, deleted_at=gone)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    names = list(LabelClass.objects.filter(project=project).values_list("name", flat=True))
    assert names == ["cat", "dog", "CAT (3)", "Cat (2)", "cAT"]
    event = selectors.after(project.id, 0)[-1]
    assert (event.kind, event.data["name"]) == ("class.changed", "CAT (3)"), "exports of a moment read it from the log"


def test_a_class_in_use_stays(as_manager: APIClient, annotator: User, image: Image, cat: LabelClass) -> None:
    made = annotate(annotator, image, cat)
    body = problem(as_manager.delete(f"{API}/classes/{cat.id}"), 409, "class_in_use")
    assert body["detail"].startswith("1 annotation is labeled cat")
    change(by=annotator, image=image.id, delete=[Deletion(made.id, 1)])
    assert as_manager.delete(f"{API}/classes/{cat.id}").status_code == 204
    problem(configure(as_manager, cat, {"name": "x"}), 404)


def test_the_name_of_a_deleted_class_is_free(as_manager: APIClient, project: Project, cat: LabelClass) -> None:
    assert as_manager.delete(f"{API}/classes/{cat.id}").status_code == 204
    assert as_manager.post(f"{API}/projects/{project.id}/classes", {"name": "cat"}).status_code == 201


def test_members_are_listed_by_name(as_viewer: APIClient, project: Project) -> None:
    listed = as_viewer.get(f"{API}/projects/{project.id}/members").json()
    assert [(each["user"]["name"], each["roles"]) for each in listed] == [
        ("Annotator", ["annotator"]),
        ("Manager", ["manager"]),
        ("Reviewer", ["reviewer"]),
        ("Viewer", ["viewer"]),
    ]


def test_a_member_is_once_a_project(as_manager: APIClient, project: Project) -> None:
    body = {"email": "VIEWER@example.org", "roles": ["annotator"]}
    problem(as_manager.post(f"{API}/projects/{project.id}/members", body), 409, "already_member")


@pytest.mark.parametrize("roles", [[], ["king"], ["viewer", "king"], "viewer", None])
def test_a_member_has_at_least_one_known_role(as_manager: APIClient, project: Project, roles: object) -> None:
    body = {"email": "new@example.org", "roles": roles}
    problem(as_manager.post(f"{API}/projects/{project.id}/members", body), 400)
    assert not User.objects.filter(email="new@example.org").exists()


def test_the_last_manager_stays(as_manager: APIClient, project: Project, manager: User, viewer: User) -> None:
    mine = Membership.objects.get(project=project, user=manager)
    problem(as_manager.delete(f"{API}/members/{mine.id}"), 409, "last_manager")
    problem(as_manager.patch(f"{API}/members/{mine.id}", {"roles": ["reviewer"]}), 409, "last_manager")
    mine.refresh_from_db()
    assert mine.roles == ["manager"]
    other = Membership.objects.get(project=project, user=viewer)
    assert as_manager.patch(f"{API}/members/{other.id}", {"roles": ["manager"]}).status_code == 200
    assert as_manager.delete(f"{API}/members/{mine.id}").status_code == 204
    problem(as_manager.get(f"{API}/projects/{project.id}"), 404)


@pytest.mark.django_db(transaction=True)
def test_two_managers_cannot_remove_each_other_at_once(project: Project, manager: User, viewer: User) -> None:
    Membership.objects.filter(project=project, user=viewer).update(roles=["manager"])
    mine, theirs = (Membership.objects.get(project=project, user=user) for user in (manager, viewer))
    pairs = [(client_of(manager), theirs), (client_of(viewer), mine)]
    answers = together(2, lambda n: pairs[n][0].delete(f"{API}/members/{pairs[n][1].id}").status_code)
    assert answers.count(204) == 1, answers
    assert Membership.objects.filter(project=project, roles=["manager"]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_inviting_someone_several_times_at_once_makes_one_account(project: Project, manager: User) -> None:
    clients = [client_of(manager) for _ in range(4)]
    body = {"email": "new@example.org", "roles": ["viewer"]}
    answers = together(4, lambda n: clients[n].post(f"{API}/projects/{project.id}/members", body).status_code)
    assert sorted(answers) == [201, 409, 409, 409], answers
    assert User.objects.filter(email="new@example.org").count() == 1
