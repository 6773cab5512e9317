"""What people say of images, places and objects, and what follows from it."""

from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.annotations import services as annotations
from labeling.annotations.models import Annotation
from labeling.assignments.models import Assignment
from labeling.events.models import Event
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Project
from labeling.review.models import Comment
from tests.labeling.making import API, annotate, assign, judge, problem, submit, together
from tests.labeling.review.asking import Make, ids, queue, verdict


def say(client: APIClient, image: Image, text: str = "Look here", **fields: Any) -> Any:
    return client.post(f"{API}/images/{image.id}/comments", {"id": str(uuid4()), "text": text, **fields})


def missing(client: APIClient, image: Image, **fields: Any) -> Any:
    return say(client, image, "A second sheep", **{"kind": "missing", "x": 9, "y": 9, **fields})


def listed(client: APIClient, image: Image) -> list[dict[str, Any]]:
    threads: list[dict[str, Any]] = client.get(f"{API}/images/{image.id}/comments").json()["results"]
    return threads


def resolve(client: APIClient, thread: dict[str, Any], resolved: bool = True) -> Any:
    return client.post(f"{API}/comments/{thread['id']}/resolve", {"resolved": resolved})


@pytest.fixture
def handed_in(manager: User, annotator: User, image: Image, cat: LabelClass) -> Annotation:
    made = annotate(annotator, image, cat)
    assign(manager, image, annotator)
    submit(annotator, image)
    return made


def test_a_thread_has_its_place_and_its_answers_in_order(
    as_annotator: APIClient, as_reviewer: APIClient, as_viewer: APIClient, image: Image
) -> None:
    first = say(as_annotator, image, x=10.5, y=20)
    assert first.status_code == 201
    thread = first.json()
    for client, text in ((as_reviewer, "Where?"), (as_annotator, "There.")):
        assert say(client, image, text, thread=thread["id"]).status_code == 201
    (shown,) = listed(as_viewer, image)
    assert (shown["text"], shown["x"], shown["y"], shown["by"]["name"]) == ("Look here", 10.5, 20.0, "Annotator")
    assert [(each["text"], each["by"]["name"]) for each in shown["replies"]] == [
        ("Where?", "Reviewer"), ("There.", "Annotator"),
    ]  # fmt: skip
    kinds = Event.objects.filter(kind__startswith="comment.").values_list("kind", "image")
    assert list(kinds) == [("comment.created", image.id)] * 3


def test_saying_it_again_is_harmless(as_annotator: APIClient, image: Image) -> None:
    id = str(uuid4())
    assert say(as_annotator, image, id=id).status_code == 201
    assert say(as_annotator, image, id=id).status_code == 200
    problem(say(as_annotator, image, "Something else", id=id), 409, "id_taken")
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "code", "pointer"),
    [
        ({"x": 3}, "invalid_place", "/y"),
        ({"x": 65, "y": 3}, "invalid_place", "/x"),
        ({"x": -1, "y": 3}, "invalid_place", "/x"),
        ({"annotation": str(uuid4())}, "no_such_annotation", "/annotation"),
        ({"text": "  "}, "blank", "/text"),
        ({"kind": "praise"}, "invalid_choice", "/kind"),
        ({"thread": str(uuid4()), "x": 1, "y": 1}, "reply_with_place", "/thread"),
    ],
)
def test_what_cannot_be_said_is_told(
    as_reviewer: APIClient, image: Image, fields: dict[str, Any], code: str, pointer: str
) -> None:
    assert problem(say(as_reviewer, image, **fields), 400, code)["errors"][0]["pointer"] == pointer


def test_a_missing_object_has_a_place_and_no_object(as_reviewer: APIClient, image: Image, handed_in: Any) -> None:
    problem(missing(as_reviewer, image, x=None, y=None), 400, "place_missing")
    problem(missing(as_reviewer, image, annotation=str(handed_in.id)), 400, "invalid_place")


def test_an_answer_belongs_to_a_thread_of_the_image(as_annotator: APIClient, image: Image, more_images: Any) -> None:
    (other,) = more_images(1)
    thread = say(as_annotator, image).json()
    problem(say(as_annotator, other, thread=thread["id"]), 400, "no_such_thread")
    answer = say(as_annotator, image, thread=thread["id"]).json()["replies"][0]
    problem(say(as_annotator, image, thread=answer["id"]), 400, "no_such_thread")
    problem(resolve(as_annotator, answer), 409, "not_a_thread")


