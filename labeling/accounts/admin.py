"""Accounts in the admin. Only superusers grant rights, and only they change accounts that have any."""

from typing import Any
from uuid import UUID

# Importing it registers allauth's models, which are unregistered below.
import allauth.account.admin  # noqa: F401
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path

from labeling.accounts import invitations, passwords, services
from labeling.accounts.models import ApiToken, User

RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")

# The address of an account is its user's. A second one would also log in.
admin.site.unregister(EmailAddress)
admin.site.unregister(Group)


def is_superuser(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_superuser


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin):
    """Groups grant rights to their members, so only superusers manage them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_superuser(request)


class PasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]
    """Ends the account's tokens, as a password link does. Django ends its sessions."""

    def save(self, commit: bool = True) -> User:
        with transaction.atomic():
            user: User = super().save(commit)
            user.tokens.all().delete()
        return user


class UserAdmin(DjangoUserAdmin[User]):
    """Operators manage ordinary accounts. An account with rights is managed by superusers alone.

    It is registered in projects/admin.py, because verifying an address turns waiting members into members.
    """

    change_password_form = PasswordForm
    ordering = ("email",)
    list_display = ("email", "name", "verified", "may_create_projects", "may_invite", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff", "may_create_projects", "may_invite")
    search_fields = ("email", "name")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        ("Person", {"fields": ("name", "email_verified_at", "invited_by")}),
        ("Projects", {"fields": ("may_create_projects", "may_invite")}),
        ("Rights", {"fields": ("is_active", *RIGHTS)}),
    )
    readonly_fields = ("email_verified_at", "invited_by")
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "name", "password1", "password2")}),)

    @admin.display(boolean=True, description="address verified", ordering="email_verified_at")
    def verified(self, user: User) -> bool:
        return user.email_verified

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if is_superuser(request) else (*fields, *RIGHTS)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_manage(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_manage(request, obj)

    def get_urls(self) -> list[Any]:
        link = self.admin_site.admin_view(self.password_link)
        return [path("<uuid:id>/password-link/", link, name="accounts_user_password_link"), *super().get_urls()]

    def password_link(self, request: HttpRequest, id: UUID) -> HttpResponse:
        """Show a link that sets a new password, only in the answer to a POST."""
        user = get_object_or_404(User, id=id)
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        link = None
        if request.method == "POST":
            # Otherwise its inviter could set the password first, with the link that they were shown.
            invitations.withdraw_shown(person=user)
            self.log_change(request, user, "Created a password link.")
            link = request.build_absolute_uri(passwords.password_link(user))
        context = self.admin_site.each_context(request) | {
            "title": "Password link", "opts": self.opts, "original": user, "link": link,
        }  # fmt: skip
        return TemplateResponse(request, "admin/accounts/user/password_link.html", context)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            services.forget_other_addresses(user=obj)


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin[ApiToken]):
    """Operators delete tokens. Only their owners create them."""

    list_display = ("user", "name", "scopes", "created_at", "last_used_at", "expires_at")
    list_filter = ("last_used_at", "expires_at")
    search_fields = ("user__email", "user__name", "name")
    list_select_related = ("user",)
    exclude = ("digest",)
    ordering = ("user__email", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_manage(request, obj.user if obj else None)


def _may_manage(request: HttpRequest, user: User | None) -> bool:
    """Whether the operator may change this account: its password, its address, whether it is closed."""
    return user is None or is_superuser(request) or not has_rights(user)


def has_rights(user: User) -> bool:
    """Whether the account may do more than an ordinary one."""
    return user.is_staff or user.is_superuser or user.groups.exists() or user.user_permissions.exists()
