"""The unit of work: one tenant, one actor, one transaction. The only place that commits."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar
from uuid import uuid4

import msgspec
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.sql.base import Executable

from cms.database.beside import Beside
from cms.database.endings import ending_by
from cms.database.engine import open_session, put_written, take_written, written_tables
from cms.database.ids import IdAllocator
from cms.database.reads import Query, fetch
from cms.errors import PolicyDenied, StepUpRequired, TransitionRefused, UnauditedWrite
from cms.kernel.actors import ANONYMOUS, Actor, RequestFacts
from cms.kernel.decisions import Decision, DecisionPort, Effect, Question
from cms.kernel.events import Event, lawful_grounds
from cms.kernel.objections import Objection
from cms.kernel.registry import Registry
from cms.kernel.tenant import Tenant
from cms.kernel.work import Asking, Ending

log = structlog.get_logger()

V = TypeVar("V")
S = TypeVar("S", bound=msgspec.Struct)

_GUARD_WRITES = "a guard may not write: it is asked before any change"


class Enqueue(Protocol):
    """Puts a job into the queue of this transaction; `cms.jobs.queue` is the real one."""

    async def __call__(self, work: "UnitOfWork", task: str, args: Mapping[str, Any]) -> None: ...


def without_key(said: str) -> bytes:
    """What stands in for the signature of a process that was given no key."""
    raise LookupError(f"this process has no key to sign {said.partition(':')[0]!r} with")


@dataclass(frozen=True)
class Workshop:
    """What every unit of work of a process shares. `sign`: the keyed hash of a text that begins
    with what it is for, from which jobs derive secrets that are kept nowhere."""

    engine: AsyncEngine
    ids: IdAllocator
    registry: Registry
    decisions: DecisionPort
    enqueue: Enqueue
    storage: Any = None
    """Where bytes lie (`cms.media.storage.Storage`, a room above this one)."""
    sign: Callable[[str], bytes] = without_key
    media_url: str = ""
    """Under which address readers get files; empty where the sites serve them."""
    cipher: Any = None
    """Seals and opens sensitive values (`cms.sealing.values.FieldCipher`, a room above)."""
    audit_engine: AsyncEngine | None = None
    """The audit trail's own database, where it has one."""
    data: Path = Path("var")
    """The data directory of the installation, for files that no reader gets."""
    mailer: Any = None
    """Hands letters to a mail server (`cms.mail.smtp.Mailer`); None where there is none."""

    def work(
        self,
        tenant: Tenant | None,
        actor: Actor = ANONYMOUS,
        request: RequestFacts | None = None,
        entrance: "Entrance | None" = None,
    ) -> "UnitOfWork":
        """A unit of work, not yet begun; use it as `async with`. The entrance runs first inside."""
        facts = request or RequestFacts(request_id=str(uuid4()))
        return UnitOfWork(self, tenant, actor, facts, entrance)


Entrance = Callable[["UnitOfWork"], Awaitable[None]]


