"""Every question to the queue is answered by an index in the queue's order: nothing is scanned, nothing is sorted."""

import re
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import QuerySet

from labeling.accounts.models import User
from labeling.annotations.models import Annotation
from labeling.images.models import Image
from labeling.projects.models import LabelClass, Project
from labeling.review import claims, queue
from labeling.review.queue import Filters, Place
from tests.labeling.making import annotate

POSTGRES = connection.vendor == "postgresql"


@pytest.fixture
def _many(project: Project, annotator: User, image: Image, cat: LabelClass) -> None:
    """Enough rows that a planner has a reason to look for an index."""
    pattern = annotate(annotator, image, cat)
    fields = {name: getattr(pattern, name) for name in Annotation.CONTENT if name != "confidence"}
    states = ["submitted", "submitted", "accepted", "draft"]
    Annotation.objects.bulk_create(
        Annotation(
            project=project, image=image, created_by=annotator, updated_by=annotator, confidence=n % 97 / 97,
            state=states[n % 4], verdict="accepted" if n % 4 == 2 else None, **fields
        )
        for n in range(4000)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if POSTGRES else "SELECT 1")


ASKED: list[tuple[dict[str, Any], str]] = [
    ({}, "queue"),
    ({"class_id": UUID(int=7)}, "queue_of_label_class"),
    ({"annotator": UUID(int=7)}, "queue_of_created_by"),
    ({"source": "import"}, "queue_of_source"),
    ({"size": "large"}, "queue_of_size"),
    ({"image": UUID(int=7)}, "queue_of_image"),
    ({"confidence_min": 0.3, "confidence_max": 0.4}, "queue"),
    ({"commented": True}, "queue_commented"),
    *(({"verdict": verdict}, "annotation_judged") for verdict in ("accepted", "fixed", "rejected", "policy")),
]


def require(rows: QuerySet[Annotation], index: str) -> None:
    plan = rows.explain()
    assert re.search(rf"(?i)using (covering )?(index )?{index}\b", plan), plan
    assert "Sort" not in plan, plan
    assert "TEMP B-TREE" not in plan, plan
    assert "Seq Scan on annotations_annotation" not in plan, plan
    assert "SCAN annotations_annotation" not in plan, plan


@pytest.mark.usefixtures("_many")
@pytest.mark.parametrize(("asked", "index"), ASKED, ids=lambda value: str(value)[:40])
def test_what_a_claim_asks(project: Project, reviewer: User, asked: dict[str, Any], index: str) -> None:
    (rows,) = queue.branches(project, Filters(**asked))
    require(queue.free_for(rows, reviewer, claims.NO_TAB, own=False).only("id", "confidence")[:1], index)


@pytest.mark.usefixtures("_many")
def test_what_a_page_asks_however_far_behind(project: Project) -> None:
    (rows,) = queue.branches(project, Filters())
    behind = queue.behind(rows, Place(0.7, UUID(int=0))).only("id", "confidence")[:100]
    require(behind, "queue")
    # From the place on, not from the front.
    assert re.search(r"confidence, ?id\)\s*>|ROW\(confidence, id\)", behind.explain()), behind.explain()


@pytest.mark.usefixtures("_many")
def test_a_free_text_asks_for_classes_images_and_comments_apart(project: Project, image: Image) -> None:
    by_class, commented = queue.branches(project, Filters(text="cat"))
    require(by_class[:1], "queue_of_label_class")
    require(commented[:1], "queue_commented")
