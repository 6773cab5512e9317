"""Every write to images. Decoding happens outside of transactions; a file is stored before its row exists."""

import hashlib
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import IO, Any, Literal
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from inference.limits import Unreadable
from inference.pyramid import is_tiled
from labeling.accounts.models import User
from labeling.events.services import Entry, append
from labeling.images import intake, keys, regions, selectors, tiles
from labeling.images.models import Image, Word
from labeling.images.words import words_in
from labeling.jobs import services as jobs
from labeling.jobs.models import Job
from labeling.names import visible
from labeling.projects import services as projects
from labeling.projects.models import Project
from labeling.projects.roles import Permission
from labeling.projects.selectors import access
from labeling.rest import invalid

log = logging.getLogger(__name__)
NO_NAME = "This file has no name that can be kept. Rename it, then send it again."

NOT_STORED = "The file could not be stored; the storage may be full. What was stored before is safe. Try again later."
# What is computed of an image, in this order.
KINDS = (Job.Kind.TILE, Job.Kind.EMBED, Job.Kind.PROPOSE)
NOT_ATTEMPTED = "The files before this one took all the time of their request. Send this one again."
# The largest gap that objects drawn and deleted while offline can leave in the numbers of an image.
MAX_SKIPPED_NUMBERS = 10_000
# A request begins no further file after this many times UPLOAD_SECONDS.
FILES_TIME = 2


@dataclass(frozen=True)
class Outcome:
    """What became of one uploaded file. Refused ones have a code and a sentence and leave nothing behind."""

    name: str
    outcome: Literal["created", "duplicate", "refused"]
    image: Image | None = None
    code: str | None = None
    detail: str | None = None


def add_images(*, by: User, project: UUID, files: Iterable[tuple[str, IO[bytes]]]) -> list[Outcome]:
    """Take in files by name, one after another.

    When the request has used its time, the remaining files are refused, so that other people's uploads get their turn.

    Raises:
        NotFound, PermissionDenied: as `projects.selectors.access` does.
        TooManyUploads: this person or this project has too many in progress.
    """
    access(by, project, Permission.UPLOAD)
    end = monotonic() + FILES_TIME * settings.UPLOAD_SECONDS
    with intake.uploads.one(by.id, project):
        return [
            add_image(by=by, project=project, name=name, file=file)
            if monotonic() < end
            else Outcome(name, "refused", code="not_attempted", detail=NOT_ATTEMPTED)
            for name, file in files
        ]


def add_image(*, by: User, project: UUID, name: str, file: IO[bytes], credit: str = "") -> Outcome:
    """Take in one file: created, a duplicate (of the same content in this project), or refused and why.

    Raises:
        NotFound, PermissionDenied: as `projects.selectors.access` does.
    """
    found = access(by, project, Permission.UPLOAD)
    name = visible(name)
    if not name:
        return Outcome("(no name)", "refused", code="invalid_name", detail=NO_NAME)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    present = _present(found, sha256)
    if present:
        return Outcome(name, "duplicate", present)
    try:
        image, derived = _decoded(Image(project=found, created_by=by, name=name, sha256=sha256, credit=credit), file)
        _store(image, derived, file)
    except Unreadable as error:
        return Outcome(name, "refused", code=error.code, detail=str(error))
    except OSError:
        # The storage, or the temporary folder that holds the decoder's copy.
        log.exception("An uploaded file could not be stored.")
        return Outcome(name, "refused", code="storage_unavailable", detail=NOT_STORED)
    return _recorded(image, by)


def _present(project: Project, sha256: str) -> Image | None:
    return selectors.of_project(project).filter(sha256=sha256).first()


def _decoded(image: Image, file: IO[bytes]) -> tuple[Image, dict[str, bytes]]:
    """The image with all that is known from its pixels, and what is to be stored beside the original, by key.

    Raises:
        Unreadable: with the reason why the file is refused.
    """
    image.bytes = file.seek(0, 2)
    taken = intake.take_in(file, person=image.created_by_id)
    image.media_type, image.derivative_type, image.notice = taken.media_type, taken.derivative_type, taken.notice
    image.width, image.height = taken.width, taken.height
    derived = {keys.thumbnail(image.sha256): taken.thumbnail}
    if taken.derivative is not None:
        derived[keys.derivative(image.sha256)] = taken.derivative
    return image, derived


def _store(image: Image, derived: dict[str, bytes], file: IO[bytes]) -> None:
    for key, data in derived.items():
        keys.store().write(key, data)
    file.seek(0)
    keys.store().write(keys.original(image.sha256), file)


