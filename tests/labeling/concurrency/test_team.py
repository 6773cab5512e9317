"""Many people at once, each with a browser of their own: nothing is lost, nothing is doubled, no number is skipped."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.annotations.models import Annotation, AnnotationVersion
from labeling.assignments.models import Assignment
from labeling.events.models import Event, Stream
from labeling.images.models import Image
from labeling.projects import services as projects
from labeling.projects.models import LabelClass, Project
from labeling.projects.roles import Role
from labeling.review.models import Verdict
from tests.labeling.conftest import client_of
from tests.labeling.making import API, annotate, assign, listed, mask_body, submit, together

pytestmark = pytest.mark.django_db(transaction=True)

Team = Callable[[int, Role], list[APIClient]]


@pytest.fixture
def team(person: Callable[[str], User], project: Project, manager: User) -> Team:
    """Makes so many members with this role and logs each in."""

    def make(count: int, role: Role) -> list[APIClient]:
        people = [person(f"{role}{n}") for n in range(count)]
        for user in people:
            projects.add_member(by=manager, project=project.id, email=user.email, roles=[role], name="")
        return [client_of(user) for user in people]

    return make


@pytest.fixture(autouse=True)
def _whole_log(project: Project) -> Any:
    """Whatever a test did: the project's events are numbered 1, 2, 3, … to the last."""
    yield
    seqs = list(Event.objects.filter(project=project.id).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))
    assert Stream.objects.get(project=project.id).last_seq == len(seqs)


def answers(clients: list[APIClient], act: Callable[[APIClient, int], Any]) -> list[Any]:
    """What each person's act answered, all acting at once. An act that raised is an error of the test."""
    results = together(len(clients), lambda n: act(clients[n], n))
    raised = [result for result in results if isinstance(result, Exception)]
    assert not raised, raised
    return results


def test_eight_browsers_write_to_one_image_and_nothing_is_lost(team: Team, image: Image, cat: LabelClass) -> None:
    def work(client: APIClient, n: int) -> list[dict[str, Any]]:
        """Creates, changes, deletes every third, and sends every request twice, as an outbox does."""
        kept = []
        for turn in range(6):
            created = twice(client, "post", f"images/{image.id}/annotations", mask_body(cat, z=100 * n + turn))
            assert created.status_code == 201, created.content
            one = created.json()
            changed = twice(
                client, "post", f"images/{image.id}/changes", {"update": [{**edit(one), "model": f"{turn}"}]}
            )
            assert changed.status_code == 200, changed.content
            one = changed.json()["annotations"][0]
            if turn % 3 == 2:
                gone = twice(client, "delete", f"annotations/{one['id']}", None, match=one["version"])
                assert gone.status_code == 204, gone.content
            else:
                kept.append(one)
        return kept

    acknowledged = [one for kept in answers(team(8, Role.ANNOTATOR), work) for one in kept]

    there = {str(row.id): (row.version, row.z) for row in Annotation.objects.filter(image=image, deleted_at=None)}
    assert there == {one["id"]: (one["version"], one["z"]) for one in acknowledged}
    numbers = Annotation.objects.filter(image=image).values_list("number", flat=True)
    assert sorted(numbers) == list(range(1, 8 * 6 + 1))
    assert len(there) == 8 * 4
    assert Annotation.objects.filter(image=image).exclude(deleted_at=None).count() == 8 * 2
    kinds = Counter(Event.objects.filter(image=image.id).values_list("kind", flat=True))
    expected = {"annotation.created": 48, "annotation.changed": 48, "annotation.deleted": 16}
    assert {kind: kinds[kind] for kind in expected} == expected
    assert AnnotationVersion.objects.filter(annotation__image=image).count() == sum(expected.values())


def test_eight_browsers_change_the_same_masks_and_every_version_is_someones(
    team: Team, image: Image, cat: LabelClass, annotator: User
) -> None:
    shared = [annotate(annotator, image, cat) for _ in range(3)]

    def work(client: APIClient, n: int) -> int:
        """All three at once, taking the state that a refusal brings, until it is taken."""
        rows = {row.id: row.version for row in shared}
        for refused in range(200):
            update = [{"id": str(id), "version": version, "model": f"{n}"} for id, version in rows.items()]
            # Everyone names them in another order.
            answer = client.post(f"{API}/images/{image.id}/changes", {"update": update[n % 3 :] + update[: n % 3]})
            if answer.status_code == 200:
                return refused
            assert answer.status_code == 412, answer.content
            now = listed(client, image)
            rows = {row["id"]: row["version"] for row in now}
        raise AssertionError("never taken")

    refused = answers(team(8, Role.ANNOTATOR), work)

    rows = Annotation.objects.filter(image=image)
    assert {row.version for row in rows} == {9}, "eight changes, each on all three"
    assert len({row.model for row in rows}) == 1, "all or nothing: the last one wrote all three"
    assert sum(refused) > 0, "nobody was in anybody's way: the test tested nothing"


