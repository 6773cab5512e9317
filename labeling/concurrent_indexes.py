"""Migration operations that add and remove indexes of large tables while people go on writing.

PostgreSQL builds such an index without locking the table, outside of a transaction: the migration has `atomic = False`.
It can be run again after it was interrupted. SQLite has one writer at a time anyway.
"""

from typing import Any

from django.db.migrations.operations import AddIndex, RemoveIndex


class AddIndexConcurrently(AddIndex):
    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        _add(schema_editor, to_state.apps.get_model(app_label, self.model_name), self.index)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        _remove(schema_editor, self.index.name)


class RemoveIndexConcurrently(RemoveIndex):
    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        _remove(schema_editor, self.name)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        index = to_state.models[app_label, self.model_name_lower].get_index_by_name(self.name)
        _add(schema_editor, to_state.apps.get_model(app_label, self.model_name), index)


def _add(schema_editor: Any, model: Any, index: Any) -> None:
    # A build that was interrupted leaves an index that is not valid.
    _remove(schema_editor, index.name)
    schema_editor.add_index(model, index, **({"concurrently": True} if _is_postgresql(schema_editor) else {}))


def _remove(schema_editor: Any, name: str) -> None:
    concurrently = "CONCURRENTLY " if _is_postgresql(schema_editor) else ""
    schema_editor.execute(f"DROP INDEX {concurrently}IF EXISTS {schema_editor.quote_name(name)}")


def _is_postgresql(schema_editor: Any) -> bool:
    return bool(schema_editor.connection.vendor == "postgresql")
