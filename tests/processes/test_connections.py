"""However many browsers ask at once: a web process keeps to its share of the database's connections."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError

import psycopg2
import pytest

from labeling.projects.stream import THREADS
from tests import engines
from tests.inference.bombs import many_scans
from tests.processes.client import Client
from tests.stack import Stack

BROWSERS = 60
# The labeling worker's: four threads, its dispatcher, and the one that says it is alive.
WORKER = 6


@pytest.mark.skipif(engines.COVERED not in os.environ, reason="SQLite has no connections to run out of")
def test_sixty_browsers_at_once_take_no_more_connections_than_there_are_turns(
    stack: Stack, client: Client, most_connections: "Most"
) -> None:
    project = client.post("/projects", {"name": "Crowd"})["id"]
    with most_connections, ThreadPoolExecutor(BROWSERS) as crowd:
        answers = list(crowd.map(lambda n: client.get(f"/projects/{project}/progress"), range(4 * BROWSERS)))

    print(f"{BROWSERS} browsers at once: {most_connections.count} connections")
    assert len(answers) == 4 * BROWSERS
    assert 1 < most_connections.count <= 16 + THREADS + WORKER


def test_files_that_take_long_to_decode_hold_up_nobody(stack: Stack, client: Client, tmp_path: Path) -> None:
    """More uploads than there are turns, each of which keeps the decoder busy for most of a second."""
    project = client.post("/projects", {"name": "Slow files", "classes": [{"name": "thing"}]})["id"]
    slow = many_scans(size=0, side=3000, times=30)
    files = [tmp_path / f"{n}.jpg" for n in range(24)]
    for file in files:
        # Appended after the end of the picture, so that each file is different.
        file.write_bytes(slow + file.name.encode())
    with ThreadPoolExecutor(len(files)) as crowd:
        sent = [crowd.submit(sends, client, project, file) for file in files]
        time.sleep(0.3)
        began = time.monotonic()
        client.get("/me")
        client.post(f"/projects/{project}/classes", {"name": "saved meanwhile"})
        waited = time.monotonic() - began
        codes = {each.result() for each in sent}
    assert waited < 1.5
    assert codes == {201, 503}, "one person does not take all uploads"


def sends(client: Client, project: str, file: Path) -> int:
    try:
        client.upload(project, file)
    except HTTPError as error:
        return error.code
    return 201


class Most:
    """The most connections to an installation's database while the block runs."""

    def __init__(self, url: str) -> None:
        self.count = 0
        self._url = url
        self._stopped = threading.Event()
        self._watcher = threading.Thread(target=self._watch)

    def __enter__(self) -> "Most":
        self._watcher.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stopped.set()
        self._watcher.join()

    def _watch(self) -> None:
        with closing(psycopg2.connect(self._url)) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            while not self._stopped.wait(0.01):
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
                self.count = max(self.count, cursor.fetchone()[0])


@pytest.fixture
def most_connections(stack: Stack) -> Most:
    return Most(stack.environment["DATABASE_URL"])
