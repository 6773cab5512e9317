from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from labeling.accounts.admin import UserAdmin
from labeling.accounts.invitations import withdraw
from labeling.accounts.models import Invitation, User
from labeling.projects.models import LabelClass, Membership, Project, WaitingMember
from labeling.projects.verification import verify_address

admin.site.register(Project)
admin.site.register(LabelClass)
admin.site.register(Membership)
admin.site.register(WaitingMember)


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Accounts, with an action that verifies their addresses."""

    actions = ("mark_verified",)

    @admin.action(description="Mark address as verified", permissions=["change"])
    def mark_verified(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Skip accounts without a password: nobody uses them yet, so nobody can own the address."""
        unverified = people.filter(email_verified_at=None)
        chosen = [person for person in unverified if self.has_change_permission(request, person)]
        ready = [person for person in chosen if person.has_usable_password()]
        for person in ready:
            verify_address(by=_operator(request), person=person)
        self.message_user(request, f"{len(ready)} addresses are verified.")
        if len(ready) < len(chosen):
            waiting = ", ".join(sorted({person.email for person in chosen} - {person.email for person in ready}))
            detail = f"Not verified, because these accounts are not set up yet: {waiting}."
            self.message_user(request, detail, messages.WARNING)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Take an address that an operator enters as verified. Withdraw links that went to the old address."""
        super().save_model(request, obj, form, change)
        if change and "email" not in form.changed_data:
            return
        if change:
            withdraw(person=obj)
        verify_address(by=_operator(request), person=obj)


def _operator(request: HttpRequest) -> User:
    """The logged-in operator. Only they can open a page of the admin."""
    assert isinstance(request.user, User)
    return request.user


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin[Invitation]):
    """Read only. People create, renew and withdraw invitations on a project's People page."""

    list_display = ("user", "made_by", "by_mail", "created_at", "state")
    search_fields = ("user__email", "made_by__email")
    exclude = ("digest",)

    def has_add_permission(self, *args: object) -> bool:
        return False

    def has_change_permission(self, *args: object) -> bool:
        return False

    def has_delete_permission(self, *args: object) -> bool:
        return False
