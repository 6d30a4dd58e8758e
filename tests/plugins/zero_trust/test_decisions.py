"""What the default policies say, and what a tenant's own add to them."""

from datetime import UTC, datetime, timedelta

from cms.kernel.decisions import Effect
from cms.kernel.declarations import PolicyRule
from cms.kernel.plugin import Plugin

REVIEW_NEEDS_A_SIGN_IN = PolicyRule(
    "a_review_is_signed_in_person",
    "R",
    """
    forbid (principal, action == Action::"review.decide", resource is Review)
    unless { context.satisfied.contains("signed_in") };
    """,
    "Whoever decides on a review has signed in.",
    "signed_in",
)
REVIEWS = Plugin(slug="reviews", policies=(REVIEW_NEEDS_A_SIGN_IN,))


async def test_a_visitor_reads_and_signs_in_and_does_nothing_else(site, visitor):
    effects = {
        action: (await site.decide(visitor, action)).effect
        for action in ("post.read", "auth.sign_in", "post.edit", "user.edit", "review.list")
    }
    assert effects == {
        "post.read": Effect.ALLOW,
        "auth.sign_in": Effect.ALLOW,
        "post.edit": Effect.DENY,
        "user.edit": Effect.DENY,
        "review.list": Effect.DENY,  # it reads, but asks for a capability
    }


async def test_a_visitor_does_not_read_what_is_not_public(site, visitor):
    hidden = await site.decide(visitor, "post.read", id=3, attributes={"is_public": False})
    shown = await site.decide(visitor, "post.read", id=4, attributes={"is_public": True})
    assert (hidden.effect, shown.effect) == (Effect.DENY, Effect.ALLOW)


async def test_people_and_the_system_act_in_their_site(site, signed_in, system):
    for actor in (signed_in, system):
        for action in ("post.read", "post.publish", "review.decide", "user.edit"):
            assert (await site.decide(actor, action)).effect is Effect.ALLOW


async def test_somebody_changes_their_own_account(site, signed_in):
    assert (await site.decide(signed_in, "user.edit", id=5)).effect is Effect.ALLOW


async def test_nobody_reaches_into_another_tenant(site, visitor, signed_in, system):
    for actor in (visitor, signed_in, system):
        decision = await site.decide(actor, "post.read", id=5, attributes={"tenant_id": 2})
        assert decision.effect is Effect.DENY
        assert decision.reasons == ("platform.same_tenant",)


async def test_not_even_when_the_account_has_the_same_number_there(site, signed_in):
    decision = await site.decide(signed_in, "user.edit", id=5, attributes={"tenant_id": 2})
    assert decision.reasons == ("platform.same_tenant",)


async def test_no_policy_of_a_tenant_lifts_the_platforms(site, signed_in):
    site.adds("allow", priority=0)
    decision = await site.decide(signed_in, "post.edit", id=5, attributes={"tenant_id": 2})
    assert decision.effect is Effect.DENY


async def test_an_application_password_must_step_up_where_a_plugin_wants_it(
    open_site, wordpress_client, signed_in, signed_in_since, system
):
    site = await open_site(REVIEWS)
    asked = await site.decide(wordpress_client, "review.decide")
    assert asked.effect is Effect.CONDITIONAL
    assert asked.obligations == ("signed_in",)
    assert asked.reasons == ("reviews.a_review_is_signed_in_person",)
    assert (await site.decide(wordpress_client, "post.edit")).effect is Effect.ALLOW
    assert (await site.decide(signed_in, "review.decide")).effect is Effect.ALLOW
    assert (await site.decide(system, "review.decide")).effect is Effect.ALLOW
    stale = await site.decide(signed_in_since(timedelta(hours=12)), "review.decide")
    assert stale.effect is Effect.CONDITIONAL


async def test_a_forbid_beats_a_permit_of_better_priority(site, signed_in):
    site.adds("allow", "post.publish", priority=1)
    site.adds("deny", "post.publish", priority=900)
    decision = await site.decide(signed_in, "post.publish")
    assert (decision.effect, decision.reasons) == (Effect.DENY, ("tenant.2",))


async def test_all_obligations_are_named_by_priority(site, wordpress_client):
    site.adds("require", "post.publish", obligation="recent_sign_in", priority=50)
    site.adds("require", "post.publish", obligation="signed_in", priority=10)
    site.adds("require", "*", obligation="signed_in", priority=70)
    decision = await site.decide(wordpress_client, "post.publish")
    assert decision.effect is Effect.CONDITIONAL
    assert decision.obligations == ("signed_in", "recent_sign_in")
    assert decision.reasons == ("tenant.2", "tenant.1", "tenant.3")


