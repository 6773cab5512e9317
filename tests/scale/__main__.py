"""`make scale`: what every GET costs with 100,000 images, 1,000,000 annotations and 500,000 verdicts.

Runs on the database that DATABASE_URL names, which it fills: `python -m tests.engines -- python -m tests.scale`.
`python -m tests.scale generate` only fills it, `python -m tests.scale measure words…` measures only the requests whose
names have one of the words. SCALE_IMAGES sets the number of images.
"""

import os
import sys
import tempfile
import time

IMAGES = int(os.environ.get("SCALE_IMAGES", "100000"))


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labeling.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.DEBUG = False
    what = arguments[0] if arguments else "all"
    if what in ("all", "generate"):
        call_command("migrate", verbosity=0)
        generate()
    if what in ("all", "measure"):
        measure(arguments[1:])


def generate() -> None:
    from labeling.review.models import Verdict
    from tests.scale import dataset

    start = time.perf_counter()
    made = dataset.generate(IMAGES)
    verdicts = Verdict.objects.filter(project=made.project.id).count()
    print(
        f"{made.images:,} images, {made.images * dataset.ANNOTATIONS_PER_IMAGE:,} annotations, {verdicts:,} verdicts,"
        f" written in {time.perf_counter() - start:.0f} s",
        flush=True,
    )


def measure(words: list[str]) -> None:
    from labeling.projects.models import Project
    from tests import engines
    from tests.scale.measure import Asker, measured, table
    from tests.scale.requests import REQUESTS
    from tests.scale.scene import prepare

    asker = Asker(prepare(Project.objects.get(name="Large")))
    wanted = [request for request in REQUESTS if not words or any(word in request.name for word in words)]
    print(f"{engines.covered()}; {os.cpu_count()} cores", flush=True)
    print(table([measured(asker, request) for request in wanted]))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("MASKWRIGHT_VAR", folder)
        main(sys.argv[1:])
