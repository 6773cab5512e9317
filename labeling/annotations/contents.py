"""What a request says of an annotation, made of its row. Nothing is written here."""

from typing import Any
from uuid import UUID

from labeling.accounts.models import User
from labeling.annotations import rules
from labeling.annotations.assessing import confidence_of, follow_shape
from labeling.annotations.geometry import InvalidGeometry, checked, json_bytes
from labeling.annotations.models import Annotation
from labeling.annotations.states import AFTER_EDIT, State, resubmission_after_edit
from labeling.images.models import Image
from labeling.projects.models import LabelClass
from labeling.rest import invalid

GEOMETRY = {"segmentation", "polygon", "bbox"}
ORDER = {"z"}


def build(image: Image, classes: dict[UUID, LabelClass], body: dict[str, Any], by: User, where: str) -> Annotation:
    """A new row. `where` is its place in the request, for refusals."""
    rules.require_kind(image, body["kind"], where)
    annotation = Annotation(id=body["id"], project_id=image.project_id, image=image, kind=body["kind"], created_by=by)
    annotation.updated_by = by
    _set(annotation, image, classes, body, where)
    return annotation


def apply(
    annotation: Annotation, image: Image, classes: dict[UUID, LabelClass], values: dict[str, Any], where: str
) -> None:
    """Gives a row new values, after which what was decided of it is open again."""
    if "kind" in values and values["kind"] != annotation.kind and not GEOMETRY & values.keys():
        raise invalid("geometry_missing", "Another kind needs another geometry.", f"{where}kind")
    if values.get("kind", annotation.kind) != annotation.kind:
        rules.require_kind(image, values["kind"], where)
        annotation.kind = values["kind"]
    _set(annotation, image, classes, values, where)
    reopen(annotation)


def reopen(annotation: Annotation) -> None:
    """What was decided was decided of something else."""
    state = State(annotation.state)
    annotation.resubmission = resubmission_after_edit(state, annotation.resubmission)
    annotation.disputed_with = None
    annotation.state = AFTER_EDIT[state]
    annotation.verdict = None
    annotation.approved_by = None
    annotation.provisional = False


def _set(
    annotation: Annotation, image: Image, classes: dict[UUID, LabelClass], values: dict[str, Any], where: str
) -> None:
    attributes = dict(annotation.attributes)
    shape_bytes = max(0, annotation.content_bytes - _details_bytes(annotation))
    for name in values.keys() - GEOMETRY - {"id", "kind", "class_id", "number", "version"}:
        setattr(annotation, name, values[name])
    if "class_id" in values:
        if values["class_id"] not in classes:
            raise invalid(
                "no_such_class", "The project has no such class; it may have been deleted.", f"{where}class_id"
            )
        annotation.label_class_id = values["class_id"]
    if "attributes" in values and annotation.label_class_id in classes:
        rules.check_attributes(attributes, values["attributes"], classes[annotation.label_class_id], where)
    if GEOMETRY & values.keys() or annotation._state.adding:
        shape_bytes = _set_geometry(annotation, image, values, where)
    annotation.content_bytes = shape_bytes + _details_bytes(annotation)
    follow_shape(annotation, values)
    annotation.confidence = confidence_of(annotation, image.project)


def _details_bytes(annotation: Annotation) -> int:
    """The part of `content_bytes` that is not the shape's."""
    return json_bytes([annotation.attributes, annotation.prompts])


def _set_geometry(annotation: Annotation, image: Image, values: dict[str, Any], where: str) -> int:
    """Set the geometry and return its bytes. Raises ValidationError."""
    try:
        geometry = checked(annotation.kind, values, image.width, image.height)
    except InvalidGeometry as error:
        raise invalid("invalid_geometry", str(error), f"{where}{error.field}") from None
    annotation.shape, annotation.bbox, annotation.area = geometry.shape, list(geometry.bbox), geometry.area
    return geometry.bytes


def says_the_same(present: Annotation, fresh: Annotation) -> bool:
    """Whether `present` was created with what `fresh` says, whatever became of it since."""
    first = present.versions.order_by("event_seq").first()
    return first is not None and is_same(first.content, fresh.content())


def is_same(content: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether people decided the same in both. The confidence is what was thought of it at the time."""
    return {**content, "confidence": None} == {**other, "confidence": None}
