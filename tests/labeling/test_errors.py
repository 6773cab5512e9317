"""What an error looks like, whatever was wrong."""

import json
import threading
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client, override_settings
from rest_framework.test import APIClient

from inference.storage import StorageUnavailable, Store
from labeling import health
from labeling.accounts.models import User
from labeling.health import Probe
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Project
from tests.labeling.making import API, mask_body, named_file, problem


def post(client: APIClient, path: str, body: str, content_type: str = "application/json") -> Any:
    return client.post(f"{API}/{path}", data=body.encode(), content_type=content_type)


def test_a_missing_field_is_named(as_manager: APIClient) -> None:
    body = problem(as_manager.post(f"{API}/projects", {}), 400, "required")
    assert body["errors"] == [{"pointer": "/name", "code": "required", "detail": "This field is required."}]
    assert body["detail"] == "name: This field is required."


def test_a_nested_field_is_pointed_at(as_annotator: APIClient, image: Image, cat: LabelClass) -> None:
    create = [mask_body(cat), mask_body(cat, segmentation={"size": [48], "counts": "x"})]
    body = problem(as_annotator.post(f"{API}/images/{image.id}/changes", {"create": create}), 400)
    assert body["errors"][0]["pointer"] == "/create/1/segmentation/size"


def test_every_wrong_field_is_listed(as_manager: APIClient, project: Project) -> None:
    path = f"{API}/projects/{project.id}/members"
    body = problem(as_manager.post(path, {"email": "nobody", "roles": ["king"]}), 400)
    assert {error["pointer"] for error in body["errors"]} == {"/email", "/roles/0"}


def test_a_method_that_is_not_there_is_405(as_manager: APIClient) -> None:
    body = problem(as_manager.put(f"{API}/projects", {}), 405, "method_not_allowed")
    assert body["title"] == "Not possible here"


def test_a_body_of_another_kind_is_415(as_manager: APIClient) -> None:
    body = problem(post(as_manager, "projects", "name=x", "text/plain"), 415, "unsupported_media_type")
    assert body["title"] == "Another kind of body is needed"


@pytest.mark.parametrize(
    "body",
    ["{", "", "\udcff".encode("utf-8", "surrogateescape").decode("latin-1"), '{"name": NaN}', '{"name": Infinity}'],
)
def test_what_is_no_json_is_400(as_manager: APIClient, body: str) -> None:
    problem(post(as_manager, "projects", body), 400)


@pytest.mark.parametrize("body", ["[]", '"x"', "null", "3", '{"name": {}}', '{"name": []}', '{"name": "\\u0000"}'])
def test_json_of_another_shape_is_400(as_manager: APIClient, body: str) -> None:
    problem(post(as_manager, "projects", body), 400)


@pytest.mark.parametrize("body", ["[]", '"x"', "null", "3"])
def test_another_shape_is_400_where_there_is_an_op_id_too(as_manager: APIClient, body: str) -> None:
    key = {"HTTP_IDEMPOTENCY_KEY": "3f0c6f0e-9f5c-4b53-8f5b-2a6d0cf2b8a1"}
    response = as_manager.post(f"{API}/projects", data=body.encode(), content_type="application/json", **key)
    problem(response, 400)


@pytest.mark.parametrize("path", ["projects/not-a-uuid", "nothing", "projects/", "images/1/file", ""])
def test_an_unknown_address_is_404(as_manager: APIClient, path: str) -> None:
    problem(as_manager.get(f"{API}/{path}"), 404, "not_found")


def test_posting_to_an_unknown_address_is_404_for_scripts_too() -> None:
    problem(Client(enforce_csrf_checks=True).post(f"{API}/nothing"), 404, "not_found")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_event_stream_can_only_be_read(as_manager: APIClient, project: Project, method: str) -> None:
    problem(getattr(as_manager, method)(f"{API}/projects/{project.id}/events"), 405, "method_not_allowed")


def test_a_body_without_end_is_413(as_manager: APIClient) -> None:
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1000):
        problem(post(as_manager, "projects", json.dumps({"name": "x" * 2000})), 413, "too_large")


def test_too_many_files_at_once_are_refused_with_a_sentence(as_manager: APIClient, project: Project) -> None:
    files = [named_file(f"{n}.png", b"x") for n in range(4)]
    with override_settings(DATA_UPLOAD_MAX_NUMBER_FILES=3):
        response = as_manager.post(f"{API}/projects/{project.id}/images", {"files": files}, format="multipart")
    assert "3" in problem(response, 413, "too_large")["detail"]


