"""One real installation for the tests of this folder, and the table of what each fault cost."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import engines
from tests.engines import Engines
from tests.processes.client import Client
from tests.processes.waiting import until
from tests.stack import Stack, running

Fresh = Callable[[int], list[Path]]


@pytest.fixture(scope="session")
def servers() -> Iterator[Engines | None]:
    """PostgreSQL and Redis of our own, which a test may stop; None where the tests run on SQLite and folders."""
    if engines.COVERED not in os.environ:
        yield None
        return
    with engines.running() as own, pytest.MonkeyPatch.context() as patch:
        for name, value in own.environment.items():
            patch.setenv(name, value)
        yield own


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, servers: Engines | None) -> Iterator[Stack]:
    with running(tmp_path_factory.mktemp("stack")) as stack:
        anonymous = Client(stack.url, "")
        until(lambda: anonymous.get("/health/ready"), 60)
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


@pytest.fixture
def fresh(photographs: list[Path], tmp_path: Path) -> Fresh:
    """So many photographs that nobody has embedded yet: their bytes are new, their pixels are not."""

    def make(count: int) -> list[Path]:
        made = [tmp_path / photograph.name for photograph in photographs[:count]]
        for photograph, path in zip(photographs, made, strict=False):
            path.write_bytes(photograph.read_bytes() + os.urandom(16))
        return made

    return make


@pytest.fixture
def cost(record_property: Callable[[str, object], None]) -> Callable[[str, str], None]:
    """Notes a line of the table: the fault, and what it cost."""
    return lambda fault, what: record_property("fault", (fault, what))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [*terminalreporter.stats.get("passed", []), *terminalreporter.stats.get("failed", [])]
    rows = [value for report in reports for name, value in report.user_properties if name == "fault"]
    if rows:
        terminalreporter.section(f"faults on {engines.covered()}")
    for fault, what in rows:
        terminalreporter.write_line(f"{fault:<52} {what}")
