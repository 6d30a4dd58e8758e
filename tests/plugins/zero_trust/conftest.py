"""A small product around the decision point: actions, people, and a tenant's policies in memory."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cms.kernel.actions import Action
from cms.kernel.actors import ANONYMOUS, SYSTEM, Actor, ActorKind, Authentication, Method
from cms.kernel.actors import RequestFacts as Facts
from cms.kernel.decisions import Decision, Question
from cms.kernel.declarations import Obligation, PolicyAttribute
from cms.kernel.plugin import Plugin
from cms.kernel.registry import Registry
from plugins.zero_trust import plugin as zero_trust
from plugins.zero_trust.engine import CedarDecisions
from plugins.zero_trust.evaluations import Evaluation, EvaluationLog, PolicyCount
from plugins.zero_trust.policies import PolicyRow

NOW = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)

PRODUCT = Plugin(
    slug="product",
    actions=(
        Action("post.list", "post", "content:post:list", None, True),
        Action("post.read", "post", "content:post:read", None, True),
        Action("post.edit", "post", "content:post:edit", "edit_post"),
        Action("post.publish", "post", "content:post:publish", "publish_posts"),
        Action("review.decide", "review", "review:review:decide", "review_posts"),
        Action("review.list", "review", "review:review:list", "review_posts", True),
        Action("user.edit", "user", "identity:user:edit", "edit_users"),
        Action("auth.sign_in", "session", "identity:session:sign_in"),
    ),
    policy_attributes=(
        PolicyAttribute("post_type", "String", "the type of the post"),
        PolicyAttribute("author_id", "Long", "its author"),
        PolicyAttribute("topics", "Set<String>", "what it is about"),
    ),
    obligations=(
        Obligation("professional_validation", lambda question: False, "Verify a registration."),
    ),
)


@dataclass
class Site:
    """One tenant's decisions, without a database; `lines` is what the log has written."""

    plugins: tuple[Plugin, ...] = ()
    rows: list[PolicyRow] = field(default_factory=list)
    lines: list[Evaluation] = field(default_factory=list)
    counts: dict[int, PolicyCount] = field(default_factory=dict)
    outage: Exception | None = None

    def __post_init__(self) -> None:
        self.registry = Registry([PRODUCT, zero_trust, *self.plugins])
        self.log = EvaluationLog(self._store, self._store_counts)
        self.decisions = CedarDecisions(self.registry, self._read, self.log)

    async def _read(self, tenant_id: int) -> list[PolicyRow]:
        self._fail_during_outage()
        return list(self.rows)

    async def _store(self, tenant_id: int, evaluations: Any) -> None:
        self._fail_during_outage()
        self.lines.extend(evaluations)

    async def _store_counts(self, tenant_id: int, counts: Any) -> None:
        self._fail_during_outage()
        self.counts.update(counts)

    def _fail_during_outage(self) -> None:
        if self.outage is not None:
            raise self.outage

    def adds(self, effect: str, on: str = "*", **values: Any) -> PolicyRow:
        """A policy that the compliance officer has written."""
        actions = {"effect": effect}
        if "obligation" in values:
            actions["obligation"] = values.pop("obligation")
        row = PolicyRow(
            id=len(self.rows) + 1,
            policy_name=f"policy {len(self.rows) + 1}",
            policy_type="user",
            applies_to=tuple(on.split(", ")),
            conditions=values.pop("conditions", {}),
            actions=actions,
            **values,
        )
        self.rows.append(row)
        return row

    async def decide(
        self,
        actor: Actor,
        action: str,
        resource: str | None = None,
        id: int | None = None,
        **changes: Any,
    ) -> Decision:
        return await self.decisions.decide(question(actor, action, resource, id, **changes))


def question(
    actor: Actor, action: str, resource: str | None = None, id: int | None = None, **changes: Any
) -> Question:
    kind = {"auth": "session"}.get(action.partition(".")[0], action.partition(".")[0])
    asked = Question(1, actor, action, resource or kind, Facts("r-1", "rest"), NOW, id)
    return replace(asked, **changes)


def person(
    method: Method = Method.TOKEN, *, ago: timedelta = timedelta(0), **changes: Any
) -> Actor:
    factors = frozenset({"pwd"}) if method is Method.TOKEN else frozenset()
    proof = Authentication(method, factors, NOW - ago)
    actor = Actor(ActorKind.PERSON, 5, ("author",), frozenset({"edit_posts"}), proof)
    return replace(actor, **changes)


@pytest.fixture
def ask() -> Callable[..., Question]:
    return question


@pytest.fixture
def visitor() -> Actor:
    return ANONYMOUS


@pytest.fixture
def system() -> Actor:
    return SYSTEM


@pytest.fixture
def signed_in() -> Actor:
    """An author with a fresh bearer token."""
    return person()


@pytest.fixture
def wordpress_client() -> Actor:
    """The same author, by an application password."""
    return person(Method.APPLICATION_PASSWORD)


@pytest.fixture
def signed_in_since() -> Callable[[timedelta], Actor]:
    return lambda ago: person(ago=ago)


@pytest.fixture
async def open_site() -> AsyncIterator[Callable[..., Any]]:
    """`await open_site(plugin, …)` gives a site that decides."""
    async with AsyncExitStack() as stack:

        async def start(*plugins: Plugin) -> Site:
            site = Site(plugins)
            stack.push_async_callback(site.decisions.close)
            await site.decisions.open()
            return site

        yield start


@pytest.fixture
async def site(open_site: Callable[..., Any]) -> Site:
    return await open_site()


@pytest.fixture
def closed_site() -> Site:
    """A site whose decision point was never opened."""
    return Site()
