"""Masks that wait for a verdict, and a second reviewer."""

import pytest

from labeling.accounts.models import User
from labeling.annotations.models import Annotation
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Membership, Project
from tests.labeling.making import (
    annotate,
    assign,
    submit,
)  # fmt: skip
from tests.labeling.review.asking import Make


@pytest.fixture
def submitted(manager: User, annotator: User, image: Image, cat: LabelClass) -> Make:
    """Makes masks with these scores (None for one without) and hands them in."""

    def make(*scores: float | None) -> list[Annotation]:
        made = [annotate(annotator, image, cat, predicted_iou=score, stability_score=score and 1) for score in scores]
        assign(manager, image, annotator)
        submit(annotator, image)
        return made

    return make


@pytest.fixture
def second_reviewer(project: Project) -> User:
    user = User.objects.create_user("second@example.org", name="Second")
    Membership.objects.create(project=project, user=user, roles=["reviewer"])
    return user
