"""Every write to assignments."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Literal, TypeVar
from uuid import UUID

from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from labeling.accounts.models import User
from labeling.annotations import tally
from labeling.annotations.models import Annotation
from labeling.annotations.policy import Policy, because, drawn
from labeling.annotations.services import record_states
from labeling.annotations.states import State
from labeling.assignments import selectors
from labeling.assignments.models import ActiveTime, Assignment
from labeling.events.models import Event
from labeling.events.services import Entry, append
from labeling.images import selectors as images_selectors
from labeling.images.models import Image
from labeling.projects.attributes import missing
from labeling.projects.models import Kind, LabelClass, Membership, Project
from labeling.projects.roles import Permission, permissions
from labeling.projects.selectors import access
from labeling.rest import Conflict, invalid, not_found

M = TypeVar("M", bound=models.Model)

LEASE = timedelta(minutes=30)

Given = Literal["assigned", "reassigned", "already"]


@transaction.atomic
def assign(*, by: User, project: UUID, annotator: UUID, images: Sequence[UUID]) -> dict[UUID, Given]:
    """Give images to an annotator; what someone else has changes hands. Says of each image what happened.

    Whoever may label may also give themselves what nobody has.

    Raises:
        PermissionDenied: given to another person, or taken from one, by somebody who is no manager.
        ValidationError: someone who cannot label here, or an image that is not in the project.
    """
    found = access(by, project, Permission.ASSIGN if annotator != by.id else Permission.ANNOTATE)
    member = Membership.objects.select_related("user").filter(project=found, user=annotator).first()
    if member is None or Permission.ANNOTATE not in permissions(member.roles):
        raise invalid("not_an_annotator", "This person cannot label in this project.", "annotator")
    # Under a lock: of several who give an image at once, each sees what the one before gave.
    rows = Image.objects.select_for_update(no_key=True).filter(project=found, id__in=images, deleted_at=None)
    known = set(rows.order_by("id").values_list("id", flat=True))
    if known != set(images):
        raise invalid("no_such_image", "Some of these images are not in this project.", "images")
    held = {row.image_id: row for row in Assignment.objects.select_for_update().filter(image__in=images).order_by("id")}
    if any(row.annotator_id != by.id for row in held.values()):
        access(by, project, Permission.ASSIGN)
    given = {image: _give(held.get(image), found.id, image, member.user, by) for image in dict.fromkeys(images)}
    changed = [row for row, outcome in given.values() if outcome != "already"]
    _append(by, changed)
    return {image: outcome for image, (_, outcome) in given.items()}


@transaction.atomic
def pull(*, by: User, project: UUID) -> Assignment | None:
    """The next image for someone who asks for one: what they have already, else the oldest that nobody has.

    It is theirs for half an hour at a time; asking again renews the lease, and a lease that ran out frees the image.
    """
    found = access(by, project, Permission.ANNOTATE)
    # Under a lock of one's own: who asks twice at once gets one image.
    list(Membership.objects.select_for_update(no_key=True).filter(project=found, user=by))
    held = selectors.mine(by).filter(project=found).first()
    assignment = Assignment.objects.filter(id=held.id).first() if held else _take(by, project)
    if assignment is None:
        return None
    if assignment.lease_until:
        assignment.lease_until = timezone.now() + LEASE
        assignment.save(update_fields=["lease_until"])
    return selectors.assignment(by, assignment.id)


@transaction.atomic
def withdraw(*, by: User, assignment: UUID) -> None:
    """Take an image back; what was labeled stays."""
    found = selectors.assignment(by, assignment, Permission.ASSIGN)
    Assignment.objects.filter(id=found.id).delete()
    _append(by, [found], removed=True)


@transaction.atomic
def submit(*, by: User, assignment: UUID) -> Assignment:
    """Hand an image in: its drafts go to the reviewers. Where nothing is left to judge, it is done.

    The project's policy says what goes to the reviewers; the rest is accepted, visibly by policy and by nobody. Handing
    in twice is harmless; what was drawn in between goes with the second time.

    Raises:
        PermissionDenied: it is someone else's.
        Conflict: something that was rejected has not been touched, or lacks an attribute that it has to have.
    """
    seen = selectors.assignment(by, assignment, Permission.ANNOTATE)
    found = Assignment.objects.select_for_update().filter(id=assignment).first()
    if found is None:
        raise not_found("assignment")
    if found.annotator_id != by.id:
        access(by, found.project_id, Permission.ASSIGN)
    drafts = _drafts(found)
    _require_attributes(drafts)
    spared = _spared(seen.project, drafts)
    drafted = {State.ACCEPTED if draft in spared else State.SUBMITTED for draft in drafts}
    state = state_of(_states(found.image_id, but=State.DRAFT) | drafted)
    if found.state == state and not drafts:
        return selectors.assignment(by, assignment)
    _move(found, state)
    (event,) = _append(by, [found])
    waiting = [draft for draft in drafts if draft not in spared]
    record_states(by=by, decided=[(draft, State.SUBMITTED, event.seq) for draft in waiting])
    _accept_by_policy(by, spared)
    return selectors.assignment(by, assignment)


@transaction.atomic
def skip(*, by: User, assignment: UUID, reason: str) -> Assignment:
    """Put an image aside that cannot be labeled. It leaves the annotator's work; a manager sees why and gives it again.

    Raises:
        PermissionDenied: it is someone else's.
        Conflict: it has been handed in already.
    """
    selectors.assignment(by, assignment, Permission.ANNOTATE)
    found = Assignment.objects.select_for_update().filter(id=assignment).first()
    if found is None:
        raise not_found("assignment")
    if found.annotator_id != by.id:
        access(by, found.project_id, Permission.ASSIGN)
    if found.state in (Assignment.State.SUBMITTED, Assignment.State.DONE):
        raise Conflict("handed_in", "This image has been handed in, so it cannot be skipped any more.")
    if (found.state, found.skip_reason) != (Assignment.State.SKIPPED, reason):
        _move(found, Assignment.State.SKIPPED, reason)
        _append(by, [found])
    return selectors.assignment(by, assignment)


@transaction.atomic
def add_active_time(*, by: User, image: UUID, seconds: int) -> None:
    """Add to the time that a person has worked on an image. No event: nobody's view changes by it."""
    found = images_selectors.image(by, image, Permission.ANNOTATE)
    row, _ = ActiveTime.objects.get_or_create(image=found, person=by)
    ActiveTime.objects.filter(id=row.id).update(seconds=F("seconds") + seconds)


