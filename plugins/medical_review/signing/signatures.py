"""What a decision states, in the terms of 21 CFR 11.50: printed name, date and time, meaning; with
the registration as it stood at that minute and the SHA-256 of the text (11.70)."""

import hashlib
from typing import Any

import rfc8785

from plugins.medical_review.reviewing.models import DecisionRecord, Verdict

_PREFIX = b"cms-review-decision-v1\n"

MEANING = {Verdict.APPROVE: "approval", Verdict.SEND_BACK: "review"}
# Lei 14.063/2020, art. 4: a password identifies the signer and no more, whatever we would like.
LEVEL = "simple"


def signed_facts(decision: DecisionRecord) -> dict[str, Any]:
    """Everything the reviewer put her name to."""
    return {
        "tenant": decision.tenant_id,
        "decision": decision.id,
        "review": decision.review_id,
        "post": decision.post_id,
        "revision": decision.revision_id,
        "content_hash": decision.content_hash.hex(),
        "stage": decision.stage,
        "verdict": decision.verdict,
        "comment": decision.comment,
        "meaning": decision.meaning,
        "level": decision.level,
        "reviewer": decision.reviewer_id,
        "reviewer_name": decision.reviewer_name,
        "reviewer_registration": decision.reviewer_registration,
        "method": decision.method,
        "factors": list(decision.factors),
        "authenticated_at": decision.authenticated_at.isoformat(),
        "decided_at": decision.decided_at.isoformat(),
    }


def hash_of(decision: DecisionRecord) -> bytes:
    """SHA-256 over a version prefix and the JCS (RFC 8785) of the signed facts."""
    return hashlib.sha256(_PREFIX + rfc8785.dumps(signed_facts(decision))).digest()


def is_intact(decision: DecisionRecord) -> bool:
    """Whether the row still says what was signed. It finds an altered row, not an altered row with
    an altered hash: that is what the audit trail is for."""
    return hash_of(decision) == decision.decision_hash
