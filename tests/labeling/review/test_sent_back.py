"""The version that was sent back, for whoever judges what came again."""

from typing import Any

import numpy as np
import pytest
from rest_framework.test import APIClient

from inference import masks
from labeling.accounts.models import User
from labeling.annotations.models import Annotation
from labeling.images.models import Image
from labeling.projects.models import Project
from labeling.review import services as review
from tests.labeling.conftest import client_of
from tests.labeling.making import API, judge, square, submit
from tests.labeling.review.asking import Make


@pytest.fixture
def waiting(submitted: Make) -> Annotation:
    (made,) = submitted(0.5)
    return made


def sent_back(client: APIClient, annotation: Annotation) -> dict[str, Any] | None:
    response = client.get(f"{API}/annotations/{annotation.id}/sent-back")
    assert response.status_code in (200, 204), response.content
    body: dict[str, Any] | None = response.json() if response.status_code == 200 else None
    return body


def mend(client: APIClient, annotation: Annotation, version: int) -> None:
    """Moves it and hands it in again."""
    shape = {"segmentation": masks.encode(square(10 + 10 * version, 30)).to_json()}
    path = f"{API}/annotations/{annotation.id}"
    assert client.patch(path, shape, headers={"If-Match": f'"{version}"'}).status_code == 200


def test_what_came_again_is_told_with_the_version_that_was_sent_back(
    as_annotator: APIClient, as_reviewer: APIClient, annotator: User, reviewer: User, image: Image, waiting: Annotation
) -> None:
    judge(reviewer, waiting, "rejected", "Rough edge")
    assert sent_back(as_reviewer, waiting) is None, "nothing has changed yet"
    mend(as_annotator, waiting, 1)
    submit(annotator, image)
    found = sent_back(as_reviewer, waiting)
    assert found is not None
    assert (found["version"], found["reason"], found["by"]["name"]) == (1, "Rough edge", "Reviewer")
    then = masks.decode(masks.Rle.from_json(found["annotation"]["segmentation"]))
    assert np.array_equal(then, square())


def test_a_second_reviewer_sees_it_too_although_the_first_has_accepted_meanwhile(
    as_annotator: APIClient, annotator: User, reviewer: User, second_reviewer: User, image: Image,
    project: Project, waiting: Annotation,
) -> None:  # fmt: skip
    twice = {**project.review, "second_for": [str(waiting.label_class_id)]}
    Project.objects.filter(id=project.id).update(review=twice)
    judge(reviewer, waiting, "rejected", "Rough edge")
    mend(as_annotator, waiting, 1)
    submit(annotator, image)
    waiting.refresh_from_db()
    judge(reviewer, waiting, "accepted")
    found = sent_back(client_of(second_reviewer), waiting)
    assert found is not None
    assert (found["version"], found["reason"]) == (1, "Rough edge")


def test_a_verdict_that_was_taken_back_sent_nothing_back(
    as_annotator: APIClient, as_reviewer: APIClient, reviewer: User, waiting: Annotation
) -> None:
    given = judge(reviewer, waiting, "rejected", "Rough edge")
    review.undo(by=reviewer, project=waiting.project_id, verdicts=[given.id])
    mend(as_annotator, waiting, 1)
    assert sent_back(as_reviewer, waiting) is None


def test_of_several_the_last_one_counts(
    as_annotator: APIClient, as_reviewer: APIClient, annotator: User, reviewer: User, image: Image, waiting: Annotation
) -> None:
    for version, reason in ((1, "Rough edge"), (2, "Part missing")):
        waiting.refresh_from_db()
        judge(reviewer, waiting, "rejected", reason)
        mend(as_annotator, waiting, version)
        submit(annotator, image)
    found = sent_back(as_reviewer, waiting)
    assert found is not None
    assert (found["version"], found["reason"]) == (2, "Part missing")
