"""What every answer tells the browser not to do."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from labeling.connections import BoundedHandler
from labeling.images.models import Image
from labeling.projects.models import Project
from labeling.turns import Crowded
from tests.labeling.making import API

ROOT = Path(__file__).resolve().parents[2]


def policy(header: str) -> dict[str, set[str]]:
    return {name: set(values) for name, *values in (part.split() for part in header.split(";"))}


@pytest.mark.parametrize("path", ["/", "/projects/x", "/admin/login/", f"{API}/about", f"{API}/nowhere", f"{API}/me"])
def test_every_answer_forbids_strange_and_inline_scripts(anonymous: APIClient, db: None, path: str) -> None:
    response = anonymous.get(path)
    found = policy(response["Content-Security-Policy"])
    assert found["default-src"] == found["script-src"] == found["connect-src"] == found["form-action"] == {"'self'"}
    assert found["object-src"] == found["base-uri"] == found["frame-ancestors"] == {"'none'"}
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("path", ["/", "/admin/login/", f"{API}/about", f"{API}/nowhere", f"{API}/me"])
def test_other_sites_embed_nothing_and_pages_get_no_sensors(anonymous: APIClient, db: None, path: str) -> None:
    response = anonymous.get(path)
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"].split(", ")


def test_answers_in_json_are_not_kept_unless_their_view_says_so(as_viewer: APIClient, image: Image) -> None:
    for path in (f"images/{image.id}", "me", "projects?x=1", "nowhere"):
        assert as_viewer.get(f"{API}/{path}")["Cache-Control"] == "no-store"
    assert "immutable" in as_viewer.get(f"{API}/images/{image.id}/file")["Cache-Control"]


def test_the_page_has_no_script_inside() -> None:
    page = (ROOT / "frontend" / "index.html").read_text()
    assert page.count("<script") == page.count("<script src=") + page.count('<script type="module" src=')


def test_an_upload_is_never_a_page(as_viewer: APIClient, project: Project, image: Image) -> None:
    for name in ("file", "original", "thumbnail"):
        response = as_viewer.get(f"{API}/images/{image.id}/{name}")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert not response["Content-Type"].startswith(("text/", "application/javascript", "image/svg"))
    assert response["Content-Security-Policy"]


def test_production_keeps_to_tls() -> None:
    insecure = ("MASKWRIGHT_DEBUG", "MASKWRIGHT_INSECURE")
    environment = {name: value for name, value in os.environ.items() if name not in insecure}
    names = ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS"]
    script = f"from django.conf import settings as s; print(*(getattr(s, name) for name in {names}))"
    answer = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT,
        env=environment | {"MASKWRIGHT_SECRET_KEY": "x", "DJANGO_SETTINGS_MODULE": "labeling.settings"},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert answer.stdout.split() == ["True", "True", str(365 * 24 * 3600)]
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"


@pytest.mark.parametrize("path", [f"{API}/images/7/changes", f"{API}/images/7/predict"])
def test_refusals_that_no_middleware_sees_forbid_as_much(
    settings: Any, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """A body that is too large, and a request for which there is no room."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    monkeypatch.setattr("labeling.turns.Line.join", Mock(side_effect=Crowded))
    monkeypatch.setattr("labeling.turns.Turns._may_run", Mock(return_value=False))
    sent: list[dict[str, Any]] = []
    received = [{"type": "http.request", "body": b""}]

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        if not received:
            await asyncio.sleep(3600)
        return received.pop()

    length = b"11" if "changes" in path else b"0"
    headers = [(b"host", b"testserver"), (b"content-length", length)]
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers}
    asyncio.run(BoundedHandler()(scope, receive, send))
    assert sent[0]["status"] == (413 if "changes" in path else 503)
    found = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    assert policy(found["content-security-policy"])["default-src"] == {"'none'"}
    assert found["cross-origin-resource-policy"] == "same-origin"
    assert found["x-content-type-options"] == "nosniff"
    assert found["cache-control"] == "no-store"
