"""Every question to the queue is answered by an index in the queue's order: nothing is scanned, nothing is sorted."""

import re
from collections.abc import Callable
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
from labeling.review.disputes import Panel
from labeling.review.queue import Filters, Place
from tests.labeling.making import annotate

POSTGRES = connection.vendor == "postgresql"


@pytest.fixture
def values(
    project: Project, annotator: User, manager: User, image: Image, cat: LabelClass, dog: LabelClass,
    more_images: Callable[[int], list[Image]],
) -> dict[str, Any]:  # fmt: skip
    """Enough rows, of which each filter finds some, that planners have a reason to look for an index."""
    pattern = annotate(annotator, image, cat)
    (other,) = more_images(1)
    left_out = {"confidence", "label_class_id", "source", "area"}
    fields = {name: getattr(pattern, name) for name in Annotation.CONTENT if name not in left_out}
    standing = [None, None, None, "accepted", "fixed", "rejected", "policy"]
    rows = []
    for n in range(6000):
        verdict = standing[n % 7]
        rows.append(
            Annotation(
                project=project, image=other if n % 31 == 0 else image, updated_by=annotator,
                created_by=manager if n % 29 == 0 else annotator, label_class=dog if n % 23 == 0 else cat,
                source="import" if n % 19 == 0 else "sam", area=10_000 if n % 17 == 0 else 10,
                confidence=None if n % 5 == 0 else n % 97 / 97,
                commented=n % 41 == 0, verdict=verdict, resubmission="reworked" if n % 43 == 0 else None, **fields,
                state={None: "submitted", "rejected": "rejected"}.get(verdict, "accepted"),
            )
        )  # fmt: skip
    Annotation.objects.bulk_create(rows, batch_size=1000)
    if POSTGRES:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return {"class_id": dog.id, "annotator": manager.id, "image": other.id}


ASKED: list[tuple[dict[str, Any], str]] = [
    ({}, "waiting"),
    ({"class_id": ...}, "waiting_by_label_class"),
    ({"annotator": ...}, "waiting_by_created_by"),
    ({"source": "import"}, "waiting_by_source"),
    ({"size": "large"}, "waiting_by_size"),
    ({"image": ...}, "waiting_by_image"),
    ({"confidence_min": 0.3, "confidence_max": 0.4}, "waiting"),
    ({"confidence_unknown": True}, "waiting"),
    ({"confidence_unknown": True, "class_id": ...}, "waiting_by_label_class"),
    ({"commented": True}, "waiting_commented"),
    ({"resubmission": "reworked"}, "waiting_by_resubmission"),
    *(({"verdict": verdict}, "judged") for verdict in ("accepted", "fixed", "rejected", "policy")),
]


def require(rows: QuerySet[Annotation], index: str) -> None:
    plan = rows.explain()
    assert re.search(rf"(?i)using (covering )?(index )?{index}\b", plan), plan
    assert "Sort" not in plan, plan
    assert "TEMP B-TREE" not in plan, plan
    assert "Seq Scan on annotations_annotation" not in plan, plan
    assert "SCAN annotations_annotation" not in plan, plan


@pytest.mark.parametrize(("asked", "index"), ASKED, ids=lambda value: str(value)[:40])
def test_what_a_claim_asks(
    project: Project, reviewer: User, manager: User, values: dict[str, Any], asked: dict[str, Any], index: str
) -> None:
    (rows,) = queue.branches(project, Filters(**{name: values.get(name, value) for name, value in asked.items()}))
    panel = Panel(reviewer.id, {manager.id: ["manager"]}, own=False)
    require(queue.free_for(rows, reviewer, claims.NO_TAB, panel).only("id", "confidence")[:1], index)


@pytest.mark.usefixtures("values")
def test_what_a_page_asks_however_far_behind(project: Project) -> None:
    (rows,) = queue.branches(project, Filters())
    behind = queue.behind(rows, Place(0.7, UUID(int=0))).only("id", "confidence")[:100]
    require(behind, "waiting")
    # From the place on, not from the front.
    assert re.search(r"<expr>>\?|ROW\(COALESCE\(confidence, .*\), id\) >", behind.explain()), behind.explain()


@pytest.mark.usefixtures("values")
def test_a_band_around_the_unknown_is_two_ranges_without_them(project: Project) -> None:
    below, above = queue.branches(project, Filters(confidence_min=0.3, confidence_max=0.8))
    for rows in (below, above):
        require(rows.only("id", "confidence")[:100], "waiting")
        assert not rows.filter(confidence=None).exists()


@pytest.mark.usefixtures("values")
def test_a_free_text_asks_for_each_class_it_finds(project: Project) -> None:
    (by_class,) = queue.branches(project, Filters(text="og"))
    require(by_class[:1], "waiting_by_label_class")
