"""The square that SAM looks at: the image scaled so that its longer side fills it, top left, the rest padding."""

from __future__ import annotations

SIDE = 1024
EMBEDDING_SHAPE = (256, 64, 64)
LOGITS_SIDE = 256


def inner_size(width: int, height: int) -> tuple[int, int]:
    """(width, height) of the image inside the square; segment_anything's ResizeLongestSide."""
    scale = SIDE / max(width, height)
    return int(width * scale + 0.5), int(height * scale + 0.5)
