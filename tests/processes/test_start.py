"""`python -m labeling.demo.start`: what docker compose starts, by hand, from the same variables."""

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.engines import Engines
from tests.stack import ROOT, environment, free_port, install_model, places

START = [sys.executable, "-m", "labeling.demo.start"]


@pytest.fixture
def env_file(tmp_path: Path, servers: Engines | None) -> Iterator[Path]:
    (tmp_path / "static").mkdir()
    install_model(tmp_path / "storage")
    with places(tmp_path) as own:
        lines = [f"{name}={value}" for name, value in environment(tmp_path, own).items() if _is_ours(name)]
        file = tmp_path / "production.env"
        file.write_text("\n".join(lines))
        yield file


def test_it_migrates_starts_everything_and_ends_with_it(env_file: Path, tmp_path: Path) -> None:
    port = free_port()
    command = [*START, "--env", str(env_file), "--port", str(port), "--logs", str(tmp_path / "log")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as started:
        try:
            assert started.stdout is not None
            said = next(line for line in started.stdout if line.startswith("Maskwright is ready"))
            children = psutil.Process(started.pid).children()
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/health/ready", timeout=10) as answer:
                assert answer.status == 200
        finally:
            started.terminate()
            started.wait(30)

    assert said == f"Maskwright is ready: http://127.0.0.1:{port}\n"
    assert len(children) == 3
    time.sleep(0.1)
    assert not any(child.is_running() for child in children)


def test_it_says_what_is_not_set(tmp_path: Path) -> None:
    command = [*START, "--env", str(tmp_path / "none"), "--port", str(free_port())]
    done = subprocess.run(command, cwd=ROOT, env={}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == (
        "Set MASKWRIGHT_SECRET_KEY, DATABASE_URL, MASKWRIGHT_BROKER; docs/production.md explains them.\n"
    )


def _is_ours(name: str) -> bool:
    return name == "DATABASE_URL" or name.startswith("MASKWRIGHT_")
