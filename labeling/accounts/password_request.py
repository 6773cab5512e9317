"""`POST auth/password/request`: mail a link that sets a new password."""

from typing import Any

from allauth.headless.account.views import RequestPasswordResetView
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from labeling.accounts import mail
from labeling.rest import problem_response


class PasswordRequestView(RequestPasswordResetView):  # type: ignore[misc]
    """The answer is the same whether the address has an account or not."""

    def handle(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not mail.is_configured():
            detail = "This installation sends no mail. Ask one of its operators for a link that sets a new password."
            return problem_response(409, "no_mail", detail)
        response: HttpResponseBase = super().handle(request, *args, **kwargs)
        return response
