"""One real installation for the tests of this folder."""

import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes.client import Client
from tests.stack import Stack, running


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running(tmp_path_factory.mktemp("stack")) as stack:
        _wait_until_ready(stack.url)
        yield stack


@pytest.fixture(scope="session")
def client(stack: Stack) -> Client:
    stack.environment["DJANGO_SUPERUSER_PASSWORD"] = "made-by-the-operator"
    stack.manage("createsuperuser", "--noinput", "--email", "mara@example.org", "--name", "Mara")
    return Client(stack.url, stack.manage("token", "mara@example.org").strip())


@pytest.fixture(scope="session")
def photographs() -> list[Path]:
    import labeling.demo

    return sorted(Path(labeling.demo.__file__).with_name("photos").glob("*.jpg"))


def _wait_until_ready(url: str) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"{url}/api/v1/health/ready", timeout=2):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            assert time.monotonic() < end, "the server did not start"
            time.sleep(0.2)
