"""Count the scans of a JPEG and the frames of a GIF up to a limit, without decoding anything.

A JPEG file of half a megabyte can repeat a scan of twelve bytes 35,000 times. Each scan passes over the whole picture,
which takes minutes to decode. A GIF file can have a million frames of 17 bytes each.
"""

from __future__ import annotations

import re
from typing import IO

CHUNK = 1 << 14
# JPEG (ITU-T T.81, annex B). A marker is FF and a byte. FF 00 is a byte FF of coded data, FF D0 to FF D7 restart it.
MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
SOI, EOI, SOS, TEM = 0xD8, 0xD9, 0xDA, 0x01
# GIF (GIF89a specification).
GIF_HEADER = 13
EXTENSION, IMAGE, TRAILER = b"!", b",", b";"


def count_scans(file: IO[bytes], most: int) -> int:
    """Count the scans of the first picture of a JPEG file, up to `most` + 1. Keeps the file's position."""
    stood = file.tell()
    scans, at = 0, 2
    while scans <= most:
        kind, at = _next_marker(file, at)
        if kind in (None, EOI):
            break
        if kind in (SOI, TEM):
            continue
        scans += kind == SOS
        file.seek(at)
        at += max(2, int.from_bytes(file.read(2), "big"))
    file.seek(stood)
    return scans


def _next_marker(file: IO[bytes], at: int) -> tuple[int | None, int]:
    """The second byte of the next marker (None at the end of the file), and the offset behind the marker."""
    file.seek(at)
    while len(chunk := file.read(CHUNK)) > 1:
        found = MARKER.search(chunk)
        if found:
            return chunk[found.end() - 1], at + found.end()
        # The marker may begin with the last byte.
        at += len(chunk) - 1
        file.seek(at)
    return None, at


def count_gif_frames(file: IO[bytes], most: int) -> int:
    """Count the frames of a GIF file, up to `most` + 1. Keeps the file's position."""
    stood = file.tell()
    file.seek(0)
    header = file.read(GIF_HEADER)
    file.seek(_colours(header[10:11]), 1)
    frames = 0
    while frames <= most and (block := file.read(1)) not in (b"", TRAILER):
        if block == EXTENSION:
            file.seek(1, 1)
            _skip_blocks(file)
        elif block == IMAGE:
            frames += 1
            file.seek(_colours(file.read(9)[8:9]) + 1, 1)
            _skip_blocks(file)
    file.seek(stood)
    return frames


def _colours(flags: bytes) -> int:
    """The size in bytes of the color table that these flags announce."""
    return 3 << ((flags[0] & 7) + 1) if flags and flags[0] & 0x80 else 0


def _skip_blocks(file: IO[bytes]) -> None:
    while size := file.read(1):
        if size == b"\0":
            return
        file.seek(size[0], 1)
