"""A policy that is wrong is refused by name; it is never half used and never dropped."""

import pytest

from cms.kernel.actions import Action
from cms.kernel.declarations import Obligation, PolicyAttribute, PolicyRule
from cms.kernel.plugin import Plugin
from cms.kernel.registry import Registry
from plugins.zero_trust.compile import Foundation
from plugins.zero_trust.errors import PolicyRefused
from plugins.zero_trust.schema import entity_type


@pytest.fixture
def foundation(closed_site):
    return Foundation.of(closed_site.registry)


def bring(closed_site, **declared):
    return Foundation.of(Registry([*closed_site.registry.plugins, Plugin(slug="new", **declared)]))


FORBID = "forbid (principal, action, resource) unless { context.satisfied.contains('x') };".replace(
    "'", '"'
)


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (PolicyRule("a", "P", "permit (principal", ""), "is not Cedar"),
        (PolicyRule("a", "P", "permit (principal, action, resource);" * 2, ""), "exactly one"),
        (PolicyRule("a", "P", 'permit (principal, action == Action::"x.y", resource);', ""), "x.y"),
        (PolicyRule("a", "Q", "permit (principal, action, resource);", ""), "neither P nor R"),
        (PolicyRule("a", "R", FORBID, ""), "needs an obligation"),
        (PolicyRule("a", "R", FORBID, "", "x"), "'x' is unknown"),
        (PolicyRule("a", "P", FORBID, "", "signed_in"), "layer P has none"),
        (
            PolicyRule("a", "R", "permit (principal, action, resource);", "", "signed_in"),
            "holds forbids",
        ),
        (
            # This forbid would never fire.
            PolicyRule(
                "a", "P", "forbid (principal, action, resource) when {context.is_public};", ""
            ),
            "is_public",
        ),
        (
            PolicyRule("a", "P", "forbid (principal, action, resource) when {context.moon};", ""),
            "moon",
        ),
    ],
)
def test_a_rule_that_is_wrong_is_refused_by_name(closed_site, rule, problem):
    with pytest.raises(PolicyRefused, match=problem) as refused:
        bring(closed_site, policies=(rule,))
    assert refused.value.policy == "new.a"


@pytest.mark.parametrize(
    ("attribute", "problem"),
    [
        (PolicyAttribute("risk", "Float", ""), "Float"),
        (PolicyAttribute("hour", "Long", ""), "already"),
        (PolicyAttribute("author_id", "String", ""), "already"),
    ],
)
def test_an_attribute_that_contradicts_is_refused(closed_site, attribute, problem):
    with pytest.raises(PolicyRefused, match=problem):
        bring(closed_site, policy_attributes=(attribute,))


def test_two_plugins_may_speak_of_the_same_fact_and_one_may_compute_it(closed_site):
    computed = PolicyAttribute("author_id", "Long", "", provide=lambda question: 5)
    foundation = bring(closed_site, policy_attributes=(computed,))
    assert foundation.vocabulary.attributes["author_id"] is computed


def test_two_obligations_of_one_name_are_refused(closed_site):
    again = Obligation("signed_in", lambda question: True, "")
    with pytest.raises(PolicyRefused, match="two obligations"):
        bring(closed_site, obligations=(again,))


def test_a_resource_type_cedar_cannot_name_is_refused(closed_site):
    with pytest.raises(PolicyRefused, match="Action"):
        bring(closed_site, actions=(Action("log.read", "action", "log:log:read"),))


def test_resource_types_read_like_cedar_types():
    assert entity_type("application_password") == "ApplicationPassword"
    assert entity_type("Review") == "Review"


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"on": "post.burn"}, "unknown actions: post.burn"),
        ({"effect": "maybe"}, "none of allow, deny, require"),
        ({"effect": "require"}, "obligation"),
        ({"obligation": "signed_in"}, "obligation"),
        ({"conditions": []}, "conditions must be an object"),
        ({"conditions": {"any": []}}, r"conditions\.any must be a list"),
        ({"conditions": {"attr": "moon", "op": "is", "value": 1}}, "'moon' is unknown"),
        ({"conditions": {"attr": "hour", "op": "contains", "value": 1}}, "does not fit hour"),
        ({"conditions": {"attr": "hour", "op": "is", "value": True}}, "a whole number"),
        ({"conditions": {"attr": "hour", "op": "is", "value": 2**63}}, "a whole number"),
        ({"conditions": {"attr": "hour", "op": "is", "value": 1.5}}, "a whole number"),
        ({"conditions": {"attr": "channel", "op": "in", "value": []}}, "a list of 1 to"),
        ({"conditions": {"attr": "ip", "op": "in_network", "value": "10.0.0.1/8"}}, "host bits"),
        ({"conditions": {"attr": "hour", "op": "is", "value": 1, "or": 2}}, "it has"),
        (
            {"conditions": {"all": [{"not": {"attr": "x", "op": "is", "value": 1}}]}},
            r"all\[0\]\.not",
        ),
    ],
)
def test_a_row_that_is_wrong_is_refused_with_the_place(closed_site, foundation, values, problem):
    row = closed_site.adds(values.pop("effect", "deny"), **values)
    with pytest.raises(PolicyRefused, match=problem) as refused:
        foundation.with_rows([row])
    assert refused.value.policy == "tenant.1"


def test_conditions_do_not_nest_without_end(closed_site, foundation):
    condition: dict = {"attr": "hour", "op": "is", "value": 1}
    for _ in range(9):
        condition = {"not": condition}
    with pytest.raises(PolicyRefused, match="nested"):
        foundation.with_rows([closed_site.adds("deny", conditions=condition)])


def test_professional_validation_needs_a_plugin_that_knows_it(closed_site):
    _, zero_trust = closed_site.registry.plugins
    alone = Plugin(slug="reading", actions=(Action("a.read", "a", "a:a:read", reads=True),))
    foundation = Foundation.of(Registry([alone, zero_trust]))
    row = closed_site.adds("allow", professional_validation_required=True)
    with pytest.raises(PolicyRefused, match="professional_validation"):
        foundation.with_rows([row])


def test_the_version_names_the_content(closed_site, foundation):
    assert Foundation.of(closed_site.registry).policies.version == foundation.policies.version
    one = foundation.with_rows([closed_site.adds("deny", "post.edit")])
    two = foundation.with_rows([closed_site.adds("deny", "post.publish")])
    assert len({foundation.policies.version, one.version, two.version}) == 3


def test_a_row_that_is_off_is_as_if_it_were_not_there(closed_site, foundation):
    assert foundation.with_rows([closed_site.adds("deny", mode="off")]) is foundation.policies


def test_a_slice_holds_only_what_can_apply(closed_site, foundation):
    closed_site.adds("deny", "post.edit")
    closed_site.adds("deny", "post.publish, review.decide")
    policies = foundation.with_rows(closed_site.rows)
    names = {s.id for s in policies.slice("post.edit", "post").statements}
    assert "tenant.1" in names
    assert "tenant.2" not in names
    assert "zero_trust.visitors_read" not in names


def test_every_statement_can_be_read_as_cedar(closed_site, foundation):
    closed_site.adds(
        "require",
        "post.edit",
        obligation="signed_in",
        conditions={"attr": "ip", "op": "in_network", "value": ["10.0.0.0/8", "2001:db8::/32"]},
    )
    (text,) = (s.cedar for s in foundation.with_rows(closed_site.rows).statements if s.row_id)
    assert '@obligation("signed_in")' in text
    assert '(context.ip).isInRange(ip("10.0.0.0/8"))' in text
