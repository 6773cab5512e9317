"""How large masks of a class usually are: running figures, so that nothing is scanned."""

from collections.abc import Sequence

from labeling.annotations.models import Annotation
from labeling.calibration.models import ClassSize

# So many make a figure that says something; of so many, about, the latest count.
ENOUGH, LATEST = 20, 500
LEAST_SPREAD = 0.25  # of logarithms: sizes a quarter apart are alike, however alike those before were


def size_beside_class(rows: Sequence[Annotation]) -> None:
    """Says in the signals of each how many spreads its size is from the mean of its class, before it counts itself.
    Three queries, however many there are; inside a transaction."""
    sized = [(row.label_class_id, row.signals) for row in rows if row.signals and "size" in row.signals]
    classes = {each for each, _ in sized}
    ClassSize.objects.bulk_create([ClassSize(label_class_id=each) for each in classes], ignore_conflicts=True)
    kept = ClassSize.objects.select_for_update().filter(label_class__in=classes).order_by("label_class_id")
    known = {each.label_class_id: each for each in kept}
    for label_class, signals in sized:
        usual = known[label_class]
        if usual.n >= ENOUGH:
            signals["class_size"] = away(usual, signals["size"])
        count(usual, signals["size"])
    ClassSize.objects.bulk_update(known.values(), ["n", "mean", "variance"])


def away(usual: ClassSize, size: float) -> float:
    return float((size - usual.mean) / max(LEAST_SPREAD, usual.variance**0.5))


def count(usual: ClassSize, size: float) -> None:
    """Welford's update; from LATEST on older sizes fade."""
    usual.n = min(usual.n + 1, LATEST)
    before = size - usual.mean
    usual.mean += before / usual.n
    usual.variance += (before * (size - usual.mean) - usual.variance) / usual.n
