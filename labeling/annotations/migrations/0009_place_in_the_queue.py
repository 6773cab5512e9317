from django.db import migrations, models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from labeling.annotations.queue_place import QueuePlace
from labeling.concurrent_indexes import AddIndexConcurrently, RemoveIndexConcurrently

ROWS_PER_UPDATE = 2000
CONTENT_WITHOUT_CONFIDENCE = {
    "postgresql": "jsonb_set(content, '{confidence}', 'null')",
    "sqlite": "json_set(content, '$.confidence', json('null'))",
}
WAITING = Q(deleted_at=None, state='submitted')
JUDGED = Q(deleted_at=None, verdict__isnull=False)
PLACE = (QueuePlace('confidence'), 'id')
NAMED = ('label_class', 'created_by', 'source', 'size', 'image')


def batches(rows):
    """The ids of the rows, a batch at a time."""
    last = None
    while ids := list((rows.filter(id__gt=last) if last else rows).order_by("id").values_list("id", flat=True)[:ROWS_PER_UPDATE]):
        yield ids
        last = ids[-1]


def forget_zeros(apps, schema_editor):
    """Unknown confidences were stored as 0: of what no worker has assessed and SAM has not scored."""
    Annotation = apps.get_model("annotations", "Annotation")
    unassessed, unscored = Q(assessed=None) | Q(signals__isnull=True), Q(predicted_iou=None) | Q(stability_score=None)
    rows = Annotation.objects.filter(unassessed, unscored, confidence=0)
    for ids in batches(rows):
        rows.filter(id__in=ids).update(confidence=None)


def forget_zeros_of_versions(apps, schema_editor):
    AnnotationVersion = apps.get_model("annotations", "AnnotationVersion")
    unscored = Q(content__predicted_iou=None) | Q(content__stability_score=None)
    rows = AnnotationVersion.objects.filter(unscored, content__confidence=0)
    unknown = RawSQL(CONTENT_WITHOUT_CONFIDENCE[schema_editor.connection.vendor], ())
    for ids in batches(rows):
        AnnotationVersion.objects.filter(id__in=ids).update(content=unknown)


def add(name, *fields, condition=WAITING):
    return AddIndexConcurrently('annotation', models.Index('project', *fields, *PLACE, condition=condition, name=name))


class Migration(migrations.Migration):
    # Rows are updated and indexes built while people go on working.
    atomic = False

    dependencies = [
        ('annotations', '0008_unknown_confidence'),
    ]

    operations = [
        migrations.RunPython(forget_zeros, migrations.RunPython.noop),
        migrations.RunPython(forget_zeros_of_versions, migrations.RunPython.noop),
        add('waiting'),
        *(add(f'waiting_by_{field}', field) for field in NAMED),
        add('waiting_commented', condition=WAITING & Q(commented=True)),
        add('waiting_by_resubmission', 'resubmission', condition=WAITING & Q(resubmission__isnull=False)),
        add('judged', 'verdict', condition=JUDGED),
        *(
            RemoveIndexConcurrently('annotation', name)
            for name in ('queue', *(f'queue_of_{field}' for field in (*NAMED, 'resubmission')), 'queue_commented', 'annotation_judged')
        ),
    ]
