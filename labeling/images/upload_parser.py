"""Reading the files of an upload from a form."""

from typing import Any

from django.conf import settings
from django.http.multipartparser import MultiPartParser as DjangoParser
from django.http.multipartparser import MultiPartParserError
from rest_framework.exceptions import ParseError
from rest_framework.parsers import DataAndFiles, MultiPartParser

# No real file has this name, because Django removes unprintable characters.
NAMELESS = "\x00"


class UploadParser(MultiPartParser):
    """Keeps files without a usable name, such as `..`, so that they are refused. Django drops them silently."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> "DataAndFiles[Any, Any]":
        request = parser_context["request"]
        encoding = parser_context.get("encoding", settings.DEFAULT_CHARSET)
        meta = {**request.META, "CONTENT_TYPE": media_type}
        try:
            return DataAndFiles(*_KeepsNameless(meta, stream, request.upload_handlers, encoding).parse())
        except MultiPartParserError as error:
            raise ParseError(f"The form cannot be read: {error}") from None


class _KeepsNameless(DjangoParser):
    def sanitize_file_name(self, file_name: str) -> str:
        return super().sanitize_file_name(file_name) or NAMELESS
