"""Names that people read: of people, projects, classes, tokens and files.

A name shows every character that it has. Control characters and those that turn the direction of writing make one name
look like another, as `gnp.exe` like `exe.png`. The joiners of Persian and of emoji are no such characters.
"""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)


def validate_name(name: str) -> None:
    """Raises ValidationError for a name with hidden characters."""
    found = HIDDEN.search(name)
    if found:
        code = f"U+{ord(found[0]):04X}"
        raise ValidationError(f"The name has a character that cannot be seen ({code}). Remove it.", "hidden_character")


def visible(name: str) -> str:
    """The name without hidden characters, for names that nobody typed here."""
    return HIDDEN.sub("", name).strip()


class NameField(models.CharField[str, str]):
    """A name that people type. For migrations it is a CharField: what it stores is the same."""

    default_validators = [validate_name]

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
