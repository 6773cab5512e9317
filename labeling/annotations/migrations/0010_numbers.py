from django.db import migrations, models

# Deleted annotations count as well: their numbers stay theirs.
NUMBER = """
UPDATE annotations_annotation SET number = ranked.place
FROM (
    SELECT id, ROW_NUMBER() OVER (PARTITION BY image_id ORDER BY created_at, z, id) AS place
    FROM annotations_annotation WHERE kind <> 'tag'
) AS ranked
WHERE ranked.id = annotations_annotation.id
"""
COUNT = """
UPDATE images_image SET numbered = counted.amount
FROM (
    SELECT image_id, COUNT(*) AS amount FROM annotations_annotation WHERE kind <> 'tag' GROUP BY image_id
) AS counted
WHERE counted.image_id = images_image.id
"""


def number(apps, schema_editor):
    """Number what is there in the order in which it was made."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(NUMBER)
        cursor.execute(COUNT)


class Migration(migrations.Migration):
    dependencies = [("annotations", "0009_place_in_the_queue"), ("images", "0003_numbered")]

    operations = [
        migrations.AddField(
            model_name="annotation",
            name="number",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.RunPython(number, migrations.RunPython.noop, elidable=True),
    ]
