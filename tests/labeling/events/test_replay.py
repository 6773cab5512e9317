"""A mutation that names an op_id is done once, and a replay answers what the first answered."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.annotations.models import Annotation, AnnotationVersion
from labeling.assignments.models import Assignment
from labeling.events.models import Event, Operation
from labeling.events.replay import replayable
from labeling.events.services import ANSWERS_KEPT, forget_answers
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Project
from labeling.rest import Conflict
from labeling.review.models import Verdict
from tests.labeling.conftest import client_of, give_rights
from tests.labeling.making import API, annotate, assign, mask_body, problem, submit, together


def send(client: APIClient, path: str, body: Any, key: object, **options: Any) -> Any:
    return client.post(f"{API}/{path}", body, headers={"Idempotency-Key": str(key)}, **options)


def test_a_project_is_made_once(as_manager: APIClient) -> None:
    key = uuid4()
    first = send(as_manager, "projects", {"name": "Birds"}, key)
    again = send(as_manager, "projects", {"name": "Birds"}, key)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert first.status_code == 201
    assert Project.objects.filter(name="Birds").count() == 1


def test_an_annotation_is_made_once_and_answered_201_again(
    as_annotator: APIClient, image: Image, cat: LabelClass
) -> None:
    key, body = uuid4(), mask_body(cat)
    first = send(as_annotator, f"images/{image.id}/annotations", body, key)
    again = send(as_annotator, f"images/{image.id}/annotations", body, key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Annotation.objects.count() == AnnotationVersion.objects.count() == 1


def test_a_verdict_is_given_once(
    as_reviewer: APIClient, manager: User, annotator: User, image: Image, cat: LabelClass
) -> None:
    annotation = annotate(annotator, image, cat)
    assign(manager, image, annotator)
    submit(annotator, image)
    key, body = uuid4(), {"verdict": "accepted", "version": 1}
    first = send(as_reviewer, f"annotations/{annotation.id}/verdicts", body, key)
    again = send(as_reviewer, f"annotations/{annotation.id}/verdicts", body, key)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert Verdict.objects.count() == 1


def test_images_are_assigned_once_and_still_said_to_be_assigned(
    as_manager: APIClient, project: Project, annotator: User, image: Image
) -> None:
    key, body = uuid4(), {"annotator": str(annotator.id), "images": [str(image.id)]}
    first = send(as_manager, f"projects/{project.id}/assignments", body, key)
    again = send(as_manager, f"projects/{project.id}/assignments", body, key)
    assert (
        first.json()
        == again.json()
        == {
            "assigned": 1,
            "left": 0,
            "undo": first.json()["undo"],
            "results": [{"image": str(image.id), "outcome": "assigned"}],
        }
    )
    assert Assignment.objects.count() == 1
    assert Event.objects.filter(kind="assignment.changed").count() == 1


def test_an_answer_without_a_body_is_replayed_too(as_manager: APIClient, image: Image) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    codes = [as_manager.delete(f"{API}/images/{image.id}", headers=headers).status_code for _ in range(2)]
    assert codes == [204, 204], "the second would be 404, were it not a replay"


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8"])
def test_one_op_id_cannot_stand_for_two_bodies(as_manager: APIClient, content_type: str) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    first, other = (
        as_manager.post(f"{API}/projects", data=body, content_type=content_type, headers=headers)
        for body in ('{"name": "One"}', '{"name": "Two"}')
    )
    assert first.status_code == 201
    problem(other, 409, "op_id_reused")
    assert not Project.objects.filter(name="Two").exists()


def test_one_op_id_cannot_stand_for_two_addresses(as_manager: APIClient, project: Project) -> None:
    key = uuid4()
    assert send(as_manager, "projects", {"name": "horse"}, key).status_code == 201
    problem(send(as_manager, f"projects/{project.id}/classes", {"name": "horse"}, key), 409, "op_id_reused")


def test_an_error_is_not_kept(as_manager: APIClient, project: Project) -> None:
    key = uuid4()
    problem(send(as_manager, f"projects/{project.id}/classes", {"name": "cat"}, key), 409, "class_exists")
    assert not Operation.objects.exists()
    project.classes.filter(name="cat").update(name="tomcat", name_key="tomcat")
    assert send(as_manager, f"projects/{project.id}/classes", {"name": "cat"}, key).status_code == 201


def test_an_op_id_is_its_senders_own(as_manager: APIClient, as_viewer: APIClient, viewer: User) -> None:
    give_rights(viewer)
    key = uuid4()
    assert send(as_manager, "projects", {"name": "Birds"}, key).status_code == 201
    assert send(as_viewer, "projects", {"name": "Birds"}, key).status_code == 201
    assert Project.objects.filter(name="Birds").count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_operation_that_is_sent_several_times_at_once_is_done_once(manager: User) -> None:
    key = uuid4()
    clients = [client_of(manager) for _ in range(4)]
    answers = together(4, lambda n: send(clients[n], "projects", {"name": "Birds"}, key).json())
    assert all(answer == answers[0] for answer in answers), answers
    assert Project.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_sent_several_times_at_once_is_not_stale_to_itself(
    annotator: User, as_annotator: APIClient, image: Image, cat: LabelClass
) -> None:
    annotation = annotate(annotator, image, cat)
    headers = {"Idempotency-Key": str(uuid4()), "If-Match": '"1"'}
    clients = [client_of(annotator) for _ in range(4)]
    answers = together(
        4, lambda n: clients[n].patch(f"{API}/annotations/{annotation.id}", {"model": "other"}, headers=headers).json()
    )
    assert [answer["version"] for answer in answers if isinstance(answer, dict)] == [2, 2, 2, 2], answers


def test_what_falls_over_the_others_write_answers_what_the_other_did(manager: User, rf: Any) -> None:
    """What PostgreSQL does to two that run at once: the second looks before the first has committed."""
    request = rf.post("/", headers={"Idempotency-Key": str(uuid4())})
    request.user, request.data = manager, {}
    done: list[Response] = []

    @replayable
    def first(view: Any, request: Any) -> Response:
        return Response({"made": 1})

    @replayable
    def second(view: Any, request: Any) -> Response:
        raise Conflict("exists", "It is there already.")

    with pytest.raises(Conflict):
        second(None, request)
    done.append(first(None, request))
    assert second(None, request).data == done[0].data == {"made": 1}


def test_answers_are_forgotten_after_a_month(as_manager: APIClient) -> None:
    old, new = uuid4(), uuid4()
    send(as_manager, "projects", {"name": "Long ago"}, old)
    send(as_manager, "projects", {"name": "Just now"}, new)
    Operation.objects.filter(op_id=old).update(at=timezone.now() - ANSWERS_KEPT - timedelta(minutes=1))

    forget_answers()

    assert list(Operation.objects.values_list("op_id", flat=True)) == [new]
