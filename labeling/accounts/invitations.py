"""Invitations: links with which people set up their account, or prove that its address is theirs.

Accepting one always sets a password and ends the account's sessions and tokens. Otherwise somebody who set up an
account under another person's address would stay in it when that person verifies the address.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.exceptions import NotFound

from labeling.accounts import mail
from labeling.accounts.models import Invitation, User
from labeling.accounts.tokens import digest
from labeling.rest import Conflict, Forbidden, invalid

INVITATION_LIFETIME = timedelta(days=7)
# At most one verification mail per mailbox in this time, whoever requests it.
MAIL_PAUSE = timedelta(minutes=5)

ASK = "Ask the person who invited you for a new link."
REFUSALS: dict[str, str] = {
    Invitation.State.ACCEPTED: "This invitation was used already. Log in with your password.",
    Invitation.State.WITHDRAWN: f"This invitation was withdrawn or replaced by a newer link. {ASK}",
    Invitation.State.EXPIRED: f"This invitation has expired. {ASK}",
}


@dataclass(frozen=True)
class Issued:
    """A new invitation. `path` is the page that accepts it, or None if it was mailed, so that nobody else sees it."""

    invitation: Invitation
    path: str | None


def find_or_invite(*, by: User, email: str, name: str, site: str) -> tuple[User, Issued | None]:
    """Find and lock the account of an address. Invite the address if it has no account.

    Raises:
        Forbidden: the address has no account, and the user may not invite people.
    """
    address = email.strip().lower()
    person = User.objects.select_for_update(no_key=True).filter(email=address).first()
    if person is not None:
        return person, None
    require_right(by)
    # An operator vouches for the addresses that they enter.
    verified_at = timezone.now() if by.is_staff else None
    try:
        with transaction.atomic():
            person = User.objects.create_user(
                address, name=name or address.split("@")[0], invited_by=by, email_verified_at=verified_at
            )
    except IntegrityError:
        # Someone else has just invited them, and has the link.
        return User.objects.select_for_update(no_key=True).get(email=address), None
    return person, issue(by=by, person=person, site=site)


@transaction.atomic
def issue(*, by: User, person: User, site: str) -> Issued:
    """Create a link for an account, in place of earlier ones. It is mailed if there is a mail server, else returned."""
    withdraw(person=person)
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        user=person,
        made_by=by,
        digest=digest(secret),
        by_mail=mail.is_configured(),
        expires_at=timezone.now() + INVITATION_LIFETIME,
    )
    # The secret is a fragment: browsers do not send it, so that no access log has it.
    path = f"/invite#{secret}"
    if not invitation.by_mail:
        return Issued(invitation, path)
    transaction.on_commit(partial(_mail, person, site, path))
    return Issued(invitation, None)


@transaction.atomic
def renew(*, by: User, person: User, site: str) -> Issued:
    """Create a new link in place of one that was lost or has expired.

    Raises:
        Forbidden: the user did not invite them, an operator has verified their address since, or the user may no longer
            invite people.
        Conflict: the account is already set up, and a link would give access to it.
    """
    _require_inviter(by, person)
    require_right(by)
    if person.has_usable_password():
        raise Conflict("invitation_accepted", f"{person.email} has set a password already and needs no invitation.")
    return issue(by=by, person=person, site=site)


@transaction.atomic
def withdraw_invitation(*, by: User, person: User) -> None:
    """Withdraw the open links of an account. Raises Forbidden unless the user invited them or is an operator."""
    _require_inviter(by, person)
    withdraw(person=person)


def withdraw(*, person: User) -> None:
    """End the open links of an account."""
    _open_links(person).update(withdrawn_at=timezone.now())


def withdraw_shown(*, person: User) -> None:
    """End the open links of an account that were shown to somebody else instead of mailed to its owner."""
    _open_links(person).filter(by_mail=False).update(withdrawn_at=timezone.now())


def _open_links(person: User) -> QuerySet[Invitation]:
    return Invitation.objects.filter(user=person, accepted_at=None, withdrawn_at=None)


@transaction.atomic
def mail_verification(*, by: User, person: User, site: str) -> bool:
    """Mail a link that proves the address. Returns False if one was mailed a moment ago or there is no mail server."""
    recent = Invitation.objects.filter(user=person, by_mail=True, created_at__gt=timezone.now() - MAIL_PAUSE)
    if not mail.is_configured() or recent.exists():
        return False
    issue(by=by, person=person, site=site)
    return True


def open_invitation(key: str) -> Invitation:
    """The open invitation of a link's key.

    Raises:
        NotFound: no invitation has this key.
        Conflict: it was used or withdrawn, it has expired, or the account is closed.
    """
    invitation = Invitation.objects.select_related("user").filter(digest=digest(key)).first()
    if invitation is None:
        detail = f"This link is not valid here. Check that it was copied whole. {ASK}"
        raise NotFound(detail, "invitation_unknown")
    state = invitation.state
    if not invitation.by_mail and invitation.user.has_usable_password():
        # The account was set up in another way. The person who was shown this link must not take it over.
        state = Invitation.State.ACCEPTED
    if state in REFUSALS:
        raise Conflict(f"invitation_{state}", REFUSALS[state])
    if not invitation.user.is_active:
        raise Conflict("account_closed", "This account is closed. Ask an operator of this installation.")
    return invitation


@transaction.atomic
def accept(*, key: str, password: str) -> Invitation:
    """Set the account's password, end its sessions and tokens, and close its links.

    Raises:
        NotFound, Conflict: as `open_invitation` does.
        ValidationError: the password is too easy to guess.
    """
    # Locks the account, so that the second of two simultaneous acceptances finds the link used.
    person = User.objects.select_for_update(no_key=True).get(id=open_invitation(key).user_id)
    invitation = open_invitation(key)
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise invalid("weak_password", " ".join(error.messages), "password") from None
    person.set_password(password)
    person.save(update_fields=["password"])
    person.tokens.all().delete()
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    withdraw(person=person)
    return invitation


def require_right(by: User) -> None:
    """Raise Forbidden unless the user may invite people."""
    if not by.can_invite:
        detail = "You may not invite people who have no account here. Ask an operator for the right to invite."
        raise Forbidden("may_not_invite", detail)


def is_inviter(by: User, person: User) -> bool:
    """Whether the user may renew and withdraw this account's invitation.

    Operators may, and so may its sender until the address is verified. After that, the account belongs to the owner of
    the address, and a link shown to somebody else would hand over the owner's roles in other projects.
    """
    return by.is_staff or (person.invited_by_id == by.id and not person.email_verified)


def _require_inviter(by: User, person: User) -> None:
    if not is_inviter(by, person):
        detail = "Only an operator may change this invitation, or its sender while the address is unverified."
        raise Forbidden("not_your_invitation", detail)


def _mail(person: User, site: str, path: str) -> None:
    days = INVITATION_LIFETIME.days
    asked = "choose a password" if not person.has_usable_password() else "confirm that this address is yours"
    # Contains nothing that a stranger could choose, such as names, because it goes to people who do not know us.
    text = (
        f"You were invited to label images at {site}\n\nTo {asked}, open this link within {days} days:\n\n"
        f"{site}{path}\n\nIf you do not know what this is about, ignore this mail.\n"
    )
    mail.send(to=person.email, subject="Your invitation to Maskwright", text=text)
