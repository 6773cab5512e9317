from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    """Class and annotator as they are now: what they were when it was judged, nobody wrote down."""
    annotations = apps.get_model("annotations", "Annotation").objects.filter(id=OuterRef("annotation_id"))
    apps.get_model("review", "Verdict").objects.update(
        label_class=Subquery(annotations.values("label_class_id")[:1]),
        annotator=Subquery(annotations.values("created_by_id")[:1]),
    )


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0001_initial'),
        ('review', '0002_seconds'),
    ]

    operations = [
        migrations.AddField('verdict', 'label_class', models.UUIDField(null=True)),
        migrations.AddField('verdict', 'annotator', models.UUIDField(null=True)),
        migrations.AddField('verdict', 'again', models.BooleanField(default=False)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField('verdict', 'label_class', models.UUIDField()),
        migrations.AlterField('verdict', 'annotator', models.UUIDField()),
    ]
