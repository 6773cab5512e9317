"""Middleware for the security headers of every answer."""

from collections.abc import Callable

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
