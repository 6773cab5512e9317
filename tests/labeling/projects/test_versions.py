"""Settings and classes carry a version, so that nobody overwrites what they have not seen."""

import pytest
from rest_framework.test import APIClient

from labeling.projects.models import LabelClass, Project
from tests.labeling.making import API, problem, together


def match(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


def test_changing_settings_without_their_version_is_refused(as_manager: APIClient, project: Project) -> None:
    path = f"{API}/projects/{project.id}"
    problem(as_manager.patch(path, {"name": "Birds"}), 428, "version_required")
    assert as_manager.get(path).json()["name"] == "Animals"


def test_a_stale_change_of_settings_is_answered_with_the_current_ones(as_manager: APIClient, project: Project) -> None:
    path = f"{API}/projects/{project.id}"
    assert as_manager.get(path).json()["version"] == 1
    changed = as_manager.patch(path, {"name": "Birds"}, headers=match(1)).json()
    assert (changed["name"], changed["version"]) == ("Birds", 2)
    refused = problem(as_manager.patch(path, {"guidelines": "Whole ears."}, headers=match(1)), 412, "stale_version")
    assert refused["detail"].startswith("Manager changed the settings")
    assert refused["current"] == changed, "whatever the page needs to show both sides"
    assert as_manager.get(path).json() == changed, "nothing of it was saved"


def test_a_stale_change_of_a_class_is_answered_with_the_current_one(as_manager: APIClient, cat: LabelClass) -> None:
    path = f"{API}/classes/{cat.id}"
    problem(as_manager.patch(path, {"name": "tomcat"}), 428, "version_required")
    attributes = [{"id": "fur", "name": "Fur", "kind": "text"}]
    changed = as_manager.patch(path, {"attributes": attributes}, headers=match(1)).json()
    assert changed["version"] == 2
    refused = problem(as_manager.patch(path, {"attributes": []}, headers=match(1)), 412, "stale_version")
    assert refused["detail"].startswith("Manager changed the class cat")
    assert refused["current"] == changed


def test_a_replay_of_a_change_is_not_stale(as_manager: APIClient, project: Project) -> None:
    path = f"{API}/projects/{project.id}"
    headers = {**match(1), "Idempotency-Key": "7cf8a0a4-55f0-4a3c-9a5c-1f0e5ce0f5a1"}
    first = as_manager.patch(path, {"name": "Birds"}, headers=headers).json()
    assert as_manager.patch(path, {"name": "Birds"}, headers=headers).json() == first


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["settings", "class"])
def test_of_changes_sent_at_once_one_is_saved(
    what: str, as_manager: APIClient, project: Project, cat: LabelClass
) -> None:
    path = f"{API}/projects/{project.id}" if what == "settings" else f"{API}/classes/{cat.id}"
    answers = together(4, lambda n: as_manager.patch(path, {"name": f"name {n}"}, headers=match(1)).status_code)
    assert sorted(answers, key=str) == [200, 412, 412, 412]
