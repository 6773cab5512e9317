"""Refuse JSON bodies that would take too much memory, before parsing them.

Twenty megabytes of `{},` become half a gigabyte of Python objects. The parsed size is estimated by counting brackets,
colons and commas, which takes no memory.
"""

import re
import sys
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.utils import json

MAX_PARSED_BYTES = 96 * 1024 * 1024
# Upper bounds in bytes of memory: an object, a list, a name with its value, an element of a list.
COSTS = {b"{": 200, b"[": 96, b":": 160, b",": 72}
# A string, whose content is not counted, or one of the marks above. A string without an end reaches to the end of the
# body. Otherwise the search would start again behind each of its escaped quotes.
TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[{\[:,]', re.DOTALL)
# A single character outside the Basic Multilingual Plane makes Python use four bytes for every character.
MAX_TEXT_BYTES = 40 * 1024 * 1024


class BoundedJSONParser(JSONParser):
    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Parse the body.

        Raises:
            ParseError: it is not JSON.
            TooLarge: it would take too much memory.
        """
        body = stream.read()
        _require(not _is_costly(body))
        try:
            text = body.decode((parser_context or {}).get("encoding", settings.DEFAULT_CHARSET))
            del body
            _require(sys.getsizeof(text) <= MAX_TEXT_BYTES)
            return json.loads(text, parse_constant=json.strict_constant)
        except ValueError as error:
            raise ParseError(f"JSON parse error - {error}") from None


def _require(bounded: bool) -> None:
    if not bounded:
        # A top-level import would be a cycle: Django REST framework loads its parsers before its exceptions.
        from labeling.rest import TooLarge

        raise TooLarge("too_large", "The request contains too many values. Send it in parts.")


def _is_costly(body: bytes) -> bool:
    # Most bodies are small enough even if marks inside strings are counted.
    if sum(cost * body.count(mark) for mark, cost in COSTS.items()) <= MAX_PARSED_BYTES:
        return False
    left = MAX_PARSED_BYTES
    for token in TOKEN.finditer(body):
        left -= COSTS.get(token[0], 0) if token.end() - token.start() == 1 else 0
        if left < 0:
            return True
    return False


def is_longer(value: Any, limit: int) -> bool:
    """Whether a JSON value has more than `limit` values and characters, without serializing it."""
    left, waiting = limit, [value]
    while waiting:
        item = waiting.pop()
        left -= 1 + (len(item) if isinstance(item, str | list | dict) else 0)
        if left < 0:
            return True
        if isinstance(item, dict):
            waiting += [*item.keys(), *item.values()]
        elif isinstance(item, list):
            waiting += item
    return False
