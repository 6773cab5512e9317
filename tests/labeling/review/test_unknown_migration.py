"""The upgrade of unknown confidences that were stored as 0, and of verdicts without evidence."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from rest_framework.test import APIClient

from labeling.accounts.models import User
from labeling.annotations.assessing import evidence_of
from labeling.annotations.models import Annotation, AnnotationVersion
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Project
from labeling.review.models import Verdict
from tests.labeling.making import annotate, judge
from tests.labeling.review.asking import Make

of_annotations: Any = import_module("labeling.annotations.migrations.0009_place_in_the_queue")
of_verdicts: Any = import_module("labeling.review.migrations.0010_verdicts_that_teach")


class Editor:
    connection = connection


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (of_annotations, of_verdicts):
        monkeypatch.setattr(module, "ROWS_PER_UPDATE", 2)


def test_a_zero_that_meant_unknown_becomes_null_and_a_known_one_stays(
    annotator: User, image: Image, cat: LabelClass
) -> None:
    unknown = [annotate(annotator, image, cat) for _ in range(5)]
    sure = annotate(annotator, image, cat, predicted_iou=0.9, stability_score=0.9)
    worst = annotate(annotator, image, cat, predicted_iou=-0.1, stability_score=0.9)
    for row in AnnotationVersion.objects.filter(annotation__in=unknown):
        row.content["confidence"] = 0.0
        row.save()
    Annotation.objects.filter(confidence=None).update(confidence=0)
    of_annotations.forget_zeros(apps, Editor)
    of_annotations.forget_zeros_of_versions(apps, Editor)
    confidences = dict(Annotation.objects.values_list("id", "confidence"))
    assert confidences == {**{each.id: None for each in unknown}, sure.id: 0.9, worst.id: 0.0}
    for row in AnnotationVersion.objects.all():
        assert row.content == row.annotation.content() | {"confidence": confidences[row.annotation_id]}


def test_earlier_verdicts_teach_if_what_they_judged_was_assessed(
    as_reviewer: APIClient, project: Project, reviewer: User, submitted: Make
) -> None:
    made = submitted(None, None, None, None)
    given = [judge(reviewer, each, choice) for each, choice in zip(made, ["accepted"] * 3 + ["fixed"], strict=True)]
    signals = {"start": 1.0, "margin": 0.2}
    for each, version in zip(made, (1, 1, 2, 1), strict=True):
        Annotation.objects.filter(id=each.id).update(signals=signals, assessed=version)
    evidence = {"start": 2.0, "image": "i", "learned": {}}
    Verdict.objects.filter(id=given[0].id).update(evidence=evidence)
    Verdict.objects.update(confidence=0)
    of_verdicts.forget_zeros(apps, Editor)
    of_verdicts.complete(apps, Editor)
    first, later, other_shape, fixed = (Verdict.objects.get(id=each.id) for each in given)
    assert (first.evidence, first.evidence_at) == (evidence, first.at)
    assert (later.evidence, later.evidence_at) == (evidence_of(Annotation.objects.get(id=made[1].id)), later.at)
    assert [other_shape.evidence_at, fixed.evidence_at] == [None, None]
    assert set(Verdict.objects.values_list("confidence", flat=True)) == {None}
