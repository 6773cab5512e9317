"""People, the invitations that set up their accounts, and the tokens of their scripts."""

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone

from labeling.names import NameField


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an account for an operator, who vouches for its address."""
        user = self.model(email=email.strip().lower(), **{"email_verified_at": timezone.now(), **fields})
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        rights = ("is_staff", "is_superuser", "may_create_projects", "may_invite")
        return self.create_user(email, password, **{**dict.fromkeys(rights, True), **fields})

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class Scope(models.TextChoices):
    """The scopes of an API token. Each includes reading. projects/roles.py says which permission needs which."""

    READ = "read"
    ANNOTATE = "annotate"
    REVIEW = "review"
    MANAGE = "manage"
    EXPORT = "export"


def every_scope() -> list[str]:
    return list(Scope.values)


class User(AbstractBaseUser, PermissionsMixin):
    """Someone who logs in by e-mail. The address is stored in lower case, so that it is unique regardless of case.

    `token_scopes` are those of the API token that authenticated this request, or None after a login with a password.

    `email_verified_at` is null until a mailed link or an operator proves that the address is theirs. Until then only
    `invited_by`, whose invitation made the account, can make them a member at once.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = NameField(max_length=200)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("operator", default=False)
    may_create_projects = models.BooleanField(default=False)
    may_invite = models.BooleanField(default=False, help_text="May make accounts for new addresses.")
    email_verified_at = models.DateTimeField("address verified at", null=True, blank=True)
    invited_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    date_joined = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    token_scopes: frozenset[str] | None = None

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def can_create_projects(self) -> bool:
        return self.is_staff or self.may_create_projects

    @property
    def can_invite(self) -> bool:
        return self.is_staff or self.may_invite

    @property
    def email_verified(self) -> bool:
        return self.email_verified_at is not None

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """What forms store of an address (Django's name for it)."""
        return super().normalize_username(username).strip().lower()


class Invitation(models.Model):
    """A link that sets the password of an account. Only the hash of its secret is kept.

    One that was mailed (`by_mail`) also proves that the account's address belongs to whoever accepts it.
    """

    class State(models.TextChoices):
        OPEN = "open"
        EXPIRED = "expired"
        WITHDRAWN = "withdrawn"
        ACCEPTED = "accepted"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    by_mail = models.BooleanField()
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user.email}, {self.state}"

    @property
    def state(self) -> "Invitation.State":
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.withdrawn_at:
            return self.State.WITHDRAWN
        return self.State.OPEN if timezone.now() < self.expires_at else self.State.EXPIRED


class ApiToken(models.Model):
    """A script's key. Only its hash is stored, so that a stolen database logs nobody in.

    Without `expires_at` it never expires.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = NameField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)
    scopes = models.JSONField(default=every_scope)
    expires_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
