"""Decode uploaded files in a child process, which ends when a file takes too long or needs too much memory.

Decoders are written in C: a malicious file keeps one busy for hours or crashes it, and a thread can be neither limited
nor stopped. `python -m inference.intake_process FD` serves the requests that come over the socket FD.
"""

from __future__ import annotations

import logging
import os
import resource
import signal
import subprocess
import sys
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from inference.intake import Intake, take_in
from inference.limits import Limits, Unreadable

log = logging.getLogger(__name__)

# The only variables that the child inherits: a process that reads hostile files needs no secrets.
ENVIRONMENT = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "PYTHONPATH", "TMPDIR")
# People who click wait for the same cores.
NICENESS = 5
# The limit is on CPU time, so that a busy machine accepts the same files. Wall time may be this many times as long.
PATIENCE = 4
# Address space: for the interpreter and its libraries, and per pixel of the largest image that is decoded whole.
BASE_BYTES = 2 << 30
BYTES_A_PIXEL = 24
OUT_OF_TIME = (-signal.SIGPROF, -signal.SIGALRM)


class IntakeProcess:
    """Take in files, one after another, in a child process that is started on demand. Not thread-safe."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None

    def take_in(self, path: Path, limits: Limits, seconds: float) -> Intake:
        """Do what `intake.take_in` does, within `seconds` of CPU time.

        Raises:
            Unreadable: also for a file that takes longer (`takes_too_long`) or crashes its decoder (`damaged`).
            OSError: there is no room for temporary files.
        """
        try:
            outcome = self._asked((path, limits, seconds))
        except BaseException:
            # A late answer would be taken for the answer to the next request.
            self.close()
            raise
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def close(self) -> None:
        """End the child."""
        if self._child is not None and self._connection is not None:
            self._connection.close()
            self._child.kill()
            self._child.wait()
        self._child = self._connection = None

    def _asked(self, request: tuple[Path, Limits, float]) -> Intake | Unreadable | OSError:
        child, connection = self._running()
        try:
            connection.send(request)
            answer: Intake | Unreadable | OSError = connection.recv()
        except (EOFError, OSError):
            raise _ended(child.wait(), request[2]) from None
        return answer

    def _running(self) -> tuple[subprocess.Popen[bytes], Connection]:
        if self._child is None or self._connection is None or self._child.poll() is not None:
            self.close()
            self._connection, theirs = Pipe()
            with theirs:
                self._child = subprocess.Popen(
                    [sys.executable, "-m", "inference.intake_process", str(theirs.fileno())],
                    cwd=Path(__file__).resolve().parent.parent,
                    env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
                    stdin=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                )
        return self._child, self._connection


def _ended(code: int, seconds: float) -> Unreadable:
    """The error for the file that a child was decoding when it ended with this code."""
    if code in OUT_OF_TIME:
        return Unreadable(
            "takes_too_long",
            f"The file takes more than {seconds:g} seconds to decode. Save the image anew with an image editor and "
            "upload that file.",
        )
    log.warning("An uploaded file brought its decoder down, which ended with %s.", code)
    return Unreadable("damaged", "The file cannot be decoded: it is damaged.")


def serve(connection: Connection) -> None:
    """Serve requests until the parent is gone.

    The parent may go at any time, so the child sets its own time limits: when one expires, the kernel ends it.
    """
    # Ctrl-C in a terminal is for the parent, which ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    while True:
        try:
            path, limits, seconds = connection.recv()
        except EOFError:
            return
        _limit(limits, seconds)
        outcome = _outcome(path, limits)
        _limit(limits, 0)
        connection.send(outcome)


def _limit(limits: Limits, seconds: float) -> None:
    """Limit CPU time, wall time and memory. With 0 seconds, time is unlimited."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds * PATIENCE)
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (BASE_BYTES + BYTES_A_PIXEL * limits.pixels, hard))


def _outcome(path: Path, limits: Limits) -> Intake | Unreadable | OSError:
    try:
        with path.open("rb") as file:
            return take_in(file, limits)
    except (Unreadable, OSError) as error:
        return error


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
