"""The score adds up, is capped, and says what lowered it."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.kernel.actors import Actor, ActorKind, Authentication, Method, RequestFacts
from plugins.zero_trust.obligations import has_recently_signed_in, is_signed_in
from plugins.zero_trust.trust import trust_in


def test_how_far_the_usual_people_are_trusted(ask, visitor, signed_in, wordpress_client, system):
    scores = {
        "visitor": trust_in(ask(visitor, "post.read")).score,
        "wordpress": trust_in(ask(wordpress_client, "post.read")).score,
        "signed in": trust_in(ask(signed_in, "post.read")).score,
    }
    assert scores == {"visitor": 10, "wordpress": 45, "signed in": 75}
    inside = replace(ask(system, "post.read"), request=RequestFacts("r"))
    assert trust_in(inside).score == 100


def test_trust_decays_until_the_next_sign_in(ask, signed_in_since):
    ages = (0, 15, 60, 12 * 60, 7 * 24 * 60)
    scores = [
        trust_in(ask(signed_in_since(timedelta(minutes=age)), "post.read")).score for age in ages
    ]
    assert scores == [75, 70, 65, 60, 55]


def test_what_lowered_it_is_named(ask, visitor):
    assert trust_in(ask(visitor, "post.read")).risks == (
        "no-proof-of-identity",
        "no-factor",
        "stale-authentication",
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(Method),
    factors=st.frozensets(st.sampled_from(["pwd", "otp", "hwk", "pop"])),
    age=st.integers(-100, 10**7),
    channel=st.sampled_from(["rest", "internal", "?"]),
    kind=st.sampled_from(ActorKind),
)
def test_it_is_0_to_100_and_a_further_factor_never_lowers_it(
    ask, visitor, method, factors, age, channel, kind
):
    asked = replace(ask(visitor, "post.read"), request=RequestFacts("r", channel))

    def score(given_factors: frozenset[str]) -> int:
        proof = Authentication(method, given_factors, asked.at - timedelta(seconds=age))
        return trust_in(replace(asked, actor=Actor(kind, authentication=proof))).score

    assert 0 <= score(factors) <= 100
    assert score(factors | {"hwk"}) >= score(factors)


def test_a_session_is_worth_what_a_token_is(ask, signed_in_since):
    """Both are a password that somebody has typed; only where the secret is kept differs."""
    for ago in (timedelta(), timedelta(minutes=16), timedelta(hours=13)):
        token = signed_in_since(ago)
        session = replace(
            token, authentication=replace(token.authentication, method=Method.SESSION)
        )
        of_token, of_session = ask(token, "post.edit"), ask(session, "post.edit")
        assert trust_in(of_session) == trust_in(of_token)
        assert is_signed_in(of_session) == is_signed_in(of_token)
        assert has_recently_signed_in(of_session) == has_recently_signed_in(of_token)
