"""What an actor can be asked for before a policy is content (XACML 3.0 §7.18)."""

from datetime import timedelta

from cms.kernel.actors import ActorKind, Method
from cms.kernel.decisions import Question
from cms.kernel.declarations import Obligation

SIGN_IN_LASTS = timedelta(hours=12)
RECENT = timedelta(minutes=15)


def is_signed_in(question: Question) -> bool:
    """A token or a session with a factor from the last twelve hours. An application password never
    is."""
    return _has_proved(question, SIGN_IN_LASTS)


def has_recently_signed_in(question: Question) -> bool:
    """As `is_signed_in`, within a quarter of an hour (RFC 9470 `max_age`)."""
    return _has_proved(question, RECENT)


def _has_proved(question: Question, lasts: timedelta) -> bool:
    if question.actor.kind is ActorKind.SYSTEM:
        # The worker and the command line have no person whom one could ask.
        return True
    proof = question.actor.authentication
    is_hers = proof.method in {Method.TOKEN, Method.SESSION} and bool(proof.factors)
    return is_hers and question.at - proof.at < lasts


def _never(_: Question) -> bool:
    # Lifted by the score that the policy itself compares, not by an act that could be ticked off.
    return False


RAISE_TRUST = "raise_trust"
PROFESSIONAL_VALIDATION = "professional_validation"

OBLIGATIONS = (
    Obligation(
        "signed_in",
        is_signed_in,
        "Sign in with your password and a factor, and send the bearer token.",
        int(SIGN_IN_LASTS.total_seconds()),
    ),
    Obligation(
        "recent_sign_in",
        has_recently_signed_in,
        "Sign in again: this needs a proof from the last 15 minutes.",
        int(RECENT.total_seconds()),
    ),
    Obligation(
        RAISE_TRUST,
        _never,
        "Sign in again, with one more factor if you have one: this needs a higher trust score.",
    ),
)
