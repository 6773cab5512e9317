"""A real S3 server for tests, and a proxy to it that hangs or is slow.

The server is moto's, from its wheel: a process that keeps its buckets in memory.
"""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

START_S = 30
# boto requires credentials. moto accepts any.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests", "AWS_DEFAULT_REGION": "us-east-1"}
BUCKET = "maskwright"


@contextmanager
def running() -> Iterator[str]:
    """The URL of a server with one empty bucket, which runs until the end of the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, env={**os.environ, **CREDENTIALS}, **quiet)  # type: ignore[call-overload]
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url, server)
        urllib.request.urlopen(urllib.request.Request(f"{url}/{BUCKET}", method="PUT"), timeout=10).close()  # noqa: S310
        yield url
    finally:
        server.kill()
        server.wait()


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_S
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310
                return
        except OSError:
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError("The S3 server did not start.") from None
            time.sleep(0.05)


class Line:
    """A proxy on its own port, in one of four states.

    `present` forwards everything. `slow` forwards each piece after `delay` seconds. `hanging` accepts connections and
    bytes, and never answers. `absent` closes the port.
    """

    def __init__(self, url: str, delay: float = 0.2) -> None:
        host, _, port = url.removeprefix("http://").partition(":")
        self._server = (host, int(port))
        self._delay = delay
        self._state = "present"
        self._listener = self._listen(0)
        self.port = int(self._listener.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, args=[self._listener], name="line", daemon=True).start()

    def become(self, state: str) -> None:
        """Change the state, for open connections too."""
        before, self._state = self._state, state
        if state == "absent":
            # Closing alone leaves the port open while another thread waits in accept().
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        elif before == "absent":
            self._listener = self._listen(self.port)
            threading.Thread(target=self._accept, args=[self._listener], name="line", daemon=True).start()

    def _listen(self, port: int) -> socket.socket:
        return socket.create_server(("127.0.0.1", port), backlog=128)

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=self._serve, args=[client], name="line", daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), closing(client), socket.create_connection(self._server) as server:
            others = {client: server, server: client}
            while self._state != "absent":
                for source in select.select(list(others), [], [], 0.05)[0]:
                    if self._state == "hanging" and source is server:
                        time.sleep(0.05)
                        continue
                    piece = source.recv(1 << 16)
                    if not piece:
                        return
                    if self._state == "slow":
                        time.sleep(self._delay)
                    others[source].sendall(piece)
