"""Paths that libraries mount beside our API. All are listed here, and strangers are tried on each.

test_access.py does the same for our own addresses.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.contrib.admin.sites import site
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

AUTH = "_allauth/browser/v1/auth"
METHODS = ("get", "post", "put", "patch", "delete")
OUR_OWN = "api/v1/"
OUR_PAGES = {"metrics", "^(?:api|_allauth)/.*$", "^(?!admin/|static/|assets/).*$"}

# The status for somebody who is not logged in, and for somebody who is logged in without rights.
ALLAUTH: dict[tuple[str, str], tuple[int, int]] = {
    ("get", f"{AUTH}/session"): (401, 200),
    ("delete", f"{AUTH}/session"): (401, 401),
    ("post", f"{AUTH}/login"): (400, 400),
    ("post", f"{AUTH}/password/request"): (409, 409),
    ("get", f"{AUTH}/password/reset"): (400, 400),
    ("post", f"{AUTH}/password/reset"): (400, 400),
}
# Models that operators see in the admin, as app/model.
MODELS = {
    "accounts/apitoken", "accounts/invitation", "accounts/user", "auth/group",
    "annotations/annotation", "assignments/activetime", "assignments/assignment",
    "calibration/calibration", "calibration/classsize", "events/event", "exchange/export",
    "images/image", "images/region", "jobs/job", "jobs/tally", "jobs/worker",
    "projects/labelclass", "projects/membership", "projects/project", "projects/waitingmember",
    "review/comment", "review/verdict",
}  # fmt: skip
OF_A_MODEL = (
    "", "add/", "<path:object_id>/history/", "<path:object_id>/delete/", "<path:object_id>/change/", "<path:object_id>/"
)  # fmt: skip
ADMIN = {
    "admin/", "admin/login/", "admin/logout/", "admin/password_change/", "admin/password_change/done/",
    "admin/autocomplete/", "admin/jsi18n/", "admin/r/<path:content_type_id>/<path:object_id>/",
    "admin/accounts/user/<id>/password/", "admin/accounts/user/<uuid:id>/password-link/",
    *(f"admin/{model}/{rest}" for model in MODELS for rest in OF_A_MODEL),
}  # fmt: skip


def mounted(patterns: Iterable[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """Every address of the resolver, except those of our API, which test_access.py walks."""
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield address
        elif address != OUR_OWN:
            yield from mounted(pattern.url_patterns, address)


ADDRESSES = set(mounted(get_resolver().url_patterns)) - OUR_PAGES
# The admin redirects all paths outside of its models for which it has no page.
CATCH_ALL = "admin/(?P<url>.*)$"
APP_LISTS = {address for address in ADDRESSES if address.startswith("admin/^(?P<app_label>")}


def test_every_address_of_a_library_is_listed() -> None:
    listed = ADMIN | {address for _, address in ALLAUTH}
    assert ADDRESSES - listed - APP_LISTS == {CATCH_ALL}
    assert listed - ADDRESSES == set(), "a listed address is not mounted"
    assert len(APP_LISTS) == 1


def test_the_admin_has_no_other_models() -> None:
    assert {f"{model._meta.app_label}/{model._meta.model_name}" for model in site._registry} == MODELS


def ask(client: APIClient, method: str, address: str) -> Any:
    body = {"email": "nobody@example.org", "password": "some wrong words", "key": "1-x"}
    return getattr(client, method)(f"/{address}", data=body if method == "post" else None, format="json")


@pytest.mark.parametrize("address", sorted({address for _, address in ALLAUTH}))
def test_allauth_answers_strangers_as_listed(address: str, anonymous: APIClient, as_outsider: APIClient) -> None:
    for method in METHODS:
        expected = ALLAUTH.get((method, address))
        for client, status in zip((anonymous, as_outsider), expected or (405, 405), strict=True):
            answer = ask(client, method, address)
            if expected is None:
                assert answer.status_code in (400, 401, 405, 409), (method, answer)
            else:
                assert answer.status_code == status, (method, answer)


@pytest.mark.parametrize(
    "address",
    [f"_allauth/{rest}" for rest in ("app/v1/auth/session", "browser/v1/config", "browser/v1/account/email",
     "browser/v1/account/password/change", "browser/v1/auth/signup", "browser/v1/auth/reauthenticate",
     "browser/v1/auth/code/request", "openapi.json")],
)  # fmt: skip
def test_what_the_pages_do_not_use_of_allauth_is_not_there(address: str, as_outsider: APIClient) -> None:
    for method in METHODS:
        assert ask(as_outsider, method, address).status_code == 404


def test_the_admin_is_closed_to_strangers(anonymous: APIClient, as_outsider: APIClient) -> None:
    for address in sorted(ADMIN | APP_LISTS | {CATCH_ALL}):
        concrete = re.sub("<[^>]+>", str(UUID(int=1)), address.replace(CATCH_ALL, "admin/nowhere").split("^")[0])
        for client in (anonymous, as_outsider):
            for method in ("get", "post"):
                answer = getattr(client, method)(f"/{concrete}")
                if answer.status_code == 302:
                    assert answer["Location"].startswith(("/admin/", "/login?next=", "/account")), concrete
                else:
                    assert answer.status_code in (403, 404), concrete
