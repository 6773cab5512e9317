"""The bench of the queue writes its rows past the models: a new column must not break it unseen."""

import os
import subprocess
import sys
from pathlib import Path

from tests import engines


def test_the_bench_of_the_queue_measures_every_filter(tmp_path: Path) -> None:
    own = {"MASKWRIGHT_VAR": str(tmp_path), "BENCH_SIZES": "200", "BENCH_ROUNDS": "2", "MASKWRIGHT_DEBUG": "1"}
    environment = {name: value for name, value in os.environ.items() if name not in engines.VARIABLES}
    command = [sys.executable, "-m", "tests.bench.queue"]
    ended = subprocess.run(command, env={**environment, **own}, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert "no filter" in ended.stdout
    assert "class, rare" in ended.stdout
