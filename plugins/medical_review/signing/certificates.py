"""What is certified of a published text: who approved exactly these words, and as whom."""

from collections.abc import Sequence
from typing import Any

import msgspec
import rfc8785
from sqlalchemy import select

from cms.content import permalinks, posts
from cms.content.events import Inherited, Transition
from cms.content.indexing import plain_text
from cms.content.models import Post, Revision
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import Conflict, NotFound
from plugins.medical_review.articles.kinds import PART, is_reviewed
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.medical_review.reviewing.approvals import course
from plugins.medical_review.reviewing.models import DecisionRecord
from plugins.medical_review.signing import keys, reading
from plugins.medical_review.signing.checking import CERTIFICATE, document_of
from plugins.medical_review.signing.decisions import KIND
from plugins.medical_review.signing.events import CertificateIssued
from plugins.medical_review.signing.models import Certificate
from plugins.medical_review.signing.reading import Read
from plugins.medical_review.signing.signatures import signed_facts
from plugins.medical_review.signing.statements import (
    CERTIFICATE_SEAL,
    base64url,
    certificate_hash,
    kid_of,
    moment,
)
from plugins.professional_registry.bylines import byline

CERTIFY = "medical_review.certify"


async def certify_soon(work: UnitOfWork, move: Transition) -> None:
    """Whatever of ours readers get is certified, right after they have it."""
    if move.to_status is not Status.PUBLISH or isinstance(move, Inherited):
        return
    if is_reviewed(work, (await posts.get(work, move.post_id)).post_type):
        await work.shop.enqueue(work, CERTIFY, {"post_id": move.post_id})


async def certify_published(work: UnitOfWork, post_id: int) -> None:
    """The job of one publication. A text that was taken back meanwhile gets none."""
    try:
        await certified(work, post_id)
    except (Conflict, NotFound):
        return


async def certified(work: UnitOfWork, post_id: int) -> Certificate:
    """The certificate of what readers have now; it is made if there is none for this text with
    these signatures. Conflict when nothing can be certified, NotFound for what is not reviewed."""
    post, live, signed = await _certifiable(work, post_id)
    found = await _newest(work, post_id)
    if found is None or not _is_current(found, live, signed):
        await posts.lock(work, post_id)
        post, live, signed = await _certifiable(work, post_id)
        found = await _newest(work, post_id)
        if found is None or not _is_current(found, live, signed):
            found = await _issue(work, post, live, signed)
    return found


async def envelope(work: UnitOfWork, found: Certificate) -> dict[str, Any]:
    """The certificate as a file that is checked without any database."""
    public_key = await keys.public_key(work, found.key_id)
    return {
        "type": CERTIFICATE,
        "document": msgspec.json.decode(found.document),
        "hash": found.hash.hex(),
        "seal": {"alg": "EdDSA", "kid": kid_of(public_key), "value": base64url(found.seal)},
    }


async def _certifiable(work: UnitOfWork, post_id: int) -> tuple[Post, Revision, list[Read]]:
    post = await posts.get(work, post_id)
    if not is_reviewed(work, post.post_type):
        raise NotFound("reviewed post", post_id)
    if post.status != Status.PUBLISH or post.live_revision_id is None:
        raise Conflict(
            "Readers do not have this text, so nothing is certified of it. Publish it first.",
            code="certificate.not_live",
        )
    live = await posts.revision(work, post.id, post.live_revision_id)
    if (await course(work, post_id)).approval(live.content_hash) is None:
        raise Conflict(
            "What readers have was not approved here, so nothing is certified of it. Have it "
            "reviewed: POST /api/v1/reviews.",
            code="certificate.not_approved",
        )
    signed = await reading.of_text(work, post_id, live.content_hash)
    if not all(one.is_intact for one in signed):
        raise Conflict(
            "A signature of this text is not what was sealed. Nothing is certified before the "
            "compliance officer has found out why.",
            code="certificate.altered_signature",
        )
    return post, live, signed


async def _newest(work: UnitOfWork, post_id: int) -> Certificate | None:
    row = await work.one(
        select(Certificate)
        .where(Certificate.tenant_id == work.tenant_id, Certificate.post_id == post_id)
        .order_by(Certificate.id.desc())
        .limit(1)
    )
    return row[0] if row else None


