from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def set_reworked(apps: Any, schema_editor: Any) -> None:
    """Mark annotations that were changed after a rejection: they are drafts or wait for review."""
    rows = apps.get_model("annotations", "Annotation").objects.filter(deleted_at=None, state__in=["draft", "submitted"])
    rows.filter(review__verdict="rejected").update(resubmission="reworked")


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0005_content_bytes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='annotation',
            name='resubmission',
            field=models.CharField(choices=[('reworked', 'reworked'), ('disputed', 'disputed')], max_length=10, null=True),
        ),
        migrations.AddField(
            model_name='annotation',
            name='disputed_with',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.RunPython(set_reworked, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name='annotation',
            index=models.Index(condition=models.Q(('deleted_at', None), ('state', 'submitted'), ('resubmission__isnull', False)), fields=['project', 'resubmission', 'confidence', 'id'], name='queue_of_resubmission'),
        ),
    ]