def test_only_ones_own_words_are_changed_and_taken_back(
    as_annotator: APIClient, as_reviewer: APIClient, image: Image
) -> None:
    thread = say(as_annotator, image).json()
    path = f"{API}/comments/{thread['id']}"
    problem(as_reviewer.patch(path, {"text": "Mine"}), 403, "permission_denied")
    problem(as_reviewer.delete(path), 403, "permission_denied")
    edited = as_annotator.patch(path, {"text": "Look there"}).json()
    assert (edited["text"], edited["edited_at"] is not None) == ("Look there", True)
    assert as_annotator.delete(path).status_code == 204
    assert listed(as_annotator, image) == []
    problem(as_annotator.patch(path, {"text": "Again"}), 404)


def test_what_was_answered_stays(as_annotator: APIClient, as_reviewer: APIClient, image: Image) -> None:
    thread = say(as_annotator, image).json()
    answer = say(as_reviewer, image, "Yes?", thread=thread["id"]).json()["replies"][0]
    problem(as_annotator.delete(f"{API}/comments/{thread['id']}"), 409, "answered")
    assert as_reviewer.delete(f"{API}/comments/{answer['id']}").status_code == 204
    assert as_annotator.delete(f"{API}/comments/{thread['id']}").status_code == 204


def test_a_thread_is_resolved_and_opened_again(as_annotator: APIClient, as_reviewer: APIClient, image: Image) -> None:
    thread = say(as_annotator, image).json()
    resolved = resolve(as_reviewer, thread).json()
    assert resolved["resolved_by"]["name"] == "Reviewer"
    assert resolve(as_annotator, thread).json() == resolved, "who did it first"
    assert resolve(as_annotator, thread, False).json()["resolved_at"] is None
    kinds = Event.objects.filter(kind__startswith="comment.").values_list("kind", flat=True)
    assert list(kinds) == ["comment.created", "comment.resolved", "comment.reopened"]


def test_an_annotation_is_found_by_what_is_open_on_it(
    as_annotator: APIClient, as_reviewer: APIClient, project: Project, image: Image, handed_in: Annotation
) -> None:
    thread = say(as_annotator, image, "Is this a tail?", annotation=str(handed_in.id)).json()
    say(as_reviewer, image, "A mane", thread=thread["id"])
    for asked in ("commented=true", "q=tail", "q=mane", "q=a man"):
        assert ids(queue(as_reviewer, project, asked)) == [str(handed_in.id)], asked
    resolve(as_reviewer, thread)
    for asked in ("commented=true", "q=tail", "q=mane"):
        assert ids(queue(as_reviewer, project, asked)) == [], asked


def test_a_comment_with_a_verdict_begins_a_thread_that_approval_settles(
    as_reviewer: APIClient, as_annotator: APIClient, annotator: User, image: Image, handed_in: Annotation
) -> None:
    verdict(as_reviewer, handed_in, "rejected", reason="Rough edge", comment="The left ear")
    (thread,) = listed(as_annotator, image)
    assert (thread["text"], thread["annotation"]) == ("The left ear", str(handed_in.id))
    say(as_annotator, image, "Mended", thread=thread["id"])
    annotations.change(by=annotator, image=image.id, update=[annotations.Edit(handed_in.id, 1, {"model": "other"})])
    submit(annotator, image)
    verdict(as_reviewer, handed_in, version=2)
    (thread,) = listed(as_annotator, image)
    assert thread["resolved_by"]["name"] == "Reviewer"
    assert not Annotation.objects.get().commented


