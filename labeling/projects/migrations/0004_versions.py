from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0003_waiting_members'),
    ]

    operations = [
        migrations.AddField(
            model_name='labelclass',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='project',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
    ]
