"""What a project lets its annotations be: their kinds and what is said of them. The rule about pixels: overlap.py."""

from typing import Any

from labeling.images.models import Image
from labeling.projects.attributes import refusal
from labeling.projects.models import LabelClass
from labeling.rest import invalid


def require_kind(image: Image, kind: str, where: str) -> None:
    """Raises ValidationError: the project does not use this kind. `where` is its object's place in the request."""
    used = image.project.kinds
    if kind not in used:
        sentence = f"This project is not labeled with kind {kind}; it uses {', '.join(used)}."
        raise invalid("kind_not_used", sentence, f"{where}kind")


def check_attributes(before: dict[str, Any], after: dict[str, Any], label_class: LabelClass, where: str) -> None:
    """Raises ValidationError: a new value does not fit the class's schema.

    Values that were there already are not looked at: the schema may have changed since, and that destroys nothing.
    A class that says nothing of attributes takes any.
    """
    schema = {attribute["id"]: attribute for attribute in label_class.attributes}
    for name, value in after.items() if schema else ():
        if name in before and before[name] == value:
            continue
        known = schema.get(name)
        why = refusal(known, value) if known else f"{label_class.name} has no attribute {name}."
        if why:
            raise invalid("invalid_attribute", why, f"{where}attributes.{name}")
