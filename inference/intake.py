"""What is kept of an uploaded file beside the file itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from inference import pixels, streams
from inference.limits import Limits, check_bytes

# A thumbnail made of this many pixels is as sharp as one made of all.
REDUCED = 1024


@dataclass(frozen=True)
class Intake:
    """Of an image that was read whole, everything. Of one that is too large for that there is no `derivative` yet,
    (bytes, media type), but `derivative_type` says what a worker is to make of it."""

    width: int
    height: int
    media_type: str
    notice: str
    thumbnail: bytes
    derivative: bytes | None
    derivative_type: str


def take_in(file: IO[bytes], limits: Limits) -> Intake:
    """Checks and reads an uploaded file: whole, or as a stream what is too large for that. Raises Unreadable."""
    check_bytes(file, limits)
    header = streams.read_header(file, limits)
    if header is not None and header.width * header.height > limits.pixels:
        return _streamed(file, header)
    file.seek(0)
    return _whole(pixels.inspect(file, limits))


def _whole(picture: pixels.Picture) -> Intake:
    derivative, kind = pixels.encode_derivative(picture) if picture.needs_derivative else (None, "")
    return Intake(
        width=picture.width,
        height=picture.height,
        media_type=picture.media_type,
        notice=picture.notice,
        thumbnail=pixels.thumbnail(picture.image),
        derivative=derivative,
        derivative_type=kind,
    )


def _streamed(file: IO[bytes], header: streams.Header) -> Intake:
    return Intake(
        width=header.width,
        height=header.height,
        media_type=header.media_type,
        notice=header.notice,
        thumbnail=pixels.thumbnail(streams.reduced(file, header, REDUCED)),
        derivative=None,
        derivative_type=pixels.derivative_type(header.lossless) if header.needs_derivative else "",
    )
