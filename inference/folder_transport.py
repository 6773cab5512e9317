"""Kombu's filesystem transport, made safe for several processes that write and read the same folder at once.

Kombu writes a message under its final name, where a reader can pick it up half written, and takes messages by moving
them to the system's temporary folder, which another file system turns into a copy that two readers can make. Here a
message appears, and is taken, by a rename inside the broker's own folder.

Selected by `inference.broker` for broker addresses that begin with filesystem://.
"""

from __future__ import annotations

import fcntl
import os
import time
import uuid
from queue import Empty
from typing import Any

from celery.worker import state
from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

WAIT_STEP_S = 0.1


class Channel(filesystem.Channel):
    """Messages are files `<time>_<uuid>.<queue>.msg`, taken in the order of their names."""

    def _put(self, queue: str, message: Any, **_: Any) -> None:  # type: ignore[override]
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        hidden = os.path.join(self.data_folder_out, f"{name}.part")
        with open(hidden, "w", encoding="utf-8") as file:
            file.write(dumps(message))
        os.replace(hidden, os.path.join(self.data_folder_out, name))

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for name in sorted(os.listdir(self.data_folder_in)):
            if name.partition(".")[2] == f"{queue}.msg":
                payload = self._take(name)
                if payload is not None:
                    return loads(payload)
        raise Empty

    def _take(self, name: str) -> str | None:
        taken = os.path.join(self.data_folder_in, f"{name}.taken")
        try:
            os.rename(os.path.join(self.data_folder_in, name), taken)
        except FileNotFoundError:  # another process was quicker
            return None
        with open(taken, encoding="utf-8") as file:
            payload = file.read()
        os.unlink(taken)
        return payload

    def _queue_bind(self, *args: Any) -> None:
        # Without the lock, processes that start together read a table that another has opened and not yet written.
        with open(self.control_folder / "lock", "w", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            super()._queue_bind(*args)


class Transport(filesystem.Transport):
    """Waits in short steps, so that a worker that is told to stop does not sit out its wait for a message."""

    Channel = Channel

    def drain_events(self, connection: Any, timeout: float | None = None, **_: Any) -> None:
        began = time.monotonic()
        while True:
            try:
                return super().drain_events(connection, timeout=WAIT_STEP_S)
            except TimeoutError:
                # What Celery puts there is an exit code, and 0 is one.
                stopping = state.should_stop is not None and state.should_stop is not False
                if stopping or (timeout is not None and time.monotonic() - began >= timeout):
                    raise
