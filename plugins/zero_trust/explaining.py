"""What decides, in words for people: the policies in force, and what they would say to somebody."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Self

import msgspec
from cedarpy import format_policies

from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, SetupError
from cms.kernel.actors import Actor, ActorKind, Authentication, Method, RequestFacts
from cms.kernel.decisions import Question
from plugins.zero_trust.compile import CompiledPolicies, Foundation
from plugins.zero_trust.defaults import MANAGE_POLICIES
from plugins.zero_trust.engine import CedarDecisions, Judgement
from plugins.zero_trust.policies import Statement


class PolicyOut(msgspec.Struct, frozen=True):
    """A policy as it decides: `layer` P permits or forbids, R requires what `obligation` names."""

    id: str
    layer: str
    mode: str
    obligation: str | None
    priority: int
    about: str
    cedar: str

    @classmethod
    def of(cls, statement: Statement) -> Self:
        return cls(
            statement.id,
            statement.layer,
            statement.mode,
            statement.obligation,
            statement.priority,
            statement.about,
            format_policies(statement.cedar),
        )


class PolicySetOut(msgspec.Struct, frozen=True):
    """All policies of a tenant under the version that decisions name."""

    version: str
    policies: list[PolicyOut]

    @classmethod
    def of(cls, compiled: CompiledPolicies) -> Self:
        return cls(compiled.version, [PolicyOut.of(s) for s in compiled.statements])


class SubjectIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom the question is about; nobody of this description needs to exist."""

    kind: ActorKind = ActorKind.PERSON
    user_id: int = 0
    roles: tuple[str, ...] = ()
    method: Method = Method.TOKEN
    factors: frozenset[str] = frozenset({"pwd"})
    authenticated_seconds_ago: Annotated[int, msgspec.Meta(ge=0, le=10**9)] = 0

    def actor(self, at: datetime) -> Actor:
        proved = at - timedelta(seconds=self.authenticated_seconds_ago)
        proof = Authentication(self.method, self.factors, proved)
        is_person = self.kind is ActorKind.PERSON
        return Actor(
            self.kind, self.user_id if is_person else None, self.roles, authentication=proof
        )


class QuestionIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request that could be made; without `at` it is made now."""

    action: str
    resource_type: str
    resource_id: int | None = None
    attributes: dict[str, Any] = {}
    subject: SubjectIn = SubjectIn()
    channel: str = "api"
    ip: str | None = None
    at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class ObligationOut(msgspec.Struct, frozen=True):
    """What would have to be done first, and how."""

    name: str
    remedy: str


class ExplanationOut(msgspec.Struct, frozen=True):
    """The decision, the policies that determine it, and what the drafts would change."""

    effect: str
    reasons: tuple[str, ...]
    policies: list[PolicyOut]
    obligations: list[ObligationOut]
    drafts_would_say: str | None
    trust_score: int | None
    trust_components: Mapping[str, int]
    risk_factors: tuple[str, ...]
    policy_version: str


async def policies_in_force(work: UnitOfWork) -> PolicySetOut:
    """Every policy that decides for this tenant, in the order in which explanations name them."""
    _require(work, "policy.list")
    return PolicySetOut.of(await _engine(work).policies_of(work.tenant_id))


async def statements_in_force(work: UnitOfWork) -> tuple[str, tuple[Statement, ...]]:
    """The same as they were compiled, with the version that decisions name."""
    _require(work, "policy.list")
    compiled = await _engine(work).policies_of(work.tenant_id)
    return compiled.version, compiled.statements


async def told_of(work: UnitOfWork, identities: Iterable[str]) -> dict[str, str]:
    """What the policies with these identities are about, for whoever was refused by one; those that
    are no longer there are not in it."""
    wanted = frozenset(identities)
    compiled = await _engine(work).policies_of(work.tenant_id)
    return {one.id: one.about for one in compiled.statements if one.id in wanted}


async def explain(work: UnitOfWork, wanted: QuestionIn) -> ExplanationOut:
    """What would be decided, without doing it and without a line in the log."""
    _require(work, "policy.explain")
    engine = _engine(work)
    judgement = await engine.judge(_question(work, wanted))
    return _told(judgement, engine.foundation)


def _require(work: UnitOfWork, action: str) -> None:
    if not work.actor.has(MANAGE_POLICIES):
        raise CapabilityMissing(
            f"Policies are for people with the capability {MANAGE_POLICIES}.", action=action
        )


def _engine(work: UnitOfWork) -> CedarDecisions:
    engine = work.shop.decisions
    if not isinstance(engine, CedarDecisions):
        raise SetupError("the decisions of this installation are made by another engine")
    return engine


def _question(work: UnitOfWork, wanted: QuestionIn) -> Question:
    at = wanted.at or work.now
    return Question(
        work.tenant_id,
        wanted.subject.actor(at),
        wanted.action,
        wanted.resource_type,
        RequestFacts(work.request.request_id, wanted.channel, wanted.ip),
        at,
        wanted.resource_id,
        wanted.attributes,
    )


def _told(judgement: Judgement, foundation: Foundation | None) -> ExplanationOut:
    verdict, facts = judgement.verdict, judgement.situation
    known = foundation.obligations if foundation is not None else {}
    statements = judgement.slice.statements if judgement.slice is not None else ()
    by_id = {statement.id: statement for statement in statements}
    return ExplanationOut(
        effect=verdict.effect.value,
        reasons=verdict.reasons,
        policies=[PolicyOut.of(by_id[i]) for i in verdict.reasons if i in by_id],
        obligations=[ObligationOut(name, known[name].remedy) for name in verdict.obligations],
        drafts_would_say=judgement.drafted.effect.value if judgement.drafted else None,
        trust_score=facts.trust.score if facts else None,
        trust_components=facts.trust.components if facts else {},
        risk_factors=facts.risks if facts else (),
        policy_version=judgement.version,
    )