async def test_a_denial_comes_before_any_obligation(site, wordpress_client):
    site.adds("require", "post.publish", obligation="signed_in")
    site.adds("deny", "post.publish")
    decision = await site.decide(wordpress_client, "post.publish")
    assert (decision.effect, decision.obligations) == (Effect.DENY, ())


async def test_a_policy_may_want_trust_and_a_verified_professional(site, wordpress_client):
    site.adds(
        "allow", "post.publish", minimum_trust_score=80, professional_validation_required=True
    )
    decision = await site.decide(wordpress_client, "post.publish")
    assert decision.effect is Effect.CONDITIONAL
    assert decision.obligations == ("professional_validation", "raise_trust")


async def test_a_score_that_is_high_enough_asks_for_nothing(site, signed_in):
    site.adds("allow", "post.publish", minimum_trust_score=75)
    assert (await site.decide(signed_in, "post.publish")).effect is Effect.ALLOW


async def test_a_policy_about_medical_content_leaves_the_rest_alone(site, signed_in):
    site.adds("deny", "post.publish", medical_context_required=True)
    medical = {"attributes": {"medical_context": True}}
    ordinary = {"attributes": {"medical_context": False}}
    assert (await site.decide(signed_in, "post.publish", id=1, **medical)).effect is Effect.DENY
    assert (await site.decide(signed_in, "post.publish", id=1, **ordinary)).effect is Effect.ALLOW


async def test_a_draft_in_shadow_is_logged_and_changes_no_answer(site, signed_in):
    site.adds("deny", "post.publish", mode="shadow")
    decision = await site.decide(signed_in, "post.publish")
    assert decision.effect is Effect.ALLOW
    await site.decisions.close()
    assert {(line.mode, line.decision) for line in site.lines} == {
        ("enforce", "allow"),
        ("shadow", "deny"),
    }


async def test_a_draft_that_fails_changes_no_answer(site, signed_in, monkeypatch):
    site.adds("deny", "post.publish", mode="shadow")
    assert (await site.decide(signed_in, "post.publish")).effect is Effect.ALLOW
    policies = await site.decisions.policies_of(1)
    monkeypatch.setattr(policies.slice("post.publish", "post").drafted, "_permits", None)
    assert (await site.decide(signed_in, "post.publish")).effect is Effect.ALLOW


async def test_readers_share_one_answer_and_are_only_counted(site, visitor, monkeypatch):
    await site.decide(visitor, "post.read")
    wanted = (await site.decisions.policies_of(1)).slice("post.read", "post")
    monkeypatch.setattr(wanted, "evaluate", None)  # a second evaluation would fail
    for post in range(40):
        assert (await site.decide(visitor, "post.read", id=post)).effect is Effect.ALLOW
    await site.decisions.close()
    (line,) = site.lines
    assert (line.occurrences, line.user_id, line.request_id) == (41, None, None)


async def test_nothing_is_shared_when_a_policy_looks_at_the_request(site, visitor):
    site.adds("deny", "post.read", conditions={"attr": "hour", "op": "less_than", "value": 6})
    by_day = await site.decide(visitor, "post.read")
    at_three = datetime(2026, 11, 20, 3, tzinfo=UTC)
    by_night = await site.decide(visitor, "post.read", at=at_three)
    assert (by_day.effect, by_night.effect) == (Effect.ALLOW, Effect.DENY)


async def test_nothing_is_shared_when_a_policy_names_one_object(open_site, visitor):
    withdrawn = PolicyRule(
        "withdrawn", "P", 'forbid (principal, action, resource == Post::"1/7");', "Recalled."
    )
    site = await open_site(Plugin(slug="recalls", policies=(withdrawn,)))
    assert (await site.decide(visitor, "post.read", id=6)).effect is Effect.ALLOW
    assert (await site.decide(visitor, "post.read", id=7)).reasons == ("recalls.withdrawn",)


async def test_nothing_is_shared_between_tenants(site, visitor):
    await site.decide(visitor, "post.read")
    other = await site.decide(visitor, "post.read", id=1, attributes={"tenant_id": 2})
    assert other.effect is Effect.DENY


async def test_what_an_object_lacks_is_a_risk_in_the_log(site, signed_in):
    topic = {"attr": "topics", "op": "contains", "value": "opioids"}
    site.adds("deny", "post.publish", conditions=topic)
    await site.decide(signed_in, "post.publish", id=9)
    await site.decide(signed_in, "post.publish", id=9, attributes={"topics": ["opioids"]})
    await site.decisions.close()
    assert {line.decision: tuple(line.risk_factors) for line in site.lines} == {
        "allow": ("unknown:topics",),
        "deny": (),
    }
