"""The storage on a real S3 server: present, absent, hanging and slow."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from uuid import uuid4

import pytest

from inference.storage import Missing, StorageUnavailable, Store, Timeouts, open_store
from tests import s3
from tests.s3 import BUCKET, Line

SHORT = Timeouts(connect=0.4, read=0.4)
ACTS: dict[str, Callable[[Store], object]] = {
    "read": lambda store: store.read("there"),
    "open": lambda store: store.open("there").__enter__(),
    "read_ranges": lambda store: store.read_ranges("there", [(0, 2), (1, 3)]),
    "write": lambda store: store.write("new", b"bytes"),
    "write a file": lambda store: store.write("new", BytesIO(b"bytes")),
    "exists": lambda store: store.exists("there"),
    "does not exist": lambda store: store.exists("not there"),
    "size": lambda store: store.size("there"),
    "delete": lambda store: store.delete("not there"),
    "check": lambda store: store.check(),
}


@pytest.fixture(scope="module")
def line(s3_server: str) -> Iterator[Line]:
    with pytest.MonkeyPatch.context() as patch:
        line = Line(s3_server)
        for name, value in {**s3.CREDENTIALS, "AWS_ENDPOINT_URL": line.url}.items():
            patch.setenv(name, value)
        yield line


@pytest.fixture
def store(line: Line) -> Iterator[Store]:
    """A store with the timeouts of production."""
    store = open_store(f"s3://{BUCKET}/{uuid4()}")
    store.write("there", b"bytes")
    yield store
    line.become("present")


@pytest.fixture
def impatient(store: Store) -> Store:
    return open_store(f"s3://{store.root}", SHORT)


def test_what_is_written_is_read(store: Store) -> None:
    store.write("a/b.bin", BytesIO(b"file"))
    assert (store.read("there"), store.read("a/b.bin")) == (b"bytes", b"file")
    assert store.read_ranges("there", [(0, 2), (1, 3)]) == [b"by", b"yt"]
    assert (store.exists("there"), store.exists("not there"), store.exists("a"), store.size("there")) == (
        True,
        False,
        False,
        5,
    )
    store.delete("there")
    with pytest.raises(Missing):
        store.read("there")
    store.check()


@pytest.mark.parametrize("state", ["absent", "hanging"])
@pytest.mark.parametrize("act", ACTS)
def test_a_bucket_that_does_not_answer_is_unavailable_in_time(
    impatient: Store, line: Line, state: str, act: str
) -> None:
    line.become(state)
    began = time.monotonic()
    with pytest.raises(StorageUnavailable):
        ACTS[act](impatient)
    # Two tries, with room for a busy machine.
    assert time.monotonic() - began < 5


def test_a_bucket_that_answers_again_is_used_again(store: Store, line: Line) -> None:
    line.become("absent")
    with pytest.raises(StorageUnavailable):
        store.read("there")
    line.become("present")
    assert store.read("there") == b"bytes"


def test_an_answer_that_stops_half_way_is_unavailable(store: Store, impatient: Store, line: Line) -> None:
    store.write("large", os.urandom(1 << 20))

    def read_half_way() -> None:
        with impatient.open("large") as file:
            line.become("hanging")
            file.read()

    with pytest.raises(StorageUnavailable):
        read_half_way()


@pytest.mark.parametrize("act", ACTS)
def test_a_slow_bucket_is_waited_for(store: Store, line: Line, act: str) -> None:
    line.become("slow")
    ACTS[act](store)


@pytest.mark.parametrize("act", ACTS)
def test_a_bucket_that_is_missing_is_no_file_that_is_missing(line: Line, act: str) -> None:
    with pytest.raises(StorageUnavailable):
        ACTS[act](open_store("s3://not-made/prefix", SHORT))


def test_whoever_reads_makes_mistakes_of_their_own(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.open("there"):
        raise ZeroDivisionError
