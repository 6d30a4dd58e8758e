"""The levels of Lei 14.063/2020, art. 4, and which of them a step needs.

*Simple* identifies who signs: a password and a factor, or a one-time code. *Advanced* is made with
a key that the signer alone holds, is bound to the signed bytes, and is accepted by whom it is
relied on by. *Qualified* is made with a certificate of ICP-Brasil.
"""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from cms.kernel.work import ReadableWork
from plugins.medical_review.settings import ReviewSettings
from plugins.medical_review.signing.errors import StrongerSignatureNeeded
from plugins.medical_review.signing.statements import ToSign

SIMPLE, ADVANCED, QUALIFIED = LEVELS = ("simple", "advanced", "qualified")


@dataclass(frozen=True)
class Given:
    """What a signer has given beside her sign-in, and the level that it is worth. `why` says why
    it is worth no more."""

    level: str = SIMPLE
    why: str = "nothing was signed with a key of your own."
    proof_id: int | None = None
    evidence: dict[str, Any] | None = field(default=None)


def needed_level(work: ReadableWork, kind: str, meaning: str) -> str:
    """What the settings ask of this step."""
    wanted = work.settings(ReviewSettings).signature_levels
    return wanted.get(f"{kind}/{meaning}") or wanted.get(kind) or SIMPLE


def require_level(work: ReadableWork, to_sign: ToSign, given: Given) -> None:
    """StrongerSignatureNeeded, with what is to be signed, when the step needs more than was
    given."""
    needed = needed_level(work, to_sign.kind, to_sign.meaning)
    if LEVELS.index(given.level) < LEVELS.index(needed):
        told = msgspec.to_builtins(to_sign)
        raise StrongerSignatureNeeded(needed, given.level, told, given.why)
