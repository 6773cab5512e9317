"""How masks to be assessed, and what was found of them, lie in the store.

The web side stores one gzipped JSON document, {"masks": [{"id", "version", "by", "class", "segmentation",
"wanted"}…]}: those that are wanted, and the others of the image that may overlap them. The answer lies beside it, as
{"signals": [{"id", "version", "signals"}…]} of those that are wanted.
"""

from __future__ import annotations

import gzip
import json
from typing import Any


def packed(document: dict[str, Any]) -> bytes:
    return gzip.compress(json.dumps(document, separators=(",", ":")).encode(), 6, mtime=0)


def unpacked(blob: bytes) -> dict[str, Any]:
    return dict(json.loads(gzip.decompress(blob)))