class UnitOfWork:
    """`async with shop.work(tenant) as work:` commits at the end, or rolls back when left by error.

    BEGIN is sent with the first statement, so one that asks nothing costs nothing.
    """

    def __init__(
        self,
        shop: Workshop,
        tenant: Tenant | None,
        actor: Actor,
        request: RequestFacts,
        entrance: "Entrance | None" = None,
    ) -> None:
        self.shop = shop
        self.registry = shop.registry.with_declared(tenant.declared) if tenant else shop.registry
        self.actor = actor
        self.request = request
        self.now = datetime.now(UTC)
        self.session: AsyncSession = open_session(shop.engine, tenant.id if tenant else None)
        self._tenant = tenant
        self._covered: set[str] = set()
        self._closing: dict[str, Callable[[], Awaitable[None]]] = {}
        self._afterwards: list[Callable[[], None]] = []
        self._endings: list[Callable[[Ending], None]] = []
        self._salvaged: dict[str, Callable[[UnitOfWork], Awaitable[None]]] = {}
        self._guarding = False
        self._answers: dict[Hashable, Any] = {}
        self._beside: Beside | None = None
        self.decided: list[Decision] = []
        """What the policy said in this work, in order; the trail names the policies."""
        # Set by who will roll all of it back: nobody ever meets the names that it gives out.
        self.is_rehearsal = False
        self._entrance = entrance

    @property
    def tenant(self) -> Tenant:
        """The tenant of this work. Asking for it outside of any tenant is a programming error."""
        if self._tenant is None:
            raise LookupError("this unit of work belongs to no tenant")
        return self._tenant

    @property
    def tenant_id(self) -> int:
        return self.tenant.id

    @property
    def cipher(self) -> Any:
        return self.shop.cipher

    async def __aenter__(self) -> Self:
        if self._entrance is not None:
            try:
                await self._entrance(self)
            except BaseException:
                await self.session.close()
                await self._salvage()
                raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        is_kept = False
        try:
            if kind is None:
                await self.commit()
                is_kept = True
        finally:
            try:
                await self.session.close()
            finally:
                self._end(Ending.ROLLED_BACK)
                if self._beside is not None:
                    await self._beside.close()
            if not is_kept:
                await self._salvage()

    async def begin_anew(self) -> None:
        """Give up everything that was changed, and go on: to show a refused form once more."""
        await self.session.close()
        self._end(Ending.ROLLED_BACK)
        if self._beside is not None:
            await self._beside.close()
        await self._salvage()
        self._salvaged, self._covered, self._closing, self._afterwards = {}, set(), {}, []
        self.session = open_session(self.shop.engine, self._tenant.id if self._tenant else None)

    async def _salvage(self) -> None:
        """What must stay known although everything else is rolled back, each in its own work. One
        that fails is told to the operator; the person gets the reason of the refusal itself."""
        for key, fn in self._salvaged.items():
            try:
                async with self.shop.work(self._tenant, self.actor, self.request) as work:
                    await fn(work)
            except Exception:
                log.exception("what was found out could not be kept", key=key)

    # -- reading

    @property
    def audit(self) -> Asking:
        """Where the audit trail is asked: this transaction, or one in the trail's own database."""
        if self.shop.audit_engine is None:
            return self
        if self._beside is None:
            self._beside = Beside(self.shop.audit_engine, self._tenant.id if self._tenant else None)
        return self._beside

    async def all(self, statement: Any, parameters: Mapping[str, Any] | None = None) -> list[Any]:
        return list((await self._run(statement, parameters)).all())

    async def one(self, statement: Any, parameters: Mapping[str, Any] | None = None) -> Any:
        return (await self._run(statement, parameters)).one_or_none()

    async def fetch(self, query: Query, **values: Any) -> list[Any]:
        """Rows of a hot read that was compiled once."""
        return await fetch(self.session, query, values)

    async def entity(self, statement: Executable) -> Any:
        """The only entity of an ORM SELECT, or None."""
        return (await self._run(statement, None)).scalar_one_or_none()

    def settings(self, kind: type[S]) -> S:
        return self.registry.settings(kind)

    async def shape(self, value: V) -> V:
        for hook in self.registry.hooks.filters(type(value)):
            shaped = await hook.fn(self, value)
            if not isinstance(shaped, type(value)):
                raise TypeError(
                    f"filter {hook.name} returned {type(shaped).__name__} for a "
                    f"{type(value).__name__}; a filter must return the value"
                )
            value = shaped
        return value

    async def once(self, key: Hashable, ask: Callable[[], Awaitable[V]]) -> V:
        if not self._guarding:
            return await ask()
        if key not in self._answers:
            self._answers[key] = await ask()
        answer: V = self._answers[key]
        return answer

    # -- writing

    async def execute(self, statement: Any, parameters: Any = None) -> Any:
        if self._guarding:
            raise RuntimeError(_GUARD_WRITES)
        return await self._run(statement, parameters)

    async def put(self, query: Query, values: Mapping[str, Any]) -> list[Any]:
        """Run a statement that writes and was compiled once; what it returns."""
        if self._guarding:
            raise RuntimeError(_GUARD_WRITES)
        return await fetch(self.session, query, values)

    async def _run(self, statement: Any, parameters: Any) -> Any:
        if isinstance(statement, str):
            statement = text(statement)
        return await self.session.execute(statement, parameters)

    async def next_id(self, space: str) -> int:
        return await self.shop.ids.next(self.tenant_id, space)

    async def check(self, event: Event) -> None:
        """Prepare, then ask every guard about the event; all of them, so the person sees every
        reason at once."""
        for hook in self.registry.hooks.preparations(type(event)):
            await hook.fn(self, event)
        objections = await self.objections(event)
        if objections:
            raise TransitionRefused(objections, event)

    async def objections(self, event: Event) -> list[Objection]:
        """What stands in the way of the event now."""
        await self.session.flush()
        sync = (await self.session.connection()).sync_connection
        before = take_written(sync)
        self._guarding = True
        try:
            objections = [
                objection
                for hook in self.registry.hooks.guards(type(event))
                async for objection in hook.fn(self, event)
            ]
        finally:
            self._guarding = False
            self._answers.clear()
            during = take_written(sync)
            put_written(sync, before | during)
        if during or self.session.new or self.session.dirty or self.session.deleted:
            raise RuntimeError(_GUARD_WRITES)
        return objections

    async def emit(self, event: Event) -> None:
        """Write what the session holds, tell those who observe, and queue those who follow."""
        if self._guarding:
            raise RuntimeError(_GUARD_WRITES)
        lawful_grounds(event)
        await self.session.flush()
        self._covered.update(event.covers)
        for hook in self.registry.hooks.observers(type(event)):
            await hook.fn(self, event)
        for hook in self.registry.hooks.followers(type(event)):
            self._require_declared(type(event))
            await self.shop.enqueue(
                self, "hook", {"hook": hook.name, "event": type(event).__name__, **event.ids()}
            )

    def _require_declared(self, kind: type[Event]) -> None:
        if self.registry.events.get(kind.__name__) is not kind:
            raise LookupError(
                f"no plugin declares the event {kind.__name__}, so no job could ever be run for it"
            )

    async def decide(
        self,
        action: str,
        resource_type: str,
        resource_id: int | None = None,
        attributes: Mapping[str, Any] | None = None,
    ) -> Decision:
        """The policy's answer for this action; a denial or an open obligation is raised."""
        question = Question(
            self.tenant_id,
            self.actor,
            action,
            resource_type,
            self.request,
            self.now,
            resource_id,
            self.registry.told(attributes or {}),
        )
        decision = await self.shop.decisions.decide(question)
        self.decided.append(decision)
        if decision.effect is Effect.DENY:
            reasons = list(decision.reasons)
            raise PolicyDenied(
                f"A policy denies {action}: {', '.join(reasons) or 'no policy permits it'}. "
                "Ask the compliance officer if this is wrong.",
                action=action,
                reasons=reasons,
            )
        if decision.effect is Effect.CONDITIONAL:
            wanted = decision.obligations
            raise StepUpRequired(action, wanted, decision.reasons, self._max_age(wanted))
        return decision

    def _max_age(self, obligations: Sequence[str]) -> int:
        """The age in seconds of a sign-in that would satisfy all of them."""
        known = [o for o in self.registry.each("obligations") if o.name in obligations]
        return min((o.max_age for o in known if o.max_age is not None), default=43_200)

    def even_if_refused(self, key: str, fn: Callable[["UnitOfWork"], Awaitable[None]]) -> None:
        self._salvaged[key] = fn

    def before_commit(self, key: str, fn: Callable[[], Awaitable[None]]) -> None:
        self._closing.setdefault(key, fn)

    def afterwards(self, fn: Callable[[], None]) -> None:
        """Run `fn` in this process right after the commit: for what it remembers, nothing else."""
        self._afterwards.append(fn)

    def when_ended(self, fn: Callable[[Ending], None]) -> None:
        self._endings.append(fn)

    def sign(self, said: str) -> bytes:
        return self.shop.sign(said)

    # -- the end

    async def commit(self) -> None:
        """Flush, run the closing steps, refuse a change that no event tells of, and commit."""
        await self.session.flush()
        while self._closing:
            # Taken out before it runs: what it emits may register the same step once more.
            close = self._closing.pop(next(iter(self._closing)))
            await close()
        await self.session.flush()
        if self.session.in_transaction():
            await self._refuse_unaudited()
        try:
            await self.session.commit()
        except BaseException as error:
            self._end(ending_by(error))
            raise
        self._end(Ending.COMMITTED)
        self._covered.clear()
        if self._beside is not None:
            # After the events that tell of it: what is told and not done can be done again.
            await self._beside.commit()
        self._salvaged.clear()
        while self._afterwards:
            self._afterwards.pop()()

    def _end(self, ending: Ending) -> None:
        while self._endings:
            self._endings.pop()(ending)

    async def _refuse_unaudited(self) -> None:
        connection = await self.session.connection()
        sync = connection.sync_connection
        written = written_tables(sync, self.registry.protected_tables) if sync else set()
        silent = sorted(written - self._covered)
        if silent:
            raise UnauditedWrite(
                f"{', '.join(silent)} changed without an event that covers it; nothing was saved. "
                "Emit an event whose `covers` names the table.",
                tables=silent,
            )