def test_one_change_sent_by_several_threads_at_once_is_one_row_and_one_answer(
    team: Team, image: Image, cat: LabelClass
) -> None:
    (client,) = team(1, Role.ANNOTATOR)
    body = {"create": [mask_body(cat), mask_body(cat)]}
    key = {"Idempotency-Key": str(uuid4())}
    path = f"{API}/images/{image.id}/changes"

    sent = answers([client] * 8, lambda client, n: client.post(path, body, headers=key))

    assert {answer.status_code for answer in sent} == {200}
    assert all(body_of(answer) == body_of(sent[0]) for answer in sent)
    assert Annotation.objects.filter(image=image).count() == 2
    assert Event.objects.filter(kind="annotation.created").count() == 2


def test_sixteen_annotators_pull_until_nothing_is_left(
    team: Team, project: Project, more_images: Callable[[int], list[Image]]
) -> None:
    more_images(24)

    def work(client: APIClient, n: int) -> list[str]:
        done = []
        while (pulled := client.post(f"{API}/projects/{project.id}/assignments/next")).status_code == 200:
            path = f"{API}/assignments/{pulled.json()['id']}/submit"
            submitted = client.post(path, {"nothing_to_label": True})
            assert submitted.status_code == 200, submitted.content
            done.append(pulled.json()["image"]["id"])
        assert pulled.status_code == 204, pulled.content
        return done

    given = [image for done in answers(team(16, Role.ANNOTATOR), work) for image in done]

    assert sorted(given) == sorted(str(id) for id in Image.objects.values_list("id", flat=True))
    assert Counter(Assignment.objects.values_list("state", flat=True)) == {"submitted": 24}


def test_eight_reviewers_judge_until_nothing_waits(
    team: Team, project: Project, annotator: User, manager: User, cat: LabelClass,
    more_images: Callable[[int], list[Image]],
) -> None:  # fmt: skip
    masks = []
    for image in more_images(4):
        assign(manager, image, annotator)
        masks += [annotate(annotator, image, cat, predicted_iou=0.5, stability_score=0.5) for _ in range(8)]
        submit(annotator, image)

    def work(client: APIClient, n: int) -> list[str]:
        judged = []
        while claimed := client.post(f"{API}/projects/{project.id}/review-queue/next", {}).json()["results"]:
            (item,) = claimed
            body = {"verdict": "accepted", "version": item["version"]}
            verdict = twice(client, "post", f"annotations/{item['id']}/verdicts", body)
            assert verdict.status_code == 201, verdict.content
            judged.append(item["id"])
        return judged

    judged = [id for ids in answers(team(8, Role.REVIEWER), work) for id in ids]

    assert sorted(judged) == sorted(str(mask.id) for mask in masks), "each exactly once"
    assert Verdict.objects.count() == len(masks)
    assert set(Annotation.objects.values_list("state", flat=True)) == {"accepted"}
    assert set(Assignment.objects.values_list("state", flat=True)) == {"done"}


def test_eight_reviewers_with_one_sheet_of_verdicts_and_one_of_them_counts(
    team: Team, project: Project, image: Image, annotator: User, manager: User, cat: LabelClass
) -> None:
    assign(manager, image, annotator)
    masks = [annotate(annotator, image, cat) for _ in range(6)]
    submit(annotator, image)

    def work(client: APIClient, n: int) -> int:
        rows = [{"annotation": str(mask.id), "verdict": "accepted", "version": 1} for mask in masks]
        status: int = client.post(
            f"{API}/projects/{project.id}/verdicts", {"verdicts": rows[n % 6 :] + rows[: n % 6]}
        ).status_code
        return status

    statuses = Counter(answers(team(8, Role.REVIEWER), work))

    assert statuses == {201: 1, 409: 7}
    assert Verdict.objects.count() == len(masks)


def edit(annotation: dict[str, Any]) -> dict[str, Any]:
    return {"id": annotation["id"], "version": annotation["version"]}


def twice(client: APIClient, method: str, path: str, body: Any, match: int | None = None) -> Any:
    """Send a request and, as if the first answer had been lost, send it again; both answers are the same."""
    headers = {"Idempotency-Key": str(uuid4())} | ({} if match is None else {"If-Match": f'"{match}"'})
    first, second = (getattr(client, method)(f"{API}/{path}", body, headers=headers) for _ in range(2))
    assert (first.status_code, body_of(first)) == (second.status_code, body_of(second))
    return first


def body_of(answer: Any) -> Any:
    """PostgreSQL keeps a stored answer's keys in an order of its own."""
    return json.loads(answer.content or "null")
