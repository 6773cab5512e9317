from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("images", "0002_tiles_of_large_images")]

    operations = [
        migrations.AddField(
            model_name="image",
            name="numbered",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
