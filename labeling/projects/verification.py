"""Verifying addresses, which turns waiting members into members."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from labeling.accounts import invitations, mail
from labeling.accounts.invitations import Issued
from labeling.accounts.models import User
from labeling.accounts.scopes import require_password_login
from labeling.projects import selectors
from labeling.projects.models import Membership, WaitingMember
from labeling.projects.roles import Permission
from labeling.projects.services import append_member
from labeling.rest import Conflict


@transaction.atomic
def verify_address(*, by: User, person: User) -> None:
    """Mark the address as verified, by a mailed link or by an operator."""
    _log(by, [(member, "member.added") for member in _verified(person)])


@transaction.atomic
def accept_invitation(*, key: str, password: str) -> None:
    """Set up an account with its link. A mailed link also verifies the address.

    Raises:
        NotFound, Conflict, ValidationError: as `accounts.invitations.accept` does.
    """
    invitation = invitations.accept(key=key, password=password)
    person = invitation.user
    # Their projects' pages show that the account is set up.
    changes = [(member, "member.changed") for member in Membership.objects.filter(user=person).select_related("user")]
    if invitation.by_mail:
        changes += [(member, "member.added") for member in _verified(person)]
    _log(person, changes)


@transaction.atomic
def renew_invitation(*, by: User, membership: UUID, site: str) -> Issued:
    """Renew a member's invitation. Raises what `access` and `accounts.invitations.renew` raise."""
    found = selectors.member(by, membership, Permission.EDIT_MEMBERS)
    return invitations.renew(by=by, person=found.user, site=site)


@transaction.atomic
def withdraw_invitation(*, by: User, membership: UUID) -> None:
    """Withdraw a member's invitation. Raises what `access` and `accounts.invitations.withdraw_invitation` raise."""
    found = selectors.member(by, membership, Permission.EDIT_MEMBERS)
    invitations.withdraw_invitation(by=by, person=found.user)


@transaction.atomic
def request_verification(*, by: User, site: str) -> None:
    """Mail the user a link that proves their address.

    Raises:
        Forbidden: the user authenticated with a token.
        Conflict: the address is verified already, there is no mail server, or a mail was sent a moment ago.
    """
    require_password_login(by)
    if by.email_verified:
        raise Conflict("already_verified", "Your address is verified already.")
    if not mail.is_configured():
        raise Conflict("no_mail", "This installation sends no mail. Ask an operator to verify your address.")
    if not invitations.mail_verification(by=by, person=by, site=site):
        raise Conflict("mail_just_sent", "A mail was sent a few minutes ago. Look for it before you request another.")


def _verified(person: User) -> list[Membership]:
    """Mark the address as verified, and turn the person's waiting memberships into memberships."""
    locked = User.objects.select_for_update(no_key=True).get(id=person.id)
    if not locked.email_verified:
        locked.email_verified_at = timezone.now()
        locked.save(update_fields=["email_verified_at"])
    waiting = list(WaitingMember.objects.filter(user=locked))
    WaitingMember.objects.filter(user=locked).delete()
    return Membership.objects.bulk_create(
        Membership(id=w.id, project_id=w.project_id, user=locked, roles=w.roles, created_at=w.created_at)
        for w in waiting
    )


def _log(by: User, changes: list[tuple[Membership, str]]) -> None:
    """Append one event per change, ordered by project, because their logs are locked one after the other."""
    for member, kind in sorted(changes, key=lambda change: change[0].project_id):
        append_member(by, member, kind)
