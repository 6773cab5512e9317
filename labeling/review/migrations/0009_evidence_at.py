from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0009_place_in_the_queue'),
        ('review', '0008_resubmission'),
    ]

    operations = [
        migrations.AlterField(
            model_name='verdict',
            name='confidence',
            field=models.FloatField(help_text='Of the annotation when it was judged; null is unknown.', null=True),
        ),
        migrations.AlterField(
            model_name='verdict',
            name='evidence',
            field=models.JSONField(default=dict, help_text='The signals of what was judged; calibration learns from them, whatever comes after.'),
        ),
        migrations.AddField(
            model_name='verdict',
            name='evidence_at',
            field=models.DateTimeField(null=True),
        ),
    ]
