"""Middleware for the security headers of every answer."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# Browser features that no page uses, so that an injected script cannot use them either.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "midi",
        "payment", "publickey-credentials-get", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
    )
)  # fmt: skip


# For answers without a page, which load nothing.
NOTHING_ALLOWED = "default-src 'none'; frame-ancestors 'none'"


def protect(response: HttpResponseBase) -> HttpResponseBase:
    """Set the headers that the middleware sets, on a refusal that never reaches it."""
    for name, value in {
        "Content-Security-Policy": NOTHING_ALLOWED,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS_POLICY,
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        "Cache-Control": "no-store",
    }.items():
        response.headers.setdefault(name, value)
    return response


class Headers:
    """Keep other sites from embedding our answers, pages from using sensors, and browsers from storing JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if response.headers.get("Content-Type", "").startswith(("application/json", "application/problem+json")):
            response.headers.setdefault("Cache-Control", "no-store")
        return response
