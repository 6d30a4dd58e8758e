"""What anybody may ask by a hash, such as that of the QR code on a certificate: who approved the
text, as whom, when, and whether readers still have it. No more than the certificate itself says."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import or_, select

from cms.content.models import Post, Revision
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from plugins.medical_review.signing.models import Certificate

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Approver:
    """Somebody who approved: her name and registration as certified, and the moment."""

    name: str
    registration: str | None
    approved_at: str


@dataclass(frozen=True)
class PublicCheck:
    """`is_live`: readers have exactly this text now."""

    content_hash: str
    is_live: bool
    approvers: tuple[Approver, ...]


async def check(work: UnitOfWork, wanted: str) -> PublicCheck:
    """By the SHA-256 of a text, or of a certificate; NotFound for what was never certified."""
    digest = bytes.fromhex(wanted) if _HASH.fullmatch(wanted) else b""
    row = await work.one(
        select(
            Certificate.document,
            Certificate.content_hash,
            Post.status,
            Revision.content_hash.label("live_hash"),
        )
        .join(Post, (Post.tenant_id == Certificate.tenant_id) & (Post.id == Certificate.post_id))
        .outerjoin(
            Revision,
            (Revision.tenant_id == Post.tenant_id) & (Revision.id == Post.live_revision_id),
        )
        .where(
            Certificate.tenant_id == work.tenant_id,
            or_(Certificate.content_hash == digest, Certificate.hash == digest),
        )
        .order_by(Certificate.id.desc())
        .limit(1)
    )
    if row is None:
        raise NotFound("certified text with the hash", wanted[:64])
    document = msgspec.json.decode(row.document)
    is_live = row.status == Status.PUBLISH and row.live_hash == row.content_hash
    return PublicCheck(row.content_hash.hex(), is_live, tuple(_approvers(document)))


def _approvers(document: Mapping[str, Any]) -> Iterator[Approver]:
    for signature in document["signatures"]:
        record = signature["record"]
        if record["meaning"] == "approval":
            signer = record["signer"]
            yield _approver(signer["name"], signer["registration"], record["signed_at"])
    for decision in document["decisions"]:
        if decision["meaning"] == "approval":
            name, registration = decision["reviewer_name"], decision["reviewer_registration"]
            yield _approver(name, registration, decision["decided_at"])


def _approver(name: str, registration: Mapping[str, Any] | None, at: str) -> Approver:
    """Under the name of the register, where she has one there."""
    known = registration or {}
    return Approver(known.get("full_name") or name, known.get("registration"), at)
