from __future__ import annotations

import threading
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from inference.storage import Missing, Store, open_store


@pytest.fixture(params=["folder", "file", "objects"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    urls = {"folder": f"{tmp_path}/new", "file": f"file://{tmp_path}/new", "objects": f"memory://{uuid4()}/prefix"}
    return open_store(urls[request.param])


class Breaking(BytesIO):
    """A file that gives a part of its bytes and then fails."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise ConnectionError("lost")
        return super().read(2)


@pytest.mark.parametrize("data", [b"bytes", BytesIO(b"bytes")])
def test_what_is_written_is_read(store: Store, data: Any) -> None:
    if isinstance(data, BytesIO):
        data.seek(0)
    store.write("a/b/c.bin", data)
    assert store.read("a/b/c.bin") == b"bytes"
    assert store.exists("a/b/c.bin")
    assert store.size("a/b/c.bin") == 5
    with store.open("a/b/c.bin") as file:
        file.seek(2)
        assert file.read() == b"tes"


def test_writing_again_replaces(store: Store) -> None:
    store.write("key", b"a longer old one")
    store.write("key", b"new")
    assert store.read("key") == b"new"


def test_nothing_there_is_missing(store: Store) -> None:
    assert not store.exists("no/key")
    with pytest.raises(Missing, match="no/key"):
        store.read("no/key")
    with pytest.raises(Missing):
        store.size("no/key")
    with pytest.raises(Missing), store.open("no/key"):
        pass


def test_a_folder_is_no_object(store: Store) -> None:
    store.write("folder/key", b"1")
    assert not store.exists("folder")
    with pytest.raises(Missing):
        store.read("folder")


def test_deleting_is_harmless_when_there_is_nothing(store: Store) -> None:
    store.write("key", b"1")
    store.delete("key")
    store.delete("key")
    assert not store.exists("key")


@pytest.mark.parametrize("key", ["", "/etc/passwd", "../up", "a/../../up", "a//b", "./a", "a/", "a\\b", "a\0b"])
def test_a_key_that_leads_out_is_refused(store: Store, key: str) -> None:
    for act in (store.read, store.exists, store.size, store.delete):
        with pytest.raises(ValueError, match="storage key"):
            act(key)
    with pytest.raises(ValueError, match="storage key"):
        store.write(key, b"")


def test_a_write_that_breaks_off_leaves_the_old_bytes_and_nothing_else(store: Store, tmp_path: Path) -> None:
    store.write("key", b"old")
    with pytest.raises(ConnectionError):
        store.write("key", Breaking(b"newer"))
    with pytest.raises(ConnectionError):
        store.write("other", Breaking(b"newer"))
    assert store.read("key") == b"old"
    assert not store.exists("other")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] in ([], ["key"])


def test_readers_never_see_a_part(tmp_path: Path) -> None:
    store = open_store(str(tmp_path))
    versions = [bytes([each]) * 200_000 for each in range(8)]
    store.write("key", versions[0])

    def write_all() -> None:
        for each in versions:
            store.write("key", each)

    writer = threading.Thread(target=write_all)
    writer.start()
    while writer.is_alive():
        assert store.read("key") in versions
    writer.join()


def test_stores_at_the_same_place_are_equal(tmp_path: Path) -> None:
    assert open_store(str(tmp_path)) == open_store(f"file://{tmp_path}/")
    assert hash(open_store(str(tmp_path))) == hash(open_store(f"file://{tmp_path}"))
    assert open_store(str(tmp_path)) != open_store(str(tmp_path / "other"))