def _move(assignment: Assignment, state: Assignment.State, skip_reason: str = "") -> None:
    """Out of the annotator's hands, so that no lease runs on."""
    assignment.state = state
    assignment.skip_reason = skip_reason
    assignment.lease_until = None
    assignment.updated_at = timezone.now()
    assignment.save(update_fields=["state", "skip_reason", "lease_until", "updated_at"])


def hold(images: Collection[UUID]) -> None:
    """Lock the assignments of images that verdicts are about. To be called before the first event is appended:
    submitting takes these locks before the log's too, so the two cannot wait for each other."""
    list(Assignment.objects.select_for_update().filter(image__in=images).order_by("id"))


@transaction.atomic
def follow_verdicts(*, by: User, images: Collection[UUID]) -> None:
    """After verdicts: an image with something rejected goes back to its annotator; all accepted, it is done."""
    changed = []
    states: dict[UUID, set[str]] = {image: set() for image in images}
    found = Annotation.objects.filter(image__in=images, deleted_at=None).values_list("image", "state").distinct()
    for image, state in found.order_by():
        states[image].add(state)
    waiting = (Assignment.State.OPEN, Assignment.State.SKIPPED)
    held = Assignment.objects.select_for_update().filter(image__in=images).exclude(state__in=waiting)
    for assignment in held.order_by("id"):
        followed = state_of(states[assignment.image_id])
        if assignment.state != followed:
            assignment.state = followed
            assignment.updated_at = timezone.now()
            changed.append(assignment)
    Assignment.objects.bulk_update(changed, ["state", "updated_at"])
    _append(by, changed)


def state_of(annotations: set[str]) -> Assignment.State:
    """The state of an image that was handed in, from the states of its annotations."""
    if State.REJECTED in annotations:
        return Assignment.State.RETURNED
    if annotations <= {State.ACCEPTED}:
        return Assignment.State.DONE
    return Assignment.State.RETURNED if State.DRAFT in annotations else Assignment.State.SUBMITTED


def _states(image: UUID, *, but: State | None = None) -> set[str]:
    annotations = Annotation.objects.filter(image=image, deleted_at=None).exclude(state=but)
    return set(annotations.values_list("state", flat=True).distinct())


def _give(held: Assignment | None, project: UUID, image: UUID, annotator: User, by: User) -> tuple[Assignment, Given]:
    if held is None:
        created = Assignment(project_id=project, image_id=image, annotator=annotator, created_by=by)
        created.save(force_insert=True)
        return created, "assigned"
    finished = held.state in (Assignment.State.DONE, Assignment.State.SKIPPED)
    if held.annotator_id == annotator.id and held.lease_until is None and not finished:
        return held, "already"
    outcome: Given = "already" if held.annotator_id == annotator.id else "reassigned"
    held.annotator = annotator
    held.created_by = by
    held.lease_until = None
    held.updated_at = timezone.now()
    if finished:
        held.state = Assignment.State.OPEN
        held.skip_reason = ""
        outcome = "assigned"
    held.save()
    return held, outcome


