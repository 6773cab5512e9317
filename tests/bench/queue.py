"""`python -m tests.bench queue`: what the next of the review queue costs, by filter, with 10,000 annotations and with
1,000,000, on SQLite and on PostgreSQL, and by which index each query is answered.

The rows are written by bulk SQL. They are like a large project's: ten masks an image, few classes that are frequent and
many that are rare, one in twenty without a confidence, 480 claims at the front of the queue.
"""

import io
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from tests import engines

SIZES = [int(size) for size in os.environ.get("BENCH_SIZES", "10000,1000000").split(",")]
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "200"))
LIMIT_MS = 20
ON_IMAGE = 10
CLASSES = 80
REVIEWERS = 8
HELD = 60


def report() -> str:
    """Both databases, each in a process of its own: Django reads its settings once."""
    with tempfile.TemporaryDirectory() as folder:
        found = measured({"MASKWRIGHT_VAR": folder})
    with engines.running() as running, engines.own_places({**os.environ, **running.environment}) as places:
        return found + measured({**running.environment, **places})


def measured(environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "tests.bench.queue"]
    settings = {**os.environ, "MASKWRIGHT_DEBUG": "1", **environment}
    return subprocess.run(command, env=settings, check=True, stdout=subprocess.PIPE, text=True).stdout


def measure() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labeling.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.DEBUG = False
    call_command("migrate", verbosity=0)
    bench = Bench()
    print(f"\n{engines.covered()}; {os.cpu_count()} cores, {ROUNDS} rounds each")
    table: dict[str, list[str]] = {}
    for size in SIZES:
        start = time.perf_counter()
        bench.grow(size)
        print(
            f"{size:,} annotations, {bench.waiting():,} waiting, written in {time.perf_counter() - start:.0f} s",
            flush=True,
        )
        for name, ask in bench.questions().items():
            table.setdefault(name, []).append(timed(ask))
    print(f"\n{'p50 / p95 (p50 with Django), ms':<34}" + "".join(f"{size:>24,}" for size in SIZES))
    for name, cells in table.items():
        print(f"{name:<34}" + "".join(f"{cell:>24}" for cell in cells))
    for name, plan in bench.plans().items():
        print(f"\n{name}\n{plan}")


def timed(ask: Callable[[], object]) -> str:
    """Median and 95th percentile of the time in the database, and the median of all, Django's part included."""
    from django.db import connection

    inside: list[float] = []

    def watch(execute: Callable[..., object], *args: object) -> object:
        start = time.perf_counter()
        try:
            return execute(*args)
        finally:
            inside[-1] += (time.perf_counter() - start) * 1000

    total = []
    with connection.execute_wrapper(watch):
        for _ in range(ROUNDS + 5):
            inside.append(0)
            start = time.perf_counter()
            ask()
            total.append((time.perf_counter() - start) * 1000)
    # The first few warm up.
    p50, p95 = statistics.median(inside[5:]), statistics.quantiles(inside[5:], n=20)[-1]
    return f"{p50:.1f} / {p95:.1f}{'!' if p95 > LIMIT_MS else ' '} ({statistics.median(total[5:]):.1f})"


@contextmanager
def without_indexes(model: Any) -> Iterator[None]:
    """Made anew in the end, which takes a fraction of keeping them while rows come in."""
    from django.db import connection

    with connection.schema_editor() as editor:
        for index in model._meta.indexes:
            editor.remove_index(model, index)
    yield
    with connection.schema_editor() as editor:
        for index in model._meta.indexes:
            editor.add_index(model, index)


