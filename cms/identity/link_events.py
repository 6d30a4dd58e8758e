"""What happens to invitations, links to a new password, roles, and the accounts of others."""

from typing import ClassVar

from cms.identity.events import PersonEvent
from cms.identity.vocabulary import IdentityTag
from cms.kernel.events import Event, Outcome, Risk, Subject
from cms.kernel.lawfulness import DataClass, LegalBasis, PurposeOfUse


class InvitationEvent(Event, frozen=True, kw_only=True):
    """Of an invitation, by its number; steps before a contract (LGPD, art. 7, V)."""

    data = DataClass.PERSONAL
    basis = LegalBasis.CONTRACT
    purpose = PurposeOfUse.SYSTEM_ADMINISTRATION
    covers = ("cms.invitations",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    invitation_id: int

    def subject(self) -> Subject:
        return Subject("account_invitation", self.invitation_id)


class MemberInvited(InvitationEvent, frozen=True, kw_only=True):
    """Somebody was asked to join, or got another link; `after` has the roles."""

    tag = IdentityTag.INVITATION_MAKE
    risk: ClassVar[Risk] = Risk.HIGH


class MemberInvitationMailed(InvitationEvent, frozen=True, kw_only=True):
    """The letter left the house, or was refused for good."""

    tag = IdentityTag.INVITATION_MAIL
    outcomes = (Outcome.SUCCESS, Outcome.FAILED)


class MemberInvitationEnded(InvitationEvent, frozen=True, kw_only=True):
    """The link is worth nothing any more: taken back, or too old; `after` says which."""

    tag = IdentityTag.INVITATION_END


class MemberJoined(InvitationEvent, frozen=True, kw_only=True):
    """Somebody joined by her link."""

    tag = IdentityTag.INVITATION_ACCEPT
    risk: ClassVar[Risk] = Risk.HIGH
    concerns = "user_id"
    user_id: int


class PasswordLinkAsked(PersonEvent, frozen=True, kw_only=True):
    """A link to a new password was made for a person, by herself or by an administrator."""

    tag = IdentityTag.PASSWORD_ASK
    covers = ("cms.password_links",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class PasswordLinkMailed(PersonEvent, frozen=True, kw_only=True):
    """The letter left the house, or was refused for good."""

    tag = IdentityTag.PASSWORD_MAIL
    outcomes = (Outcome.SUCCESS, Outcome.FAILED)
    covers = ("cms.password_links",)
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class PasswordChosen(PersonEvent, frozen=True, kw_only=True):
    """A person chose a new password by a link; every session before it has ended."""

    tag = IdentityTag.PASSWORD_CHOOSE
    covers = ("cms.password_links", "cms.users", "cms.tokens", "cms.sessions")
    risk: ClassVar[Risk] = Risk.HIGH
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class SignedOutByOther(PersonEvent, frozen=True, kw_only=True):
    """An administrator ended sessions of a person, or all of them; `after` says which."""

    tag = IdentityTag.USER_SIGN_OUT
    covers = ("cms.tokens", "cms.sessions")
    risk: ClassVar[Risk] = Risk.MEDIUM
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class AccountUnlocked(PersonEvent, frozen=True, kw_only=True):
    """A person may try to sign in again before the time of the lock is over."""

    tag = IdentityTag.USER_UNLOCK
    covers = ("cms.users",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class RoleChanged(Event, frozen=True, kw_only=True):
    """What a role grants is another than before, or the role is new; `after` names it."""

    tag = IdentityTag.ROLE_EDIT
    purpose = PurposeOfUse.SYSTEM_ADMINISTRATION
    covers = ("cms.roles",)
    risk: ClassVar[Risk] = Risk.CRITICAL

    def subject(self) -> Subject:
        return Subject("role")


class RoleRemoved(Event, frozen=True, kw_only=True):
    """A role of the site's own that nobody had is gone; `before` names it."""

    tag = IdentityTag.ROLE_DELETE
    purpose = PurposeOfUse.SYSTEM_ADMINISTRATION
    covers = ("cms.roles",)
    risk: ClassVar[Risk] = Risk.HIGH

    def subject(self) -> Subject:
        return Subject("role")


LINK_EVENTS = (
    MemberInvited,
    MemberInvitationMailed,
    MemberInvitationEnded,
    MemberJoined,
    PasswordLinkAsked,
    PasswordLinkMailed,
    PasswordChosen,
    SignedOutByOther,
    AccountUnlocked,
    RoleChanged,
    RoleRemoved,
)
