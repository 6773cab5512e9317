from django.db import migrations, models


def forget_links(apps, schema_editor):
    """Stored answers held invitation links in clear text, which set an account's password."""
    Operation = apps.get_model("events", "Operation")
    rows = Operation.objects.filter(body__has_key="invite_url").exclude(body__invite_url=None)
    for operation in rows.iterator():
        operation.body["invite_url"] = None
        operation.save(update_fields=["body"])


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0002_moments'),
    ]

    operations = [
        migrations.AddField(
            model_name='operation',
            name='grants',
            field=models.JSONField(default=list),
        ),
        migrations.RunPython(forget_links, migrations.RunPython.noop),
    ]
