"""`large.py FILE`: a photograph of 12000 × 9000 pixels, with lines fine enough to tell whether details are shown.
Written row by row, as nobody has the memory for all of it."""

import sys

import pyvips

WIDTH, HEIGHT = 12_000, 9_000


def main(path: str) -> None:
    at = pyvips.Image.xyz(WIDTH, HEIGHT)
    x, y = at[0] * (255 / WIDTH), at[1] * (255 / HEIGHT)
    # Black and white columns, each a pixel wide, in a square at the middle.
    columns = (at[0] % 2) * 255
    middle = (at[0] > 5900) & (at[0] < 6100) & (at[1] > 4400) & (at[1] < 4600)
    image = middle.ifthenelse(columns, x.bandjoin([y, 255 - x])).cast("uchar")
    image.copy(interpretation="srgb").jpegsave(path, Q=90, subsample_mode="off", keep="none")


if __name__ == "__main__":
    main(sys.argv[1])
