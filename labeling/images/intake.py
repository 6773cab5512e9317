"""Decode uploaded files one at a time, in a process that can be ended, with people taking turns."""

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
    """The person, or the project, has too many uploads in progress."""


class FairLock:
    """A lock that goes round-robin from person to person, however often one of them waits for it."""

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
    """The uploads in progress in this process, so that no person and no project takes all of them."""

    def __init__(self, of_person: int, of_project: int) -> None:
        self._mutex = threading.Lock()
        self._of_person, self._of_project = of_person, of_project
        self._persons: Counter[UUID] = Counter()
        self._projects: Counter[UUID] = Counter()

    @contextmanager
    def one(self, person: UUID, project: UUID) -> Iterator[None]:
        """Count one more upload. Raises TooManyUploads if this person or this project has as many as it may."""
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
# A single one, because decoding a whole image takes about 20 bytes per pixel.
_process, _lock = IntakeProcess(), FairLock()


def take_in(file: IO[bytes], *, person: UUID) -> Intake:
    """Decode an uploaded file in the child process, when it is this person's turn.

    Raises:
        Unreadable: the file is refused, with the reason.
    """
    with _on_disk(file) as path, _lock.turn(person):
        return _process.take_in(path, _limits(), settings.UPLOAD_SECONDS)


@contextmanager
def _on_disk(file: IO[bytes]) -> Iterator[Path]:
    """A path to the file on disk. Large uploads are already there."""
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
