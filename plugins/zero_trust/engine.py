"""The policy decision point (NIST SP 800-207 §3): the kernel's port, served by Cedar.

It fails closed. An error, an unknown action, a set that is not loaded, an answer that Cedar does
not give: each is a denial with its reason, and none is an exception.
"""

import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from time import perf_counter_ns
from typing import Any

from cms.database.engine import build_engine
from cms.kernel.decisions import Decision, Effect, Question
from cms.kernel.registry import Registry
from plugins.zero_trust.compile import CompiledPolicies, Foundation
from plugins.zero_trust.errors import NotLoaded
from plugins.zero_trust.evaluations import (
    Evaluation,
    EvaluationLog,
    Reading,
    store_counts_in,
    store_in,
)
from plugins.zero_trust.policies import ENFORCE, SHADOW
from plugins.zero_trust.request import AttributeMissing, Situation, resource_tenant, situation
from plugins.zero_trust.slices import EVALUATION_ERROR, Slice, Verdict, refusal
from plugins.zero_trust.tenants import NOT_LOADED, ReadRows, TenantPolicies, rows_from

log = logging.getLogger(__name__)

UNKNOWN_ACTION = "unknown-action"
ATTRIBUTE_MISSING = "attribute-missing"
LOG_FULL = "evaluation-log-full"