def test_a_verdict_that_is_taken_back_takes_its_comments_along(
    as_reviewer: APIClient, as_annotator: APIClient, image: Image, handed_in: Annotation
) -> None:
    given = verdict(as_reviewer, handed_in, "rejected", reason="Rough edge", comment="The left ear").json()
    as_reviewer.post(f"{API}/verdicts/{given['id']}/undo", {})
    assert listed(as_annotator, image) == []
    given = verdict(as_reviewer, handed_in, "rejected", reason="Rough edge", comment="The right ear").json()
    say(as_annotator, image, "Why?", thread=listed(as_annotator, image)[0]["id"])
    as_reviewer.post(f"{API}/verdicts/{given['id']}/undo", {})
    assert len(listed(as_annotator, image)) == 1, "somebody has answered"
    given = verdict(as_reviewer, handed_in).json()
    assert listed(as_annotator, image)[0]["resolved_at"]
    as_reviewer.post(f"{API}/verdicts/{given['id']}/undo", {})
    assert listed(as_annotator, image)[0]["resolved_at"] is None
    assert Annotation.objects.get().commented


def test_a_comment_on_a_deleted_object_stays_readable(
    as_annotator: APIClient, annotator: User, image: Image, cat: LabelClass
) -> None:
    made = annotate(annotator, image, cat)
    say(as_annotator, image, annotation=str(made.id), x=5, y=7)
    annotations.change(by=annotator, image=image.id, delete=[annotations.Deletion(made.id, 1)])
    (thread,) = listed(as_annotator, image)
    assert (thread["annotation"], thread["x"]) == (str(made.id), 5.0)
    say(as_annotator, image, "It is gone", thread=thread["id"])


def state() -> str:
    return Assignment.objects.get().state


def test_what_is_missing_sends_the_image_back_and_has_to_be_answered(
    as_reviewer: APIClient, as_annotator: APIClient, image: Image, handed_in: Annotation
) -> None:
    pin = missing(as_reviewer, image).json()
    assert state() == "returned"
    (mine,) = as_annotator.get(f"{API}/me/comments").json()
    assert (mine["image"], mine["comments"], mine["missing"]) == (str(image.id), 0, 1)
    path = f"{API}/assignments/{Assignment.objects.get().id}/submit"
    assert "1 missing object" in problem(as_annotator.post(path), 409, "missing_unanswered")["detail"]
    resolve(as_annotator, pin)
    assert state() == "returned", "until it is handed in"
    assert as_annotator.post(path).json()["state"] == "submitted"
    assert as_annotator.get(f"{API}/me/comments").json() == []


def test_verdicts_do_not_finish_an_image_on_which_something_is_missing(
    as_reviewer: APIClient, reviewer: User, image: Image, handed_in: Annotation
) -> None:
    pin = missing(as_reviewer, image).json()
    judge(reviewer, handed_in, "accepted")
    assert state() == "returned"
    resolve(as_reviewer, pin)
    assert state() == "done", "who pointed at it thought better"
    resolve(as_reviewer, pin, False)
    assert state() == "returned"
    as_reviewer.delete(f"{API}/comments/{pin['id']}")
    assert state() == "done"


def test_on_an_image_that_is_being_labeled_it_changes_nothing_yet(
    as_reviewer: APIClient, as_annotator: APIClient, manager: User, annotator: User, image: Image
) -> None:
    missing(as_reviewer, image)
    made = assign(manager, image, annotator)
    assert state() == "open"
    problem(as_annotator.post(f"{API}/assignments/{made.id}/submit"), 409, "missing_unanswered")


def test_only_reviewers_send_work_back(as_annotator: APIClient, image: Image) -> None:
    problem(missing(as_annotator, image), 403, "permission_denied")


@pytest.mark.django_db(transaction=True)
def test_commenting_and_judging_and_handing_in_at_once_do_not_wait_for_each_other(
    as_annotator: APIClient, as_reviewer: APIClient, annotator: User, reviewer: User, submitted: Make, image: Image
) -> None:
    for made in submitted(*[0.5] * 4):
        on_it = {"annotation": str(made.id)}
        acts: list[Any] = [
            lambda on_it=on_it: say(as_annotator, image, **on_it).status_code,
            lambda made=made: judge(reviewer, made, "accepted"),
            lambda: resolve(as_reviewer, missing(as_reviewer, image).json()).status_code,
            lambda: submit(annotator, image),
        ]
        answers = together(4, lambda n, acts=acts: acts[n]())
        failed = [each for each in answers if isinstance(each, Exception) and "missing" not in str(each)]
        assert not failed, answers
    assert Annotation.objects.filter(commented=True).count() == 4
