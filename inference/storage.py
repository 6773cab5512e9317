"""Object storage: a folder on this machine or an S3-like bucket, behind one small interface."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

import fsspec
from fsspec.implementations.local import LocalFileSystem


class Missing(KeyError):
    """There is nothing under this key."""

    def __str__(self) -> str:
        return f"Nothing is stored under {self.args[0]!r}."


@dataclass(frozen=True)
class Store:
    """Bytes by key. Keys are relative POSIX paths; every write is all or nothing. Safe to share between threads, and
    equal to every other store at the same place."""

    filesystem: Any
    root: str

    def read(self, key: str) -> bytes:
        """All the bytes under `key`. Raises Missing."""
        with self.open(key) as file:
            return file.read()

    @contextmanager
    def open(self, key: str) -> Iterator[IO[bytes]]:
        """A seekable file for reading, closed at the end of the `with` block. Raises Missing."""
        try:
            file = self.filesystem.open(self._path(key), "rb")
        except (FileNotFoundError, IsADirectoryError):
            raise Missing(key) from None
        with file:
            yield file

    def read_ranges(self, key: str, ranges: list[tuple[int, int]]) -> list[bytes]:
        """The bytes under `key` from each start up to but without each end, and no others. Raises Missing."""
        starts, ends = [start for start, _ in ranges], [end for _, end in ranges]
        try:
            found: list[bytes] = self.filesystem.cat_ranges(
                [self._path(key)] * len(ranges), starts, ends, on_error="raise"
            )
        except FileNotFoundError:
            raise Missing(key) from None
        return found

    def write(self, key: str, data: bytes | IO[bytes]) -> None:
        """Stores `data` under `key`, replacing what was there. A reader sees the old bytes or the new, never a part."""
        path = self._path(key)
        if isinstance(self.filesystem, LocalFileSystem):
            _replace_file(path, BytesIO(data) if isinstance(data, bytes) else data)
        elif isinstance(data, bytes):
            self.filesystem.pipe_file(path, data)
        else:
            self._put(path, data)

    def exists(self, key: str) -> bool:
        return bool(self.filesystem.isfile(self._path(key)))

    def size(self, key: str) -> int:
        """Bytes under `key`. Raises Missing."""
        try:
            return int(self.filesystem.info(self._path(key))["size"])
        except FileNotFoundError:
            raise Missing(key) from None

    def delete(self, key: str) -> None:
        """Removes `key`; harmless when it is not there."""
        with suppress(FileNotFoundError):
            self.filesystem.rm_file(self._path(key))

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
            self.filesystem.put_file(whole.name, path)


def open_store(url: str) -> Store:
    """The store at `url`: a folder's path, `file:///folder` or `s3://bucket/prefix` (needs the extra `s3`)."""
    # A listing cache would hide what other processes write.
    filesystem, root = fsspec.url_to_fs(url, use_listings_cache=False)
    return Store(filesystem, root.rstrip("/"))


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