def _take(by: User, project: UUID) -> Assignment | None:
    expired = Assignment.objects.filter(
        project=project, state=Assignment.State.OPEN, lease_until__lt=timezone.now(), image__deleted_at=None
    )
    lapsed = _skipping_locked(expired.order_by("created_at", "id")).first()
    if lapsed is not None:
        lapsed.annotator = by
        lapsed.lease_until = timezone.now() + LEASE
        lapsed.save(update_fields=["annotator", "lease_until"])
        _append(by, [lapsed])
        return lapsed
    taken = Assignment.objects.filter(project=project).values("image")
    free = Image.objects.filter(project=project, deleted_at=None).exclude(id__in=taken).order_by("created_at", "id")
    image = _skipping_locked(free).first()
    if image is None:
        return None
    assignment = Assignment(project_id=project, image=image, annotator=by, created_by=by)
    assignment.lease_until = timezone.now() + LEASE
    try:
        with transaction.atomic():
            assignment.save(force_insert=True)
    except IntegrityError:
        # Someone took it between our look and our lock: look again.
        return _take(by, project)
    _append(by, [assignment])
    return assignment


def _skipping_locked(rows: QuerySet[M]) -> QuerySet[M]:
    """On PostgreSQL each of several askers locks a row of their own. SQLite lets one at a time ask."""
    if connection.features.has_select_for_update_skip_locked:
        # Not the key: whoever just then adds something to the row's image must not hide it from the askers.
        return rows.select_for_update(skip_locked=True, of=("self",), no_key=True)
    return rows


def _drafts(assignment: Assignment) -> list[Annotation]:
    annotations = Annotation.objects.select_for_update().filter(image=assignment.image_id, deleted_at=None)
    rows = list(annotations.filter(Q(state=State.DRAFT) | Q(state=State.REJECTED)).order_by("id"))
    rejected = sum(row.state == State.REJECTED for row in rows)
    if rejected:
        masks = "1 rejected annotation has" if rejected == 1 else f"{rejected} rejected annotations have"
        raise Conflict(
            "rejected_unchanged", f"{masks} not been changed. Mend or delete what was rejected, then submit."
        )
    return rows


def _require_attributes(drafts: Sequence[Annotation]) -> None:
    """Attributes are said of objects; of a tag there is nothing more to say."""
    classes = LabelClass.objects.in_bulk({draft.label_class_id for draft in drafts})
    lacking = [
        (draft, names)
        for draft in drafts
        if draft.kind != Kind.TAG and (names := missing(classes[draft.label_class_id].attributes, draft.attributes))
    ]
    if lacking:
        draft, names = lacking[0]
        things = "1 object lacks" if len(lacking) == 1 else f"{len(lacking)} objects lack"
        what = f"{classes[draft.label_class_id].name}: {', '.join(names)}"
        ids = [str(draft.id) for draft, _ in lacking]
        raise Conflict("attributes_missing", f"{things} what has to be said of them ({what}).", annotations=ids)


def _spared(project: Project, drafts: Sequence[Annotation]) -> list[Annotation]:
    """Those of an image's drafts that the project's policy accepts; marks the members of the random sample."""
    policy = Policy.from_json(project.review)
    earlier = {id: tally.handed_in(project.id, id) for id in {row.created_by_id for row in drafts}}
    spared = []
    for draft in drafts:
        draft.sampled = drawn(draft.id, policy.sample)
        reason = because(
            policy,
            annotation=draft.id,
            label_class=draft.label_class_id,
            confidence=draft.confidence,
            earlier=earlier[draft.created_by_id],
            judged=bool(draft.review and draft.review["by"]),
        )
        earlier[draft.created_by_id] += 1
        if reason is None:
            spared.append(draft)
    return spared


def _accept_by_policy(by: User, annotations: Sequence[Annotation]) -> None:
    if not annotations:
        return
    now = timezone.now().isoformat()
    for row in annotations:
        row.verdict = Annotation.Standing.POLICY
        row.review = {
            "verdict": "policy", "reason": "", "comment": "", "by": None, "at": now, "version": row.version
        }  # fmt: skip
    data = {"annotations": [str(row.id) for row in annotations]}
    entry = Entry("policy.accepted", object=annotations[0].image_id, image=annotations[0].image_id, data=data)
    (event,) = append(project=annotations[0].project_id, by=None, entries=[entry])
    record_states(by=by, decided=[(row, State.ACCEPTED, event.seq) for row in annotations])


def _append(by: User, assignments: Sequence[Assignment], *, removed: bool = False) -> list[Event]:
    if not assignments:
        return []
    entries = [
        Entry(
            "assignment.removed" if removed else "assignment.changed",
            object=row.id,
            image=row.image_id,
            data={"annotator": str(row.annotator_id), "state": row.state, "skip_reason": row.skip_reason},
        )
        for row in assignments
    ]
    return append(project=assignments[0].project_id, by=by, entries=entries)