# One for the log, one for policies, one to spare. Not from the pool of the requests: a request that
# holds a connection and waits for another one here would be a deadlock.
_POOL = 3


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with all that the log wants to know about it."""

    verdict: Verdict
    version: str = ""
    drafted: Verdict | None = None
    slice: Slice | None = None
    situation: Situation | None = None


class CedarDecisions:
    """The DecisionPort. `open` before the first question; until then everything is denied."""

    def __init__(
        self,
        registry: Registry,
        read: ReadRows,
        evaluations: EvaluationLog,
        release: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._registry = registry
        self._read = read
        self._release = release
        self.evaluations = evaluations
        self.foundation: Foundation | None = None
        self._tenants: TenantPolicies | None = None

    async def open(self) -> None:
        """Compile what plugins declare. PolicyRefused when that is wrong: an installation that
        could only deny should not start."""
        self.foundation = Foundation.of(self._registry)
        self._tenants = TenantPolicies(self.foundation, self._read)
        self.evaluations.open()

    async def close(self) -> None:
        """Write out the log. After this everything is denied."""
        self._tenants = None
        await self.evaluations.close()
        if self._release is not None:
            await self._release()

    async def decide(self, question: Question) -> Decision:
        """The decision, with its line in the log. It never raises."""
        started = perf_counter_ns()
        judgement = await self.judge(question)
        elapsed = (perf_counter_ns() - started) // 1000
        try:
            judgement = await self._record(question, judgement, elapsed)
        except Exception:
            log.exception("the evaluation of %s could not be recorded", question.action)
            judgement = Judgement(refusal(EVALUATION_ERROR), judgement.version)
        verdict = judgement.verdict
        return Decision(verdict.effect, verdict.reasons, verdict.obligations, judgement.version)

    async def judge(self, question: Question) -> Judgement:
        """The verdict alone, without a trace in the log; for explanations."""
        version = ""
        try:
            policies = await self.policies_of(question.tenant_id)
            version = policies.version
            return self._judge(question, policies)
        except NotLoaded as refused:
            return Judgement(refusal(refused.reason), version)
        except AttributeMissing as missing:
            return _told(question, Judgement(refusal(ATTRIBUTE_MISSING, str(missing)), version))
        except Exception as error:
            log.exception("the policies could not be asked about %s", question.action)
            return Judgement(refusal(EVALUATION_ERROR, str(error)), version)

    def problems(self) -> Iterator[tuple[int, str]]:
        """Tenants whose newest policies are not the ones that decide, and why."""
        return self._tenants.problems() if self._tenants is not None else iter(())

    async def policies_of(self, tenant_id: int) -> CompiledPolicies:
        """The set that decides for a tenant now. NotLoaded says why there is none."""
        if self._tenants is None:
            raise NotLoaded(NOT_LOADED)
        return await self._tenants.current(tenant_id)

    def _judge(self, question: Question, policies: CompiledPolicies) -> Judgement:
        wanted = policies.slice(question.action, question.resource_type)
        if wanted is None or self.foundation is None:
            return Judgement(refusal(UNKNOWN_ACTION), policies.version)
        key = _shared_key(question, wanted)
        known = wanted.shared(key) if key is not None else None
        if known is not None:
            return Judgement(known[0], policies.version, known[1], wanted)
        facts = situation(question, wanted, self.foundation)
        verdicts = wanted.evaluate(facts.request)
        if key is not None:
            wanted.share(key, verdicts)
        return _told(question, Judgement(verdicts[0], policies.version, verdicts[1], wanted, facts))

    async def _record(self, question: Question, judgement: Judgement, elapsed: int) -> Judgement:
        if _is_to_be_refused(judgement, self.evaluations):
            judgement = Judgement(refusal(LOG_FULL), judgement.version, slice=judgement.slice)
        self._count(question.tenant_id, judgement)
        if judgement.drafted is not None:
            self._note(question, judgement, judgement.drafted, elapsed)
        verdict = judgement.verdict
        if verdict.effect is Effect.ALLOW:
            self._note(question, judgement, verdict, elapsed)
        else:
            await self.evaluations.put_now(_line(question, judgement, verdict, elapsed))
        return judgement

    def _note(
        self, question: Question, judgement: Judgement, verdict: Verdict, elapsed: int
    ) -> None:
        """Write a line soon; or only count it, when the reader is nobody."""
        is_reading = judgement.slice is not None and judgement.slice.action.reads
        if question.actor.is_anonymous and is_reading:
            self.evaluations.count_reading(_reading(question, judgement, verdict))
        else:
            self.evaluations.put(_line(question, judgement, verdict, elapsed))

    def _count(self, tenant_id: int, judgement: Judgement) -> None:
        if judgement.slice is None or not judgement.slice.row_ids:
            return
        reasons = set(judgement.verdict.reasons)
        spoke = {s.row_id for s in judgement.slice.statements if s.id in reasons and s.row_id}
        self.evaluations.count_policies(
            tenant_id, judgement.slice.row_ids, frozenset(spoke), judgement.verdict.effect.value
        )


def _is_to_be_refused(judgement: Judgement, evaluations: EvaluationLog) -> bool:
    """Without room in the log a change is denied; who only reads goes on, and a gap is counted."""
    is_reading = judgement.slice is not None and judgement.slice.action.reads
    return judgement.verdict.effect is Effect.ALLOW and not is_reading and evaluations.is_full


def _shared_key(question: Question, wanted: Slice) -> object | None:
    """What tells shared answers apart; None when the question must be asked for itself."""
    is_shared = question.actor.is_anonymous and wanted.is_shareable
    if not is_shared or resource_tenant(question) != question.tenant_id:
        return None
    return question.tenant_id, question.attributes.get("is_public")


def _told(question: Question, judgement: Judgement) -> Judgement:
    if judgement.verdict.errors:
        # Cedar's words name attributes, never their values; they are for the operator alone.
        log.error(
            "denied %s, because the policies could not be evaluated: %s",
            question.action,
            "; ".join(judgement.verdict.errors),
        )
    return judgement


def _reading(question: Question, judgement: Judgement, verdict: Verdict) -> Reading:
    return Reading(
        question.tenant_id,
        question.action,
        question.resource_type,
        verdict.effect.value,
        judgement.version,
        verdict.reasons,
        ENFORCE if verdict is judgement.verdict else SHADOW,
    )


def _line(question: Question, judgement: Judgement, verdict: Verdict, elapsed: int) -> Evaluation:
    facts = judgement.situation
    return Evaluation(
        tenant_id=question.tenant_id,
        evaluated_at=question.at,
        request_id=question.request.request_id,
        user_id=question.actor.user_id,
        resource_requested=question.resource_type,
        resource_id=question.resource_id,
        action_requested=question.action,
        decision=verdict.effect.value,
        obligations=verdict.obligations,
        trust_score_at_evaluation=facts.trust.score if facts else None,
        trust_components=facts.trust.components if facts else {},
        risk_factors=facts.risks if facts else (),
        policy_ids=verdict.reasons,
        policy_version=judgement.version,
        evaluation_time_us=elapsed,
        mode=ENFORCE if verdict is judgement.verdict else SHADOW,
    )


def serve(host: Any) -> CedarDecisions:
    """The port for a host, which is anything with `engine` and `registry`; on a pool of its own."""
    url = host.engine.url.render_as_string(hide_password=False)
    engine = build_engine(url, pool_size=_POOL, name="cms-zero-trust")
    evaluations = EvaluationLog(store_in(engine), store_counts_in(engine))
    return CedarDecisions(host.registry, rows_from(engine), evaluations, engine.dispose)
