"""Whatever breaks, the answer is no, and it is an answer."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cedarpy import policies_to_json_str
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.errors import SetupError
from cms.kernel.actors import Actor, ActorKind, Authentication, Method, RequestFacts
from cms.kernel.decisions import Decision, Effect, Question
from cms.kernel.declarations import Obligation, PolicyAttribute, PolicyRule
from cms.kernel.plugin import Plugin
from plugins.zero_trust.compile import Foundation
from plugins.zero_trust.policies import Statement
from plugins.zero_trust.request import situation
from plugins.zero_trust.slices import Pair


async def refusal(deciding) -> str:
    decision = await deciding
    assert decision.effect is Effect.DENY
    (reason,) = decision.reasons
    return reason


async def test_before_it_is_opened(closed_site, system):
    assert await refusal(closed_site.decide(system, "post.read")) == "policies-not-loaded"


async def test_after_it_is_closed(site, system):
    await site.decisions.close()
    assert await refusal(site.decide(system, "post.read")) == "policies-not-loaded"


async def test_an_action_nobody_declared(site, system):
    assert await refusal(site.decide(system, "post.burn")) == "unknown-action"


async def test_an_action_on_another_kind_of_thing(site, system):
    assert await refusal(site.decide(system, "post.edit", "user")) == "unknown-action"


@pytest.mark.parametrize("value", ["five", 1.5, True, [5], {"__entity": {"type": "X", "id": "1"}}])
async def test_an_attribute_of_the_wrong_type(site, signed_in, value):
    site.adds("deny", "post.edit", conditions={"attr": "author_id", "op": "is", "value": 5})
    decision = await site.decide(signed_in, "post.edit", id=1, attributes={"author_id": value})
    assert decision.effect is Effect.DENY
    assert decision.reasons[0] in {"no-decision", "evaluation-error"}


async def test_a_required_attribute_that_is_missing(open_site, signed_in):
    ward = PolicyAttribute("ward", "String", "where it happens", is_required=True)
    site = await open_site(Plugin(slug="wards", policy_attributes=(ward,)))
    assert await refusal(site.decide(signed_in, "post.edit", id=1)) == "attribute-missing"
    there = await site.decide(signed_in, "post.edit", id=1, attributes={"ward": "7B"})
    assert there.effect is Effect.ALLOW


async def test_an_attribute_or_obligation_that_raises(open_site, signed_in):
    def breaks(_: Question) -> bool:
        raise RuntimeError("the council's register is away")

    attribute = PolicyAttribute("is_on_duty", "Bool", "from the roster", True, breaks)
    site = await open_site(Plugin(slug="duty", policy_attributes=(attribute,)))
    assert await refusal(site.decide(signed_in, "post.edit")) == "evaluation-error"
    site = await open_site(Plugin(slug="duty", obligations=(Obligation("duty", breaks, ""),)))
    assert await refusal(site.decide(signed_in, "post.edit")) == "evaluation-error"


async def test_a_person_without_an_id(site, signed_in):
    nobody = replace(signed_in, user_id=None)
    assert await refusal(site.decide(nobody, "post.read")) == "attribute-missing"


def test_cedar_skips_a_broken_forbid_and_we_deny(closed_site, signed_in, ask):
    """Permit and broken forbid is Allow for Cedar, with an error."""
    foundation = Foundation.of(closed_site.registry)
    wanted = foundation.policies.slice("post.edit", "post")
    broken = _unvalidated("forbid (principal, action, resource) when { context.author_id == 7 };")
    pair = Pair([*wanted.statements, broken], foundation.vocabulary.handle)
    verdict = pair.evaluate(situation(ask(signed_in, "post.edit"), wanted, foundation).request)
    assert (verdict.effect, verdict.reasons) == (Effect.DENY, ("evaluation-error",))
    assert "author_id" in verdict.errors[0]


def test_a_broken_requirement_denies_too(closed_site, signed_in, ask):
    foundation = Foundation.of(closed_site.registry)
    wanted = foundation.policies.slice("post.edit", "post")
    text = "forbid (principal, action, resource) unless { context.author_id == 7 };"
    broken = replace(_unvalidated(text), layer="R", obligation="signed_in")
    pair = Pair([*wanted.statements, broken], foundation.vocabulary.handle)
    verdict = pair.evaluate(situation(ask(signed_in, "post.edit"), wanted, foundation).request)
    assert verdict.effect is Effect.DENY


def _unvalidated(text: str) -> Statement:
    (est,) = json.loads(policies_to_json_str(text))["staticPolicies"].values()
    return Statement("broken", "P", est, "")


async def test_cedar_itself_raising(site, signed_in, monkeypatch):
    def breaks(*_: object) -> None:
        raise ValueError("cedar")

    monkeypatch.setattr("plugins.zero_trust.slices.is_authorized", breaks)
    assert await refusal(site.decide(signed_in, "post.edit")) == "evaluation-error"


async def test_a_database_that_was_never_there(site, system):
    site.outage = ConnectionRefusedError("no database")
    assert await refusal(site.decide(system, "post.read")) == "policies-not-loaded"
    assert list(site.decisions.problems()) != []


async def test_a_tenants_first_set_that_does_not_compile(site, system, visitor):
    site.adds("allow", "post.edit")
    site.adds("require", "post.edit", obligation="a_dance")
    for actor, action in ((system, "post.read"), (visitor, "auth.sign_in")):
        assert await refusal(site.decide(actor, action)) == "policy-set-invalid"
    ((tenant, message),) = site.decisions.problems()
    assert tenant == 1
    assert "tenant.2" in message
    assert "a_dance" in message


async def test_platform_policies_that_do_not_compile_stop_the_start(open_site, closed_site):
    rule = PolicyRule("typo", "P", "permit (principal, action, resource is Pots);", "")
    with pytest.raises(SetupError, match=r"sloppy\.typo"):
        await open_site(Plugin(slug="sloppy", policies=(rule,)))


async def test_a_log_that_is_away_leaves_a_denial_a_denial(site, visitor, signed_in):
    site.adds("require", "post.publish", obligation="recent_sign_in")
    await site.decide(signed_in, "post.read")  # the policies are loaded
    site.outage = ConnectionRefusedError("no database")
    stale = replace(signed_in, authentication=Authentication(Method.APPLICATION_PASSWORD))
    assert (await site.decide(visitor, "post.edit")).effect is Effect.DENY
    assert (await site.decide(stale, "post.publish")).effect is Effect.CONDITIONAL
    assert (await site.decide(visitor, "post.read")).effect is Effect.ALLOW
    assert (await site.decide(signed_in, "post.edit")).effect is Effect.ALLOW
    site.outage = None
    await site.decisions.close()
    written = sorted(line.decision for line in site.lines)
    assert written == ["allow", "allow", "allow", "conditional", "deny"]


async def test_a_full_log_stops_changes_and_lets_readers_read(site, signed_in, visitor):
    site.log._room = 0
    assert await refusal(site.decide(signed_in, "post.edit")) == "evaluation-log-full"
    assert (await site.decide(signed_in, "post.read")).effect is Effect.ALLOW
    assert (await site.decide(visitor, "post.edit")).effect is Effect.DENY
    assert site.log.gaps[1] == 3


async def test_a_log_that_breaks(site, signed_in, monkeypatch):
    monkeypatch.setattr(site.log, "put", None)
    assert await refusal(site.decide(signed_in, "post.edit")) == "evaluation-error"


moments = st.datetimes(timezones=st.just(UTC)) | st.just(datetime(2026, 1, 1))  # noqa: DTZ001
actors = st.builds(
    Actor,
    kind=st.sampled_from(ActorKind),
    user_id=st.none() | st.integers(),
    roles=st.lists(st.text(max_size=5), max_size=3).map(tuple),
    authentication=st.builds(
        Authentication,
        method=st.sampled_from(Method),
        factors=st.frozensets(st.text(max_size=4), max_size=3),
        at=moments,
    ),
)
values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
questions = st.builds(
    Question,
    tenant_id=st.integers(),
    actor=actors,
    action=st.sampled_from(["post.read", "post.edit", "auth.sign_in", "user.edit"]) | st.text(),
    resource_type=st.sampled_from(["post", "user", "session"]) | st.text(),
    request=st.builds(
        RequestFacts, request_id=st.text(), channel=st.text(), ip=st.none() | st.text()
    ),
    at=moments,
    resource_id=st.none() | st.integers(),
    attributes=st.dictionaries(
        st.sampled_from(["tenant_id", "is_public", "author_id", "topics"]) | st.text(), values
    ),
)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(asked=questions)
async def test_no_question_makes_it_raise_or_lets_a_stranger_write(site, asked):
    decision = await site.decisions.decide(asked)
    assert isinstance(decision, Decision)
    assert decision.reasons
    if asked.actor.is_anonymous and decision.effect is not Effect.DENY:
        assert asked.action in {"post.read", "auth.sign_in"}
