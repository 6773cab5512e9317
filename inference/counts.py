"""COCO's compressed run lengths: of many masks in one go, since what one takes is mostly numpy's calls.

Several masks' run lengths are kept as `values`, one after another, and `amounts`, how many of them each mask has.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


class InvalidMask(ValueError):
    """Run lengths or a polygon that describe no mask; the message is a sentence for people."""


def from_strings(texts: Sequence[str]) -> tuple[Ints, Ints]:
    """Values and amounts out of COCO's strings: groups of five bits from 48 up, the sixth bit says that more follow,
    and each number from a string's fourth on is the difference from the one two before. Raises InvalidMask."""
    digits = _digits("".join(texts))
    bounds = np.cumsum([len(text) for text in texts], dtype=np.int64)
    if (digits[bounds[bounds > 0] - 1] >= 32).any():
        raise InvalidMask("The mask's counts end in the middle of a number.")
    ends = np.flatnonzero(digits < 32)
    amounts = np.diff(np.searchsorted(ends, bounds), prepend=0)
    if len(ends) == 0:
        return np.zeros(0, np.int64), amounts
    starts = np.concatenate(([0], ends[:-1] + 1))
    lengths = ends - starts + 1
    if lengths.max() > 9:
        raise InvalidMask("The mask's counts hold a number that is too large.")
    shifts = 5 * (np.arange(len(digits)) - np.repeat(starts, lengths))
    values = np.add.reduceat((digits & 31) << shifts, starts)
    values -= np.where(digits[ends] & 16, np.int64(1) << (5 * lengths), 0)
    place = places(amounts)
    for begin in (1, 2):
        chosen = np.flatnonzero((place >= begin) & ((place - begin) % 2 == 0))
        values[chosen] = sums(values[chosen], place[chosen] == begin)
    return values, amounts


def _digits(text: str) -> Ints:
    try:
        digits = np.frombuffer(text.encode("ascii"), np.uint8).astype(np.int64) - 48
    except UnicodeEncodeError:
        raise InvalidMask("The mask's counts are not a compressed COCO string.") from None
    if len(digits) and (digits.min() < 0 or digits.max() > 63):
        raise InvalidMask("The mask's counts are not a compressed COCO string.")
    return digits


def to_strings(values: Ints, amounts: Ints) -> list[str]:
    """COCO's compressed strings; the reverse of from_strings."""
    late = np.flatnonzero(places(amounts) >= 3)
    written = np.array(values, np.int64)
    written[late] -= values[late - 2]
    # A number takes as many groups of five bits as its two's complement needs: those of its magnitude, and a sign.
    groups = np.frexp(written ^ (written >> 63))[1] // 5 + 1
    position = np.arange(groups.max(initial=1))
    digits = (written[:, None] >> (5 * position)) & 31
    digits |= np.where(position < groups[:, None] - 1, 32, 0)
    text = str((digits[position < groups[:, None]] + 48).astype(np.uint8).tobytes(), "ascii")
    ends = np.concatenate(([0], np.cumsum(groups)))[np.concatenate(([0], np.cumsum(amounts)))]
    return [text[start:end] for start, end in pairwise(ends.tolist())]


def places(amounts: Ints) -> Ints:
    """Which of its own mask's each value is, from 0."""
    return np.asarray(np.arange(amounts.sum()) - np.repeat(np.cumsum(amounts) - amounts, amounts), np.int64)


def sums(values: Ints, first: npt.NDArray[np.bool_]) -> Ints:
    """Running sums that begin anew where `first` is true, as it is for the first value."""
    totals = np.cumsum(values)
    at = np.flatnonzero(first)
    before = (totals - values)[at]
    return np.asarray(totals - np.repeat(before, np.diff(at, append=len(values))), np.int64)
