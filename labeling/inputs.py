"""Refuse unknown query parameters and fields.

If they were ignored, a misspelled filter would return the whole list, and a misspelled field would be answered with
success.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.serializers import BaseSerializer, ListSerializer, Serializer

# Limits the answer to a body with a million unknown fields: this many of them, each name cut to this length.
MAX_LISTED_ERRORS = 20
MAX_NAME_LENGTH = 100


def refuse_unknown_parameters(query: Iterable[str], known: Iterable[str]) -> None:
    """Raise ValidationError with code `unknown_parameter` for each parameter that is not known."""
    known = list(known)
    takes = f"This address takes: {', '.join(known)}." if known else "This address takes no parameters."
    unknown = (name for name in query if name not in known)
    _refuse(((name, f'Unknown parameter "{name}". {takes}') for name in map(_printable, unknown)), "unknown_parameter")


def refuse_unknown_fields(serializer: BaseSerializer[Any], data: Any) -> None:
    """Raise ValidationError with code `unknown_field` for each field that the serializer does not read, nested ones
    included."""
    _refuse(_unknown_fields(serializer, data, ""), "unknown_field")


def refuse_body(data: Any) -> None:
    """Raise ValidationError unless the body is empty or an empty object."""
    refuse_unknown_fields(Serializer(), data)
    if data and not isinstance(data, Mapping):
        raise ValidationError("This request takes no body.", code="unknown_field")


def _refuse(found: Iterable[tuple[str, str]], code: str) -> None:
    errors: dict[str, list[ErrorDetail]] = {}
    for (path, sentence), _ in zip(found, range(MAX_LISTED_ERRORS), strict=False):
        errors[path] = [ErrorDetail(sentence, code=code)]
    if errors:
        raise ValidationError(errors)


def _unknown_fields(serializer: Any, data: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(serializer, ListSerializer) and isinstance(data, list):
        for index, item in enumerate(data):
            yield from _unknown_fields(serializer.child, item, f"{path}{index}.")
    if not isinstance(serializer, Serializer) or not isinstance(data, Mapping):
        return
    fields = serializer.fields
    for name in data:
        field = fields.get(name)
        if field is None or field.read_only:
            yield path + _printable(name), _sentence(_printable(name), fields, exists=field is not None)
        elif isinstance(field, BaseSerializer):
            yield from _unknown_fields(field, data[name], f"{path}{name}.")


def _sentence(name: str, fields: Mapping[str, Any], *, exists: bool) -> str:
    if exists:
        return f'The field "{name}" cannot be set by this request. Leave it out.'
    settable = ", ".join(field for field in fields if not fields[field].read_only)
    return f'Unknown field "{name}". ' + (f"Known here: {settable}." if settable else "This request takes no fields.")


def _printable(name: str) -> str:
    """A name that can be encoded in the answer: JSON input may contain lone surrogates."""
    return name[:MAX_NAME_LENGTH].encode(errors="replace").decode()
