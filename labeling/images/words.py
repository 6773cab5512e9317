"""Finding images by words of their names, or beginnings of words, through an index on every database."""

import re

from django.db import connection
from django.db.models import Q

LONGEST = 40
# Behind every word in the byte order in which SQLite compares texts.
LAST = "\U0010ffff"


def words_in(text: str) -> list[str]:
    """The words of a text, each once: runs of letters and runs of digits. IMG_2041.jpg has img, 2041 and jpg."""
    found = re.findall(r"[^\W\d_]+|\d+", text.casefold())
    return sorted({word[:LONGEST] for word in found})


def beginning_with(word: str) -> Q:
    """Rows of Word that begin so. PostgreSQL answers LIKE by its index, whose order is not that of bytes; SQLite, which
    ignores case in LIKE, answers a range."""
    if connection.vendor == "postgresql":
        return Q(word__startswith=word)
    return Q(word__gte=word, word__lt=word + LAST)
