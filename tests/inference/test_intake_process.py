"""Files that were made to hurt end as a refusal, and so does the process that decodes them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from inference.intake import take_in
from inference.intake_process import IntakeProcess
from inference.limits import DEFAULT, Limits, Unreadable
from tests.inference.bombs import many_scans

ROOT = Path(__file__).resolve().parents[2]
PHOTO = ROOT / "labeling" / "demo" / "photos" / "owl.jpg"
# Disables the count of scans, so that the bomb reaches the decoder.
ANY_SCANS = Limits(scans=1_000_000)


@pytest.fixture(scope="module")
def process() -> Iterator[IntakeProcess]:
    process = IntakeProcess()
    yield process
    process.close()


@pytest.fixture
def bomb(tmp_path: Path) -> Path:
    path = tmp_path / "bomb.jpg"
    path.write_bytes(many_scans(425_000))
    return path


def child_of(process: IntakeProcess) -> psutil.Process:
    assert process._child is not None
    return psutil.Process(process._child.pid)


def test_a_photograph_is_taken_in_as_it_would_be_here(process: IntakeProcess) -> None:
    with PHOTO.open("rb") as file:
        assert process.take_in(PHOTO, DEFAULT, 20) == take_in(file, DEFAULT)


def test_a_refusal_keeps_its_code_and_sentence(process: IntakeProcess, tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_bytes(b"no picture")
    with pytest.raises(Unreadable, match="This is no JPEG") as refused:
        process.take_in(path, DEFAULT, 20)
    assert refused.value.code == "unsupported_format"


def test_a_file_that_takes_too_long_is_refused_in_time_and_the_next_one_taken_in(
    process: IntakeProcess, bomb: Path
) -> None:
    began = time.monotonic()
    with pytest.raises(Unreadable, match=r"takes more than 0\.3 seconds") as refused:
        process.take_in(bomb, ANY_SCANS, 0.3)
    assert time.monotonic() - began < 5
    assert refused.value.code == "takes_too_long"
    assert process.take_in(PHOTO, DEFAULT, 20).media_type == "image/jpeg"


def test_the_time_of_one_file_does_not_count_against_the_next(process: IntakeProcess) -> None:
    for _ in range(8):
        process.take_in(PHOTO, DEFAULT, 0.4)


def test_memory_is_limited_by_the_pixels_that_may_be_held_whole() -> None:
    allocates = """
from inference.intake_process import BASE_BYTES, _limit
from inference.limits import Limits
_limit(Limits(pixels=10_000_000), 0)
bytearray(BASE_BYTES // 2)
bytearray(BASE_BYTES + 240_000_000)
"""
    done = subprocess.run([sys.executable, "-c", allocates], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "line 6" in done.stderr
    assert "MemoryError" in done.stderr


def test_a_file_that_brings_its_decoder_down_is_refused(process: IntakeProcess, bomb: Path) -> None:
    process.take_in(PHOTO, DEFAULT, 20)
    killer = threading.Timer(0.2, child_of(process).kill)
    killer.start()
    with pytest.raises(Unreadable) as refused:
        process.take_in(bomb, ANY_SCANS, 20)
    assert refused.value.code == "damaged"


def test_a_process_that_is_gone_is_started_again(process: IntakeProcess) -> None:
    process.take_in(PHOTO, DEFAULT, 20)
    child = child_of(process)
    child.kill()
    child.wait()
    assert process.take_in(PHOTO, DEFAULT, 20).width


def test_it_ends_with_whoever_started_it(tmp_path: Path) -> None:
    starts = f"""
import os
from pathlib import Path
from inference.intake_process import IntakeProcess
from inference.limits import DEFAULT
process = IntakeProcess()
process.take_in(Path({str(PHOTO)!r}), DEFAULT, 20)
print(process._child.pid, flush=True)
os._exit(9)
"""
    done = subprocess.run([sys.executable, "-c", starts], cwd=ROOT, capture_output=True, text=True, check=False)
    with suppress(psutil.NoSuchProcess):
        psutil.Process(int(done.stdout)).wait(5)


def test_it_knows_no_secrets(process: IntakeProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MASKWRIGHT_SECRET_KEY", "secret")
    process.close()
    process.take_in(PHOTO, DEFAULT, 20)
    child = child_of(process)
    assert not any(name.startswith(("MASKWRIGHT", "DATABASE", "AWS")) for name in child.environ())
    assert child.nice() > os.nice(0)


@pytest.mark.parametrize(
    "error", [TypeError("odd"), ValueError("nul"), MemoryError(), RecursionError(), KeyError(3), SystemError("libtiff")]
)
def test_whatever_a_decoder_raises_is_a_refusal(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fails(image: object) -> None:
        raise error

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", fails)
    with PHOTO.open("rb") as file, pytest.raises(Unreadable) as refused:
        take_in(file, DEFAULT)
    assert refused.value.code == "damaged"
