from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0006_resubmission'),
    ]

    operations = [
        migrations.AlterField(
            model_name='annotationversion',
            name='change',
            field=models.CharField(choices=[('created', 'Created'), ('changed', 'Changed'), ('deleted', 'Deleted'), ('restored', 'Restored'), ('reordered', 'Reordered'), ('state', 'State')], max_length=10),
        ),
    ]
