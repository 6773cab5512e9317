"""However many browsers ask at once: a web process keeps to its share of the database's connections."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg2
import pytest

from labeling.projects.stream import THREADS
from tests import engines
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
