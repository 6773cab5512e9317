"""What changed between two versions of an annotation, and where one comes from, in words; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from inference import masks
from labeling.annotations.geometry import crossings, pixels_of

Content = Mapping[str, Any]


@dataclass(frozen=True)
class ClassWords:
    """A class's name, and the names of its attributes by their ids."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)


Classes = Mapping[str, ClassWords]
UNKNOWN = ClassWords("a class that is gone")


def changes(
    before: Content, after: Content, classes: Classes, size: tuple[int, int], *, compare_pixels: bool = True
) -> list[str]:
    """The differences, a sentence without a full stop each; empty if there are none. Size is (width, height).

    Without `compare_pixels`, a new shape is named but not compared with the one before.
    """
    return [
        *_class(before, after, classes),
        *_shape(before, after, size, compare_pixels=compare_pixels),
        *_attributes(before, after, classes),
        *_order(before, after),
        *([made_by(after)] if before["prompts"] != after["prompts"] and after["prompts"] else []),
    ]


def beginning(content: Content, classes: Classes) -> list[str]:
    """What an annotation was when it was made."""
    area = "" if content["kind"] == "tag" else f": {content['area']:,.0f} px"
    said = _attributes({**content, "attributes": {}}, content, classes)
    return [_name(content, classes), f"{content['kind']}{area}", *said, made_by(content)]


def made_by(content: Content) -> str:
    """From which prompts, by which model: "sam: 2 points and a box, mobile_sam, choice 2"."""
    parts = [_prompted(content["prompts"]), content["model"].split("@")[0], _chosen(content["chosen_rank"])]
    said = ", ".join(part for part in parts if part)
    return f"{content['source']}: {said}" if said else f"by {content['source']}"


def _class(before: Content, after: Content, classes: Classes) -> Iterator[str]:
    if before["label_class_id"] != after["label_class_id"]:
        yield f"class {_name(before, classes)} → {_name(after, classes)}"


def compared_crossings(before: Content, after: Content, width: int) -> int:
    """How many crossings of polygon edges with pixel columns it takes to compare the pixels of two versions."""
    return sum(crossings(content["shape"].get("parts"), width) for content in (before, after))


def _shape(before: Content, after: Content, size: tuple[int, int], *, compare_pixels: bool) -> Iterator[str]:
    if before["kind"] != after["kind"]:
        yield f"{before['kind']} → {after['kind']}"
    if before["shape"] == after["shape"] or "tag" in (before["kind"], after["kind"]):
        return
    if not compare_pixels:
        yield f"{after['kind']}: redrawn"
    else:
        a, b = (pixels_of(each["kind"], each["shape"], *size) for each in (before, after))
        yield f"{after['kind']}: {pixel_words(a, b)}"


def pixel_words(before: masks.Rle, after: masks.Rle) -> str:
    """How many pixels came and went: "+312 −40 px, IoU 0.97"."""
    common = masks.shared(before, after)
    added, removed = masks.area(after) - common, masks.area(before) - common
    union = common + added + removed
    return f"+{added:,} −{removed:,} px, IoU {common / union if union else 1:.2f}"


def _attributes(before: Content, after: Content, classes: Classes) -> Iterator[str]:
    names = {**_class_of(before, classes).attributes, **_class_of(after, classes).attributes}
    old, new = before["attributes"], after["attributes"]
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            yield f"{names.get(key, key)}: {_value(old.get(key))} → {_value(new.get(key))}"


def _order(before: Content, after: Content) -> Iterator[str]:
    if before["z"] != after["z"]:
        yield "moved up" if after["z"] > before["z"] else "moved down"


def _class_of(content: Content, classes: Classes) -> ClassWords:
    return classes.get(content["label_class_id"], UNKNOWN)


def _name(content: Content, classes: Classes) -> str:
    return _class_of(content, classes).name


def _value(value: Any) -> str:
    if value in (None, "", []):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _prompted(prompts: Sequence[Mapping[str, Any]]) -> str:
    """Clicks come as a history of prompts, each with all the points so far: the last one says it all."""
    if not prompts:
        return ""
    last = prompts[-1]
    points = len(last.get("points") or [])
    parts = ["1 point" if points == 1 else f"{points} points"] if points else []
    parts += ["a box"] if last.get("box") else []
    parts += ["an earlier mask"] if last.get("mask") else []
    return " and ".join(parts)


def _chosen(rank: int | None) -> str:
    return "" if rank is None else f"choice {rank + 1}"
