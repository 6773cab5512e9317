"""Uploaded files on their way to who reads them: never all in memory, and checked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from inference.storage import Missing, Store

PIECE = 1 << 20


class OriginalLost(Exception):
    """The uploaded file is not in the store, or not the one that was uploaded."""


@contextmanager
def original(store: Store, key: str, sha256: str) -> Iterator[Path]:
    """The file under `key`, whose bytes have this SHA-256, as a file of this machine. Raises OriginalLost."""
    with NamedTemporaryFile(prefix="maskwright-") as copy:
        digest = hashlib.sha256()
        try:
            with store.open(key) as file:
                while piece := file.read(PIECE):
                    digest.update(piece)
                    copy.write(piece)
        except Missing:
            raise OriginalLost("The uploaded file is no longer in the storage. Upload it again.") from None
        if digest.hexdigest() != sha256:
            raise OriginalLost("The stored file is not the one that was uploaded: it was altered. Upload it again.")
        copy.flush()
        yield Path(copy.name)
