"""An annotator answers a rejection: by changing what was rejected, or by saying that it is right."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.annotations.models import Annotation
from labeling.assignments.models import Assignment
from labeling.calibration import assessments
from labeling.events.models import Event
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Membership, Project
from labeling.review import claims, queue
from labeling.review import services as review
from labeling.review.disputes import Panel
from labeling.review.models import Comment, Verdict
from tests.labeling.conftest import client_of
from tests.labeling.making import API, annotate, assign, judge, mask_body, problem, said, square, submit
from tests.labeling.review.asking import Make, claim, ids, verdict
from tests.labeling.review.asking import queue as listed


def dispute(client: APIClient, annotation: Annotation, version: int = 1, **body: Any) -> Any:
    path = f"{API}/annotations/{annotation.id}/dispute"
    return client.post(path, body, headers={"If-Match": f'"{version}"'})


@pytest.fixture
def rejected(submitted: Make, reviewer: User) -> Annotation:
    """Rejected by the reviewer, the only thing on its image."""
    (made,) = submitted(0.7)
    judge(reviewer, made, "rejected", "Rough edge")
    return made


def test_what_is_disputed_waits_for_another_reviewer(
    as_annotator: APIClient, as_reviewer: APIClient, project: Project, rejected: Annotation, second_reviewer: User
) -> None:
    assert Assignment.objects.get().state == "returned"
    answer = dispute(as_annotator, rejected).json()
    assert (answer["annotation"]["state"], answer["annotation"]["resubmission"]) == ("submitted", "disputed")
    assert answer["annotation"]["review"]["reason"] == "Rough edge", "the next reviewer reads why it came back"
    assert answer["decided_by"] == "reviewer"
    assert Assignment.objects.get().state == "submitted"
    event = Event.objects.filter(kind="annotation.disputed").get()
    assert (event.object, event.data["version"]) == (rejected.id, 1)
    history = as_annotator.get(f"{API}/annotations/{rejected.id}/history").json()["results"]
    assert history[0]["kind"] == "disputed"

    assert claim(as_reviewer, project).json()["results"] == [], "not to who rejected it"
    problem(verdict(as_reviewer, rejected), 409, "disputed")
    assert claims.claim(by=second_reviewer, project=project.id) == [rejected]
    judge(second_reviewer, rejected, "accepted")
    rejected.refresh_from_db()
    assert (rejected.state, rejected.resubmission, rejected.disputed_with) == ("accepted", None, None)
    assert Assignment.objects.get().state == "done"


def test_rejected_again_by_the_other_it_is_disputed_with_that_one(
    as_annotator: APIClient, rejected: Annotation, project: Project, reviewer: User, second_reviewer: User
) -> None:
    dispute(as_annotator, rejected)
    judge(second_reviewer, rejected, "rejected", "Wrong object")
    rejected.refresh_from_db()
    assert (rejected.state, rejected.resubmission) == ("rejected", None)
    dispute(as_annotator, rejected)
    assert claims.claim(by=second_reviewer, project=project.id) == []
    assert claims.claim(by=reviewer, project=project.id) == [rejected]


def test_without_another_reviewer_a_manager_decides_and_without_anybody_who_rejected_it(
    as_annotator: APIClient, submitted: Make, project: Project, reviewer: User, manager: User
) -> None:
    first, second = submitted(0.3, 0.7)
    judge(reviewer, first, "rejected", "Rough edge")
    assert dispute(as_annotator, first).json()["decided_by"] == "manager"
    judge(manager, first, "accepted")
    judge(manager, second, "rejected", "Rough edge")
    Membership.objects.filter(user=reviewer).delete()
    assert dispute(as_annotator, second).json()["decided_by"] == "rejecter"
    assert claims.claim(by=manager, project=project.id) == [second]
    judge(manager, second, "accepted")


def test_why_it_is_right_is_said_in_the_thread_of_the_rejection_and_settled_with_it(
    as_annotator: APIClient, submitted: Make, reviewer: User, second_reviewer: User, image: Image
) -> None:
    first, second = submitted(0.3, 0.7)
    for made, comment in ((first, "Look at the ear."), (second, "")):
        judgement = review.Judgement(made.id, Verdict.Choice.REJECTED, 1, "Rough edge", comment)
        review.judge(by=reviewer, project=image.project_id, judgements=[judgement])
        dispute(as_annotator, made, comment="The ear is hidden.")
    threads = as_annotator.get(f"{API}/images/{image.id}/comments").json()["results"]
    said_in = [(each["text"], [reply["text"] for reply in each["replies"]]) for each in threads]
    assert said_in == [("Look at the ear.", ["The ear is hidden."]), ("The ear is hidden.", [])]
    for made in (first, second):
        made.refresh_from_db()
        assert made.commented
        judge(second_reviewer, made, "accepted")
    assert not Comment.objects.filter(Comment.OPEN).exists()


def test_only_who_labeled_it_may_dispute_it_as_it_is(
    as_annotator: APIClient, as_manager: APIClient, rejected: Annotation, project: Project, image: Image, manager: User
) -> None:
    other = User.objects.create_user("other@example.org", name="Other")
    Membership.objects.create(project=project, user=other, roles=["annotator"])
    problem(dispute(client_of(other), rejected), 403, "permission_denied")
    path = f"{API}/annotations/{rejected.id}/dispute"
    problem(as_annotator.post(path, {}), 428, "version_required")
    assert problem(dispute(as_annotator, rejected, 2), 412, "stale_version")["current"]["version"] == 1
    assign(manager, image, other)
    assert dispute(client_of(other), rejected).status_code == 200, "the image is theirs now"
    problem(dispute(as_annotator, rejected), 409, "not_rejected")


def test_an_image_with_something_else_to_do_stays_with_its_annotator(
    as_annotator: APIClient, rejected: Annotation, reviewer: User, image: Image
) -> None:
    said(reviewer, image, kind="missing", x=3, y=3)
    assert dispute(as_annotator, rejected).status_code == 200
    assert Assignment.objects.get().state == "returned"


def test_what_was_rejected_and_changed_is_found_as_reworked(
    as_annotator: APIClient, as_reviewer: APIClient, project: Project, submitted: Make, reviewer: User, annotator: User,
    image: Image, cat: LabelClass,
) -> None:  # fmt: skip
    changed, disputed, plain = submitted(0.3, 0.5, 0.7)
    for made in (changed, disputed):
        judge(reviewer, made, "rejected", "Rough edge")
    values = {"segmentation": mask_body(cat, square(20, 20, 5))["segmentation"]}
    edited = as_annotator.patch(f"{API}/annotations/{changed.id}", values, headers={"If-Match": '"1"'}).json()
    assert (edited["state"], edited["resubmission"]) == ("draft", "reworked")
    dispute(as_annotator, disputed)
    submit(annotator, image)
    assert ids(listed(as_reviewer, project, "resubmission=reworked")) == [str(changed.id)]
    assert ids(listed(as_reviewer, project, "resubmission=disputed")) == [str(disputed.id)]
    assert ids(claim(as_reviewer, project, resubmission="reworked", count=9).json()) == [str(changed.id)]
    problem(claim(as_reviewer, project, resubmission="late"), 400, "invalid_choice")
    given = judge(reviewer, changed, "accepted")
    assert (given.resubmission, listed(as_reviewer, project, "resubmission=reworked")["results"]) == ("reworked", [])
    review.undo(by=reviewer, project=project.id, verdicts=[given.id])
    assert ids(listed(as_reviewer, project, "resubmission=reworked")) == [str(changed.id)]
    assert plain.resubmission is None


def test_taking_verdicts_back_leaves_a_dispute_as_it_was(
    as_annotator: APIClient, project: Project, rejected: Annotation, reviewer: User, second_reviewer: User
) -> None:
    rejection = Verdict.objects.get()
    dispute(as_annotator, rejected)
    path = f"{API}/verdicts/{rejection.id}/undo"
    problem(client_of(reviewer).post(path, {}), 409, "too_late")
    given = judge(second_reviewer, rejected, "accepted")
    review.undo(by=second_reviewer, project=project.id, verdicts=[given.id])
    rejected.refresh_from_db()
    assert (rejected.resubmission, rejected.disputed_with) == ("disputed", reviewer)
    assert claims.claim(by=reviewer, project=project.id) == []


def test_the_policy_does_not_decide_a_dispute(
    as_annotator: APIClient, project: Project, image: Image, rejected: Annotation
) -> None:
    Project.objects.update(review=project.review | {"below": 0.5})
    # Rejected before a worker had looked at it, which it has since.
    Annotation.objects.update(provisional=True, assessed=1, confidence=0.9)
    dispute(as_annotator, rejected)
    assessments._settle(image.id)
    rejected.refresh_from_db()
    assert (rejected.state, rejected.resubmission) == ("submitted", "disputed")


def test_who_has_accepted_once_leaves_the_second_word_on_a_dispute_to_whoever_is_left(
    as_annotator: APIClient, project: Project, cat: LabelClass, rejected: Annotation, reviewer: User, manager: User,
    second_reviewer: User,
) -> None:  # fmt: skip
    Project.objects.update(review=project.review | {"second_for": [str(cat.id)]})
    Membership.objects.filter(user=manager).update(roles=["annotator"])
    assert dispute(as_annotator, rejected).json()["decided_by"] == "reviewer"
    judge(second_reviewer, rejected, "accepted")
    assert claims.claim(by=second_reviewer, project=project.id) == [], "theirs was the first word"
    assert claims.claim(by=reviewer, project=project.id) == [rejected], "nobody else is left"
    judge(reviewer, rejected, "accepted")
    rejected.refresh_from_db()
    assert rejected.state == "accepted"


def test_the_second_word_taken_back_leaves_a_dispute_with_who_rejected_it(
    as_annotator: APIClient, project: Project, cat: LabelClass, rejected: Annotation, reviewer: User, manager: User,
    second_reviewer: User,
) -> None:  # fmt: skip
    Project.objects.update(review=project.review | {"second_for": [str(cat.id)]})
    dispute(as_annotator, rejected)
    judge(second_reviewer, rejected, "accepted")
    given = judge(manager, rejected, "accepted")
    review.undo(by=manager, project=project.id, verdicts=[given.id])
    rejected.refresh_from_db()
    assert (rejected.resubmission, rejected.disputed_with) == ("disputed", reviewer)
    assert claims.claim(by=reviewer, project=project.id) == []


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("count", range(5))
def test_the_queue_leaves_out_what_one_may_not_decide(
    own: bool, count: int, project: Project, reviewer: User, annotator: User, image: Image, cat: LabelClass
) -> None:
    others = [User.objects.create_user(f"r{n}@example.org", name=f"R{n}") for n in range(3)]
    made = []
    for creator in (annotator, *others):
        for editor in (annotator, *others):
            for approver in (None, others[0]):
                row = annotate(annotator, image, cat)
                Annotation.objects.filter(id=row.id).update(
                    created_by=creator, updated_by=editor, approved_by=approver, disputed_with=reviewer,
                    state="submitted",
                )  # fmt: skip
                made.append(row)
    reviewers = {user.id: ["reviewer"] for user in [reviewer, *others, annotator][:count]}
    panel = Panel(reviewer.id, reviewers, own)
    rows = list(Annotation.objects.filter(id__in=[row.id for row in made]))
    barred = set(Annotation.objects.filter(panel.barred()).values_list("id", flat=True))
    assert barred == {row.id for row in rows if panel.bars(row)}
    (found,) = queue.branches(project, queue.ALL)
    assert not barred & set(queue.free_for(found, reviewer, claims.NO_TAB, panel).values_list("id", flat=True))
