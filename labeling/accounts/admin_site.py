"""Django's admin without its own login form."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


class OperatorsAdminConfig(AdminConfig):
    default_site = "labeling.accounts.admin_site.AdminSite"


class AdminSite(admin.AdminSite):
    """People log in and change their password on the app's pages, where attempts are counted."""

    site_header = site_title = "Maskwright"
    site_url = "/"

    # The library declares TemplateResponse, which a redirect is not.
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:  # type: ignore[override]
        if self.has_permission(request):
            return HttpResponseRedirect(_next(request))
        if request.user.is_authenticated:
            sentence = "Only operators may open this page. Log out, then log in with an operator's account."
            return HttpResponse(sentence, status=403, content_type="text/plain")
        return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': _next(request)})}")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:  # type: ignore[override]
        return HttpResponseRedirect("/account")


def _next(request: HttpRequest) -> str:
    """The page of the admin to go on to; never another site's."""
    path = request.GET.get("next", "")
    safe = path.startswith("/admin/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if safe else reverse("admin:index")
