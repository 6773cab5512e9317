from django.db import migrations


def begin_threads(apps, schema_editor):
    """The comments of verdicts that stand, which were kept only with them, are threads like others."""
    Comment, Verdict = apps.get_model('review', 'Comment'), apps.get_model('review', 'Verdict')
    standing = Verdict.objects.filter(annotation__commented=True, undone_at=None).select_related('annotation')
    latest = {given.annotation_id: given for given in standing.order_by('at', 'id')}
    Comment.objects.bulk_create(
        Comment(project=given.project, image_id=given.annotation.image_id, annotation=given.annotation, verdict=given,
                text=given.comment, by_id=given.by_id, at=given.at)
        for given in latest.values() if given.comment
    )


class Migration(migrations.Migration):

    dependencies = [('review', '0004_comments')]

    operations = [migrations.RunPython(begin_threads, migrations.RunPython.noop)]
