"""What happens to people and their proofs."""

from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject


class UserCreated(Event, frozen=True):
    """A person was added, with roles."""

    tag = "identity:user:create"
    covers = ("cms.users", "cms.user_roles")
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class ProfileChanged(Event, frozen=True):
    """A person's profile changed. The trail has the names of the fields, not what they hold."""

    tag = "identity:user:edit"
    covers = ("cms.users",)
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class CredentialsChanged(Event, frozen=True):
    """A new password or address to sign in with; every session before it has ended."""

    tag = "identity:user:credentials"
    covers = ("cms.users", "cms.tokens", "cms.application_passwords")
    risk: ClassVar[Risk] = Risk.HIGH
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class RolesChanged(Event, frozen=True):
    """A person has other roles than before."""

    tag = "identity:user:promote"
    covers = ("cms.user_roles",)
    risk: ClassVar[Risk] = Risk.HIGH
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class PersonRemoved(Event, frozen=True):
    """A person has left: the account is closed and nameless, all its proofs are void."""

    tag = "identity:user:delete"
    covers = ("cms.users", "cms.user_roles", "cms.application_passwords", "cms.tokens")
    risk: ClassVar[Risk] = Risk.HIGH
    user_id: int
    successor_id: int | None = None

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class RolesFounded(Event, frozen=True):
    """The default roles of a tenant were written or brought up to date."""

    tag = "identity:roles:found"
    covers = ("cms.roles",)
    risk: ClassVar[Risk] = Risk.MEDIUM

    def subject(self) -> Subject:
        return Subject("roles")


class ApplicationPasswordCreated(Event, frozen=True):
    """An application may act for this person from now on."""

    tag = "identity:application_password:create"
    covers = ("cms.application_passwords",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class ApplicationPasswordChanged(Event, frozen=True):
    """An application password has another name or application id."""

    tag = "identity:application_password:edit"
    covers = ("cms.application_passwords",)
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class ApplicationPasswordsRevoked(Event, frozen=True):
    """Applications may no longer act for this person; `after` says how many."""

    tag = "identity:application_password:delete"
    covers = ("cms.application_passwords",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class ApplicationPasswordUsed(Event, frozen=True):
    """An application password was used for the first time in a day."""

    tag = "identity:application_password:use"
    covers = ("cms.application_passwords",)
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class SignedIn(Event, frozen=True):
    """A bearer token was issued against a password."""

    tag = "identity:session:sign_in"
    covers = ("cms.tokens", "cms.users")
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class SignInFailed(Event, frozen=True):
    """A sign-in of an existing account was refused; `method` says with what it was tried."""

    tag = "identity:session:refuse"
    covers = ("cms.users",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    user_id: int
    method: str = "password"

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class SignedOut(Event, frozen=True):
    """A bearer token was revoked by its holder."""

    tag = "identity:session:sign_out"
    covers = ("cms.tokens",)
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


EVENTS = (
    UserCreated,
    ProfileChanged,
    CredentialsChanged,
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
)
