"""What workers find of masks: asked once an image, written once, never of a mask that has changed since."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inference.assess_contract import packed, unpacked
from labeling.accounts.models import User
from labeling.annotations import services
from labeling.annotations.assessing import evidence_of
from labeling.annotations.models import Annotation
from labeling.assignments.models import Assignment
from labeling.calibration import assessments, sizes
from labeling.calibration.selectors import state
from labeling.events.models import Event
from labeling.images import keys
from labeling.images.models import Image
from labeling.jobs.models import Job
from labeling.projects.models import LabelClass, Project
from labeling.review import claims, evidence
from labeling.review.models import Claim, Verdict
from tests.labeling.making import annotate, assign, box_body, judge, polygon_body, square, submit

GOOD = {
    "point_max": 0.95,
    "box_max": 0.97,
    "both_one": 0.97,
    "mask_one": 0.9,
    "box_precision": 0.97,
    "box_recall": 0.97,
}
POOR = {"point_max": 0.2, "box_max": 0.41, "both_one": 0.3, "mask_one": 0.3, "box_precision": 0.4, "box_recall": 0.5}


@pytest.fixture(autouse=True)
def _with_assessments(settings: Any, tmp_path: Any) -> Any:
    settings.ASSESS = True
    settings.STORAGE = str(tmp_path)
    keys.store.cache_clear()
    yield
    keys.store.cache_clear()


def find(image: Image, signals: dict[str, float], **versions: int) -> dict[str, Any]:
    """Acts as the worker: these signals for everything that it is asked about; what it reports."""
    asked = unpacked(keys.store().read(assessments.message(image.id)["masks"]))["masks"]
    found = [
        {"id": each["id"], "version": versions.get(each["id"], each["version"]), "signals": dict(signals)}
        for each in asked
        if each["wanted"]
    ]
    key = f"assessments/{image.id}/made/signals.json.gz"
    keys.store().write(key, packed({"signals": found}))
    return {"key": key}


def job(image: Image) -> Job:
    return Job.objects.get(kind=Job.Kind.ASSESS, target=image.id)


def test_everything_with_pixels_is_looked_at_in_one_job_an_image(
    annotator: User, image: Image, cat: LabelClass
) -> None:
    annotate(annotator, image, cat)
    body = polygon_body(cat, [[[2.0, 2.0, 20.0, 2.0, 20.0, 20.0]]])
    services.change(by=annotator, image=image.id, create=[{**body, "class_id": cat.id}])
    assert job(image).state == "queued"
    asked = unpacked(keys.store().read(assessments.message(image.id)["masks"]))["masks"]
    assert [each["wanted"] for each in asked] == [True, True]


def test_nobody_is_told_of_the_job(annotator: User, image: Image, cat: LabelClass) -> None:
    annotate(annotator, image, cat)
    assert not Event.objects.filter(kind="job.changed", data__kind="assess").exists()


def test_what_is_found_is_kept_and_changes_no_version(annotator: User, image: Image, cat: LabelClass) -> None:
    made = annotate(annotator, image, cat)
    assert made.confidence is None
    result = find(image, GOOD)
    for _ in range(2):
        assessments.receive(image.id, result)
    made.refresh_from_db()
    assert (made.version, made.assessed) == (1, 1)
    assert 0.5 < (made.confidence or 0) < 1


def test_poor_agreement_is_doubted_in_words(annotator: User, image: Image, cat: LabelClass, as_annotator: Any) -> None:
    good, poor = annotate(annotator, image, cat), annotate(annotator, image, cat)
    result = find(image, GOOD)
    asked = unpacked(keys.store().read(result["key"]))
    next(each for each in asked["signals"] if each["id"] == str(poor.id))["signals"] = POOR
    keys.store().write(result["key"], packed(asked))
    assessments.receive(image.id, result)
    good.refresh_from_db()
    poor.refresh_from_db()
    assert (poor.confidence or 1) < (good.confidence or 0)
    told = as_annotator.get(f"/api/v1/annotations/{poor.id}").json()["doubts"]
    assert any("box" in each["text"] for each in told)


def test_what_changed_meanwhile_waits_for_the_next_look(annotator: User, image: Image, cat: LabelClass) -> None:
    made = annotate(annotator, image, cat)
    Job.objects.filter(id=job(image).id).update(state="running")
    result = find(image, GOOD)
    shape = {"segmentation": services_mask()}
    services.change(by=annotator, image=image.id, update=[services.Edit(made.id, 1, shape)])
    assessments.receive(image.id, result)
    made.refresh_from_db()
    assert (made.assessed, made.signals) == (None, None)
    assert job(image).stale, "so that it is queued again once it is done"


def services_mask() -> dict[str, Any]:
    from inference import masks

    return masks.encode(square(10, 10)).to_json()


def test_a_mask_that_is_changed_by_hand_loses_what_sam_said_of_it(
    annotator: User, image: Image, cat: LabelClass
) -> None:
    made = annotate(annotator, image, cat, source="sam", predicted_iou=0.9, stability_score=0.95)
    assessments.receive(image.id, find(image, GOOD))
    edit = services.Edit(made.id, 1, {"segmentation": services_mask()})
    (changed,) = services.change(by=annotator, image=image.id, update=[edit]).annotations
    assert (changed.predicted_iou, changed.assessed, changed.confidence) == (None, None, None)


def test_another_class_does_not_cost_the_signals(
    annotator: User, image: Image, cat: LabelClass, dog: LabelClass
) -> None:
    made = annotate(annotator, image, cat)
    assessments.receive(image.id, find(image, GOOD))
    edit = services.Edit(made.id, 1, {"class_id": dog.id})
    (changed,) = services.change(by=annotator, image=image.id, update=[edit]).annotations
    assert changed.assessed is not None
    assert (changed.confidence or 0) > 0.5


def handed_in(manager: User, annotator: User, image: Image, cat: LabelClass, project: Project) -> Annotation:
    project.review = {**project.review, "sample": 0, "below": 0.5}
    project.save(update_fields=["review"])
    made = annotate(annotator, image, cat, predicted_iou=0.9, stability_score=0.9)
    assign(manager, image, annotator)
    submit(annotator, image)
    made.refresh_from_db()
    return made


@pytest.mark.parametrize(
    ("signals", "state", "image_state"), [(GOOD, "accepted", "done"), (POOR, "submitted", "submitted")]
)
def test_the_policy_waits_for_what_is_found_and_is_asked_again(
    manager: User, annotator: User, image: Image, cat: LabelClass, project: Project,
    signals: dict[str, float], state: str, image_state: str,
) -> None:  # fmt: skip
    made = handed_in(manager, annotator, image, cat, project)
    assert (made.state, made.provisional) == ("submitted", True)
    assessments.receive(image.id, find(image, signals))
    made.refresh_from_db()
    assert (made.state, made.provisional) == (state, False)
    assert Assignment.objects.get(image=image).state == image_state


def test_a_known_confidence_and_the_state_stay_as_a_reviewer_sees_them(
    manager: User, annotator: User, reviewer: User, image: Image, cat: LabelClass, project: Project
) -> None:
    made = handed_in(manager, annotator, image, cat, project)
    claims.claim(by=reviewer, project=project.id)
    assessments.receive(image.id, find(image, GOOD))
    made.refresh_from_db()
    assert (made.state, made.confidence, made.provisional) == ("submitted", 0.9, False)
    assert made.assessed == 1, "so that their verdict can teach"


def test_a_boxs_confidence_stays_unknown_and_any_bound_has_it_reviewed(
    manager: User, annotator: User, image: Image, cat: LabelClass, project: Project
) -> None:
    project.review = {**project.review, "sample": 0, "below": 0.1}
    project.save(update_fields=["review"])
    body = {**box_body(cat, [1, 1, 9, 9]), "id": uuid4(), "class_id": cat.id}
    (made,) = services.change(by=annotator, image=image.id, create=[body]).annotations
    assign(manager, image, annotator)
    submit(annotator, image)
    made.refresh_from_db()
    assert (made.confidence, made.state, made.provisional) == (None, "submitted", False)


@pytest.mark.parametrize("given", ["accepted", "rejected"])
def test_a_verdict_given_before_is_completed_when_the_signals_arrive(
    manager: User, annotator: User, reviewer: User, image: Image, cat: LabelClass, project: Project, given: str
) -> None:
    made = handed_in_unknown(manager, annotator, image, cat)
    verdict = judge(reviewer, made, given, "Rough edge")
    assert (verdict.confidence, verdict.evidence, verdict.evidence_at) == (None, {}, None)
    assert (state(project).verdicts, state(project).without_signals) == (0, 1)
    assessments.receive(image.id, find(image, GOOD))
    verdict.refresh_from_db()
    made.refresh_from_db()
    assert verdict.evidence == evidence_of(made) != {}
    assert verdict.confidence is None, "it was unknown when it was judged"
    assert (state(project).verdicts, state(project).without_signals) == (1, 0)


def test_a_verdict_on_another_shape_is_not_completed(
    manager: User, annotator: User, reviewer: User, image: Image, cat: LabelClass
) -> None:
    made = handed_in_unknown(manager, annotator, image, cat)
    rejected = judge(reviewer, made, "rejected", "Rough edge")
    edit = services.Edit(made.id, 1, {"segmentation": services_mask()})
    services.change(by=annotator, image=image.id, update=[edit])
    submit(annotator, image)
    fixed = judge(reviewer, made, "fixed")
    assessments.receive(image.id, find(image, GOOD))
    for verdict in (rejected, fixed):
        verdict.refresh_from_db()
        assert verdict.evidence_at is None


def test_signals_of_an_earlier_shape_are_no_evidence_of_a_later_one(
    manager: User, annotator: User, reviewer: User, image: Image, cat: LabelClass
) -> None:
    made = annotate(annotator, image, cat)
    assessments.receive(image.id, find(image, POOR))
    edit = services.Edit(made.id, 1, {"segmentation": services_mask()})
    services.change(by=annotator, image=image.id, update=[edit])
    assign(manager, image, annotator)
    submit(annotator, image)
    assert judge(reviewer, made, "accepted").evidence == {}
    assessments.receive(image.id, find(image, GOOD))
    made.refresh_from_db()
    assert Verdict.objects.get().evidence["start"] == (made.signals or {})["start"]


def test_completed_verdicts_order_a_fit(
    manager: User, annotator: User, reviewer: User, image: Image, cat: LabelClass, project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(evidence, "VERDICTS_PER_FIT", 2)
    made = [annotate(annotator, image, cat) for _ in range(2)]
    assign(manager, image, annotator)
    submit(annotator, image)
    for each in made:
        judge(reviewer, each, "accepted")
    fits = Job.objects.filter(kind=Job.Kind.CALIBRATE, target=project.id)
    assert not fits.exists(), "none of them can teach"
    assessments.receive(image.id, find(image, GOOD))
    assert fits.exists()


def handed_in_unknown(manager: User, annotator: User, image: Image, cat: LabelClass) -> Annotation:
    made = annotate(annotator, image, cat)
    assign(manager, image, annotator)
    submit(annotator, image)
    return made


def looked_at(image: Image, **more: float) -> None:
    assessments.receive(image.id, find(image, {**GOOD, **more}))


def test_changes_by_hand_are_counted_until_sam_speaks_again(annotator: User, image: Image, cat: LabelClass) -> None:
    made = annotate(annotator, image, cat, source="sam", predicted_iou=0.9, stability_score=0.95)

    def edits_after(version: int, **scores: float) -> Any:
        shape = {"segmentation": services_mask(), **scores}
        services.change(by=annotator, image=image.id, update=[services.Edit(made.id, version, shape)])
        looked_at(image)
        made.refresh_from_db()
        return (made.signals or {})["edits"]

    looked_at(image)
    made.refresh_from_db()
    assert (made.signals or {})["edits"] == 0
    assert edits_after(1) == 1
    assert edits_after(2) == 2
    assert edits_after(3, predicted_iou=0.8, stability_score=0.9) == 0


def test_what_was_drawn_by_hand_has_no_edits_after_sam(annotator: User, image: Image, cat: LabelClass) -> None:
    made = annotate(annotator, image, cat, source="brush")
    looked_at(image)
    made.refresh_from_db()
    assert "edits" not in (made.signals or {})


def test_a_size_is_seen_beside_those_of_its_class_once_there_are_enough(
    annotator: User, image: Image, cat: LabelClass, dog: LabelClass
) -> None:
    for n in range(sizes.ENOUGH):
        annotate(annotator, image, cat)
        looked_at(image, size=-4.0 + 0.1 * (n % 2))
    usual, large = annotate(annotator, image, cat), None
    looked_at(image, size=-3.9)
    large, other = annotate(annotator, image, cat), annotate(annotator, image, dog)
    looked_at(image, size=-1.0)
    for each in (usual, large, other):
        each.refresh_from_db()
    assert abs((usual.signals or {})["class_size"]) < 1
    assert (large.signals or {})["class_size"] > 5
    assert "class_size" not in (other.signals or {})
    edit = services.Edit(large.id, 1, {"class_id": dog.id})
    (changed,) = services.change(by=annotator, image=image.id, update=[edit]).annotations
    assert "class_size" not in (changed.signals or {}), "it is of another class now"


def test_what_is_found_costs_no_more_queries_for_many(annotator: User, image: Image, cat: LabelClass) -> None:
    def cost(n: int) -> int:
        for _ in range(n):
            annotate(annotator, image, cat)
        result = find(image, {**GOOD, "size": -3.0})
        with CaptureQueriesContext(connection) as captured:
            assessments.receive(image.id, result)
        return len(captured)

    assert cost(1) == cost(12)


def test_workers_are_told_whose_masks_they_are_and_of_which_class(
    annotator: User, image: Image, cat: LabelClass
) -> None:
    annotate(annotator, image, cat)
    (asked,) = unpacked(keys.store().read(assessments.message(image.id)["masks"]))["masks"]
    assert (asked["by"], asked["class"]) == (str(annotator.id), str(cat.id))


def test_many_masks_are_looked_at_a_few_at_a_time_until_none_waits(
    annotator: User, image: Image, cat: LabelClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assessments, "MOST", 2)
    for _ in range(5):
        annotate(annotator, image, cat)
    turns = []
    while Annotation.objects.filter(image=image, assessed=None).exists():
        Job.objects.filter(id=job(image).id).update(state="running", stale=False)
        result = find(image, GOOD)
        turns.append(len(unpacked(keys.store().read(result["key"]))["signals"]))
        assessments.receive(image.id, result)
    assert turns == [2, 2, 1]
    assert not job(image).stale, "nothing is left"


def test_what_a_reviewer_is_looking_at_is_asked_about_once(
    annotator: User, reviewer: User, image: Image, cat: LabelClass
) -> None:
    made = annotate(annotator, image, cat)
    until = timezone.now() + claims.LEASE
    Claim.objects.create(annotation=made, reviewer=reviewer, tab=uuid4(), until=until)
    Job.objects.filter(id=job(image).id).update(state="running")
    assessments.receive(image.id, find(image, GOOD))
    made.refresh_from_db()
    assert (made.confidence or 0) > 0.5, "it was unknown"
    assert not job(image).stale


def test_only_what_may_overlap_is_sent_along(annotator: User, image: Image, cat: LabelClass) -> None:
    near = annotate(annotator, image, cat, square(0, 0))
    annotate(annotator, image, cat, square(40, 30))
    assessments.receive(image.id, find(image, GOOD))
    new = annotate(annotator, image, cat, square(4, 4))
    asked = unpacked(keys.store().read(assessments.message(image.id)["masks"]))["masks"]
    assert {each["id"] for each in asked} == {str(near.id), str(new.id)}
