"""Mail to people, through the server of MASKWRIGHT_EMAIL_URL."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from smtplib import SMTPResponseException
from threading import BoundedSemaphore, current_thread

from django.conf import settings
from django.core.mail import send_mail
from django.db import connections

log = logging.getLogger(__name__)

MAX_WAITING = 50
# Lets the request be answered first. Work in this thread would delay the answer, and the delay would reveal that the
# address has an account.
DELAY_S = 0.5
_thread = ThreadPoolExecutor(1, "mail")
_waiting = BoundedSemaphore(MAX_WAITING)


def is_configured() -> bool:
    """Whether this installation sends mail."""
    return bool(settings.SENDS_MAIL)


def send(*, to: str, subject: str, text: str) -> None:
    """Send a plain mail in the background."""
    send_later(partial(send_mail, subject, text, None, [to]))


def is_sending() -> bool:
    """Whether the caller runs in the thread that sends mails."""
    return current_thread().name.startswith("mail")


def send_later(send: Callable[[], object]) -> Future[None] | None:
    """Call `send` in a thread of its own, with the context variables of the caller.

    A request never waits for a mail server: one that hangs would hold a request turn, and the time of the answer would
    tell whether an address has an account. At most MAX_WAITING mails wait; more are dropped and logged.
    """
    if not _waiting.acquire(blocking=False):
        log.error("A mail was dropped: %d wait already. Does the mail server answer?", MAX_WAITING)
        return None
    return _thread.submit(copy_context().run, _in_thread, send)


def _in_thread(send: Callable[[], object]) -> None:
    time.sleep(DELAY_S)
    try:
        send_now(send)
    finally:
        connections.close_all()
        _waiting.release()


def send_now(send: Callable[[], object]) -> None:
    """Call `send` and log a failure."""
    try:
        send()
    except Exception as error:
        # Log neither the mail nor the server's answer, which may quote it: both may contain a link.
        code = error.smtp_code if isinstance(error, SMTPResponseException) else getattr(error, "errno", None)
        log.error("A mail could not be sent: %s (%s)", type(error).__name__, code)
