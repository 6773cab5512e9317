"""Add the sizes of contents, and the totals of images.

Existing rows get the length of their stored JSON. A mask is sent as the run lengths of its whole image, which may have
a run more for each column of its box.
"""

from django.db import migrations, models
from django.db.models import Case, Count, F, FloatField, IntegerField, Sum, TextField, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Length

BYTES_PER_COLUMN = 4


def measure(apps, schema_editor):
    Annotation, AnnotationVersion, ImageTotal = (
        apps.get_model("annotations", name) for name in ("Annotation", "AnnotationVersion", "ImageTotal")
    )
    runs = _runs(KeyTextTransform(2, "bbox"), kind="mask")
    Annotation.objects.update(content_bytes=_length("shape") + _length("prompts") + _length("attributes") + runs)
    runs = _runs(KeyTextTransform(2, KeyTransform("bbox", "content")), content__kind="mask")
    AnnotationVersion.objects.update(content_bytes=_length("content") + runs)
    there = Annotation.objects.filter(deleted_at=None).order_by().values("image")
    rows = there.annotate(annotations=Count("id"), bytes=Sum("content_bytes"))
    ImageTotal.objects.bulk_create((ImageTotal(**row) for row in rows.iterator()), batch_size=2000)


def _length(column):
    return Length(Cast(F(column), TextField()))


def _runs(width, **is_mask):
    return Case(When(then=Cast(Cast(width, FloatField()) * BYTES_PER_COLUMN, IntegerField()), **is_mask), default=0)


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0004_edits'),
    ]

    operations = [
        migrations.CreateModel(
            name='ImageTotal',
            fields=[
                ('image', models.UUIDField(primary_key=True, serialize=False)),
                ('annotations', models.PositiveIntegerField(default=0)),
                ('bytes', models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name='annotation',
            name='content_bytes',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='annotationversion',
            name='content_bytes',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.RunPython(measure, migrations.RunPython.noop),
    ]
