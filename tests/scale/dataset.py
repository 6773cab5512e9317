"""A project of any size, written into an empty PostgreSQL: 100,000 images with 1,000,000 annotations take minutes.

The rows come from rows.sql, past the services, and are consistent as the services would have left them: the log has no
gaps, each version names its event, states follow from verdicts, and the counters that the services keep are counted
from the rows. Beside the large project stands a small one, so that queries have something to pass over.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.db import connection, transaction

from inference import masks
from labeling.accounts.models import User
from labeling.annotations import image_totals, tally
from labeling.annotations.formula import SAM
from labeling.events.models import Stream
from labeling.projects import services
from labeling.projects.models import Membership, Project
from labeling.projects.roles import Role
from labeling.review import counters
from tests.bench.crowd import blob

ROWS = Path(__file__).with_name("rows.sql")
CLASSES = 40
SHAPES = 200
CROWD = 1_000
ANNOTATIONS_PER_IMAGE = 10
SMALL = 30
STAFF = {Role.MANAGER: 2, Role.REVIEWER: 10, Role.ANNOTATOR: 35, Role.VIEWER: 3}


@dataclass(frozen=True)
class Dataset:
    """The large project and its people by role."""

    project: Project
    people: dict[Role, list[User]]
    images: int


def generate(images: int) -> Dataset:
    """Write a project of this many images, each with ten annotations, and a small one beside it."""
    people = {role: [_person(role, n) for n in range(count)] for role, count in STAFF.items()}
    large, small = _project("Large", people), _project("Small", people)
    bulk = images > CROWD
    with _without_indexes() if bulk else transaction.atomic():
        _fill(large, people, images, bulk=bulk)
        _fill(small, people, min(SMALL, images), bulk=bulk)
    with connection.cursor() as cursor:
        # Autovacuum would do so within a minute.
        cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE")
    for project in (large, small):
        recount(project)
    return Dataset(large, people, images)


def recount(project: Project) -> None:
    """Compute the counters that the services would have kept."""
    tally.recount(project.id)
    image_totals.recount(project.id)
    counters.recount(project.id)


def _person(role: Role, n: int) -> User:
    name, manages = f"{role.value.capitalize()} {n}", role == Role.MANAGER
    return User.objects.create_user(f"{role.value}{n}@example.org", name=name, may_create_projects=manages)


def _project(name: str, people: dict[Role, list[User]]) -> Project:
    classes: list[services.ClassSpec] = [{"name": f"class {n}"} for n in range(CLASSES - 1)]
    manager = people[Role.MANAGER][0]
    project = services.create_project(by=manager, name=name, classes=[*classes, {"name": "okapi"}])
    members = [(user, role) for role, users in people.items() for user in users if user != manager]
    Membership.objects.bulk_create(Membership(project=project, user=user, roles=[role]) for user, role in members)
    return project


def _fill(project: Project, people: dict[Role, list[User]], images: int, *, bulk: bool) -> None:
    values: dict[str, Any] = {
        "project": str(project.id),
        "manager": str(people[Role.MANAGER][0].id),
        "annotators": [str(user.id) for user in people[Role.ANNOTATOR]],
        "reviewers": [str(user.id) for user in people[Role.REVIEWER]],
        "classes": [str(id) for id in project.classes.order_by("position").values_list("id", flat=True)],
        "images": images,
        "annotations": images * ANNOTATIONS_PER_IMAGE,
        "crowd": min(CROWD, images * ANNOTATIONS_PER_IMAGE // 3),
        "shapes": json.dumps(_shapes()),
        "kinds_of_shape": SHAPES,
        "seq": Stream.objects.get(project=project.id).last_seq,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        if bulk:
            # Foreign keys are not checked row by row: the sample of the tests has shown that they hold.
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("SET LOCAL work_mem = '256MB'")
        for statement in statements():
            cursor.execute(statement, values)


def statements() -> list[str]:
    """The statements of rows.sql, in their order."""
    lines = [line for line in ROWS.read_text().splitlines() if not line.startswith("--")]
    return [statement for statement in "\n".join(lines).split(";\n") if statement.strip()]


@contextmanager
def _without_indexes() -> Iterator[None]:
    """Drop the indexes that no constraint needs and build them again at the end, which takes a fraction of the time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
            " AND tablename ~ '^(images|jobs|assignments|annotations|events|review)_'"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        )
        indexes = cursor.fetchall()
        # Unique indexes with a condition are no constraints to PostgreSQL, and are kept.
        indexes = [(name, definition) for name, definition in indexes if " UNIQUE " not in definition]
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _, definition in indexes:
            cursor.execute(definition)


def _shapes() -> list[dict[str, Any]]:
    """Masks as SAM leaves them, some polygons and boxes, each with the signals of a worker unless it is a box."""
    draw = np.random.default_rng(3)
    return [_shape(draw, n) for n in range(SHAPES)]


def _shape(draw: np.random.Generator, n: int) -> dict[str, Any]:
    radius = float(draw.lognormal(3, 0.8))
    if n % 20 == 0:
        side = round(radius, 1)
        box = [20.0, 30.0, side, side]
        return {"kind": "box", "shape": {"bbox": box}, "bbox": box, "area": side * side, "source": "box"}
    signals = {name: round(float(draw.uniform(0, 1)), 4) for name in SAM}
    signals |= {"start": round(float(draw.normal(1, 1)), 3), "learned": {}}
    if n % 10 == 1:
        points = [20, 30, 20 + radius, 30, 20 + radius, 30 + radius, 20, 30 + radius]
        ring = [round(float(value), 1) for value in points]
        return {
            "kind": "polygon", "shape": {"parts": [[ring]]}, "bbox": [20, 30, ring[2] - 20, ring[5] - 30],
            "area": radius * radius, "source": "polygon", "signals": signals,
        }  # fmt: skip
    pixels = blob(draw, min(radius, 150))
    rows, columns = np.flatnonzero(pixels.any(1)), np.flatnonzero(pixels.any(0))
    part = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = part.shape
    x, y = int(draw.integers(0, 1280 - width)), int(draw.integers(0, 960 - height))
    shape = {"offset": [x, y], "size": [height, width], "counts": masks.encode(part).counts}
    source = ["sam", "sam", "proposal", "import" if n % 50 == 7 else "brush"][n % 4]
    return {
        "kind": "mask", "shape": shape, "bbox": [x, y, width, height], "area": int(part.sum()), "source": source,
        "signals": signals,
    }  # fmt: skip
