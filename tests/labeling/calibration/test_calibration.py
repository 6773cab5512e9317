"""Confidences are fitted to verdicts, version by version, and never judged by verdicts that they have seen."""

from dataclasses import replace
from uuid import uuid4

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.annotations.confidence import probability
from labeling.annotations.models import Annotation
from labeling.calibration import fitting, services
from labeling.calibration.models import Calibration
from labeling.images.models import Image
from labeling.jobs.models import Job
from labeling.projects.models import LabelClass, Project
from labeling.review.models import Verdict
from tests.labeling.making import API, annotate, assign, judge, submit


def judged(n: int, seed: int = 0, shift: float = -1.0) -> list[fitting.Judged]:
    """Verdicts of reviewers who are stricter than the start formula by `shift`, in log odds."""
    random = np.random.default_rng(seed)
    starts = random.normal(1.5, 1.5, n)
    accepted = random.random(n) < [probability(start + shift) for start in starts]
    return [
        fitting.Judged(float(start), bool(yes), "cat", "ana", str(at // 3))
        for at, (start, yes) in enumerate(zip(starts, accepted, strict=True))
    ]


def test_a_fit_is_closer_to_what_reviewers_do_than_the_start_formula() -> None:
    found = fitting.fit(judged(400))
    later = judged(4000, seed=1)
    accepted = np.array([float(each.accepted) for each in later])
    begun = np.array([probability(each.start) for each in later])
    assert fitting.ece(fitting.predicted(found, later), accepted) < 0.05 < fitting.ece(begun, accepted)


def test_no_verdict_is_judged_by_a_fit_that_saw_it() -> None:
    verdicts = judged(90)
    before = fitting.out_of_fold(verdicts)
    for at in (0, 45):
        one = verdicts[at]
        turned = fitting.Judged(one.start, not one.accepted, one.label_class, one.annotator, one.group)
        after = fitting.out_of_fold([*verdicts[:at], turned, *verdicts[at + 1 :]])
        assert after[at] == pytest.approx(before[at])


def edited(n: int, seed: int = 0) -> list[fitting.Judged]:
    """Verdicts of which every edit after SAM costs as much as the start formula's whole step; of some it is unknown."""
    random = np.random.default_rng(seed)
    edits = random.integers(0, 4, n)
    accepted = random.random(n) < [probability(1.5 - each) for each in edits]
    return [
        fitting.Judged(1.0, bool(yes), "cat", "ana", str(at // 3), {"edits": float(each)} if at % 5 else {})
        for at, (each, yes) in enumerate(zip(edits, accepted, strict=True))
    ]


def test_verdicts_teach_what_the_start_formula_does_not_weigh() -> None:
    found = fitting.fit(edited(400))
    weight, _ = found["learned"]["edits"]
    assert weight < -0.5
    later = edited(2000, seed=1)
    accepted = np.array([float(each.accepted) for each in later])
    assert (fitting.auroc(fitting.predicted(found, later), accepted) or 0) > 0.65


def test_no_verdict_is_judged_by_signals_weighed_with_it() -> None:
    verdicts = edited(90)
    before = fitting.out_of_fold(verdicts)
    turned = replace(verdicts[45], accepted=not verdicts[45].accepted, learned={"edits": 40.0})
    after = fitting.out_of_fold([*verdicts[:45], turned, *verdicts[46:]])
    assert after[46] == pytest.approx(before[46]), "they are of one image"
    assert after[45] != pytest.approx(before[45]), "it is weighed, by the others"


@pytest.mark.parametrize("accepted", [True, False])
def test_verdicts_that_are_all_alike_still_leave_a_doubt(accepted: bool) -> None:
    verdicts = [fitting.Judged(1.0, accepted, "cat", "ana", str(n)) for n in range(60)]
    (confidence,) = set(fitting.predicted(fitting.fit(verdicts), verdicts))
    assert 0 < confidence < 1
    assert (confidence > 0.5) == accepted


def give(reviewer: User, image: Image, annotation: Annotation, n: int) -> None:
    Verdict.objects.bulk_create(
        Verdict(annotation=annotation, project=image.project_id, label_class=annotation.label_class_id,
                annotator=annotation.created_by_id, verdict="accepted" if each.accepted else "rejected", version=1,
                confidence=0.5, evidence={"start": each.start, "image": each.group}, by=reviewer,
                evidence_at=timezone.now())
        for each in judged(n)
    )  # fmt: skip


@pytest.fixture
def waiting(manager: User, annotator: User, image: Image, cat: LabelClass) -> Annotation:
    made = annotate(annotator, image, cat)
    assign(manager, image, annotator)
    submit(annotator, image)
    Annotation.objects.filter(id=made.id).update(signals={"start": 1.0, "box_max": 0.9, "margin": 0.2}, assessed=1)
    made.refresh_from_db()
    return made


def test_below_fifty_verdicts_the_start_formula_stays(
    as_reviewer: APIClient, project: Project, reviewer: User, image: Image, waiting: Annotation
) -> None:
    give(reviewer, image, waiting, 49)
    assert services.calibrate(project.id) is None
    body = as_reviewer.get(f"{API}/projects/{project.id}/calibration").json()
    assert (body["current"], body["verdicts"], body["needed"], body["history"]) == (None, 49, 50, [])


def test_only_verdicts_that_can_teach_count(
    as_reviewer: APIClient, project: Project, reviewer: User, image: Image, waiting: Annotation
) -> None:
    give(reviewer, image, waiting, 60)
    Verdict.objects.filter(id__in=Verdict.objects.values("id")[:25]).update(evidence={}, evidence_at=None)
    body = as_reviewer.get(f"{API}/projects/{project.id}/calibration").json()
    assert (body["verdicts"], body["without_signals"]) == (35, 25)
    assert services.calibrate(project.id) is None


def test_every_fit_is_a_version_and_is_applied_to_what_waits(
    as_manager: APIClient, project: Project, reviewer: User, image: Image, waiting: Annotation
) -> None:
    give(reviewer, image, waiting, 120)
    services.calibrate(project.id)
    services.calibrate(project.id)
    body = as_manager.get(f"{API}/projects/{project.id}/calibration").json()
    assert [each["version"] for each in body["history"]] == [2, 1]
    report = body["current"]["report"]
    assert report["ece_low"] <= report["ece_high"]
    assert sum(each["n"] for each in report["bins"]) == 120
    before = waiting.confidence
    waiting.refresh_from_db()
    assert waiting.confidence != before
    assert waiting.version == 1


def test_verdicts_order_a_fit_and_remember_what_was_known(
    project: Project, reviewer: User, image: Image, waiting: Annotation
) -> None:
    give(reviewer, image, waiting, 24)
    judge(reviewer, waiting, "accepted")
    assert Verdict.objects.latest("at").evidence == {
        "start": 1.0,
        "image": str(image.id),
        "learned": {"margin": 0.2},
    }
    assert Job.objects.get(kind=Job.Kind.CALIBRATE, target=project.id).state == "queued"


def test_applying_costs_no_more_queries_for_many(
    project: Project, annotator: User, image: Image, cat: LabelClass, waiting: Annotation
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            services.apply(project)
        return len(captured)

    Annotation.objects.filter(id=waiting.id).update(confidence=0.1)
    few = cost()
    copies = [Annotation.objects.get(id=waiting.id) for _ in range(30)]
    for copy in copies:
        copy.id, copy.confidence, copy._state.adding = uuid4(), 0.1, True
    Annotation.objects.bulk_create(copies)
    assert cost() == few


def test_a_viewer_is_told_nothing_of_it(as_viewer: APIClient, project: Project) -> None:
    assert as_viewer.get(f"{API}/projects/{project.id}/calibration").status_code == 403
    assert not Calibration.objects.exists()
