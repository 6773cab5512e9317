"""How much memory hostile and very large files take, each measured in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.inference.bombs import SIDE

SCRIPT = Path(__file__).parent / "bombs.py"
BYTES_A_PIXEL = 24
OVERHEAD = 32 << 20
# What is streamed would take 147 MB if it were held whole.
ALLOWED = {"read": OVERHEAD + SIDE * SIDE * BYTES_A_PIXEL, "streamed": 100 << 20}
KINDS = ("jpeg", "png", "webp", "avif", "tiff", "gif", "bmp")
EXPECTED = {kind: {"read"} for kind in KINDS} | {
    "long": {"streamed"},
    "bomb": {"too_many_pixels", "too_many_frames", "too_many_scans", "too_thin"},
}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from Linux's /proc")
def test_memory_is_bounded_by_the_limit_on_pixels_whatever_comes(tmp_path: Path) -> None:
    """Files at the limit take so much a pixel; those beyond it next to nothing, whether they are refused or read as a
    stream. Prints the peak of each."""
    run("make", tmp_path)
    for path in sorted(tmp_path.iterdir()):
        name, outcome, pixels, peak = run("read", path).split()
        print(f"{name:<26} {path.stat().st_size:>9} B  {outcome:<16} {int(peak) / int(pixels):5.1f} B a pixel")
        assert outcome in EXPECTED[name.partition("_")[0]], name
        assert int(peak) < ALLOWED.get(outcome, OVERHEAD), name


def run(task: str, path: Path) -> str:
    done = subprocess.run([sys.executable, str(SCRIPT), task, str(path)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout
