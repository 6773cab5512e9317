"""`POST auth/password/request`: mail a link that sets a new password."""

from functools import partial
from typing import Any

from allauth.headless.account.inputs import RequestPasswordResetInput
from allauth.headless.account.views import RequestPasswordResetView
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from labeling.accounts import mail
from labeling.rest import problem_response


class PasswordRequest(RequestPasswordResetInput):  # type: ignore[misc]
    def save(self, request: HttpRequest, **options: Any) -> str:
        """Create the link and the mail after the answer, so that answers take equally long for every address."""
        mail.send_later(partial(super().save, request, **options))
        return str(self.cleaned_data["email"])


class PasswordRequestView(RequestPasswordResetView):  # type: ignore[misc]
    """The answer is the same whether the address has an account or not."""

    input_class = PasswordRequest

    def handle(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not mail.is_configured():
            detail = "This installation sends no mail. Ask one of its operators for a link that sets a new password."
            return problem_response(409, "no_mail", detail)
        response: HttpResponseBase = super().handle(request, *args, **kwargs)
        return response
