"""What happens to people and their proofs."""

from typing import ClassVar

from cms.identity.families import Browser, System
from cms.identity.vocabulary import IdentityTag
from cms.kernel.actors import Method
from cms.kernel.events import Event, Outcome, Risk, Subject
from cms.kernel.lawfulness import DataClass, LegalBasis, PurposeOfUse


class PersonEvent(Event, frozen=True):
    """Of the account of a person, which is kept because she works here (LGPD, art. 7, V)."""

    data = DataClass.PERSONAL
    basis = LegalBasis.CONTRACT
    purpose = PurposeOfUse.SYSTEM_ADMINISTRATION
    concerns = "user_id"


class SessionEvent(PersonEvent, frozen=True):
    """Of a sign-in. That the house watches who comes in is its legitimate interest (art. 7, IX)."""

    basis = LegalBasis.LEGITIMATE_INTEREST


class UserCreated(PersonEvent, frozen=True):
    """A person was added, with roles."""

    tag = IdentityTag.USER_CREATE
    covers = ("cms.users", "cms.user_roles")
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class ProfileChanged(PersonEvent, frozen=True):
    """A person's profile changed. The trail has the names of the fields, not what they hold."""

    tag = IdentityTag.USER_EDIT
    covers = ("cms.users",)
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class CredentialsChanged(PersonEvent, frozen=True):
    """A new password or address to sign in with; every session before it has ended."""

    tag = IdentityTag.USER_CREDENTIALS
    covers = ("cms.users", "cms.tokens", "cms.sessions", "cms.application_passwords")
    risk: ClassVar[Risk] = Risk.HIGH
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class FactorsChanged(PersonEvent, frozen=True):
    """A person's second factor or her recovery codes are others than before."""

    tag = IdentityTag.USER_FACTORS
    covers = ("cms.user_factors", "cms.recovery_codes")
    risk: ClassVar[Risk] = Risk.HIGH
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class RolesChanged(PersonEvent, frozen=True):
    """A person has other roles than before."""

    tag = IdentityTag.USER_PROMOTE
    covers = ("cms.user_roles",)
    risk: ClassVar[Risk] = Risk.HIGH
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class PersonRemoved(PersonEvent, frozen=True):
    """A person has left: the account is closed and nameless, all its proofs are void."""

    tag = IdentityTag.USER_DELETE
    covers = (
        "cms.users",
        "cms.user_roles",
        "cms.application_passwords",
        "cms.tokens",
        "cms.sessions",
        "cms.user_factors",
        "cms.recovery_codes",
    )
    risk: ClassVar[Risk] = Risk.HIGH
    user_id: int
    successor_id: int | None = None

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class RolesFounded(Event, frozen=True):
    """The default roles of a tenant were written or brought up to date."""

    tag = IdentityTag.ROLES_FOUND
    purpose = PurposeOfUse.SYSTEM_ADMINISTRATION
    covers = ("cms.roles",)
    risk: ClassVar[Risk] = Risk.MEDIUM

    def subject(self) -> Subject:
        return Subject("roles")


class ApplicationPasswordCreated(PersonEvent, frozen=True):
    """An application may act for this person from now on."""

    tag = IdentityTag.APPLICATION_PASSWORD_CREATE
    covers = ("cms.application_passwords",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class ApplicationPasswordChanged(PersonEvent, frozen=True):
    """An application password has another name or application id."""

    tag = IdentityTag.APPLICATION_PASSWORD_EDIT
    covers = ("cms.application_passwords",)
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class ApplicationPasswordsRevoked(PersonEvent, frozen=True):
    """Applications may no longer act for this person; `after` says how many."""

    tag = IdentityTag.APPLICATION_PASSWORD_DELETE
    covers = ("cms.application_passwords",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class ApplicationPasswordUsed(SessionEvent, frozen=True):
    """An application password was used for the first time in a day."""

    tag = IdentityTag.APPLICATION_PASSWORD_USE
    covers = ("cms.application_passwords",)
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class SignedIn(SessionEvent, frozen=True):
    """A person signed in, for a bearer token or a session of the browser; `method` says which."""

    tag = IdentityTag.SESSION_SIGN_IN
    covers = (
        "cms.tokens",
        "cms.sessions",
        "cms.users",
        "cms.user_factors",
        "cms.recovery_codes",
        "cms.known_agents",
    )
    user_id: int
    method: Method = Method.TOKEN

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class SignInFailed(SessionEvent, frozen=True):
    """A sign-in of an existing account was refused; `method` says with what it was tried."""

    tag = IdentityTag.SESSION_REFUSE
    outcomes = (Outcome.REFUSED,)
    covers = ("cms.users",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    user_id: int
    method: str = "password"

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class SignedOut(SessionEvent, frozen=True):
    """A person ended a bearer token or a session of hers."""

    tag = IdentityTag.SESSION_SIGN_OUT
    covers = ("cms.tokens", "cms.sessions")
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class SessionRenewed(SessionEvent, frozen=True):
    """A person proved once more who she is; the secret of her session is another now."""

    tag = IdentityTag.SESSION_RENEW
    covers = ("cms.sessions", "cms.users", "cms.user_factors", "cms.recovery_codes")
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class NewAgentSeen(SessionEvent, frozen=True):
    """A person signed in with a kind of browser that she has not used before."""

    tag = IdentityTag.SESSION_NEW_AGENT
    covers = ("cms.known_agents",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    user_id: int
    browser: Browser
    system: System

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class SessionsForgotten(Event, frozen=True):
    """Old sessions were erased, with the addresses and browsers that they came from (LGPD, art. 15,
    I); `after` says how many."""

    tag = IdentityTag.SESSION_FORGET
    purpose = PurposeOfUse.SYSTEM_ADMINISTRATION
    covers = ("cms.sessions",)

    def subject(self) -> Subject:
        return Subject("session")


EVENTS = (
    UserCreated,
    ProfileChanged,
    CredentialsChanged,
    FactorsChanged,
    RolesChanged,
    PersonRemoved,
    RolesFounded,
    ApplicationPasswordCreated,
    ApplicationPasswordChanged,
    ApplicationPasswordsRevoked,
    ApplicationPasswordUsed,
    SignedIn,
    SignInFailed,
    SignedOut,
    SessionRenewed,
    NewAgentSeen,
    SessionsForgotten,
)
