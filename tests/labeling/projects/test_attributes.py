"""What is said of an object beside its class: the schema, the values, and that handing in asks for them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.images.models import Image
from labeling.projects.attributes import KINDS, missing, refusal
from labeling.projects.models import LabelClass, Project
from tests.labeling.annotations.asking import create, match, path
from tests.labeling.making import API, assign, configure, mask_body, problem, tag_body

FUR = {"id": "fur", "name": "Fur", "kind": "choice", "choices": ["short", "long"], "required": True, "default": None}
WEARS = {"id": "wears", "name": "Wears", "kind": "choices", "choices": ["hat", "coat"], "required": False}
AGE = {"id": "age", "name": "Age", "kind": "number"}
NOTE = {"id": "note", "name": "Note", "kind": "text", "default": "none"}
HIDDEN = {"id": "hidden", "name": "Hidden", "kind": "yes_no", "default": False}
SCHEMA = [FUR, WEARS, AGE, NOTE, HIDDEN]
FILLED = {"choices": [], "required": False, "default": None}


@pytest.fixture
def said(as_manager: APIClient, cat: LabelClass) -> LabelClass:
    """The class, with a schema."""
    assert configure(as_manager, cat, {"attributes": SCHEMA}).status_code == 200
    cat.refresh_from_db()
    return cat


def test_a_manager_says_what_is_asked_of_the_objects_of_a_class(
    as_manager: APIClient, as_annotator: APIClient, said: LabelClass, project: Project
) -> None:
    classes = {each["id"]: each for each in as_annotator.get(f"{API}/projects/{project.id}/classes").json()}
    assert classes[str(said.id)]["attributes"] == [{**FILLED, **attribute} for attribute in SCHEMA]
    renamed = configure(as_manager, said, {"name": "tomcat"}).json()
    assert len(renamed["attributes"]) == len(SCHEMA), "what is not sent stays"
    problem(configure(as_annotator, said, {"attributes": []}), 403)
    made = as_manager.post(f"{API}/projects/{project.id}/classes", {"name": "bird", "attributes": [AGE]}).json()
    assert made["attributes"] == [{**FILLED, **AGE}]


@pytest.mark.parametrize(
    ("attribute", "where"),
    [
        ({"name": "Fur", "kind": "text"}, "id"), ({**AGE, "id": "No Slug"}, "id"), ({**AGE, "name": ""}, "name"),
        ({**AGE, "kind": "colour"}, "kind"), ({**AGE, "choices": ["a"]}, "choices"),
        ({**FUR, "choices": []}, "choices"), ({**FUR, "choices": ["a", "a"]}, "choices"),
        ({**FUR, "default": "none"}, "default"),
        ({**AGE, "default": "1"}, "default"), ({**AGE, "default": 10**400}, "default"),
        ({**NOTE, "default": "\0"}, "default"), ({**HIDDEN, "default": 1}, "default"),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_a_schema_that_makes_no_sense_is_400_with_its_place(
    as_manager: APIClient, cat: LabelClass, attribute: dict[str, Any], where: str
) -> None:
    answer = problem(configure(as_manager, cat, {"attributes": [HIDDEN, attribute]}, format="json"), 400)
    assert answer["errors"][0]["pointer"].startswith(f"/attributes/1/{where}")


def test_no_attribute_is_there_twice(as_manager: APIClient, cat: LabelClass) -> None:
    for other in ({**AGE, "name": "Years"}, {**AGE, "id": "years"}):
        problem(configure(as_manager, cat, {"attributes": [AGE, other]}), 400, "attribute_twice")


def test_values_that_fit_are_kept(as_annotator: APIClient, image: Image, said: LabelClass) -> None:
    values = {"fur": "long", "wears": ["coat", "hat"], "age": 2.5, "note": "", "hidden": True}
    assert create(as_annotator, image, mask_body(said, attributes=values)).json()["attributes"] == values


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fur", "none"), ("fur", None), ("wears", "hat"), ("wears", ["hat", "hat"]), ("wears", ["shoe"]), ("age", "2"),
        ("age", True), ("note", 1), ("note", "x" * 2001), ("hidden", "yes"), ("nose", "wet"),
    ],
)  # fmt: skip
def test_values_that_do_not_fit_are_400_with_their_place(
    as_annotator: APIClient, image: Image, said: LabelClass, name: str, value: Any
) -> None:
    body = mask_body(said, attributes={name: value})
    answer = problem(create(as_annotator, image, body), 400, "invalid_attribute")
    assert answer["errors"][0]["pointer"] == f"/attributes/{name}"
    several = as_annotator.post(f"{API}/images/{image.id}/changes", {"create": [mask_body(said), body]})
    assert problem(several, 400)["errors"][0]["pointer"] == f"/create/1/attributes/{name}"


def test_another_schema_destroys_no_value(
    as_manager: APIClient, as_annotator: APIClient, image: Image, said: LabelClass, dog: LabelClass
) -> None:
    made = create(as_annotator, image, mask_body(said, attributes={"fur": "long", "age": 3})).json()
    configure(as_manager, said, {"attributes": [{**FUR, "choices": ["short", "none"]}]})
    assert as_annotator.get(path(made)).json()["attributes"] == {"fur": "long", "age": 3}
    values = {"fur": "long", "age": 3}
    as_annotator.patch(path(made), {"class_id": str(dog.id)}, headers=match(1))
    kept = as_annotator.patch(path(made), {"class_id": str(said.id), "attributes": values}, headers=match(2))
    assert kept.json()["attributes"] == values, "a value that was there is not refused"
    changed = as_annotator.patch(path(made), {"attributes": {**values, "age": 4}}, headers=match(3))
    problem(changed, 400, "invalid_attribute")


def test_an_image_is_handed_in_when_everything_required_is_said(
    as_annotator: APIClient, manager: User, annotator: User, image: Image, said: LabelClass, dog: LabelClass
) -> None:
    made = create(as_annotator, image, mask_body(said, attributes={"age": 1})).json()
    create(as_annotator, image, mask_body(dog))
    create(as_annotator, image, tag_body(said))
    assignment = assign(manager, image, annotator)
    refused = problem(as_annotator.post(f"{API}/assignments/{assignment.id}/submit"), 409, "attributes_missing")
    assert refused["annotations"] == [made["id"]]
    assert "Fur" in refused["detail"]
    as_annotator.patch(path(made), {"attributes": {"age": 1, "fur": "short"}}, headers=match(1))
    assert as_annotator.post(f"{API}/assignments/{assignment.id}/submit").status_code == 200


attributes = st.builds(
    lambda kind, choices: {"name": "A", "kind": kind, "choices": choices},
    st.sampled_from(KINDS),
    st.lists(st.text(max_size=5), min_size=1, max_size=4, unique=True),
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda each: st.lists(each, max_size=3),
)


@given(attributes, values)
def test_any_value_fits_or_is_refused_with_a_sentence(attribute: dict[str, Any], value: Any) -> None:
    why = refusal(attribute, value)
    assert why is None or why.startswith("“A” is ")


@given(attributes)
def test_what_is_required_is_missing_until_something_is_said(attribute: dict[str, Any]) -> None:
    schema = [{**attribute, "id": "a", "required": True}]
    said = {"choice": "x", "choices": ["x"], "number": 0, "text": "x", "yes_no": False}[attribute["kind"]]
    assert missing(schema, {}) == ["A"]
    assert missing(schema, {"a": said}) == []
    assert missing([{**schema[0], "required": False}], {}) == []
