"""Names that people read: of people, projects, classes, tokens and files. Longer texts are in free_text.py.

Every character of a name must be visible. Control characters, and those that change the direction of writing, make one
name look like another, as `gnp.exe` like `exe.png`. The joiners of Persian and of emoji are allowed.
"""

import re
from typing import Any
from unicodedata import normalize

from django.core.exceptions import ValidationError
from django.db import models

HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
# In longer texts lines may end, and tabs stand. NUL is left for the validator that refuses it.
HIDDEN_IN_TEXT = re.compile(f"(?![\x00\t\n\r]){HIDDEN.pattern}")


def validate_name(name: str) -> None:
    """Raise ValidationError for a name with hidden characters."""
    found = HIDDEN.search(name)
    if found:
        code = f"U+{ord(found[0]):04X}"
        raise ValidationError(f"The name has a character that cannot be seen ({code}). Remove it.", "hidden_character")


def visible(name: str) -> str:
    """Remove hidden characters from a name that nobody typed here, such as a file name."""
    return HIDDEN.sub("", name).strip()


def visible_text(text: str) -> str:
    """Remove hidden characters from a text of several lines."""
    return HIDDEN_IN_TEXT.sub("", text)


def name_key(name: str) -> str:
    """The same key for names that differ only in upper and lower case, or in how their accents are composed.

    Computed here, because databases differ: SQLite's lower() changes no letters but those of ASCII.
    """
    return normalize("NFC", normalize("NFC", name).casefold())


class NameKeyField(models.CharField[str, str]):
    """The key of the row's `name`, written with every save of the whole row. Migrations see a CharField."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_length": 300, "editable": False, **options})

    def pre_save(self, model_instance: Any, add: bool) -> str:
        key = name_key(model_instance.name)
        setattr(model_instance, self.attname, key)
        return key

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class NameField(models.CharField[str, str]):
    """A name that people type. Migrations see a CharField, because the column is the same."""

    default_validators = [validate_name]

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
