"""`bombs.py make FOLDER` makes files at the limit on pixels, and bombs beyond it; `bombs.py read FILE` reads one and
prints name, outcome, the limit on pixels, and by how many bytes the process grew at most."""

from __future__ import annotations

import re
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from PIL import Image

from inference.intake import take_in
from inference.limits import Limits, Unreadable

SIDE = 3000
LIMITS = Limits(pixels=SIDE * SIDE, streamed=6 * SIDE * SIDE)
LONG = 7000  # a side of what is too large to be held whole
TURNED = Image.Exif()
TURNED[0x0112] = 6


def main(task: str, path: Path) -> None:
    if task == "make":
        for name, data in files():
            (path / name).write_bytes(data)
    else:
        measure(path)


def measure(path: Path) -> None:
    # Decoders load libraries on first use; that is not the file's.
    for kind in ("JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF", "BMP"):
        read(BytesIO(saved("RGB", kind, 16)))
    before = peak()
    with path.open("rb") as file:
        outcome = read(file)
    print(path.name, outcome, SIDE * SIDE, peak() - before)


def read(file: IO[bytes]) -> str:
    try:
        taken = take_in(file, LIMITS)
    except Unreadable as error:
        return error.code
    return "streamed" if taken.width * taken.height > LIMITS.pixels else "read"


def peak() -> int:
    found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) * 1024 if found else sys.exit("No VmHWM in /proc.")


def files() -> Iterator[tuple[str, bytes]]:
    yield "jpeg_progressive_turned", saved("RGB", "JPEG", progressive=True, quality=95, exif=TURNED)
    yield "jpeg_cmyk", saved("CMYK", "JPEG")
    yield "png_turned", saved("RGB", "PNG", exif=TURNED, compress_level=1)
    yield "png_palette_transparent", saved("P", "PNG", transparency=0, compress_level=1)
    yield "png_rgba_16", png(SIDE, depth=16, colour=6, sample_bytes=8)
    yield "png_grey_16", png(SIDE, depth=16, colour=0, sample_bytes=2)
    yield "webp_turned", saved("RGB", "WEBP", method=0, exif=TURNED)
    yield "webp_alpha", saved("RGBA", "WEBP", method=0, lossless=True)
    yield "avif_turned", saved("RGB", "AVIF", speed=10, exif=TURNED)
    yield "tiff_float", saved("F", "TIFF", compression="tiff_adobe_deflate")
    yield "tiff_lab", saved("LAB", "TIFF", compression="tiff_adobe_deflate")
    yield "gif", saved("P", "GIF")
    yield "bmp", saved("L", "BMP")
    yield "long_jpeg_turned", saved("RGB", "JPEG", LONG, exif=TURNED)
    yield "long_png", saved("RGB", "PNG", LONG, compress_level=1)
    yield "long_png_transparent", saved("RGBA", "PNG", LONG, compress_level=1)
    yield "long_tiff_one_strip", saved("RGB", "TIFF", LONG, compression="tiff_adobe_deflate", tiffinfo={278: LONG})
    yield "bomb_long_jpeg_progressive", saved("RGB", "JPEG", LONG, progressive=True)
    yield "bomb_long_jpeg_cmyk", saved("CMYK", "JPEG", LONG)
    yield "bomb_long_png_16", png(LONG, depth=16, colour=0, sample_bytes=2)
    yield "bomb_long_webp", saved("RGB", "WEBP", LONG, method=0)
    yield "bomb_png", png(60_000, depth=8, colour=0, sample_bytes=1)
    yield "bomb_gif", saved("P", "GIF", 10)[:6] + struct.pack("<HH", 65_535, 65_535) + saved("P", "GIF", 10)[10:]
    yield "bomb_bmp", saved("L", "BMP", 10)[:18] + struct.pack("<ii", 50_000, 50_000) + saved("L", "BMP", 10)[26:]
    yield "bomb_tiff_tile", one_tile(16, 32_768)
    yield "bomb_tiff_pages", many_pages(200_000)
    yield "bomb_gif_frames", many_frames(1_000_000)
    yield "bomb_jpeg_scans", many_scans(425_000)
    yield "bomb_thin_png", saved_thin(1, 65_500)


def saved(mode: str, kind: str, side: int = SIDE, **options: Any) -> bytes:
    file = BytesIO()
    Image.new(mode, (side, side)).save(file, kind, **options)
    return file.getvalue()


def png(side: int, depth: int, colour: int, sample_bytes: int) -> bytes:
    """A black PNG, a thousandth of its pixels in size."""
    rows = deflated(bytes(1 + side * sample_bytes), side)
    header = struct.pack(">IIBBBBB", side, side, depth, colour, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def deflated(row: bytes, times: int) -> bytes:
    deflate = zlib.compressobj(1)
    return b"".join(deflate.compress(row) for _ in range(times)) + deflate.flush()


def one_tile(side: int, tile: int) -> bytes:
    """A TIFF of few pixels, cut from one huge tile of zeros."""
    body = deflated(bytes(tile), tile)
    tags = {
        256: side,
        257: side,
        258: 8,
        259: 8,
        262: 1,
        277: 1,
        322: tile,
        323: tile,
        324: 8 + 2 + 120 + 4,
        325: len(body),
    }
    return b"II*\0" + struct.pack("<I", 8) + directory(tags, 0) + body


def many_pages(count: int) -> bytes:
    tags = {256: 1, 257: 1, 258: 8, 259: 1, 262: 1, 273: 8, 278: 1, 279: 1}
    size = len(directory(tags, 0))
    follow: Callable[[int], int] = lambda page: 8 + size * (page + 1) if page < count - 1 else 0  # noqa: E731
    return b"II*\0" + struct.pack("<I", 8) + b"".join(directory(tags, follow(page)) for page in range(count))


def directory(tags: dict[int, int], following: int) -> bytes:
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    return struct.pack("<H", len(tags)) + entries + struct.pack("<I", following)


def many_frames(count: int) -> bytes:
    one = saved("P", "GIF", 1)
    start = one.index(b"\x2c")
    return one[:start] + one[start:-1] * count + b";"


def many_scans(size: int, side: int = 1000, times: int | None = None) -> bytes:
    """A JPEG that repeats its last scan, which has hardly any bytes, and so takes minutes to decode.

    It has about `size` bytes, or repeats the scan `times` times.
    """
    once = saved("L", "JPEG", side, progressive=True)
    last = once[once.rindex(b"\xff\xda") : -2]
    return once[:-2] + last * ((size - len(once)) // len(last) if times is None else times) + once[-2:]


def saved_thin(width: int, height: int) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height)).save(file, "PNG")
    return file.getvalue()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