def _is_current(found: Certificate, live: Revision, signed: Sequence[Read]) -> bool:
    if found.content_hash != live.content_hash:
        return False
    listed = [one["hash"] for one in msgspec.json.decode(found.document)["signatures"]]
    return listed == [one.signature.hash.hex() for one in signed]


async def _issue(
    work: UnitOfWork, post: Post, live: Revision, signed: Sequence[Read]
) -> Certificate:
    number = await work.next_id("review_certificate")
    document: dict[str, Any] = {
        "certificate": number,
        "site": {
            "tenant": work.tenant_id,
            "name": work.tenant.site.title or work.tenant.name,
            "address": work.tenant.address,
        },
        "text": await _text(work, post, live),
        "byline": await _byline(work, live),
        "signatures": [document_of(one.signature, one.public_key) for one in signed],
        "decisions": await _unsigned(work, live, signed),
        "earlier": await _earlier(work, post.id),
        "check": _check(work, live),
        "issued_at": moment(work.now),
    }
    sealer, digest = await keys.sealer(work), certificate_hash(document)
    found = Certificate(
        tenant_id=work.tenant_id,
        id=number,
        post_id=post.id,
        revision_id=live.id,
        content_hash=live.content_hash,
        document=rfc8785.dumps(document).decode(),
        hash=digest,
        key_id=sealer.key_id,
        seal=sealer.seal(CERTIFICATE_SEAL, digest),
        issued_at=work.now,
    )
    work.session.add(found)
    content_hash = live.content_hash.hex()
    await work.emit(
        CertificateIssued(
            certificate_id=number,
            post_id=post.id,
            content_hash=content_hash,
            after={"sealed": digest.hex()},
        )
    )
    return found


async def _text(work: UnitOfWork, post: Post, live: Revision) -> dict[str, Any]:
    front = work.tenant.site.front_end_url.rstrip("/") or work.tenant.address
    path = (await permalinks.paths(work, [post]))[post.id]
    return {
        "post": post.id,
        "type": post.post_type,
        "language": live.language,
        "title": plain_text(live.title),
        "address": f"{front}{path}",
        "revision": live.id,
        "content_hash": live.content_hash.hex(),
        "version": post.version_number,
        "published_at": moment(post.date_gmt) if post.date_gmt else None,
    }


async def _byline(work: UnitOfWork, live: Revision) -> str:
    person = live.parts.get(PART, {}).get(RESPONSIBLE)
    line = await byline(work, person) if person is not None else None
    return line.text if line else ""


async def _unsigned(
    work: UnitOfWork, live: Revision, signed: Sequence[Read]
) -> list[dict[str, Any]]:
    """Decisions from before there were signatures, each with the hash of its row."""
    known = {one.signature.about_id for one in signed if one.signature.about_kind == KIND}
    rows = await work.all(
        select(DecisionRecord)
        .where(
            DecisionRecord.tenant_id == work.tenant_id,
            DecisionRecord.post_id == live.post_id,
            DecisionRecord.content_hash == live.content_hash,
            DecisionRecord.id.not_in(known),
        )
        .order_by(DecisionRecord.id)
    )
    return [{**signed_facts(row), "decision_hash": row.decision_hash.hex()} for (row,) in rows]


async def _earlier(work: UnitOfWork, post_id: int) -> list[dict[str, Any]]:
    """The certificates of the same post so far: one for each text that readers have had."""
    rows = await work.all(
        select(Certificate.id, Certificate.content_hash, Certificate.issued_at)
        .where(Certificate.tenant_id == work.tenant_id, Certificate.post_id == post_id)
        .order_by(Certificate.id)
    )
    return [
        {
            "certificate": row.id,
            "content_hash": row.content_hash.hex(),
            "issued_at": moment(row.issued_at),
        }
        for row in rows
    ]


def _check(work: UnitOfWork, live: Revision) -> dict[str, Any]:
    base = f"{work.tenant.address}/api/v1/reviews"
    keeps_log = any(plugin.slug == "audit_trail" for plugin in work.registry.plugins)
    log = f"{work.tenant.address}/.well-known/audit/checkpoint" if keeps_log else None
    return {
        "address": f"{base}/verify/{live.content_hash.hex()}",
        "keys": f"{base}/keys",
        "log": log,
    }
