"""`python -m tests.bench locks`: how long large operations keep others waiting, on SQLite and on PostgreSQL.

For each operation at its limits: wall and CPU seconds, the number of transactions, the longest of them, how long the
project's log is locked at most, for which all writers of the project wait, and the CPU time of the thread meanwhile.
Then how long saving takes while the jobs of BENCH_IMAGES images are ordered for another model.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from tests import engines

IMAGES = int(os.environ.get("BENCH_IMAGES", "100000"))
ON_IMAGE = int(os.environ.get("BENCH_DRAFTS", "4000"))
IN_CHANGE, IN_SHEET, IN_ASSIGNMENT = 1000, 500, 1000
ROUNDS = 3
Act = Callable[[], Any]


def report() -> str:
    """Run the benchmark on both databases, each in its own process, because Django reads its settings once."""
    with tempfile.TemporaryDirectory() as folder:
        found = measured({"MASKWRIGHT_VAR": folder})
    with engines.running() as running, engines.own_places({**os.environ, **running.environment}) as places:
        return found + measured({**running.environment, **places})


def measured(environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "tests.bench.locks"]
    settings = {**os.environ, "MASKWRIGHT_DEBUG": "1", "MASKWRIGHT_ASSESS": "1", **environment}
    return subprocess.run(command, env=settings, check=True, stdout=subprocess.PIPE, text=True).stdout


def measure() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labeling.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from tests.labeling import locks

    settings.DEBUG = False
    locks.install()
    call_command("migrate", verbosity=0)
    bench = Bench()
    print(f"\n{engines.covered()}; {os.cpu_count()} cores; the median of {ROUNDS} where it can be done again")
    print(f"{'':<40}{'wall s':>8}{'CPU s':>8}{'transactions':>14}{'longest ms':>12}{'log held ms':>13}{'CPU ms':>8}")
    for name, prepare, rounds in bench.operations():
        print(f"{name:<40}{cells([costs(prepare()) for _ in range(rounds)])}", flush=True)
    print(f"\nsaving meanwhile, of {IMAGES:,} images", flush=True)
    print(bench.saving_during_reordering(), flush=True)


def costs(act: Act) -> tuple[float, ...]:
    from tests.labeling import locks

    wall, cpu = time.perf_counter(), time.process_time()
    with locks.watching() as watch:
        act()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    writing = [each for each in watch.holding_log if each.thread == threading.get_ident()]
    longest = max((each.seconds for each in writing), default=0.0)
    held = max((each.held_seconds for each in writing), default=0.0)
    held_cpu = max((each.held_cpu_seconds for each in writing), default=0.0)
    return wall, cpu, len(writing), longest * 1000, held * 1000, held_cpu * 1000


def cells(rounds: list[tuple[float, ...]]) -> str:
    columns = (statistics.median(column) for column in zip(*rounds, strict=True))
    wall, cpu, transactions, longest, held, held_cpu = columns
    return f"{wall:>8.2f}{cpu:>8.2f}{transactions:>14.0f}{longest:>12.0f}{held:>13.0f}{held_cpu:>8.0f}"


class Bench:
    """A project, and the large operations on it."""

    def __init__(self) -> None:
        from labeling.accounts.models import User
        from labeling.projects import services
        from labeling.projects.models import Membership

        self.manager = User.objects.create_user("manager@example.org", name="Manager", may_create_projects=True)
        self.reviewer = User.objects.create_user("reviewer@example.org", name="Reviewer")
        self.project = services.create_project(by=self.manager, name="Bench", classes=[{"name": "cat"}])
        other = services.create_project(by=self.manager, name="Elsewhere", classes=[{"name": "cat"}])
        (self.image,), (self.elsewhere,) = self.images(1), self.images(1, other)
        Membership.objects.create(project=self.project, user=self.reviewer, roles=["reviewer"])

    def operations(self) -> list[tuple[str, Callable[[], Act], int]]:
        return [
            (f"create {IN_CHANGE:,} annotations", self.create, ROUNDS),
            (f"change {IN_CHANGE:,} annotations", self.edit, ROUNDS),
            (f"hand in {IN_SHEET:,} drafts", lambda: self.hand_in(IN_SHEET), ROUNDS),
            (f"hand in {ON_IMAGE:,} drafts", lambda: self.hand_in(ON_IMAGE), 1),
            (f"{IN_SHEET:,} verdicts", self.judge, ROUNDS),
            (f"take back {IN_SHEET:,} verdicts", self.undo, ROUNDS),
            (f"assign {IN_ASSIGNMENT:,} images", self.assign, ROUNDS),
            (f"delete an image of {ON_IMAGE:,} annotations", self.delete_image, 1),
            ("add and delete a class", self.delete_class, ROUNDS),
        ]

    def images(self, count: int, project: Any = None) -> list[Any]:
        from labeling.images.models import Image

        file = {"name": "a.jpg", "media_type": "image/jpeg", "bytes": 1, "width": 64, "height": 48}
        owned: dict[str, Any] = {"project": project or self.project, "created_by": self.manager}
        rows = [Image(sha256=f"{uuid4().int:064x}", **file, **owned) for _ in range(count)]
        return Image.objects.bulk_create(rows, batch_size=5000)

    def bodies(self, count: int, project: Any = None) -> list[dict[str, Any]]:
        from tests.labeling.making import mask_body

        cat = (project or self.project).classes.get(name="cat")
        return [{**mask_body(cat), "id": uuid4(), "class_id": cat.id} for _ in range(count)]

    def drawn(self, count: int) -> Any:
        """Create an assigned image with `count` drafts."""
        from labeling.annotations import services

        (image,) = self.images(1)
        for start in range(0, count, IN_CHANGE):
            create = self.bodies(min(IN_CHANGE, count - start))
            services.change(by=self.manager, image=image.id, create=create)
        self._give([image])
        return image

    def create(self) -> Act:
        from labeling.annotations import services

        (image,), bodies = self.images(1), self.bodies(IN_CHANGE)
        return lambda: services.change(by=self.manager, image=image.id, create=bodies)

    def edit(self) -> Act:
        from labeling.annotations import services
        from labeling.annotations.models import Annotation

        image = self.drawn(IN_CHANGE)
        edits = [services.Edit(row.id, 1, {"model": "other"}) for row in Annotation.objects.filter(image=image)]
        return lambda: services.change(by=self.manager, image=image.id, update=edits)

    def hand_in(self, count: int) -> Act:
        from labeling.assignments.models import Assignment
        from labeling.review import submission

        assignment = Assignment.objects.get(image=self.drawn(count)).id

        def act() -> None:
            submission.submit_ahead(by=self.manager, assignment=assignment)
            submission.submit(by=self.manager, assignment=assignment)

        return act

    def judge(self) -> Act:
        from labeling.annotations.models import Annotation
        from labeling.review import services

        self.hand_in(IN_SHEET)()
        rows = Annotation.objects.filter(state="submitted").order_by("-created_at")[:IN_SHEET]
        judgements = [services.Judgement(row.id, services.Verdict.Choice.ACCEPTED, 1) for row in rows]
        return lambda: services.judge(by=self.reviewer, project=self.project.id, judgements=judgements)

    def undo(self) -> Act:
        from labeling.review import services

        verdicts = [verdict.id for verdict in self.judge()()]
        return lambda: services.undo(by=self.reviewer, project=self.project.id, verdicts=verdicts)

    def assign(self) -> Act:
        images = self.images(IN_ASSIGNMENT)
        return lambda: self._give(images)

    def _give(self, images: list[Any]) -> None:
        from labeling.assignments import assigning

        ids = [image.id for image in images]
        assigning.assign(by=self.manager, project=self.project.id, annotator=self.manager.id, images=ids)

    def delete_image(self) -> Act:
        from labeling.annotations import services

        image = self.drawn(ON_IMAGE).id
        return lambda: services.delete_image(by=self.manager, image=image)

    def delete_class(self) -> Act:
        from labeling.annotations import services as annotations
        from labeling.projects import services

        def act() -> None:
            made = services.add_class(by=self.manager, project=self.project.id, spec={"name": str(uuid4())})
            annotations.delete_class(by=self.manager, label_class=made.id)

        return act

    def saving_during_reordering(self) -> str:
        """Somebody goes on saving while a manager changes the model, a worker re-orders, and the project is deleted."""
        from labeling.images import reordering
        from labeling.images import services as images
        from labeling.projects import services as projects

        self.images(IMAGES)
        reordering.reorder(self.project.id, lambda done: None)
        images._require_installed = lambda model: None  # type: ignore[assignment]
        acts: dict[str, Act] = {
            "PATCH of the model": lambda: images.edit_project(
                by=self.manager, project=self.project.id, expected=1, changes={"model": "vit_b"}
            ),
            "re-ordering the jobs": lambda: reordering.reorder(self.project.id, lambda done: None),
            "deleting the project": lambda: projects.delete_project(by=self.manager, project=self.project.id),
            "forgetting its jobs": lambda: reordering.reorder(self.project.id, lambda done: None),
        }
        lines = []
        for name, act in acts.items():
            # Nobody saves in a project that was deleted.
            with Saving(self, self.elsewhere if "delet" in name or "forget" in name else self.image) as saving:
                costs_of_it = cells([costs(act)])
            lines.append(f"{name:<40}{costs_of_it}   saving: {saving.told()}")
        return "\n".join(lines)


class Saving:
    """Somebody who saves one mask after the other on an image, in a thread."""

    def __init__(self, bench: Bench, image: Any) -> None:
        self._bench = bench
        self._image = image
        self._seconds: list[float] = []
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._save)

    def __enter__(self) -> "Saving":
        self._thread.start()
        time.sleep(0.5)
        return self

    def __exit__(self, *_: object) -> None:
        time.sleep(0.5)
        self._done.set()
        self._thread.join()

    def told(self) -> str:
        p95 = statistics.quantiles(self._seconds, n=20)[-1]
        median, longest = statistics.median(self._seconds), max(self._seconds)
        figures = " / ".join(f"{seconds * 1000:.0f}" for seconds in (median, p95, longest))
        return f"{figures} ms (median, p95, max of {len(self._seconds)})"

    def _save(self) -> None:
        from django.db import connection

        from labeling.annotations import services

        while not self._done.is_set():
            began = time.perf_counter()
            create = self._bench.bodies(1, self._image.project)
            services.change(by=self._bench.manager, image=self._image.id, create=create)
            self._seconds.append(time.perf_counter() - began)
            time.sleep(0.02)
        connection.close()


if __name__ == "__main__":
    measure()
