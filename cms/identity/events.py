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


class SignedIn(Event, frozen=True):
    """A bearer token was issued against a password."""

    tag = "identity:session:sign_in"
    covers = ("cms.tokens", "cms.users")
    user_id: int

    def subject(self) -> Subject:
        return Subject("user", self.user_id)


class SignInFailed(Event, frozen=True):
    """A sign-in of an existing account was refused."""

    tag = "identity:session:refuse"
    covers = ("cms.users",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    user_id: int

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
    RolesFounded,
    ApplicationPasswordCreated,
    SignedIn,
    SignInFailed,
    SignedOut,
)
