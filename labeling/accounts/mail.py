"""Mail to people, through the server of MASKWRIGHT_EMAIL_URL."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from smtplib import SMTPResponseException
from threading import BoundedSemaphore

from django.conf import settings
from django.core.mail import send_mail
from django.db import connections

log = logging.getLogger(__name__)

MAX_WAITING = 50
_thread = ThreadPoolExecutor(1, "mail")
_waiting = BoundedSemaphore(MAX_WAITING)


def is_configured() -> bool:
    """Whether this installation sends mail."""
    return bool(settings.SENDS_MAIL)


def send(*, to: str, subject: str, text: str) -> None:
    """Send a plain mail in the background."""
    send_later(partial(send_mail, subject, text, None, [to]))


def send_later(send: Callable[[], object]) -> Future[None] | None:
    """Call `send` in a thread of its own, with the context variables of the caller.

    A request never waits for a mail server: a hanging server would hold a request turn, and the time of the answer
    would tell whether an address has an account. At most MAX_WAITING mails wait; more are dropped and logged.
    """
    if not _waiting.acquire(blocking=False):
        log.error("A mail was dropped: %d wait already. Does the mail server answer?", MAX_WAITING)
        return None
    return _thread.submit(copy_context().run, _send, send)


def _send(send: Callable[[], object]) -> None:
    try:
        send()
    except Exception as error:
        # Neither the mail nor the answer of the server, which may quote it: both may carry a link.
        code = error.smtp_code if isinstance(error, SMTPResponseException) else getattr(error, "errno", None)
        log.error("A mail could not be sent: %s (%s)", type(error).__name__, code)
    finally:
        connections.close_all()
        _waiting.release()
