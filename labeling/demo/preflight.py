"""What must be there before anything is installed. Needs nothing but the standard library, and is written so that
an older Python can read it as well: that is how it comes to say what it has to say.

Prints one sentence and exits with 1 when something is missing.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
from typing import Optional

MINIMUM_NODE = (20, 19)


def main(port: Optional[str] = None) -> None:
    problem = python_problem() or node_problem() or (port_problem(int(port)) if port else None)
    if problem:
        sys.exit(problem)


def python_problem() -> Optional[str]:
    if sys.version_info < (3, 11):
        found = ".".join(str(part) for part in sys.version_info[:3])
        return "Maskwright needs Python 3.11 or newer; this is %s. Try: make demo PYTHON=python3.11" % found
    return None


def node_problem() -> Optional[str]:
    wanted = "Maskwright needs Node.js 20.19 or newer with npm (https://nodejs.org); "
    if shutil.which("node") is None or shutil.which("npm") is None:
        return wanted + "none was found on the PATH."
    printed = subprocess.run(["node", "--version"], stdout=subprocess.PIPE, check=False).stdout.decode()
    found = re.match(r"v(\d+)\.(\d+)", printed)
    if found is None or tuple(int(part) for part in found.groups()) < MINIMUM_NODE:
        return wanted + "this is %s." % (printed.strip() or "not a working one")
    return None


def port_problem(port: int) -> Optional[str]:
    with socket.socket() as probe:
        # As the server does: a port that was in use a moment ago is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((os.environ.get("MASKWRIGHT_HOST", "127.0.0.1"), port))
        except OSError:
            return "Port %d is in use, perhaps by another demo. Stop it, or try: make demo PORT=%d" % (port, port + 1)
    return None


if __name__ == "__main__":
    main(*sys.argv[1:2])
