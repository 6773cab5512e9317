from math import log1p

from django.db import migrations, models
from django.db.models import F, Q

from labeling.concurrent_indexes import AddIndexConcurrently

ROWS_PER_UPDATE = 2000
# The signals that calibration weighs, as they were weighed when this was written.
MEASURES = {"margin": float, "edits": log1p, "class_size": lambda spreads: min(5.0, abs(spreads)), "disagreement": float}


def evidence_of(annotation):
    """The signals of an assessed annotation, for calibration. Empty where there are none."""
    signals = annotation.signals or {}
    if "start" not in signals:
        return {}
    learned = {name: measure(signals[name]) for name, measure in MEASURES.items() if name in signals}
    return {"start": signals["start"], "image": str(annotation.image_id), "learned": learned}


def batches(rows):
    """The ids of the rows, a batch at a time."""
    last = None
    while ids := list((rows.filter(id__gt=last) if last else rows).order_by("id").values_list("id", flat=True)[:ROWS_PER_UPDATE]):
        yield ids
        last = ids[-1]


def forget_zeros(apps, schema_editor):
    """Unknown confidences were stored as 0."""
    Verdict = apps.get_model("review", "Verdict")
    for ids in batches(Verdict.objects.filter(confidence=0)):
        Verdict.objects.filter(id__in=ids).update(confidence=None)


def complete(apps, schema_editor):
    """Give verdicts on what was assessed later its signals, and say which verdicts have some."""
    Verdict = apps.get_model("review", "Verdict")
    later = Verdict.objects.filter(evidence={}, undone_at=None, annotation__assessed=F("version"))
    for ids in batches(later.exclude(verdict="fixed")):
        verdicts = list(Verdict.objects.filter(id__in=ids).select_related("annotation"))
        for verdict in verdicts:
            verdict.evidence = evidence_of(verdict.annotation)
        Verdict.objects.bulk_update(verdicts, ["evidence"], batch_size=500)
    for ids in batches(Verdict.objects.filter(evidence_at=None).exclude(evidence={})):
        Verdict.objects.filter(id__in=ids).update(evidence_at=F("at"))


class Migration(migrations.Migration):
    # Rows are updated and indexes built while people go on working.
    atomic = False

    dependencies = [
        ('review', '0009_evidence_at'),
    ]

    operations = [
        migrations.RunPython(forget_zeros, migrations.RunPython.noop),
        migrations.RunPython(complete, migrations.RunPython.noop),
        AddIndexConcurrently(
            'verdict',
            models.Index(
                fields=['project', 'evidence_at'],
                condition=Q(undone_at=None, evidence_at__isnull=False),
                name='verdict_that_teaches',
            ),
        ),
        AddIndexConcurrently(
            'verdict',
            models.Index(
                fields=['project'],
                condition=Q(undone_at=None, evidence_at=None),
                name='verdict_without_evidence',
            ),
        ),
    ]
