"""The compiled Cedar against an evaluator of the same JSON in plain Python: never a difference."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.kernel.actors import Actor, ActorKind, Authentication, Method, RequestFacts
from cms.kernel.decisions import Effect, Question
from plugins.zero_trust.compile import Foundation
from plugins.zero_trust.obligations import has_recently_signed_in, is_signed_in
from plugins.zero_trust.policies import PolicyRow
from plugins.zero_trust.request import situation
from plugins.zero_trust.trust import age_in_seconds, trust_in

# -- the oracle


def holds(condition: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    if not condition:
        return True
    if "not" in condition:
        return not holds(condition["not"], facts)
    if "all" in condition:
        return all(holds(part, facts) for part in condition["all"])
    if "any" in condition:
        return any(holds(part, facts) for part in condition["any"])
    attr, op, value = condition["attr"], condition["op"], condition["value"]
    if op == "present":
        return (facts.get(attr) is not None) is value
    return facts.get(attr) is not None and OPERATORS[op](facts[attr], value)


OPERATORS = {
    "is": lambda fact, value: fact == value,
    "is_not": lambda fact, value: fact != value,
    "less_than": lambda fact, value: fact < value,
    "at_most": lambda fact, value: fact <= value,
    "more_than": lambda fact, value: fact > value,
    "at_least": lambda fact, value: fact >= value,
    "in": lambda fact, value: fact in value,
    "not_in": lambda fact, value: fact not in value,
    "contains": lambda fact, value: value in fact,
    "contains_any": lambda fact, value: bool(set(fact) & set(value)),
    "contains_all": lambda fact, value: set(fact) >= set(value),
    "in_network": lambda fact, value: any(
        ip_address(fact).version == ip_network(net).version and ip_address(fact) in ip_network(net)
        for net in value
    ),
}


def facts_of(question: Question) -> dict[str, Any]:
    actor, proof = question.actor, question.actor.authentication
    satisfied = {
        "signed_in": is_signed_in(question),
        "recent_sign_in": has_recently_signed_in(question),
    }
    return {
        **question.attributes,
        "roles": actor.roles if actor.kind is ActorKind.PERSON else (),
        "tenant_id": question.tenant_id,
        "method": proof.method.value,
        "factors": proof.factors,
        "signed_in": satisfied["signed_in"],
        "authentication_age_seconds": age_in_seconds(question),
        "channel": question.request.channel,
        "hour": question.at.hour,
        "trust_score": trust_in(question).score,
        "satisfied": {name for name, is_met in satisfied.items() if is_met},
        "ip": question.request.ip,
    }


def expected(question: Question, rows: list[PolicyRow]) -> tuple[Effect, tuple[str, ...]]:
    """What the rows must decide, besides the defaults, for a question within one tenant."""
    facts = facts_of(question)
    matching = [
        row
        for row in rows
        if row.mode == "enforce"
        and ("*" in row.applies_to or question.action in row.applies_to)
        and (not row.medical_context_required or facts.get("medical_context"))
        and holds(row.conditions, facts)
    ]
    effects = {row.actions["effect"] for row in matching}
    is_open = question.action == "post.read" and facts.get("is_public") is not False
    permitted = not question.actor.is_anonymous or is_open or "allow" in effects
    if "deny" in effects or not permitted:
        return Effect.DENY, ()
    return _with_obligations(matching, facts)


def _with_obligations(
    matching: list[PolicyRow], facts: Mapping[str, Any]
) -> tuple[Effect, tuple[str, ...]]:
    owed = []
    for row in matching:
        obligation = row.actions.get("obligation")
        if obligation is not None and obligation not in facts["satisfied"]:
            owed.append((row.priority, f"tenant.{row.id}", obligation))
        if (row.minimum_trust_score or 0) > facts["trust_score"]:
            owed.append((row.priority, f"tenant.{row.id}.trust", "raise_trust"))
        if row.professional_validation_required:
            owed.append((row.priority, f"tenant.{row.id}.professional", "professional_validation"))
    obligations = tuple(dict.fromkeys(obligation for *_, obligation in sorted(owed)))
    return (Effect.CONDITIONAL if obligations else Effect.ALLOW), obligations


# -- random policies and requests

words = st.sampled_from(["pwd", "otp", "hwk", "rest", "admin", "author", "editor", "é\n\"'"])
some_words = st.lists(words, min_size=1, max_size=3)
longs = st.integers(-3, 30) | st.integers(-(2**63), 2**63 - 1)
networks = st.lists(
    st.sampled_from(["10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "::/0", "2001:db8::/32"]),
    min_size=1,
    max_size=3,
)
COMPARE = ["is", "is_not", "less_than", "at_most", "more_than", "at_least"]
LONGS = ["hour", "trust_score", "author_id", "tenant_id", "authentication_age_seconds"]
SETS = {"contains": words, "contains_any": some_words, "contains_all": some_words}
TEXTS = {"is": words, "is_not": words, "in": some_words, "not_in": some_words}


def leaf(attrs: list[str], operators: Mapping[str, Any]) -> Any:
    return st.one_of(
        st.fixed_dictionaries({"attr": st.sampled_from(attrs), "op": st.just(op), "value": values})
        for op, values in operators.items()
    )


leaves = st.one_of(
    leaf(LONGS, dict.fromkeys(COMPARE, longs)),
    leaf(["method", "channel", "post_type"], TEXTS),
    leaf(["factors", "topics", "satisfied", "roles"], SETS),
    leaf(["signed_in", "is_public", "medical_context"], {"is": st.booleans()}),
    leaf(["ip"], {"in_network": networks}),
    leaf(["ip", "topics", "author_id", "is_public", "hour"], {"present": st.booleans()}),
)
conditions = st.recursive(
    st.just({}) | leaves,
    lambda parts: st.one_of(
        parts.map(lambda part: {"not": part}),
        st.lists(parts, min_size=1, max_size=3).map(lambda many: {"all": many}),
        st.lists(parts, min_size=1, max_size=3).map(lambda many: {"any": many}),
    ),
    max_leaves=6,
)
consequences = st.sampled_from(
    [
        {"effect": "allow"},
        {"effect": "deny"},
        {"effect": "require", "obligation": "signed_in"},
        {"effect": "require", "obligation": "recent_sign_in"},
    ]
)
rows = st.lists(
    st.builds(
        PolicyRow,
        id=st.just(0),
        policy_name=words,
        policy_type=st.sampled_from(["user", "device", "resource", "medical_context"]),
        applies_to=st.sampled_from([("*",), ("post.edit",), ("post.read", "post.edit")]),
        conditions=conditions,
        actions=consequences,
        priority=st.integers(0, 3),
        mode=st.sampled_from(["enforce", "enforce", "enforce", "shadow", "off"]),
        medical_context_required=st.booleans(),
        minimum_trust_score=st.none() | st.integers(0, 100),
        professional_validation_required=st.booleans(),
    ),
    max_size=5,
).map(lambda drawn: [replace(row, id=number) for number, row in enumerate(drawn, 1)])
proofs = st.tuples(
    st.sampled_from(Method),
    st.frozensets(st.sampled_from(["pwd", "otp", "hwk"])),
    st.sampled_from([0, 60, 899, 900, 43_199, 43_200, 10**6]),
)
attributes = st.fixed_dictionaries(
    {},
    optional={
        "is_public": st.booleans(),
        "medical_context": st.booleans(),
        "author_id": longs,
        "post_type": words,
        "topics": some_words,
    },
)


@settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    rows=rows,
    kind=st.sampled_from(ActorKind),
    roles=st.lists(words, max_size=2).map(tuple),
    proof=proofs,
    action=st.sampled_from(["post.read", "post.edit", "post.publish"]),
    attributes=attributes,
    ip=st.sampled_from([None, "10.1.2.3", "192.0.2.1", "2001:db8::1", "::ffff:10.1.2.3"]),
    hour=st.integers(0, 23),
)
def test_cedar_and_the_oracle_agree(
    closed_site, visitor, ask, rows, kind, roles, proof, action, attributes, ip, hour
):
    asked = ask(visitor, action)
    at = asked.at.replace(hour=hour)
    method, factors, age = proof
    who = Authentication(method, factors, at - timedelta(seconds=age))
    asked = replace(
        asked,
        actor=Actor(kind, 5 if kind is ActorKind.PERSON else None, roles, authentication=who),
        at=at,
        resource_id=9,
        attributes=attributes,
        request=RequestFacts("r", "rest", ip),
    )
    foundation = _foundation(closed_site)
    wanted = foundation.with_rows(rows).slice(action, "post")
    verdict, _ = wanted.evaluate(situation(asked, wanted, foundation).request)
    assert verdict.errors == ()
    assert (verdict.effect, verdict.obligations) == expected(asked, rows)


_kept: dict[str, Foundation] = {}


def _foundation(site) -> Foundation:
    # The same for every example: compiling it each time would triple the test's length.
    return _kept.setdefault("one", Foundation.of(site.registry))


@pytest.mark.parametrize("op", COMPARE)
def test_each_comparison_at_its_edge(closed_site, signed_in, ask, op):
    foundation = _foundation(closed_site)
    for value in (13, 14, 15):  # it is 14 o'clock
        condition = {"attr": "hour", "op": op, "value": value}
        row = PolicyRow(1, "edge", "user", ("*",), condition, {"effect": "deny"})
        asked = ask(signed_in, "post.edit")
        wanted = foundation.with_rows([row]).slice("post.edit", "post")
        verdict, _ = wanted.evaluate(situation(asked, wanted, foundation).request)
        assert (verdict.effect is Effect.DENY) is OPERATORS[op](14, value)
