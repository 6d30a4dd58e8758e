"""The hash of a decision's own row, as it has been since the first one.

Decisions are signed through `signing.sign`; this hash finds an altered row also where a decision is
older than that, and has no signature.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import rfc8785

from plugins.medical_review.reviewing.models import DecisionRecord, Verdict

_PREFIX = b"cms-review-decision-v1\n"

MEANING = {Verdict.APPROVE: "approval", Verdict.SEND_BACK: "review"}


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
    return facts_hash(signed_facts(decision))


def facts_hash(facts: Mapping[str, Any]) -> bytes:
    """The same from the facts as a certificate holds them, with the hash itself beside them."""
    said = {name: value for name, value in facts.items() if name != "decision_hash"}
    return hashlib.sha256(_PREFIX + rfc8785.dumps(said)).digest()


def is_intact(decision: DecisionRecord) -> bool:
    """Whether the row still says what was signed. It finds an altered row, not an altered row with
    an altered hash: that is what the audit trail is for."""
    return hash_of(decision) == decision.decision_hash
