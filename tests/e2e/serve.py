"""The installation that the browser tests drive: one operator-made manager, everything else through the pages."""

import os
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.stack import running


def main(port: int) -> None:
    def end(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    # A worker that looks at masks in its own time would change the order of the queue in the middle of a test.
    os.environ["MASKWRIGHT_ASSESS"] = "0"
    with tempfile.TemporaryDirectory(prefix="maskwright-e2e-") as folder, running(Path(folder), port) as stack:
        stack.environment["DJANGO_SUPERUSER_PASSWORD"] = "made-by-the-operator"
        stack.manage("createsuperuser", "--noinput", "--email", "mara@example.org", "--name", "Mara Manager")
        print(f"ready at {stack.url}", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            print((Path(folder) / "log" / "web.log").read_text()[-3000:], flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