def _recorded(image: Image, by: User) -> Outcome:
    try:
        with transaction.atomic():
            image.project = hold(image.project_id)
            image.save(force_insert=True)
            Word.objects.bulk_create(Word(project=image.project_id, word=word, image=image)
                                     for word in words_in(image.name))  # fmt: skip
            _order(image=image, by=by)
            entry = Entry("image.created", object=image.id, image=image.id, data={"name": image.name})
            append(project=image.project_id, by=by, entries=[entry])
    except IntegrityError:
        # The same content came in twice at once; the other upload has won.
        return Outcome(image.name, "duplicate", _present(image.project, image.sha256))
    return Outcome(image.name, "created", selectors.image(by, image.id))


def _order(*, image: Image, by: User) -> None:
    for kind, payload in payloads(image, image.project).items():
        jobs.enqueue(kind=kind, target=image.id, project=image.project_id, payload=payload, by=by)


def payloads(image: Image, project: Project) -> dict[Job.Kind, dict[str, Any]]:
    """What a project has computed for an image of its own."""
    embed = {"image": keys.image(image), "model": project.model}
    found: dict[Job.Kind, dict[str, Any]] = {Job.Kind.EMBED: embed}
    if is_tiled(image.width, image.height):
        found[Job.Kind.TILE] = tiles.payload(image)
    proposals = dict(project.proposals)
    if proposals.pop("enabled"):
        found[Job.Kind.PROPOSE] = {**embed, "settings": proposals}
    return found


@transaction.atomic
def prioritise(*, by: User, image: UUID) -> Image:
    """Someone is looking at the image now: its tiles come next, then its embedding, then its proposals."""
    found = selectors.image(by, image)
    jobs.prioritise(kinds=KINDS, target=found.id)
    return found


@transaction.atomic
def retry(*, by: User, image: UUID) -> Image:
    """Try again what failed of the image: its tiles, its embedding, its proposals."""
    found = selectors.image(by, image, Permission.UPLOAD)
    jobs.retry(kinds=KINDS, target=found.id, by=by)
    return selectors.image(by, image)


@transaction.atomic
def delete_image(*, by: User, image: UUID) -> None:
    """Leave a tombstone, and forget what was still to be computed."""
    forget(by=by, image=bury(by=by, image=image))


def bury(*, by: User, image: UUID) -> Image:
    """Leave a tombstone. Call it in a transaction that ends with `forget`."""
    found = selectors.image(by, image, Permission.DELETE_IMAGES)
    hold(found.project_id)
    Image.objects.filter(id=found.id).update(deleted_at=timezone.now())
    return found


def forget(*, by: User, image: Image) -> None:
    """Delete the jobs of a deleted image, and append the event."""
    regions.forget_all(image)
    jobs.cancel(targets=[image.id])
    tiles.forget(image)
    append(project=image.project_id, by=by, entries=[Entry("image.deleted", object=image.id, image=image.id)])


@transaction.atomic
def edit_project(*, by: User, project: UUID, expected: int, changes: dict[str, Any]) -> Project:
    """Change a project. With another model its images are embedded anew in the background; masks stay as they are,
    and clicks are answered from the old embeddings until the new ones are there. Proposals are made anew with another
    model or by other settings, of which `changes` may have a part, and forgotten when they are turned off.

    Raises:
        projects.services.Stale: the settings have another version than `expected`.
        ValidationError: the model is not installed.
    """
    found = access(by, project, Permission.EDIT)
    if changes.get("model", found.model) != found.model:
        # Before the lock, because it asks the storage, which may hang.
        _require_installed(changes["model"])
    before = hold(project)
    if "proposals" in changes:
        changes = {**changes, "proposals": {**before.proposals, **changes["proposals"]}}
    if any(changes.get(name, getattr(before, name)) != getattr(before, name) for name in ("model", "proposals")):
        jobs.order_reordering(project)
    return projects.edit_project(by=by, project=project, expected=expected, changes=changes)


def take_numbers(image: UUID, wanted: Sequence[int | None]) -> list[int]:
    """Number new annotations of an image in their order. Call it in a transaction, before it locks annotations.

    The editor names an object before it is saved, so a wanted number is given where it is free: a little above all.
    """
    last = Image.objects.select_for_update(no_key=True).values_list("numbered", flat=True).get(id=image)
    numbers = []
    for number in wanted:
        is_free = number is not None and last < number <= last + MAX_SKIPPED_NUMBERS
        last = number if number is not None and is_free else last + 1
        numbers.append(last)
    Image.objects.filter(id=image).update(numbered=last)
    return numbers


def hold(project: UUID) -> Project:
    """The project as it stays until the transaction ends: no image comes or goes while its model changes."""
    return Project.objects.select_for_update(no_key=True).get(id=project)


def _require_installed(model: str) -> None:
    names = [each.name for each in selectors.models()]
    if model not in names:
        raise invalid("model_not_installed", f"{model} is not installed here; there is {', '.join(names)}.", "model")
