"""Read an export with pycocotools; print how many of its masks have exactly the area and box that it says."""

import contextlib
import io
import sys

from pycocotools.coco import COCO
from pycocotools.mask import toBbox

with contextlib.redirect_stdout(io.StringIO()):
    coco = COCO(sys.argv[1])
rows = coco.loadAnns(coco.getAnnIds())
good = [
    row for row in rows if coco.annToMask(row).sum() == row["area"] and list(toBbox(coco.annToRLE(row))) == row["bbox"]
]
print(len(good))