class Bench:
    """A project that grows, and the questions asked of it."""

    def __init__(self) -> None:
        from labeling.accounts.models import User
        from labeling.projects import services
        from labeling.projects.models import Membership

        self.random = random.Random(7)
        self.written = 0
        self.people = [User.objects.create_user(f"p{n}@example.org", name=f"P{n}") for n in range(12)]
        self.manager, self.rare_person = self.people[0], self.people[-1]
        self.manager.may_create_projects = True
        names = [{"name": f"class {n}"} for n in range(CLASSES)] + [{"name": "okapi"}]
        self.project = services.create_project(by=self.manager, name="Bench", classes=names)  # type: ignore[arg-type]
        self.classes = list(self.project.classes.order_by("position"))
        self.reviewers = [User.objects.create_user(f"r{n}@example.org", name=f"R{n}") for n in range(REVIEWERS + 1)]
        Membership.objects.bulk_create(
            Membership(project=self.project, user=each, roles=["reviewer"]) for each in self.reviewers
        )

    def waiting(self) -> int:
        from labeling.annotations import tally

        return tally.waiting(self.project.id)

    def grow(self, size: int) -> None:
        from django.db import connection

        from labeling.annotations import tally
        from labeling.annotations.models import Annotation
        from labeling.images.models import Word

        self.copy("images_image", self.images(size))
        with without_indexes(Word), without_indexes(Annotation):
            self.copy("images_word", self.words(size))
            self.copy("annotations_annotation", self.annotations(size))
        self.copy("review_commentword", self.comment_words())
        self.written = size
        with connection.cursor() as cursor:
            # PostgreSQL does so by itself, a minute later.
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "SELECT 1")
        tally.recount(self.project.id)
        self.hold()

    def hold(self) -> None:
        """Each of eight reviewers has a sheet of sixty."""
        from labeling.review import claims

        for reviewer in self.reviewers[:REVIEWERS]:
            claims.claim(by=reviewer, project=self.project.id, count=HELD)

    def image_id(self, n: int) -> UUID:
        return UUID(int=random.Random(n).getrandbits(128))

    def images(self, size: int) -> Iterator[dict[str, Any]]:
        for n in range(self.written // ON_IMAGE, size // ON_IMAGE):
            yield {
                "id": self.image_id(n), "project_id": self.project.id, "name": self.name(n), "sha256": f"{n:064}",
                "media_type": "image/jpeg", "derivative_type": "", "bytes": 1, "width": 1024, "height": 768,
                "notice": "", "credit": "", "created_by_id": self.manager.id, "created_at": "2026-01-01 00:00:00+00:00",
            }  # fmt: skip

    def name(self, n: int) -> str:
        return f"{'zebra' if n % 1000 == 3 else 'street'}-{n:06}.jpg"

    def words(self, size: int) -> Iterator[dict[str, Any]]:
        from labeling.images.words import words_in

        for n in range(self.written // ON_IMAGE, size // ON_IMAGE):
            for word in words_in(self.name(n)):
                yield {"project": self.project.id, "word": word, "image_id": self.image_id(n)}

    def annotations(self, size: int) -> Iterator[dict[str, Any]]:
        draw = self.random
        states = ["submitted"] * 12 + ["accepted"] * 5 + ["draft"] * 2 + ["rejected"]
        shape = json.dumps({"offset": [10, 10], "size": [100, 100], "counts": "x" * 200})
        for n in range(self.written, size):
            state = draw.choice(states)
            verdict = {"accepted": draw.choice(["accepted", "accepted", "policy"]), "rejected": "rejected"}.get(
                state, ""
            )
            verdict = "fixed" if state == "accepted" and draw.random() < 0.02 else verdict
            commented = draw.random() < 0.005
            person = self.rare_person if n % 50_000 == 7 else self.people[min(int(draw.expovariate(0.5)), 10)]
            label_class = (
                self.classes[-1] if n % 50_000 == 9 else self.classes[min(int(draw.expovariate(0.1)), CLASSES - 1)]
            )
            review = (
                {"verdict": "rejected", "reason": "", "comment": "Left ear is missing", "by": None}
                if commented
                else None
            )
            yield {
                "id": UUID(int=draw.getrandbits(128)), "project_id": self.project.id,
                "image_id": self.image_id(n // ON_IMAGE), "label_class_id": label_class.id, "kind": "mask",
                "shape": shape, "bbox": "[10,10,100,100]", "area": draw.lognormvariate(8, 2), "z": 0,
                "attributes": "{}",
                "source": "import" if n % 5_000 == 11 else draw.choice(["sam", "sam", "proposal", "polygon"]),
                "prompts": "[]", "model": "mobile_sam", "confidence": None if draw.random() < 0.05 else draw.random(),
                "state": state, "verdict": verdict, "review": review and json.dumps(review), "commented": commented,
                "sampled": draw.random() < 0.05, "provisional": False, "version": 1,
                "created_by_id": person.id, "updated_by_id": person.id,
                "created_at": "2026-01-01 00:00:00+00:00", "updated_at": "2026-01-01 00:00:00+00:00",
            }  # fmt: skip

    def comment_words(self) -> Iterator[dict[str, Any]]:
        from labeling.annotations.models import Annotation
        from labeling.review.models import CommentWord

        CommentWord.objects.all().delete()
        for id in list(Annotation.objects.filter(commented=True).values_list("id", flat=True)):
            for word in ("ear", "is", "left", "missing"):
                yield {"project": self.project.id, "word": word, "annotation_id": id}

    def copy(self, table: str, rows: Iterator[dict[str, Any]]) -> None:
        from django.db import connection, transaction

        first = next(rows, None)
        if first is None:
            return
        columns = list(first)
        write = self._copy if connection.vendor == "postgresql" else self._insert
        with transaction.atomic(), connection.cursor() as cursor:
            batch = [tuple(first.values())]
            for row in rows:
                batch.append(tuple(row.values()))
                if len(batch) == 20_000:
                    write(cursor, table, columns, batch)
                    batch = []
            write(cursor, table, columns, batch)

    def _copy(self, cursor: Any, table: str, columns: list[str], batch: list[tuple[Any, ...]]) -> None:
        def cell(value: object) -> str:
            return "\\N" if value is None else str(value).replace("\\", "\\\\")

        text = io.StringIO("".join("\t".join(map(cell, row)) + "\n" for row in batch))
        cursor.copy_expert(f"COPY {table} ({','.join(columns)}) FROM STDIN", text)

    def _insert(self, cursor: Any, table: str, columns: list[str], batch: list[tuple[Any, ...]]) -> None:
        marks = ",".join(["%s"] * len(columns))
        rows = [[value.hex if isinstance(value, UUID) else value for value in row] for row in batch]
        cursor.executemany(f"INSERT INTO {table} ({','.join(columns)}) VALUES ({marks})", rows)  # noqa: S608

    def filters(self) -> dict[str, dict[str, Any]]:
        rare_image = self.image_id(self.written // ON_IMAGE // 2)
        return {
            "no filter": {},
            "class, frequent": {"class_id": self.classes[0].id},
            "class, rare": {"class_id": self.classes[-1].id},
            "annotator, frequent": {"annotator": self.people[0].id},
            "annotator, rare": {"annotator": self.rare_person.id},
            "origin, frequent": {"source": "sam"},
            "origin, rare": {"source": "import"},
            "size": {"size": "small"},
            "image": {"image": rare_image},
            "confidence from 0.4 to 0.6": {"confidence_min": 0.4, "confidence_max": 0.6},
            "confidence unknown": {"confidence_unknown": True},
            "with a comment": {"commented": True},
            "text: a word of a few names": {"text": "zebra"},
            "text: a word of most names": {"text": "street"},
            "text: a number": {"text": f"{self.written // ON_IMAGE - 5:06}"},
            "text: a class": {"text": "okapi"},
            "text: in comments": {"text": "left ear"},
            "text: nowhere": {"text": "xylophone"},
        }

    def questions(self) -> dict[str, Callable[[], object]]:
        """Each as the claim asks it; judged ones as the list does. Then the whole of a claim, its writes included."""
        from labeling.review import claims, queue
        from labeling.review.queue import Filters, Place

        asker = self.reviewers[-1]
        far = Place(0.9, UUID(int=0))
        asked: dict[str, Callable[[], object]] = {
            name: lambda wanted=wanted: self.front(Filters(**wanted)) for name, wanted in self.filters().items()
        }
        for verdict in ("accepted", "fixed", "rejected", "policy"):
            asked[f"verdict {verdict}"] = lambda verdict=verdict: self.front(Filters(verdict=verdict))
        page = queue.page
        asked["a page of 100, far behind"] = lambda: page(self.project, Filters(), far, 100)
        asked["how many wait"] = self.waiting
        asked["a whole claim of one"] = lambda: claims.claim(by=asker, project=self.project.id)
        asked["a whole claim of sixty"] = lambda: claims.claim(by=asker, project=self.project.id, count=HELD)
        return asked

    def front(self, filters: Any) -> list[UUID]:
        from django.db import transaction

        from labeling.review import claims

        with transaction.atomic():
            return claims._locked(self.reviewers[-1], self.project, claims.NO_TAB, 1, filters, ())

    def plans(self) -> dict[str, str]:
        """How each query is answered; PostgreSQL says how long it takes, too."""
        from django.db import connection

        from labeling.review import claims, queue
        from labeling.review.disputes import Panel

        asker, found = self.reviewers[-1], {}
        panel = Panel.of(self.project, asker.id)
        analyzed = {"analyze": True, "costs": False} if connection.vendor == "postgresql" else {}
        for name, wanted in self.filters().items():
            for n, rows in enumerate(queue.branches(self.project, queue.Filters(**wanted))):
                free = queue.free_for(rows, asker, claims.NO_TAB, panel).only("id", "confidence")[:1]
                found[f"{name} [{n}]"] = free.explain(**analyzed)
        page = queue.behind(queue.branches(self.project, queue.ALL)[0], queue.Place(0.9, UUID(int=0)))
        found["a page, far behind"] = page.only("id", "confidence")[:100].explain(**analyzed)
        return found


if __name__ == "__main__":
    measure()
