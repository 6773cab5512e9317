"""COCO's compressed run lengths: of many masks in one go, since what one takes is mostly numpy's calls.

Several masks' run lengths are kept as `values`, one after another, and `amounts`, how many of them each mask has.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

FIRST_CODE, LAST_CODE = 48, 111
CONTINUES = 32
# Long strings are read and written in blocks, because the temporary arrays are several times the size of the values.
BLOCK_NUMBERS = 1 << 18


class InvalidMask(ValueError):
    """Run lengths or a polygon that describe no mask; the message is a sentence for people."""


def amount(text: str) -> int:
    """How many run lengths a COCO string holds, counted before any of them is read. Raises InvalidMask."""
    # A code without the CONTINUES bit ends a number.
    return int(np.count_nonzero(_codes(text) < FIRST_CODE + CONTINUES))


def from_strings(texts: Sequence[str]) -> tuple[Ints, Ints]:
    """Values and amounts out of COCO's strings: groups of five bits from 48 up, the sixth bit says that more follow,
    and each number from a string's fourth on is the difference from the one two before. Raises InvalidMask."""
    codes = _codes("".join(texts))
    bounds = np.cumsum([len(text) for text in texts], dtype=np.int64)
    if (codes[bounds[bounds > 0] - 1] >= FIRST_CODE + CONTINUES).any():
        raise InvalidMask("The mask's counts end in the middle of a number.")
    ends = np.flatnonzero(codes < FIRST_CODE + CONTINUES)
    amounts = np.diff(np.searchsorted(ends, bounds), prepend=0)
    values = np.empty(len(ends), np.int64)
    for begin in range(0, len(ends), BLOCK_NUMBERS):
        block = ends[begin : begin + BLOCK_NUMBERS]
        first = ends[begin - 1] + 1 if begin else 0
        values[begin : begin + BLOCK_NUMBERS] = _numbers(codes[first : block[-1] + 1], block - first)
    _add_up(values, amounts)
    return values, amounts


def _codes(text: str) -> npt.NDArray[np.uint8]:
    try:
        codes = np.frombuffer(text.encode("ascii"), np.uint8)
    except UnicodeEncodeError:
        raise InvalidMask("The mask's counts are not a compressed COCO string.") from None
    if len(codes) and (codes.min() < FIRST_CODE or codes.max() > LAST_CODE):
        raise InvalidMask("The mask's counts are not a compressed COCO string.")
    return codes


def _numbers(codes: npt.NDArray[np.uint8], ends: Ints) -> Ints:
    """Decode the numbers whose last codes are at the indices `ends`."""
    digits = codes.astype(np.int64) - FIRST_CODE
    starts = np.concatenate(([0], ends[:-1] + 1))
    lengths = ends - starts + 1
    if lengths.max() > 9:
        raise InvalidMask("The mask's counts hold a number that is too large.")
    shifts = 5 * (np.arange(len(digits)) - np.repeat(starts, lengths))
    values = np.add.reduceat((digits & 31) << shifts, starts)
    values -= np.where(digits[ends] & 16, np.int64(1) << (5 * lengths), 0)
    return np.asarray(values, np.int64)


def _add_up(values: Ints, amounts: Ints) -> None:
    """Turn differences into values, in place."""
    if len(amounts) == 1:
        for begin in (1, 2):
            np.cumsum(values[begin::2], out=values[begin::2])
        return
    place = places(amounts)
    for begin in (1, 2):
        chosen = np.flatnonzero((place >= begin) & ((place - begin) % 2 == 0))
        values[chosen] = sums(values[chosen], place[chosen] == begin)


def to_strings(values: Ints, amounts: Ints) -> list[str]:
    """COCO's compressed strings; the reverse of from_strings."""
    late = np.flatnonzero(places(amounts) >= 3) if len(amounts) != 1 else np.arange(0)
    blocks = []
    for begin in range(0, len(values), BLOCK_NUMBERS):
        block = np.array(values[begin : begin + BLOCK_NUMBERS], np.int64)
        if len(amounts) == 1:
            differing = np.arange(max(begin, 3), begin + len(block))
        else:
            differing = late[np.searchsorted(late, begin) : np.searchsorted(late, begin + len(block))]
        block[differing - begin] -= values[differing - 2]
        blocks.append(_written(block))
    text = str(b"".join(codes for codes, _ in blocks), "ascii")
    if len(amounts) == 1:
        return [text]
    lengths = np.concatenate([lengths for _, lengths in blocks] or [np.zeros(0, np.int64)])
    ends = np.concatenate(([0], np.cumsum(lengths)))[np.concatenate(([0], np.cumsum(amounts)))]
    return [text[start:end] for start, end in pairwise(ends.tolist())]


def _written(numbers: Ints) -> tuple[bytes, Ints]:
    """Encode numbers: their codes, and how many codes each number has."""
    # A number takes as many groups of five bits as its two's complement needs: those of its magnitude, and a sign.
    groups = np.frexp(numbers ^ (numbers >> 63))[1].astype(np.int64) // 5 + 1
    position = np.arange(groups.max(initial=1))
    digits = (numbers[:, None] >> (5 * position)) & 31
    digits |= np.where(position < groups[:, None] - 1, CONTINUES, 0)
    return (digits[position < groups[:, None]] + FIRST_CODE).astype(np.uint8).tobytes(), groups


def places(amounts: Ints) -> Ints:
    """Which of its own mask's each value is, from 0."""
    return np.asarray(np.arange(amounts.sum()) - np.repeat(np.cumsum(amounts) - amounts, amounts), np.int64)


def sums(values: Ints, first: npt.NDArray[np.bool_]) -> Ints:
    """Running sums that begin anew where `first` is true, as it is for the first value."""
    totals = np.cumsum(values)
    at = np.flatnonzero(first)
    before = (totals - values)[at]
    return np.asarray(totals - np.repeat(before, np.diff(at, append=len(values))), np.int64)
