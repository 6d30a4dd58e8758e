"""What is done only by a person who has just proved who she is."""

from datetime import timedelta

from cms.database.work import UnitOfWork
from cms.errors import StepUpRequired
from cms.kernel.actors import ActorKind, Method

RECENT = timedelta(minutes=15)


def require_recent(work: UnitOfWork, action: str, why: str) -> None:
    """StepUpRequired unless the person herself proved within a quarter of an hour who she is. The
    installation's own commands have no person whom one could ask."""
    if work.actor.kind is ActorKind.SYSTEM:
        return
    proof = work.actor.authentication
    is_hers = proof.method in {Method.TOKEN, Method.SESSION} and bool(proof.factors)
    if not is_hers or work.now - proof.at >= RECENT:
        seconds = int(RECENT.total_seconds())
        raise StepUpRequired(action, ["recent_sign_in"], [why], seconds)


def require_recent_session(work: UnitOfWork, action: str, why: str) -> None:
    """The same of a session, whose window somebody else may have found open; a program that sends
    a token was given it."""
    if work.actor.authentication.method is Method.SESSION:
        require_recent(work, action, why)
