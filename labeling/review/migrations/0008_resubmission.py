from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('review', '0007_daily_figures'),
    ]

    operations = [
        migrations.AddField(
            model_name='verdict',
            name='resubmission',
            field=models.CharField(max_length=10, null=True),
        ),
    ]
