"""Class colours that colour-blind people can tell apart."""

from collections.abc import Collection

# The eight of Okabe and Ito ("Color Universal Design", 2008) without black, then lighter and darker tones between.
PALETTE = (
    "#56b4e9", "#e69f00", "#009e73", "#cc79a7", "#f0e442", "#0072b2", "#d55e00",
    "#9ad0f2", "#f5c66b", "#66c9ad", "#e3b1cc", "#8a7f00", "#7fb1d6", "#f09a66",
)  # fmt: skip


def next_colour(used: Collection[str]) -> str:
    """The first colour that is not used yet; round again when all are."""
    free = [colour for colour in PALETTE if colour not in used]
    return free[0] if free else PALETTE[len(used) % len(PALETTE)]
