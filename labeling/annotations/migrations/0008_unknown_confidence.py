from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0007_reordered_versions'),
    ]

    operations = [
        migrations.AlterField(
            model_name='annotation',
            name='confidence',
            field=models.FloatField(null=True),
        ),
    ]
