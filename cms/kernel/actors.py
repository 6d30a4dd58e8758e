"""Who asks. Anonymous is an actor, the worker is one, a command line is one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from cms.kernel.lawfulness import PurposeOfUse

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ActorKind(StrEnum):
    ANONYMOUS = "anonymous"
    PERSON = "person"
    SYSTEM = "system"


class Method(StrEnum):
    """How the actor proved who it is."""

    NONE = "none"
    APPLICATION_PASSWORD = "application_password"  # noqa: S105 - a name, not a secret
    TOKEN = "token"  # noqa: S105
    SESSION = "session"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Authentication:
    """The proof behind the actor: method, factors (RFC 8176 names) and when they were given."""

    method: Method = Method.NONE
    factors: frozenset[str] = frozenset()
    at: datetime = EPOCH
    credential: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Immutable for the length of a request; capabilities are the union over its roles.
    `attributes` are what plugins know of a person who signed in (see ActorFacts)."""

    kind: ActorKind = ActorKind.ANONYMOUS
    user_id: int | None = None
    roles: tuple[str, ...] = ()
    capabilities: frozenset[str] = frozenset()
    authentication: Authentication = field(default_factory=Authentication)
    attributes: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_anonymous(self) -> bool:
        return self.kind is ActorKind.ANONYMOUS

    def has(self, capability: str) -> bool:
        """Whether a role grants the primitive capability; the system has all of them."""
        return self.kind is ActorKind.SYSTEM or capability in self.capabilities


ROLE_SCOPES = "role_scopes"
"""The attribute with the medical scopes of the actor's roles, a list of JSON objects; who knows
what they mean makes attributes of policies of them."""


@dataclass(frozen=True, slots=True)
class ActorFacts:
    """What is known of a person at the entrance, once for each request; filters of this class add
    to it. Policies read it synchronously, so what needs the database is asked here."""

    user_id: int
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def with_facts(self, **facts: Any) -> "ActorFacts":
        return ActorFacts(self.user_id, {**self.attributes, **facts})


ANONYMOUS = Actor()
SYSTEM = Actor(
    kind=ActorKind.SYSTEM, authentication=Authentication(Method.INTERNAL, frozenset({"internal"}))
)

# Brings content in as it was elsewhere; no proof of a person ever makes this actor.
IMPORTER = Actor(
    kind=ActorKind.SYSTEM,
    roles=("importer",),
    authentication=Authentication(Method.INTERNAL, frozenset({"internal"})),
)


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """Where a unit of work comes from. Goes into the audit trail, never into a log by person.

    `purpose` is what a client said that it acts for; `on_behalf_of` is the user for whom the actor,
    such as an import, does it."""

    request_id: str
    channel: str = "internal"
    ip: str | None = None
    user_agent: str | None = None
    host: str = ""
    purpose: PurposeOfUse | None = None
    on_behalf_of: int | None = None
