from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def name_projects(apps, schema_editor):
    """Copy to each active time the project of its image."""
    Image = apps.get_model("images", "Image")
    project = Image.objects.filter(id=OuterRef("image")).values("project")
    apps.get_model("assignments", "ActiveTime").objects.update(project=Subquery(project))


class Migration(migrations.Migration):
    dependencies = [
        ("assignments", "0001_initial"),
        ("images", "0002_tiles_of_large_images"),
    ]

    operations = [
        migrations.AddField(
            model_name="activetime",
            name="project",
            field=models.UUIDField(help_text="The image's.", null=True),
        ),
        migrations.RunPython(name_projects, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="activetime",
            name="project",
            field=models.UUIDField(help_text="The image's."),
        ),
        migrations.AddIndex(
            model_name="activetime",
            index=models.Index(fields=["project", "-seconds", "id"], name="active_time_longest"),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["project", "created_at", "id"], name="assignment_in_order"),
        ),
    ]
