"""Object storage: a folder on this machine or an S3-like bucket, behind one small interface."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

import fsspec
from fsspec.asyn import AsyncFileSystem
from fsspec.implementations.local import LocalFileSystem

# Errors of a full storage, which is not an unavailable one.
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
SLOWEST = 1_000_000  # bytes a second: the slowest write to a bucket that is not given up
# Tries of one request. People wait for all of them.
TRIES = 2


class StorageUnavailable(OSError):
    """The storage does not answer in time, or refuses access."""


class Missing(KeyError):
    """There is nothing under this key."""

    def __str__(self) -> str:
        return f"Nothing is stored under {self.args[0]!r}."


@dataclass(frozen=True)
class Timeouts:
    """Seconds until a bucket has to take a connection, and between two pieces of its answer. A folder has none."""

    connect: float = 3.0
    read: float = 10.0

    def writing(self, size: int) -> float:
        """Seconds for writing `size` bytes, all tries included. Nothing else ends a write to a bucket that accepts no
        bytes, or never answers `Expect: 100-continue`."""
        return self.connect + self.read + size / SLOWEST


@dataclass(frozen=True)
class Store:
    """Bytes by key. Keys are relative POSIX paths; every write is all or nothing. Safe to share between threads, and
    equal to every other store at the same place. Every method may raise StorageUnavailable."""

    filesystem: Any
    root: str
    timeouts: Timeouts = Timeouts()

    def read(self, key: str) -> bytes:
        """All the bytes under `key`. Raises Missing."""
        with self.open(key) as file:
            return file.read()

    @contextmanager
    def open(self, key: str) -> Iterator[IO[bytes]]:
        """A seekable file for reading, closed at the end of the `with` block. Raises Missing."""
        with self._asking(key):
            file = self.filesystem.open(self._path(key), "rb")
        # From here on, errors with a local file may come from the caller's own code.
        with file, nullcontext() if self._is_local else self._asking(key):
            yield file

    def read_ranges(self, key: str, ranges: list[tuple[int, int]]) -> list[bytes]:
        """The bytes under `key` from each start up to but without each end, and no others. Raises Missing."""
        starts, ends = [start for start, _ in ranges], [end for _, end in ranges]
        with self._asking(key):
            found: list[bytes] = self.filesystem.cat_ranges(
                [self._path(key)] * len(ranges), starts, ends, on_error="raise"
            )
        return found

    def write(self, key: str, data: bytes | IO[bytes]) -> None:
        """Stores `data` under `key`, replacing what was there. A reader sees the old bytes or the new, never a part."""
        path = self._path(key)
        if self._is_local:
            _replace_file(path, BytesIO(data) if isinstance(data, bytes) else data)
        elif isinstance(data, bytes):
            with self._writing():
                self.filesystem.pipe_file(path, data, **self._deadline(len(data)))
        else:
            self._put(path, data)

    def exists(self, key: str) -> bool:
        # The file system's own `exists` also answers False when the storage is unavailable.
        try:
            return bool(self._info(key)["type"] == "file")
        except Missing:
            return False

    def size(self, key: str) -> int:
        """Bytes under `key`. Raises Missing."""
        return int(self._info(key)["size"])

    def delete(self, key: str) -> None:
        """Removes `key`; harmless when it is not there."""
        with suppress(Missing), self._asking(key):
            self.filesystem.rm_file(self._path(key))

    def check(self) -> None:
        """Raise StorageUnavailable when nothing can be read or written now."""
        if not self._is_local:
            self.exists("health")
            return
        try:
            os.makedirs(self.root, exist_ok=True)
        except OSError as error:
            raise StorageUnavailable(f"The folder of the storage cannot be made: {error}") from error
        if not os.access(self.root, os.R_OK | os.W_OK):
            raise StorageUnavailable("The folder of the storage cannot be read and written.")

    @property
    def _is_local(self) -> bool:
        return isinstance(self.filesystem, LocalFileSystem)

    def _info(self, key: str) -> dict[str, Any]:
        with self._asking(key):
            info: dict[str, Any] = self.filesystem.info(self._path(key))
        return info

    @contextmanager
    def _asking(self, key: str) -> Iterator[None]:
        """Translate the errors of all file systems into Missing and StorageUnavailable."""
        try:
            with self._writing():
                yield
        except (FileNotFoundError, IsADirectoryError):
            raise Missing(key) from None

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if _is_absence(error) or not isinstance(error, _errors()) or getattr(error, "errno", None) in NO_ROOM:
                raise
            raise StorageUnavailable(f"The storage does not answer: {type(error).__name__}: {error}") from error

    def _path(self, key: str) -> str:
        parts = key.split("/")
        if any(part in ("", ".", "..") for part in parts) or "\\" in key or "\0" in key:
            raise ValueError(f"{key!r} is not a storage key: keys are relative paths without '..'.")
        return f"{self.root}/{key}"

    def _put(self, path: str, source: IO[bytes]) -> None:
        # Read to its end first: a source that fails half way must not leave a part of an object.
        with tempfile.NamedTemporaryFile() as whole:
            shutil.copyfileobj(source, whole)
            whole.flush()
            with self._writing():
                self.filesystem.put_file(whole.name, path, **self._deadline(whole.tell()))

    def _deadline(self, size: int) -> dict[str, float]:
        return {"timeout": self.timeouts.writing(size)} if isinstance(self.filesystem, AsyncFileSystem) else {}


def open_store(url: str, timeouts: Timeouts = Timeouts()) -> Store:
    """The store at `url`: a folder's path, `file:///folder` or `s3://bucket/prefix` (needs the extra `s3`)."""
    options: dict[str, Any] = {}
    if url.startswith("s3://"):
        # botocore must not retry: s3fs would retry each of its tries again.
        retries = {"max_attempts": 0}
        config = {"connect_timeout": timeouts.connect, "read_timeout": timeouts.read, "retries": retries}
        options = {"config_kwargs": config}
    # A listing cache would hide what other processes write.
    filesystem, root = fsspec.url_to_fs(url, use_listings_cache=False, **options)
    if options:
        filesystem.retries = TRIES
    return Store(filesystem, root.rstrip("/"), timeouts)


def _is_absence(error: Exception) -> bool:
    """Whether the error means that the file does not exist. A missing bucket is a different error."""
    response = getattr(error.__cause__, "response", None)
    code = response.get("Error", {}).get("Code") if isinstance(response, dict) else None
    return isinstance(error, (FileNotFoundError, IsADirectoryError)) and code != "NoSuchBucket"


def _errors() -> tuple[type[Exception], ...]:
    """The exceptions that a file system raises when it cannot do its work."""
    try:
        from aiohttp import ClientError as HttpError
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError:
        return (OSError,)
    # The exceptions of botocore and aiohttp are no OSErrors.
    return OSError, BotoCoreError, ClientError, HttpError


def _replace_file(path: str, source: IO[bytes]) -> None:
    folder = os.path.dirname(path)
    os.makedirs(folder, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".writing-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            shutil.copyfileobj(source, file)
            file.flush()
            os.fsync(file.fileno())
            # mkstemp makes files that only their owner reads; the web server may be another user.
            os.fchmod(file.fileno(), 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
