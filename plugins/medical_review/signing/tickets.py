"""What is handed out with a challenge and brought back with its answer, and is kept nowhere."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from cms.errors import InvalidInput
from cms.kernel.work import Work
from plugins.medical_review.signing.statements import base64url, unbase64url

NONCE_BYTES = 32
GOOD_FOR = timedelta(minutes=5)

ENROLMENT, PROOF = "enrolment", "proof"


@dataclass(frozen=True)
class Ticket:
    """`nonce` is drawn once; `text` says it with its end and the keyed hash of this installation,
    bound to the person and to what it is for."""

    nonce: bytes
    text: str


def issue(work: Work, purpose: str, about: bytes = b"") -> Ticket:
    """A ticket for the actor, good for five minutes."""
    nonce, end = secrets.token_bytes(NONCE_BYTES), int((work.now + GOOD_FOR).timestamp())
    mac = _mac(work, purpose, about, nonce, end)
    return Ticket(nonce, f"{end}.{base64url(nonce)}.{base64url(mac)}")


def nonce_of(work: Work, purpose: str, text: str, about: bytes = b"") -> bytes:
    """The nonce of a ticket of the actor for just this; InvalidInput for any other."""
    try:
        end, nonce, mac = text.split(".")
        given, until = unbase64url(nonce), int(end)
        is_ours = hmac.compare_digest(unbase64url(mac), _mac(work, purpose, about, given, until))
    except ValueError:
        is_ours = False
    if not is_ours:
        raise InvalidInput(
            {"ticket": "is not one that you were given for this; ask for options again"}
        )
    if work.now.timestamp() >= until:
        raise InvalidInput({"ticket": "was good for five minutes; ask for options again"})
    return given


def _mac(work: Work, purpose: str, about: bytes, nonce: bytes, end: int) -> bytes:
    said = (work.tenant_id, work.actor.user_id, purpose, about.hex(), nonce.hex(), end)
    return work.sign("signing-ticket:" + ":".join(map(str, said)))
