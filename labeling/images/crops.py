"""Small pictures of parts of images, for pages that show many masks at once.

A sheet of sixty masks must not fetch sixty photographs, nor decode them whole: a part comes from the thumbnail where
that is fine enough, and a JPEG is decoded as coarsely as the asked size allows. How many are made at once is bounded
in connections.py.
"""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from django.conf import settings
from PIL import Image as Pillow

from inference.limits import DEFAULT, Unreadable, check_scans
from inference.pyramid import DamagedTile, is_tiled, scaled, tiles_key
from inference.regions import Region
from inference.storage import Missing
from labeling.images import keys, tiles
from labeling.images.models import Image

# The longer side of what is made, in pixels: few sizes, so that browsers find again what they have.
SIZES = (160, 240, 320, 480, 640, 960, 1440)
# Of a picture that is kept decoded, for the further masks of the same image: 3 bytes a pixel.
KEPT_PIXELS = 25_000_000
# A picture of this share of the asked fineness will do: it is not seen, and often saves three quarters of the work.
FINE_ENOUGH = 0.85
COARSEST = 8


@dataclass(frozen=True)
class Part:
    """A rectangle of the upright image, in whole pixels."""

    x: int
    y: int
    w: int
    h: int

    def inside(self, width: int, height: int) -> bool:
        return 0 <= self.x < self.x + self.w <= width and 0 <= self.y < self.y + self.h <= height


def crop(image: Image, part: Part, size: int) -> bytes:
    """JPEG of this part, its longer side as long as the least of SIZES that is not below `size`; never enlarged.

    Raises:
        Missing: the image's file is not in the store.
    """
    longest = next((each for each in SIZES if each >= size), SIZES[-1])
    scale = min(1.0, longest / max(part.w, part.h))
    wanted = (max(1, round(part.w * scale)), max(1, round(part.h * scale)))
    cut = _from_tiles(image, part, wanted) if is_tiled(image.width, image.height) else None
    file = BytesIO()
    (cut or _from_whole(image, part, wanted, scale)).save(file, "JPEG", quality=85)
    return file.getvalue()


def _from_tiles(image: Image, part: Part, wanted: tuple[int, int]) -> Pillow.Image | None:
    """None while there are none."""
    region = Region(part.x, part.y, part.x + part.w, part.y + part.h)
    try:
        return scaled(tiles.opened(tiles_key(image.sha256)), region, (image.width, image.height), wanted)
    except (Missing, DamagedTile):
        return None


def _from_whole(image: Image, part: Part, wanted: tuple[int, int], scale: float) -> Pillow.Image:
    source = _source(image, scale)
    across, down = source.width / image.width, source.height / image.height
    edges = (part.x * across, part.y * down, (part.x + part.w) * across, (part.y + part.h) * down)
    return source.resize(wanted, Pillow.Resampling.BILINEAR, box=edges, reducing_gap=2.0)


def _source(image: Image, scale: float) -> Pillow.Image:
    """The image as coarsely as it may be, when its pixels are to be shown at this scale."""
    thumbnail = Pillow.open(BytesIO(keys.store().read(keys.thumbnail(image.sha256))))
    # What was too large for the upload to decode is too large for this.
    too_large = image.width * image.height > settings.WHOLE_MAX_PIXELS
    if too_large or thumbnail.width >= FINE_ENOUGH * scale * image.width:
        return thumbnail.convert("RGB")
    key = keys.derivative(image.sha256) if image.derivative_type else keys.original(image.sha256)
    try:
        return _decoded(key, _reduction(image, scale))
    except Unreadable:
        # The file was stored before such files were refused.
        return thumbnail.convert("RGB")


def _reduction(image: Image, scale: float) -> int:
    """How many pixels of the image, along a side, one of the decoded picture may stand for: 1, 2, 4 or 8."""
    factor = 1
    while factor < COARSEST and (
        FINE_ENOUGH * scale * 2 * factor <= 1 or image.width * image.height > KEPT_PIXELS * factor**2
    ):
        factor *= 2
    return factor


@lru_cache(maxsize=1)
def _decoded(key: str, factor: int) -> Pillow.Image:
    """Decode an image once for all masks of a sheet, which often lie on the same image. Raises Unreadable."""
    file = BytesIO(keys.store().read(key))
    with Pillow.open(file) as picture:
        if picture.format in ("JPEG", "MPO"):
            check_scans(file, DEFAULT)
        size = (max(1, picture.width // factor), max(1, picture.height // factor))
        # A JPEG is read at an eighth, a quarter or half of its size in a fraction of the time and the memory.
        picture.draft("RGB", size)
        upright = picture.convert("RGB")
    left = upright.width // size[0]
    return upright.reduce(left) if left > 1 else upright
