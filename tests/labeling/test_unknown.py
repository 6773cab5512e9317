"""Unknown fields and parameters are refused by name, never ignored silently."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.annotations.models import Annotation
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Project
from labeling.projects.roles import Role
from tests.labeling.conftest import client_of
from tests.labeling.making import API, configure, mask_body, named_file, photo_bytes, problem
from tests.labeling.test_access import RULES, TRIED, Rule, Scene, undone
from tests.labeling.test_access import scene as scene

pytestmark = pytest.mark.one_engine

ROLES = (Role.MANAGER, Role.ANNOTATOR, Role.REVIEWER, Role.VIEWER)


def _allowed(rule: Rule, scene: Scene) -> APIClient:
    """A client with the permission, so that nothing else is wrong with the request."""
    role = next(role for role in ROLES if isinstance(rule.may, str) or role in rule.may)
    return client_of(scene.people[role])


def _send(method: str, route: str, scene: Scene, query: str = "", **more: Any) -> Any:
    """Send the request of the access matrix, with something added."""
    rule = RULES[method, route]
    body = rule.body(scene) if rule.body else {}
    options: dict[str, Any] = {"data": {**body, **more}, "format": rule.format}
    if method == "get":
        query, options = "?" + urlencode(body) + "&" + query, {}
    with undone():
        return getattr(_allowed(rule, scene), method)(scene.path(route) + query, headers=rule.headers, **options)


def _codes(response: Any) -> set[tuple[str, str]]:
    """The code and the pointer of each error."""
    body = problem(response, 400)
    return {(error["code"], error["pointer"]) for error in body["errors"]}


def test_every_address_refuses_a_parameter_that_it_does_not_know(scene: Scene) -> None:
    for method, route in TRIED:
        query = "nonsense=1" if method == "get" else "?nonsense=1"
        response = _send(method, route, scene, query)
        assert _codes(response) == {("unknown_parameter", "/nonsense")}, (method, route)


def test_every_address_refuses_a_field_that_it_does_not_know(scene: Scene) -> None:
    for method, route in TRIED:
        if method != "get":
            response = _send(method, route, scene, nonsense="1")
            assert ("unknown_field", "/nonsense") in _codes(response), (method, route)


def test_a_list_takes_its_own_parameters(as_manager: APIClient, project: Project) -> None:
    answer = as_manager.get(f"{API}/projects/{project.id}/images?q=dog&state=open&limit=2")
    assert answer.status_code == 200


def test_the_sentence_names_what_is_known(as_manager: APIClient, project: Project) -> None:
    body = problem(as_manager.get(f"{API}/projects?serach=x"), 400, "unknown_parameter")
    assert body["detail"] == 'Unknown parameter "serach". This address takes: cursor, limit.'
    body = problem(as_manager.get(f"{API}/models?x=1"), 400, "unknown_parameter")
    assert body["detail"] == 'Unknown parameter "x". This address takes no parameters.'
    body = problem(as_manager.post(f"{API}/projects", {"name": "A", "colour": "red"}), 400, "unknown_field")
    assert body["detail"] == 'Unknown field "colour". Known here: name, description, classes.'


def test_a_format_in_the_query_is_unknown_too(as_manager: APIClient) -> None:
    problem(as_manager.get(f"{API}/me?format=json"), 400, "unknown_parameter")


def test_who_is_not_logged_in_learns_nothing_of_parameters(anonymous: APIClient, db: None) -> None:
    problem(anonymous.get(f"{API}/me?nonsense=1"), 401, "not_authenticated")


def test_a_field_inside_another_is_named_by_its_place(as_annotator: APIClient, image: Image, cat: LabelClass) -> None:
    body = mask_body(cat)
    url = f"{API}/images/{image.id}/changes"
    response = as_annotator.post(url, {"create": [body, {**body, "colour": "red"}], "udpate": []})
    assert _codes(response) == {("unknown_field", "/create/1/colour"), ("unknown_field", "/udpate")}
    response = as_annotator.post(url, {"create": [{**body, "segmentation": {**body["segmentation"], "rle": 1}}]})
    assert _codes(response) == {("unknown_field", "/create/0/segmentation/rle")}
    assert not Annotation.objects.exists()


def test_a_part_of_a_setting_is_named_by_its_place(as_manager: APIClient, project: Project, cat: LabelClass) -> None:
    response = configure(as_manager, project, {"review": {"bellow": 0.5}})
    assert _codes(response) == {("unknown_field", "/review/bellow")}
    attribute = {"id": "a", "name": "A", "kind": "text", "colour": "red"}
    response = configure(as_manager, cat, {"attributes": [attribute]})
    assert _codes(response) == {("unknown_field", "/attributes/0/colour")}


def test_a_prompt_is_read_as_exactly(as_annotator: APIClient, image: Image) -> None:
    point = {"x": 9, "y": 9, "label": 1}
    response = as_annotator.post(f"{API}/images/{image.id}/predict", {"points": [{**point, "z": 1}], "multi": True})
    assert _codes(response) == {("unknown_field", "/points/0/z"), ("unknown_field", "/multi")}


def test_a_field_that_only_the_server_sets_is_refused_by_name(as_annotator: APIClient, annotator: User) -> None:
    body = problem(as_annotator.patch(f"{API}/me", {"name": "A", "email": "b@example.org"}), 400, "unknown_field")
    assert body["detail"] == 'The field "email" cannot be set by this request. Leave it out.'
    annotator.refresh_from_db()
    assert (annotator.name, annotator.email) == ("Annotator", "annotator@example.org")


def test_a_body_where_none_is_read_is_refused(as_annotator: APIClient, project: Project) -> None:
    url = f"{API}/projects/{project.id}/assignments/next"
    assert as_annotator.post(url).status_code == 204
    assert as_annotator.post(url, {}).status_code == 204
    problem(as_annotator.post(url, [1]), 400, "unknown_field")


@pytest.mark.parametrize("name", ["\ud800", "x" * 5000, "a.b", ""])
def test_a_name_that_cannot_be_written_is_refused_all_the_same(as_manager: APIClient, name: str) -> None:
    body = json.dumps({"name": "A", name: 1})
    problem(as_manager.post(f"{API}/projects", body, content_type="application/json"), 400, "unknown_field")


def test_a_thousand_unknown_fields_are_answered_with_the_first_of_them(as_manager: APIClient) -> None:
    body = problem(as_manager.post(f"{API}/projects", {f"field{n}": n for n in range(1000)}), 400, "unknown_field")
    assert len(body["errors"]) == 20


def test_a_field_beside_the_files_of_an_upload_is_refused(as_manager: APIClient, project: Project) -> None:
    body = {"files": [named_file("a.png", photo_bytes(1))], "folder": "x"}
    response = as_manager.post(f"{API}/projects/{project.id}/images", body, format="multipart")
    assert _codes(response) == {("unknown_field", "/folder")}
