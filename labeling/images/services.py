"""Every write to images. Decoding happens outside of transactions; a file is stored before its row exists."""

import hashlib
from dataclasses import dataclass
from typing import IO, Any, Literal
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from inference import pixels
from labeling.accounts.models import User
from labeling.events.services import Entry, append
from labeling.images import keys, selectors
from labeling.images.models import Image
from labeling.jobs import services as jobs
from labeling.jobs.models import Job
from labeling.projects import services as projects
from labeling.projects.models import Project
from labeling.projects.roles import Permission
from labeling.projects.selectors import access
from labeling.rest import invalid


@dataclass(frozen=True)
class Outcome:
    """What became of one uploaded file. Refused ones have a code and a sentence and leave nothing behind."""

    name: str
    outcome: Literal["created", "duplicate", "refused"]
    image: Image | None = None
    code: str | None = None
    detail: str | None = None


def add_image(*, by: User, project: UUID, name: str, file: IO[bytes], credit: str = "") -> Outcome:
    """Take in one file: created, a duplicate (of the same content in this project), or refused and why.

    Raises:
        NotFound, PermissionDenied: as `projects.selectors.access` does.
    """
    found = access(by, project, Permission.UPLOAD)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    present = _present(found, sha256)
    if present:
        return Outcome(name, "duplicate", present)
    try:
        image = _stored(found, by, name, sha256, file, credit)
    except pixels.Unreadable as error:
        return Outcome(name, "refused", code=error.code, detail=str(error))
    return _recorded(image, by)


def _present(project: Project, sha256: str) -> Image | None:
    return selectors.of_project(project).filter(sha256=sha256).first()


def _stored(project: Project, by: User, name: str, sha256: str, file: IO[bytes], credit: str) -> Image:
    """Decode the file and store original, derivative and thumbnail. Raises pixels.Unreadable."""
    limits = pixels.Limits(settings.UPLOAD_MAX_BYTES, settings.UPLOAD_MAX_PIXELS)
    file.seek(0)
    picture = pixels.inspect(file, limits)
    derivative, derivative_type = pixels.encode_derivative(picture) if picture.needs_derivative else (b"", "")
    thumbnail = pixels.thumbnail(picture)
    if derivative:
        keys.store().write(keys.derivative(sha256), derivative)
    keys.store().write(keys.thumbnail(sha256), thumbnail)
    size = file.seek(0, 2)
    file.seek(0)
    keys.store().write(keys.original(sha256), file)
    return Image(
        project=project, name=name, sha256=sha256, media_type=picture.media_type, derivative_type=derivative_type,
        bytes=size, width=picture.width, height=picture.height, notice=picture.notice, credit=credit, created_by=by,
    )  # fmt: skip


def _recorded(image: Image, by: User) -> Outcome:
    try:
        with transaction.atomic():
            image.project = _held(image.project_id)
            image.save(force_insert=True)
            order_embedding(image=image, by=by)
            entry = Entry("image.created", object=image.id, image=image.id, data={"name": image.name})
            append(project=image.project_id, by=by, entries=[entry])
    except IntegrityError:
        # The same content came in twice at once; the other upload has won.
        return Outcome(image.name, "duplicate", _present(image.project, image.sha256))
    return Outcome(image.name, "created", selectors.image(by, image.id))


@transaction.atomic
def order_embedding(*, image: Image, by: User) -> None:
    payload = {
        "image": {"key": keys.original(image.sha256), "sha256": image.sha256},
        "model": image.project.model,
    }
    jobs.enqueue(kind=Job.Kind.EMBED, target=image.id, project=image.project_id, payload=payload, by=by)


@transaction.atomic
def prioritise(*, by: User, image: UUID) -> Image:
    """Someone is looking at the image now: its embedding comes next."""
    found = selectors.image(by, image)
    jobs.prioritise(kind=Job.Kind.EMBED, target=found.id)
    return found


@transaction.atomic
def retry(*, by: User, image: UUID) -> Image:
    """Try a failed embedding again."""
    found = selectors.image(by, image, Permission.UPLOAD)
    jobs.retry(kind=Job.Kind.EMBED, target=found.id, by=by)
    return selectors.image(by, image)


@transaction.atomic
def delete_image(*, by: User, image: UUID) -> None:
    """Leave a tombstone, and forget what was still to be computed."""
    found = selectors.image(by, image, Permission.DELETE_IMAGES)
    _held(found.project_id)
    Image.objects.filter(id=found.id).update(deleted_at=timezone.now())
    jobs.cancel(targets=[found.id])
    append(project=found.project_id, by=by, entries=[Entry("image.deleted", object=found.id, image=found.id)])


@transaction.atomic
def edit_project(*, by: User, project: UUID, changes: dict[str, Any]) -> Project:
    """Change a project. With another model its images are embedded anew in the background; masks stay as they are,
    and clicks are answered from the old embeddings until the new ones are there.

    Raises:
        ValidationError: the model is not installed.
    """
    access(by, project, Permission.EDIT)
    before = _held(project).model
    model = changes.get("model", before)
    if model != before:
        _require_installed(model)
        jobs.reorder(kind=Job.Kind.EMBED, project=project, changes={"model": model}, by=by)
    return projects.edit_project(by=by, project=project, changes=changes)


def _held(project: UUID) -> Project:
    """The project as it stays until the transaction ends: no image comes or goes while its model changes."""
    return Project.objects.select_for_update(no_key=True).get(id=project)


def _require_installed(model: str) -> None:
    names = [each.name for each in selectors.models()]
    if model not in names:
        raise invalid("model_not_installed", f"{model} is not installed here; there is {', '.join(names)}.", "model")
