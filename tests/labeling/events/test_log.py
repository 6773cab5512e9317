"""Every write appends exactly what it should, in one sequence a project."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import transaction

from labeling.accounts.models import User
from labeling.annotations import services as annotations
from labeling.assignments import leaving
from labeling.assignments.models import Assignment
from labeling.assignments.services import pull, withdraw
from labeling.events import selectors
from labeling.events.models import Event
from labeling.events.services import Entry, append
from labeling.exchange.services import order_export
from labeling.images.models import Image
from labeling.images.services import delete_image
from labeling.projects import services as projects
from labeling.projects.models import LabelClass, Membership, Project
from labeling.projects.roles import Role
from tests.labeling.making import annotate, assign, judge, submit, together


class Log:
    """What was written since one last looked."""

    def __init__(self, project: Project) -> None:
        self.project = project.id
        self.seen = selectors.last_seqs([self.project]).get(self.project, 0)

    def since(self) -> list[Event]:
        events = selectors.after(self.project, self.seen)
        self.seen += len(events)
        return events

    def kinds(self) -> list[str]:
        return [event.kind for event in self.since()]


@pytest.fixture
def log(image: Image, project: Project) -> Log:
    return Log(project)


def test_a_new_project_begins_at_one(manager: User) -> None:
    project = projects.create_project(by=manager, name="New", classes=[{"name": "cat"}])
    event, *_ = selectors.after(project.id, 0)
    assert (event.seq, event.kind, event.actor, event.actor_name) == (1, "project.created", manager.id, "Manager")


def test_a_project_changes_and_is_deleted(log: Log, manager: User, project: Project) -> None:
    projects.edit_project(by=manager, project=project.id, expected=1, changes={"name": "B", "guidelines": "Take care."})
    (event,) = log.since()
    assert (event.kind, event.data) == ("project.changed", {"fields": ["guidelines", "name"]})
    projects.delete_project(by=manager, project=project.id)
    assert log.kinds() == ["project.deleted"]


def test_classes_come_change_and_go(log: Log, manager: User, project: Project) -> None:
    made = projects.add_class(by=manager, project=project.id, spec={"name": "horse"})
    projects.edit_class(by=manager, label_class=made.id, expected=1, changes={"name": "pony"})
    annotations.delete_class(by=manager, label_class=made.id)
    assert log.kinds() == ["class.created", "class.changed", "class.deleted"]


def test_members_come_change_and_go(log: Log, manager: User, project: Project) -> None:
    made, _ = projects.add_member(by=manager, project=project.id, email="x@example.org", roles=[Role.VIEWER], name="X")
    projects.edit_member(by=manager, membership=made.id, roles=[Role.REVIEWER, Role.ANNOTATOR])
    leaving.remove_member(by=manager, membership=made.id)
    events = log.since()
    assert [event.kind for event in events] == ["member.added", "member.changed", "member.removed"]
    assert events[1].data["roles"] == ["annotator", "reviewer"]


def test_an_image_comes_with_its_job_and_goes(
    log: Log, manager: User, more_images: Callable[[int], list[Image]]
) -> None:
    (image,) = more_images(1)
    job, created = log.since()
    assert (job.kind, job.data["target"], job.data["state"]) == ("job.changed", str(image.id), "queued")
    assert (created.kind, created.object, created.image) == ("image.created", image.id, image.id)
    delete_image(by=manager, image=image.id)
    assert log.kinds() == ["image.deleted"]


def test_annotations_say_their_version_and_image(log: Log, annotator: User, image: Image, cat: LabelClass) -> None:
    made = annotate(annotator, image, cat)
    annotations.change(by=annotator, image=image.id, update=[annotations.Edit(made.id, 1, {"model": "other"})])
    annotations.change(by=annotator, image=image.id, delete=[annotations.Deletion(made.id, 2)])
    annotations.restore(by=annotator, annotation=made.id, expected=3, version=None)
    events = log.since()
    assert [event.kind.removeprefix("annotation.") for event in events] == ["created", "changed", "deleted", "restored"]
    assert [event.data["version"] for event in events] == [1, 2, 3, 4]
    assert {(event.object, event.image) for event in events} == {(made.id, image.id)}


def test_one_change_of_several_annotations_is_one_event_each(
    log: Log, annotator: User, image: Image, cat: LabelClass
) -> None:
    kept, gone = annotate(annotator, image, cat), annotate(annotator, image, cat)
    log.since()
    annotations.change(
        by=annotator,
        image=image.id,
        update=[annotations.Edit(kept.id, 1, {"model": "other"})],
        delete=[annotations.Deletion(gone.id, 1)],
    )
    assert log.kinds() == ["annotation.changed", "annotation.deleted"]


def test_from_assignment_to_verdict(
    log: Log, manager: User, annotator: User, reviewer: User, image: Image, cat: LabelClass
) -> None:
    annotation = annotate(annotator, image, cat)
    log.since()
    assign(manager, image, annotator)
    assert log.kinds() == ["assignment.changed"]
    submit(annotator, image)
    (event,) = log.since()
    assert (event.kind, event.data["state"]) == ("assignment.changed", "submitted")
    judge(reviewer, annotation, "rejected", "Rough edge")
    verdict, returned = log.since()
    assert (verdict.kind, verdict.data["verdict"], verdict.data["state"]) == ("verdict.given", "rejected", "rejected")
    assert (returned.kind, returned.data["state"]) == ("assignment.changed", "returned")


def test_pulling_and_taking_back(log: Log, manager: User, annotator: User, project: Project) -> None:
    made = pull(by=annotator, project=project.id)
    assert made is not None
    withdraw(by=manager, assignment=made.id)
    assert log.kinds() == ["assignment.changed", "assignment.removed"]


def test_an_export_is_announced(log: Log, manager: User, project: Project) -> None:
    made = order_export(by=manager, project=project.id, format="coco", include="all")
    job, created = log.since()
    assert (job.kind, job.data["kind"], job.data["target"]) == ("job.changed", "export", str(made.id))
    assert (created.kind, created.data) == ("export.created", {"format": "coco", "include": "all"})


def test_what_fails_writes_no_event(log: Log, manager: User, project: Project) -> None:
    membership = Membership.objects.get(project=project, user=manager)
    with pytest.raises(Exception, match="needs a manager"):
        leaving.remove_member(by=manager, membership=membership.id)
    assert log.since() == []
    assert not Assignment.objects.exists()


def test_what_is_rolled_back_leaves_no_gap(log: Log, project: Project, manager: User) -> None:
    before = log.seen
    with transaction.atomic():
        append(project=project.id, by=manager, entries=[Entry("x"), Entry("y")])
        transaction.set_rollback(True)
    append(project=project.id, by=manager, entries=[Entry("z")])
    assert [(event.seq, event.kind) for event in log.since()] == [(before + 1, "z")]


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_leave_no_gap_and_no_double() -> None:
    project = uuid4()
    together(8, lambda n: [append(project=project, by=None, entries=[Entry(f"{n}.{i}")] * 2) for i in range(5)])
    events = selectors.after(project, 0)
    assert [event.seq for event in events] == list(range(1, 81))
    for n in range(8):
        assert [e.kind for e in events if e.kind.startswith(f"{n}.")] == [f"{n}.{i}" for i in range(5) for _ in "ab"]


def test_a_project_has_a_sequence_of_its_own(manager: User, project: Project) -> None:
    other = projects.create_project(by=manager, name="Other")
    assert selectors.last_seqs([other.id, uuid4()]) == {other.id: 1}


def test_the_log_is_read_in_pages(project: Project) -> None:
    append(project=project.id, by=None, entries=[Entry("x")] * 30)
    assert len(selectors.after(project.id, 0, limit=10)) == 10
    assert [event.seq for event in selectors.after(project.id, 10, limit=2)] == [11, 12]
