from django.db import migrations
from django.db.models import Q


TILED_FROM = 4096


def order(apps, schema_editor):
    """Large images that came before tiles did are cut into them, and read through them from now on."""
    images, jobs = apps.get_model("images", "Image"), apps.get_model("jobs", "Job")
    large = images.objects.filter(Q(width__gt=TILED_FROM) | Q(height__gt=TILED_FROM), deleted_at=None)
    for image in large.iterator():
        about = {
            "key": f"originals/{image.sha256[:2]}/{image.sha256}",
            "sha256": image.sha256,
            "size": [image.width, image.height],
        }
        for job in jobs.objects.filter(target=image.id, kind__in=("embed", "propose")):
            job.payload["image"] = about
            job.save(update_fields=["payload"])
        jobs.objects.get_or_create(
            kind="tile",
            target=image.id,
            defaults={"project": image.project_id, "payload": {"image": about, "derivative": None}},
        )


class Migration(migrations.Migration):
    dependencies = [("images", "0001_initial"), ("jobs", "0003_tile_jobs")]

    operations = [migrations.RunPython(order, migrations.RunPython.noop)]