def test_a_session_without_its_csrf_token_is_refused(manager: User) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(manager)
    problem(client.post(f"{API}/projects", {"name": "x"}), 403, "permission_denied")


@pytest.mark.parametrize("query", ["limit=x", "limit=-1", "limit=999999", "q=%00", "q=%ff"])
def test_odd_questions_are_answered(as_manager: APIClient, project: Project, query: str) -> None:
    response = as_manager.get(f"{API}/projects/{project.id}/images?{query}")
    assert response.status_code in (200, 400), response


@pytest.mark.parametrize("query", ["annotator=x", "state=asleep"])
def test_a_filter_that_makes_no_sense_is_400_and_named(as_manager: APIClient, project: Project, query: str) -> None:
    body = problem(as_manager.get(f"{API}/projects/{project.id}/images?{query}"), 400)
    assert body["errors"][0]["pointer"] == "/" + query.partition("=")[0]


@pytest.mark.parametrize("version", ["", "x", '"', "-1", '"1", "2"', "1.5", "9" * 30])
def test_an_if_match_that_is_no_version_is_400(as_annotator: APIClient, version: str) -> None:
    path = f"{API}/annotations/3f0c6f0e-9f5c-4b53-8f5b-2a6d0cf2b8a1/restore"
    problem(as_annotator.post(path, {}, headers={"If-Match": version}), 400, "invalid_version")


@pytest.mark.parametrize("key", ["x", "123", "3f0c6f0e-9f5c-4b53-8f5b"])
def test_an_op_id_that_is_no_uuid_is_400(as_manager: APIClient, key: str) -> None:
    response = as_manager.post(f"{API}/projects", {"name": "x"}, headers={"Idempotency-Key": key})
    problem(response, 400, "invalid_op_id")


def test_health_and_about_answer_everyone(anonymous: APIClient, db: None) -> None:
    assert anonymous.get(f"{API}/health/live").json() == {"status": "live"}
    ready = {"status": "ready", "database": "ok", "storage": "ok", "broker": "ok"}
    assert anonymous.get(f"{API}/health/ready").json() == ready
    about = anonymous.get(f"{API}/about").json()
    assert about["model"] == "mobile_sam"
    assert len(about["credits"]) == 12
    assert all(credit["licence"] and credit["author"] and credit["source"] for credit in about["credits"])


def test_not_ready_without_a_database(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    def gone() -> None:
        raise OperationalError("gone")

    client = APIClient(raise_request_exception=False)
    with monkeypatch.context() as patch:
        patch.setattr("labeling.health.connection.cursor", gone)
        response = client.get(f"{API}/health/ready")
    problem(response, 503, "database_unavailable")


@pytest.mark.parametrize("part", ["storage", "broker"])
@pytest.mark.parametrize("hangs", [False, True])
def test_what_is_away_is_named_in_time(monkeypatch: pytest.MonkeyPatch, db: None, part: str, hangs: bool) -> None:
    released = threading.Event()

    def away() -> None:
        if hangs:
            released.wait(10)
        raise OSError("away")

    monkeypatch.setattr(health, "PROBE_SECONDS", 0.05)
    monkeypatch.setitem(health.PROBES, part, Probe(away))
    body = problem(APIClient().get(f"{API}/health/ready"), 503, f"{part}_unavailable")
    released.set()
    assert body["detail"] == f"The {part} does not answer."
    other = {"storage": "broker", "broker": "storage"}[part]
    assert (body[part], body[other], body["database"]) == ("unavailable", "ok", "ok")


def test_a_probe_that_hangs_is_not_asked_again_meanwhile() -> None:
    asked, released = [], threading.Event()

    def hang() -> None:
        asked.append(1)
        released.wait(10)

    probe = Probe(hang)
    first, second = probe.start(), probe.start()
    assert first is second
    released.set()
    first.result(5)
    probe.start().result(5)
    assert len(asked) == 2


def test_a_storage_that_does_not_answer_is_503(
    as_viewer: APIClient, image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(store: Store, key: str) -> Any:
        raise StorageUnavailable("away")

    monkeypatch.setattr(Store, "open", unavailable)
    monkeypatch.setattr(Store, "size", unavailable)
    client = APIClient(raise_request_exception=False)
    client.force_login(image.created_by)
    for what in ("file", "original", "thumbnail", "crop?box=0,0,8,8"):
        problem(client.get(f"{API}/images/{image.id}/{what}"), 503, "storage_unavailable")
