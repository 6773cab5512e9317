"""`Authorization: Bearer <token>` for scripts."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from labeling.accounts.models import User
from labeling.accounts.tokens import authenticate


class BearerAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, None] | None:
        user = authenticate(request._request)
        return None if user is None else (user, None)

    def authenticate_header(self, request: Request) -> str:
        """With it, DRF answers 401 and not 403 to whoever is not logged in."""
        return "Bearer"
