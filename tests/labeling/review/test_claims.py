"""Who holds what of the queue, tab by tab."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.annotations.models import Annotation
from labeling.assignments.models import Assignment
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Project
from labeling.review import claims, queue, services
from labeling.review.models import Claim, Verdict
from tests.labeling.making import API, annotate, assign, mask_body, problem, square, submit
from tests.labeling.review.asking import Make, claim, ids, row, sheet, verdict

ONE, TWO = UUID(int=1), UUID(int=2)


def names(made: list[Annotation]) -> list[str]:
    return [str(each.id) for each in made]


def heartbeat(client: APIClient, project: Project, tab: UUID) -> list[str]:
    answer = client.post(f"{API}/projects/{project.id}/review-queue/heartbeat", {"tab": str(tab)})
    assert answer.status_code == 200, answer.content
    held: list[str] = answer.json()["held"]
    return held


def ahead(client: APIClient, project: Project, *seen: Image) -> str | None:
    asked = {"skip_images": [str(each.id) for each in seen]}
    answer = client.post(f"{API}/projects/{project.id}/review-queue/ahead", asked)
    assert answer.status_code == 200, answer.content
    image = answer.json()["image"]
    return image and str(image["id"])


def lapse(**which: object) -> None:
    Claim.objects.filter(**which).update(until=timezone.now() - timedelta(seconds=1))


def test_two_tabs_of_one_reviewer_hold_two_masks(as_reviewer: APIClient, project: Project, submitted: Make) -> None:
    low, high = submitted(0.2, 0.9)
    assert ids(claim(as_reviewer, project, tab=str(ONE)).json()) == [str(low.id)]
    assert ids(claim(as_reviewer, project, tab=str(TWO)).json()) == [str(high.id)]
    assert ids(claim(as_reviewer, project, tab=str(ONE)).json()) == [str(low.id)], "a tab's own comes again"
    assert ids(claim(as_reviewer, project, tab=str(uuid4())).json()) == []


def test_a_sheet_is_claimed_at_once_and_nobody_else_gets_any_of_it(
    as_reviewer: APIClient, project: Project, submitted: Make, second_reviewer: User
) -> None:
    made = submitted(0.1, 0.2, 0.3, 0.4, 0.5)
    answer = claim(as_reviewer, project, count=3).json()
    assert (ids(answer), answer["waiting"]) == (names(made[:3]), 5)
    assert {each["image_detail"]["name"] for each in answer["results"]} == {"dog.jpg"}
    assert claims.claim(by=second_reviewer, project=project.id, count=60) == made[3:]


def test_the_image_ahead_is_told_whatever_is_held_and_nothing_is_claimed(
    as_reviewer: APIClient, project: Project, reviewer: User, second_reviewer: User, annotator: User, manager: User,
    submitted: Make, image: Image, more_images: Callable[[int], list[Image]], cat: LabelClass,
) -> None:  # fmt: skip
    submitted(*[0.1] * 70)
    others, free = more_images(2)
    for each, score in ((others, 0.2), (free, 0.3)):
        annotate(annotator, each, cat, predicted_iou=score, stability_score=1)
        assign(manager, each, annotator)
        submit(annotator, each)
    claims.claim(by=second_reviewer, project=project.id, filters=queue.Filters(image=others.id))
    first = claims.claim(by=reviewer, project=project.id, count=60)
    claims.claim(by=reviewer, project=project.id, count=10, keep=[each.id for each in first])
    held = set(Claim.objects.values_list("annotation", "tab", "until"))
    assert ahead(as_reviewer, project, image) == str(free.id)
    assert ahead(as_reviewer, project) == str(image.id), "what it holds comes to the tab again"
    assert ahead(as_reviewer, project, image, free) is None
    assert set(Claim.objects.values_list("annotation", "tab", "until")) == held


@pytest.mark.parametrize("count", [0, 61])
def test_a_sheet_has_its_limits(as_reviewer: APIClient, project: Project, count: int) -> None:
    problem(claim(as_reviewer, project, count=count), 400)


def test_nobody_gets_what_they_drew_or_changed(
    as_reviewer: APIClient, project: Project, reviewer: User, annotator: User, manager: User, image: Image,
    cat: LabelClass,
) -> None:  # fmt: skip
    drawn = annotate(reviewer, image, cat)
    changed, other = annotate(annotator, image, cat), annotate(annotator, image, cat)
    as_reviewer.patch(f"{API}/annotations/{changed.id}", {"model": "other"}, headers={"If-Match": '"1"'})
    assign(manager, image, annotator)
    submit(annotator, image)
    assert ids(claim(as_reviewer, project, count=9).json()) == [str(other.id)]
    problem(verdict(as_reviewer, drawn), 409, "own_annotation")
    problem(verdict(as_reviewer, changed, version=2), 409, "own_annotation")
    project.review = {**project.review, "own": True}
    project.save()
    assert len(ids(claim(as_reviewer, project, count=9).json())) == 3
    assert verdict(as_reviewer, drawn).status_code == 201


def test_who_mends_what_they_hold_judges_it_also_after_a_long_time(
    as_reviewer: APIClient, project: Project, submitted: Make, cat: LabelClass
) -> None:
    (made,) = submitted(0.5)
    claim(as_reviewer, project)
    lapse()
    values = {"segmentation": mask_body(cat, square(20, 20, 5))["segmentation"]}
    as_reviewer.patch(f"{API}/annotations/{made.id}", values, headers={"If-Match": '"1"'})
    assert verdict(as_reviewer, made, "fixed", version=2).status_code == 201


def test_a_tab_that_is_closed_holds_nothing_any_more(
    as_reviewer: APIClient, project: Project, submitted: Make, second_reviewer: User
) -> None:
    made = submitted(0.2, 0.5)
    claim(as_reviewer, project, tab=str(ONE))
    claim(as_reviewer, project, tab=str(TWO))
    path = f"{API}/projects/{project.id}/review-queue/release"
    for _ in range(2):
        assert as_reviewer.post(path, {"tab": str(ONE)}).status_code == 204, "twice is harmless"
    assert claims.claim(by=second_reviewer, project=project.id, count=9) == [made[0]]
    assert heartbeat(as_reviewer, project, TWO) == [str(made[1].id)]


def test_a_heartbeat_keeps_what_the_tab_holds(
    as_reviewer: APIClient, project: Project, submitted: Make, reviewer: User, second_reviewer: User
) -> None:
    low, high, _ = submitted(0.2, 0.5, 0.9)
    claims.claim(by=reviewer, project=project.id, tab=ONE, count=2)
    lapse(annotation=low)
    assert heartbeat(as_reviewer, project, ONE) == sorted(names([low, high]))
    assert Claim.objects.filter(until__gt=timezone.now() + timedelta(minutes=4)).count() == 2
    lapse(annotation=low)
    claims.claim(by=second_reviewer, project=project.id)
    assert heartbeat(as_reviewer, project, ONE) == [str(high.id)], "the other is somebody else's by now"
    assert heartbeat(as_reviewer, project, TWO) == []


def test_judging_renews_the_rest_of_the_sheet(
    as_reviewer: APIClient, project: Project, submitted: Make, reviewer: User
) -> None:
    made = submitted(0.1, 0.2, 0.3)
    claims.claim(by=reviewer, project=project.id, tab=ONE, count=3)
    lapse()
    verdict(as_reviewer, made[0], tab=str(ONE))
    assert set(Claim.objects.filter(until__gt=timezone.now()).values_list("annotation", flat=True)) == {
        made[1].id, made[2].id
    }  # fmt: skip
    lapse()
    body = {"verdicts": [row(made[1])], "tab": str(ONE)}
    assert as_reviewer.post(f"{API}/projects/{project.id}/verdicts", body).status_code == 201
    assert Claim.objects.get(until__gt=timezone.now()).annotation_id == made[2].id


def test_taking_the_next_lets_go_of_what_this_tab_held_and_of_no_other(
    project: Project, submitted: Make, reviewer: User, second_reviewer: User
) -> None:
    low, middle, high = submitted(0.2, 0.5, 0.9)
    claims.claim(by=reviewer, project=project.id, tab=ONE)
    claims.claim(by=reviewer, project=project.id, tab=TWO)
    assert claims.claim(by=reviewer, project=project.id, tab=ONE, skip=[low.id]) == [high]
    assert claims.claim(by=second_reviewer, project=project.id, count=9) == [low]
    assert Claim.objects.get(annotation=middle).tab == TWO


def undo(client: APIClient, id: str) -> Any:
    return client.post(f"{API}/verdicts/{id}/undo", {"tab": str(ONE)})


def test_a_verdict_is_taken_back_and_kept(
    as_reviewer: APIClient, project: Project, submitted: Make, image: Image
) -> None:
    (made,) = submitted(0.7)
    given = verdict(as_reviewer, made, "rejected", reason="Rough edge", comment="Look").json()
    answer = undo(as_reviewer, given["id"])
    assert answer.status_code == 200, answer.content
    (item,) = answer.json()["results"]
    assert (item["id"], item["state"], item["review"]) == (str(made.id), "submitted", None)
    assert (item["image_detail"]["assignment"]["state"], answer.json()["waiting"]) == ("submitted", 1)
    assert Claim.objects.get().tab == ONE
    made.refresh_from_db()
    assert (made.verdict, made.commented) == (None, False)
    kept = Verdict.objects.get()
    assert (kept.verdict, kept.undone_at is not None) == ("rejected", True)
    changes = [each["state"] for each in as_reviewer.get(f"{API}/annotations/{made.id}/history").json()["results"]][
        ::-1
    ]
    assert changes == ["draft", "submitted", "rejected", "submitted"]
    assert verdict(as_reviewer, made).status_code == 201, "and judged anew"


def test_what_was_said_before_is_said_again(
    as_reviewer: APIClient, as_annotator: APIClient, submitted: Make, annotator: User, image: Image
) -> None:
    (made,) = submitted(0.7)
    verdict(as_reviewer, made, "rejected", reason="Rough edge", comment="Left ear")
    as_annotator.patch(f"{API}/annotations/{made.id}", {"model": "other"}, headers={"If-Match": '"1"'})
    submit(annotator, image)
    given = verdict(as_reviewer, made, version=2).json()
    (item,) = undo(as_reviewer, given["id"]).json()["results"]
    assert item["review"]["comment"] == "Left ear"


def test_a_verdict_stays_once_something_came_after_it(
    as_reviewer: APIClient, as_annotator: APIClient, submitted: Make, as_manager: APIClient
) -> None:
    first, second, third = submitted(0.2, 0.5, 0.9)
    changed = verdict(as_reviewer, first).json()["id"]
    as_annotator.patch(f"{API}/annotations/{first.id}", {"model": "other"}, headers={"If-Match": '"1"'})
    assert "changed since" in problem(undo(as_reviewer, changed), 409, "too_late")["detail"]
    deleted = verdict(as_reviewer, second).json()["id"]
    as_annotator.delete(f"{API}/annotations/{second.id}", headers={"If-Match": '"1"'})
    problem(undo(as_reviewer, deleted), 409, "too_late")
    twice = verdict(as_reviewer, third).json()["id"]
    assert undo(as_reviewer, twice).status_code == 200
    problem(undo(as_reviewer, twice), 409, "too_late")
    theirs = verdict(as_reviewer, third).json()["id"]
    assert "Reviewer gave" in problem(undo(as_manager, theirs), 403)["detail"]


def test_the_first_of_two_takes_back_only_until_the_second(
    project: Project, submitted: Make, reviewer: User, second_reviewer: User, cat: LabelClass, as_reviewer: APIClient
) -> None:
    project.review = {**project.review, "second_for": [str(cat.id)]}
    project.save()
    (made,) = submitted(0.7)
    first = verdict(as_reviewer, made).json()["id"]
    assert undo(as_reviewer, first).status_code == 200
    made.refresh_from_db()
    assert made.approved_by is None
    first = verdict(as_reviewer, made).json()["id"]
    judgement = services.Judgement(made.id, Verdict.Choice.ACCEPTED, 1)
    (second,) = services.judge(by=second_reviewer, project=project.id, judgements=[judgement])
    problem(undo(as_reviewer, first), 409, "too_late")
    services.undo(by=second_reviewer, project=project.id, verdicts=[second.id])
    made.refresh_from_db()
    assert (made.state, made.approved_by) == ("submitted", reviewer), "the first one's stands"


def test_taking_back_does_not_take_from_whom_it_has_come_to(
    project: Project, submitted: Make, second_reviewer: User, cat: LabelClass, as_reviewer: APIClient
) -> None:
    project.review = {**project.review, "second_for": [str(cat.id)]}
    project.save()
    (made,) = submitted(0.7)
    first = verdict(as_reviewer, made).json()["id"]
    claims.claim(by=second_reviewer, project=project.id)
    assert undo(as_reviewer, first).status_code == 200
    assert Claim.objects.get().reviewer == second_reviewer


def test_a_sheet_of_verdicts_is_refused_whole_for_one_of_ones_own(
    as_reviewer: APIClient, project: Project, submitted: Make, reviewer: User
) -> None:
    first, second = submitted(0.2, 0.9)
    Annotation.objects.filter(id=second.id).update(created_by=reviewer)
    problem(sheet(as_reviewer, project, row(first), row(second)), 409, "own_annotation")
    assert not Verdict.objects.exists()


def test_who_asks_for_more_keeps_what_they_look_at(
    as_reviewer: APIClient, project: Project, submitted: Make, reviewer: User
) -> None:
    low, middle, high = submitted(0.2, 0.5, 0.9)
    claims.claim(by=reviewer, project=project.id, tab=ONE, count=2)
    more = claim(as_reviewer, project, tab=str(ONE), keep=[str(low.id)], skip=[str(middle.id)])
    assert ids(more.json()) == [str(high.id)]
    held = set(Claim.objects.values_list("annotation", flat=True))
    assert held == {low.id, high.id}, "and lets go of what it skips"


def undo_sheet(client: APIClient, project: Project, *verdicts: str) -> Any:
    return client.post(f"{API}/projects/{project.id}/verdicts/undo", {"verdicts": verdicts, "tab": str(ONE)})


def test_a_sheet_of_verdicts_is_taken_back_at_once(
    as_reviewer: APIClient, project: Project, submitted: Make, reviewer: User
) -> None:
    made = submitted(0.2, 0.5, 0.9)
    rows = [row(made[0]), row(made[1], "rejected", reason="Rough edge"), row(made[2])]
    given = [each["id"] for each in sheet(as_reviewer, project, *rows).json()["results"]]
    answer = undo_sheet(as_reviewer, project, *given)
    assert answer.status_code == 200, answer.content
    assert ids(answer.json()) == names(made), "the least certain first"
    assert {each["state"] for each in answer.json()["results"]} == {"submitted"}
    assert heartbeat(as_reviewer, project, ONE) == sorted(names(made))
    assert Verdict.objects.filter(undone_at=None).count() == 0
    assert Assignment.objects.get().state == "submitted"


def test_a_sheet_that_cannot_be_taken_back_whole_says_what_stays(
    as_reviewer: APIClient, as_annotator: APIClient, as_manager: APIClient, project: Project, submitted: Make
) -> None:
    first, second = submitted(0.2, 0.9)
    given = [each["id"] for each in sheet(as_reviewer, project, row(first), row(second)).json()["results"]]
    as_annotator.patch(f"{API}/annotations/{second.id}", {"model": "other"}, headers={"If-Match": '"1"'})
    body = problem(undo_sheet(as_reviewer, project, *given), 409, "too_late")
    assert [each["annotation"] for each in body["refused"]] == [str(second.id)]
    assert Verdict.objects.filter(undone_at=None).count() == 2, "all or nothing"
    problem(undo_sheet(as_manager, project, given[0]), 403)
    problem(undo_sheet(as_reviewer, project, str(ONE)), 404)
    assert undo_sheet(as_reviewer, project, given[0]).status_code == 200
