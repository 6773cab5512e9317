"""Class names are unique without regard to case. Names that clash get a number behind them."""

from collections.abc import Collection
from itertools import count
from typing import Any

from django.db import migrations, models

from labeling.names import name_key

MAX_NAME_LENGTH = 100


def free_name(name: str, taken: Collection[str]) -> str:
    """The first of "name (2)", "name (3)", … whose key is not taken."""
    for number in count(2):
        suffix = f" ({number})"
        free = name[: MAX_NAME_LENGTH - len(suffix)] + suffix
        if name_key(free) not in taken:
            return free
    raise AssertionError("Numbers do not end.")


def set_keys(apps: Any, schema_editor: Any) -> None:
    """Write the key of each class. Of names that clash, the first class keeps its own; no class is deleted."""
    rows = list(apps.get_model("projects", "LabelClass").objects.order_by("position", "created_at", "id"))
    taken: dict[Any, set[str]] = {}
    for row in rows:
        if row.deleted_at is None:
            taken.setdefault(row.project_id, set()).add(name_key(row.name))
    kept = set()
    for row in rows:
        row.name_key = name_key(row.name)
        place = row.project_id, row.name_key
        clashes = row.deleted_at is None and place in kept
        if clashes:
            row.name = free_name(row.name, taken[row.project_id])
            row.name_key = name_key(row.name)
            taken[row.project_id].add(row.name_key)
            tell(apps, row)
        elif row.deleted_at is None:
            kept.add(place)
        row.save(update_fields=["name", "name_key"])


def tell(apps: Any, row: Any) -> None:
    """Append the event that a renamed class has: exports of an earlier moment read the names of then from the log."""
    Stream, Event = apps.get_model("events", "Stream"), apps.get_model("events", "Event")
    stream, _ = Stream.objects.select_for_update().get_or_create(project=row.project_id)
    stream.last_seq += 1
    stream.save()
    data = {"name": row.name, "colour": row.colour}
    Event.objects.create(project=row.project_id, seq=stream.last_seq, kind="class.changed", object=row.id, data=data)


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0004_versions'),
        ('events', '0004_log_identity'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='labelclass',
            name='class_name_once_a_project',
        ),
        migrations.AddField(
            model_name='labelclass',
            name='name_key',
            field=models.CharField(default='', editable=False, max_length=300),
            preserve_default=False,
        ),
        migrations.RunPython(set_keys, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name='labelclass',
            constraint=models.UniqueConstraint(condition=models.Q(('deleted_at', None)), fields=('project', 'name_key'), name='class_name_once_a_project'),
        ),
    ]
