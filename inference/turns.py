"""One thing is never made twice at once in a process: who wants it too waits, and then finds it made."""

from __future__ import annotations

import threading
from weakref import WeakValueDictionary

_turns: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()
_guard = threading.Lock()


def turn(key: str) -> threading.Lock:
    """Held while what is stored under `key` is made."""
    with _guard:
        return _turns.setdefault(key, threading.Lock())
