from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assignments', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='assignment',
            name='nothing_to_label',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='assignment',
            name='image_review',
            field=models.CharField(blank=True, choices=[('nothing_to_label', 'Nothing To Label'), ('deleted', 'Deleted')], default='', max_length=20),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name='assignment',
            index=models.Index(condition=models.Q(('state', 'submitted'), models.Q(('image_review', ''), _negated=True)), fields=['project', 'updated_at', 'id'], name='images_to_review'),
        ),
    ]
