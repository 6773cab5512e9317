"""Uploaded files are decoded one at a time, by a process that can be ended, and fairly between people."""

import shutil
import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO
from uuid import UUID

from django.conf import settings

from inference.intake import Intake
from inference.intake_process import IntakeProcess
from inference.limits import Limits


class TooManyUploads(Exception):
    """Of a person, or into a project, are under way."""


class FairLock:
    """A lock whose next owner is of the person who comes next, in turn, however often another one asks."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._locked = False
        self._waiting: OrderedDict[UUID, deque[threading.Event]] = OrderedDict()

    @contextmanager
    def turn(self, person: UUID) -> Iterator[None]:
        self._acquire(person)
        try:
            yield
        finally:
            self._release()

    def _acquire(self, person: UUID) -> None:
        with self._mutex:
            if not self._locked:
                self._locked = True
                return
            mine = threading.Event()
            self._waiting.setdefault(person, deque()).append(mine)
        mine.wait()

    def _release(self) -> None:
        with self._mutex:
            if not self._waiting:
                self._locked = False
                return
            person, waiting = self._waiting.popitem(last=False)
            following = waiting.popleft()
            if waiting:
                self._waiting[person] = waiting
        following.set()


class Uploads:
    """The uploads that this process has in hand, so that neither a person nor a project takes all there may be."""

    def __init__(self, of_person: int, of_project: int) -> None:
        self._mutex = threading.Lock()
        self._of_person, self._of_project = of_person, of_project
        self._persons: Counter[UUID] = Counter()
        self._projects: Counter[UUID] = Counter()

    @contextmanager
    def one(self, person: UUID, project: UUID) -> Iterator[None]:
        """One more. Raises TooManyUploads when this person or this project has as many as it may."""
        with self._mutex:
            if self._persons[person] >= self._of_person or self._projects[project] >= self._of_project:
                raise TooManyUploads
            self._persons[person] += 1
            self._projects[project] += 1
        try:
            yield
        finally:
            with self._mutex:
                self._persons -= Counter([person])
                self._projects -= Counter([project])


uploads = Uploads(settings.UPLOADS_OF_PERSON, settings.UPLOADS_OF_PROJECT)
# One: decoding an image whole takes about 20 bytes a pixel.
_process, _lock = IntakeProcess(), FairLock()


def take_in(file: IO[bytes], *, person: UUID) -> Intake:
    """What is kept of an uploaded file beside the file itself.

    Raises:
        Unreadable: with the reason why the file is refused.
    """
    with _on_disk(file) as path, _lock.turn(person):
        return _process.take_in(path, _limits(), settings.UPLOAD_SECONDS)


@contextmanager
def _on_disk(file: IO[bytes]) -> Iterator[Path]:
    """The file as one of this machine, which a large upload is already."""
    if hasattr(file, "temporary_file_path"):
        yield Path(file.temporary_file_path())
        return
    with NamedTemporaryFile(prefix="maskwright-") as copy:
        file.seek(0)
        shutil.copyfileobj(file, copy)
        copy.flush()
        yield Path(copy.name)


def _limits() -> Limits:
    whole = min(settings.UPLOAD_MAX_PIXELS, settings.WHOLE_MAX_PIXELS)
    return Limits(settings.UPLOAD_MAX_BYTES, pixels=whole, streamed=settings.UPLOAD_MAX_PIXELS)
