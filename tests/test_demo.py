"""The demo's command line, as README describes it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MANAGE = [sys.executable, "-m", "labeling.demo.manage"]
EMAIL = "manager@maskwright.example"


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "MASKWRIGHT_VAR": str(folder), "DJANGO_SUPERUSER_PASSWORD": "x"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo that was started once: its secret key, its database, its manager."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "secret-key").write_text("made by make demo")
    for command in (["migrate", "--verbosity", "0"], ["createsuperuser", "--noinput", "--email", EMAIL, "--name", "M"]):
        done = run(folder, *MANAGE, *command)
        assert done.returncode == 0, done.stderr
    return folder


def test_the_readme_prints_a_token_of_the_demo(demo: Path) -> None:
    assert f"`make token EMAIL={EMAIL}`" in (ROOT / "README.md").read_text()
    done = run(demo, "make", "--no-print-directory", "token", f"EMAIL={EMAIL}")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("mw_"), "nothing else is printed, so that TOKEN=$(make token) works"
    assert len(done.stdout.split()) == 1


def test_without_a_demo_the_command_says_what_to_do(tmp_path: Path) -> None:
    done = run(tmp_path, *MANAGE, "token", EMAIL)
    assert done.returncode == 1
    assert "Run `make demo` once" in done.stderr
    assert list(tmp_path.iterdir()) == [], "it leaves no key behind"
