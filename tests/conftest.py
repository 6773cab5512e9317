"""The environment of every test: a folder of its own, so that nothing of the machine's is read or written.

The engines are SQLite and folders, or those of tests/engines.py; the end of the output says which.

Django is set up here and not by pytest-django's setting, which would read the settings before this file can speak.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests import engines, s3

# How long an example takes says how busy the machine is, not whether the code is right.
# On the CI the examples are the same each time: a new one that fails is news of the code, not of what was changed.
settings.register_profile("maskwright", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("maskwright")

IS_XDIST_WORKER = "PYTEST_XDIST_WORKER" in os.environ

# The workers of one run share the folder of the process that started them; content is addressed by its hash.
if not IS_XDIST_WORKER:
    os.environ["MASKWRIGHT_VAR"] = tempfile.mkdtemp(prefix="maskwright-tests-")
    os.environ.pop("MASKWRIGHT_STORAGE", None)
    if engines.COVERED not in os.environ:
        for name in engines.VARIABLES:
            os.environ.pop(name, None)
    # Collected static files, which there are none of: WhiteNoise warns of a folder that is missing.
    os.mkdir(os.path.join(os.environ["MASKWRIGHT_VAR"], "static"))
elif engines.COVERED in os.environ:
    # Throttles count in the cache, so each worker has its own. Django gives each its own database.
    os.environ["MASKWRIGHT_CACHE"] = engines.numbered(os.environ["MASKWRIGHT_CACHE"], os.environ["PYTEST_XDIST_WORKER"])
os.environ.setdefault("MASKWRIGHT_DEBUG", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labeling.settings")

import django  # noqa: E402

django.setup()
# pytest-xdist's workers inherit it, and in them pytest-django would read the settings before this file has spoken.
os.environ.pop("DJANGO_SETTINGS_MODULE")


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The URL of a real S3 server."""
    with s3.running() as url:
        yield url


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(f"Engines covered: {engines.covered()}")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not IS_XDIST_WORKER:
        shutil.rmtree(os.environ["MASKWRIGHT_VAR"], ignore_errors=True)
