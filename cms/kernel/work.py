"""What a hook may do with the unit of work it is given. `cms.database.work` is the real one."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import msgspec

from cms.kernel.actors import Actor, RequestFacts
from cms.kernel.decisions import Decision
from cms.kernel.events import Event
from cms.kernel.tenant import Tenant

if TYPE_CHECKING:
    from cms.kernel.registry import Registry

V = TypeVar("V")
S = TypeVar("S", bound=msgspec.Struct)


class Ending(Enum):
    """How a transaction ended. Unknown: the connection was lost while COMMIT was under way, and
    only the database can tell."""

    COMMITTED = "committed"
    ROLLED_BACK = "rolled back"
    UNKNOWN = "unknown"


class Asking(Protocol):
    """Something that answers questions in SQL, for one tenant, in one transaction."""

    @property
    def session(self) -> Any:
        """The session itself, for answers that are streamed."""
        ...

    async def all(self, statement: Any, parameters: Mapping[str, Any] | None = None) -> list[Any]:
        """Rows of a SELECT."""
        ...

    async def one(self, statement: Any, parameters: Mapping[str, Any] | None = None) -> Any:
        """The only row of a SELECT, or None."""
        ...

    async def fetch(self, query: Any, **values: Any) -> list[Any]:
        """Rows of a hot read that was compiled once (`cms.database.reads.Query`)."""
        ...


class ReadableWork(Asking, Protocol):
    """The view that guards and filters get: it reads, it cannot write or emit."""

    @property
    def audit(self) -> Asking:
        """Where the audit trail is asked, which may have a database of its own."""
        ...

    @property
    def registry(self) -> "Registry":
        """What the host, its plugins and the site declare."""
        ...

    @property
    def tenant_id(self) -> int: ...
    @property
    def tenant(self) -> Tenant: ...
    @property
    def actor(self) -> Actor: ...
    @property
    def now(self) -> datetime: ...
    @property
    def request(self) -> RequestFacts: ...
    @property
    def decided(self) -> Sequence[Decision]:
        """What the policy has said in this work so far."""
        ...

    @property
    def cipher(self) -> Any:
        """What seals and opens values (`cms.sealing.values`), where this process has keys."""
        ...

    def settings(self, kind: type[S]) -> S:
        """The settings of a plugin, by the class that it declares for them."""
        ...

    async def shape(self, value: V) -> V:
        """The value after every filter of its class."""
        ...


class Work(ReadableWork, Protocol):
    """The whole unit of work: one tenant, one actor, one transaction."""

    async def execute(self, statement: Any, parameters: Any = None) -> Any:
        """Run a statement that writes; its tables must be covered by an event before the commit."""
        ...

    async def put(self, query: Any, values: Mapping[str, Any]) -> list[Any]:
        """The same with one that was compiled once (`cms.database.reads.Query`), and the rows that
        it returns."""
        ...

    async def next_id(self, space: str) -> int:
        """A fresh id of this tenant in the id space."""
        ...

    async def emit(self, event: Event) -> None:
        """Tell everyone who observes; then, after the commit, those who follow."""
        ...

    async def check(self, event: Event) -> None:
        """Prepare, then ask every guard; raises TransitionRefused with all the objections."""
        ...

    async def decide(
        self, action: str, resource_type: str, resource_id: int, attributes: Mapping[str, Any]
    ) -> Decision:
        """Ask the policy about this object; raises PolicyDenied or StepUpRequired."""
        ...

    def even_if_refused(self, key: str, fn: Callable[["Work"], Awaitable[None]]) -> None:
        """Should this work be rolled back, run `fn` in one of its own afterwards: what was found
        out stays found out. A second one of the key replaces the first."""
        ...

    def before_commit(self, key: str, fn: Callable[[], Awaitable[None]]) -> None:
        """Run `fn` once, last before the commit; a second one of the key is ignored."""
        ...

    def when_ended(self, fn: Callable[[Ending], None]) -> None:
        """Tell `fn` in this process how this transaction ended, whichever way it did."""
        ...

    def sign(self, said: str) -> bytes:
        """The keyed hash of a text that begins with what it is for, by the installation's key."""
        ...
