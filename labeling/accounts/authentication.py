"""`Authorization: Bearer <token>` for scripts."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from labeling.accounts.models import User
from labeling.accounts.tokens import user_of_token


class BearerAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, None] | None:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        user = user_of_token(secret.strip())
        if user is None:
            raise AuthenticationFailed("This token is not valid. It may have been deleted.", code="invalid_token")
        return user, None

    def authenticate_header(self, request: Request) -> str:
        """With it, DRF answers 401 and not 403 to whoever is not logged in."""
        return "Bearer"
