"""`manage.py recount`: compare the stored counters with the rows that they count, and correct them."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from labeling.annotations import image_totals, tally
from labeling.annotations.models import ImageTotal, Tally
from labeling.events.models import Stream
from labeling.images.models import Image
from labeling.projects.models import Project
from labeling.review import counters
from labeling.review.models import DailyFigures


class Command(BaseCommand):
    help = "Count annotations and verdicts anew. Names the projects whose kept counters were wrong, and corrects them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Correct nothing; exit with 1 if a counter is wrong.")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        wrong = [project for project in Project.objects.order_by("created_at") if _was_wrong(project.id, check=check)]
        for project in wrong:
            self.stdout.write(f"{project.name} ({project.id}): counters {'are' if check else 'were'} wrong.")
        if not wrong:
            self.stdout.write("All counters are right.")
        elif check:
            raise SystemExit(1)


def _was_wrong(project: UUID, *, check: bool) -> bool:
    """Recount, and roll back if `check` is set. Returns whether a counter was wrong."""
    with transaction.atomic():
        # Locked before anything is read, so that no write comes in between.
        Stream.objects.select_for_update().get_or_create(project=project)
        before = _counters(project)
        tally.recount(project)
        image_totals.recount(project)
        counters.recount(project)
        after = _counters(project)
        transaction.set_rollback(check)
    return before != after


def _counters(project: UUID) -> set[str]:
    """Every counter of the project that is not zero."""
    kept = Tally.objects.filter(project=project).exclude(n=0).values_list("label_class", "annotator", "state", "n")
    daily = DailyFigures.objects.filter(project=project).exclude(reviewed=0)
    figures = daily.values_list("of", "day", "by", "subject", *counters.FIELDS)
    seconds = daily.values_list("of", "day", "by", "seconds")
    timings = {(*key, *sorted(tenths.items())) for *key, tenths in seconds}
    images = ImageTotal.objects.filter(image__in=Image.objects.filter(project=project).values("id"))
    totals = images.exclude(annotations=0).values_list("image", "annotations", "bytes")
    return {str(row) for rows in (kept, figures, timings, totals) for row in rows}
