"""Files of any size as answers, a piece at a time: what is downloaded is never held whole."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from labeling.images import keys

PIECE = 1 << 18  # bytes
# Separate threads, so that a storage that hangs does not block the event loop's default pool.
_threads = ThreadPoolExecutor(4, "downloads")


def download(key: str, *, name: str, media_type: str) -> StreamingHttpResponse:
    """What is stored under `key`, to be saved as a file of this name and never shown under our address. Raises
    Missing."""
    size = keys.store().size(key)
    response = StreamingHttpResponse(_pieces(key), content_type=media_type)
    response["Content-Length"] = size
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


async def _pieces(key: str) -> AsyncIterator[bytes]:
    # Django would read the whole of an iterator that is not asynchronous before it sends the first byte.
    # In a thread also to open it, which in a bucket is a request.
    loop = asyncio.get_running_loop()
    with ExitStack() as opened:
        file = await loop.run_in_executor(_threads, opened.enter_context, keys.store().open(key))
        while piece := await loop.run_in_executor(_threads, file.read, PIECE):
            yield piece
