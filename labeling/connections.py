"""How many database connections a web process holds: one a request that is being answered, and not after that.

Django answers every request of an ASGI server in a thread of its own, and every thread has a connection of its own
(psycopg2 knows no pool that could be shared). The event streams have a few threads beside these (projects/stream.py).
"""

import asyncio

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.db import close_old_connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class BoundedHandler(ASGIHandler):
    """Answers so many requests at once, the others wait their turn.

    A request waits with its body received and leaves before its answer is sent, so slow clients take no turns.
    """

    def __init__(self) -> None:
        super().__init__()
        self._turns = asyncio.Semaphore(settings.REQUESTS_AT_ONCE)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        async with self._turns:
            try:
                response: HttpResponseBase = await super().get_response_async(request)
                return response
            finally:
                # Django itself closes it when the answer has been sent, which to a slow client may be minutes later.
                await sync_to_async(close_old_connections)()
