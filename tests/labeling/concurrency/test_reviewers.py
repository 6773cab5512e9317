"""Eight reviewers at one queue of two thousand masks: each mask is judged exactly once, and nobody waits long."""

import time
from collections import Counter
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from labeling.accounts.models import User
from labeling.annotations import tally
from labeling.annotations.models import Annotation
from labeling.assignments.models import Assignment
from labeling.events.models import Event
from labeling.images.models import Image
from labeling.projects import services as projects
from labeling.projects.models import LabelClass, Project
from labeling.projects.roles import Role
from labeling.review import claims, services
from labeling.review.models import Claim, Verdict
from tests.labeling.making import annotate, together

pytestmark = pytest.mark.django_db(transaction=True)

REVIEWERS = 8
MASKS = 2000
# On an idle machine it takes a tenth of that. Whoever fails holds what they had for a whole lease.
LONGEST_S = 240


def waiting(project: Project, image: Image, annotator: User, cat: LabelClass, count: int) -> list[UUID]:
    """So many masks that wait, in bulk: handing them in is another test's."""
    pattern = annotate(annotator, image, cat)
    fields = {name: getattr(pattern, name) for name in Annotation.CONTENT if name != "confidence"}
    rows = [
        Annotation(
            project=project, image=image, created_by=annotator, updated_by=annotator, state="submitted",
            confidence=n % 50 / 50, **fields,
        )
        for n in range(count)
    ]  # fmt: skip
    Annotation.objects.bulk_create(rows, batch_size=500)
    Annotation.objects.filter(id=pattern.id).update(deleted_at=timezone.now())
    tally.recount(project.id)
    return [row.id for row in rows]


@pytest.fixture
def reviewers(project: Project, manager: User, person: Callable[[str], User]) -> list[User]:
    people = [person(f"reviewer{n}") for n in range(REVIEWERS)]
    for user in people:
        projects.add_member(by=manager, project=project.id, email=user.email, roles=[Role.REVIEWER], name="")
    return people


def accepted(rows: list[Annotation]) -> list[services.Judgement]:
    return [services.Judgement(row.id, Verdict.Choice.ACCEPTED, row.version) for row in rows]


def test_two_thousand_masks_are_judged_exactly_once_each(
    project: Project, image: Image, annotator: User, cat: LabelClass, reviewers: list[User]
) -> None:
    masks = waiting(project, image, annotator, cat, MASKS)
    start = time.monotonic()

    def work(n: int) -> int:
        """Half of them take sheets, half of them one by one, and some walk away from what they hold."""
        judged, by = 0, reviewers[n]
        turn = 0
        while Annotation.objects.filter(state="submitted").exists():
            assert time.monotonic() - start < LONGEST_S
            # Somebody looks. Without any pause SQLite, which has no queue of writers, may leave one of them out.
            time.sleep(0.02)
            turn += 1
            tab = uuid4() if turn % 7 == 3 else UUID(int=1)
            rows = claims.claim(by=by, project=project.id, tab=tab, count=60 if n % 2 else 5)
            if turn % 7 == 3:
                # This tab was closed; its lease ends.
                Claim.objects.filter(reviewer=by, tab=tab).update(until=timezone.now())
                continue
            if rows:
                judged += len(services.judge(by=by, project=project.id, judgements=accepted(rows), tab=tab))
        return judged

    done = together(REVIEWERS, work)

    assert not [each for each in done if isinstance(each, Exception)], done
    assert Verdict.objects.count() == MASKS
    per_mask = Counter(Verdict.objects.values_list("annotation", flat=True))
    assert per_mask == Counter(dict.fromkeys(masks, 1))
    assert sum(each for each in done if isinstance(each, int)) == MASKS
    assert tally.waiting(project.id) == 0
    assert Event.objects.filter(kind="verdict.given").count() == MASKS
    assert not Assignment.objects.exists()
    assert not Claim.objects.filter(until__gt=timezone.now()).exists()


def test_what_several_hold_at_once_is_never_the_same(
    project: Project, image: Image, annotator: User, cat: LabelClass, reviewers: list[User]
) -> None:
    waiting(project, image, annotator, cat, 400)

    def work(n: int) -> list[list[UUID]]:
        # Two tabs of four people, each a sheet.
        return [[row.id for row in claims.claim(by=reviewers[n // 2], project=project.id, tab=UUID(int=n), count=50)]]

    sheets = [sheet for held in together(REVIEWERS, work) if isinstance(held, list) for sheet in held]

    held = [id for sheet in sheets for id in sheet]
    assert len(held) == len(set(held)) == 400
    assert [len(sheet) for sheet in sheets] == [50] * REVIEWERS
