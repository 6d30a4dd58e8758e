"""Putting one's name to something: the one door to a signature."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from cms.database.work import UnitOfWork
from cms.errors import Conflict, Forbidden, StepUpRequired
from cms.identity.users import get_user
from plugins.medical_review.signing import keys
from plugins.medical_review.signing.events import SignatureGiven
from plugins.medical_review.signing.levels import Given, require_level
from plugins.medical_review.signing.models import Signature
from plugins.medical_review.signing.proofs import given_for
from plugins.medical_review.signing.statements import SEAL, ToSign, hash_of, record_of
from plugins.professional_registry.standing import snapshot

RECENT = timedelta(minutes=15)


@dataclass(frozen=True)
class About:
    """What is signed: a decision, an override, a correction, a retraction, …, and which one."""

    kind: str
    id: int


@dataclass(frozen=True)
class Guest:
    """A signer without an account, whose identity and registration the caller has verified.
    `factors` are RFC 8176 names, such as `otp`; `at` is when she gave them."""

    name: str
    factors: tuple[str, ...]
    at: datetime
    registration: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Signer:
    id: int | None
    name: str
    registration: dict[str, Any] | None
    roles: list[str]
    method: str
    factors: list[str]
    at: datetime


async def sign(
    work: UnitOfWork,
    about: About,
    statement: Mapping[str, Any],
    content_hash: bytes,
    meaning: str,
    *,
    byline: str = "",
    on_behalf_of: int | None = None,
    guest: Guest | None = None,
) -> Signature:
    """The actor's signature under `statement`, about the text with this SHA-256.

    The statement is JSON and says in full what is signed, with the id of its text as `post` where
    there is one. Nothing in it may differ when the request is repeated (no new ids, no moments):
    proofs of a higher level are given for exactly these words. `byline` is the line that stood
    beside the text. Raises StepUpRequired without a sign-in of the last 15 minutes, and
    StrongerSignatureNeeded when the step needs more.
    """
    signer = await _signer(work, about, guest)
    to_sign = ToSign(
        work.tenant_id, signer.id, about.kind, meaning, content_hash.hex(), dict(statement)
    )
    given = await given_for(work, to_sign)
    require_level(work, to_sign, given)
    signature = await _row(work, about, to_sign, signer, given)
    signature.byline, signature.on_behalf_of = byline, on_behalf_of
    await _seal(work, signature)
    await _keep(work, signature)
    await work.emit(
        SignatureGiven(
            signature_id=signature.id,
            content_hash=content_hash.hex(),
            after={
                "about": {"kind": about.kind, "id": about.id},
                "meaning": meaning,
                "level": signature.level,
                "signed": signature.hash.hex(),
            },
        )
    )
    return signature


async def _signer(work: UnitOfWork, about: About, guest: Guest | None) -> _Signer:
    if guest is not None:
        return _guest(work, guest)
    person, proof = work.actor.user_id, work.actor.authentication
    if person is None:
        raise Forbidden("Only a person can sign, not a command or a job.", action="signature.give")
    await work.decide("signature.give", "signature", about.id, {"medical_context": True})
    return _Signer(
        person,
        (await get_user(work, person)).display_name,
        await snapshot(work, person) or None,
        sorted(work.actor.roles),
        proof.method.value,
        sorted(proof.factors),
        proof.at,
    )


def _guest(work: UnitOfWork, guest: Guest) -> _Signer:
    if not guest.factors or work.now - guest.at >= RECENT:
        wanted = ["recent_sign_in"]
        raise StepUpRequired("signature.give", wanted, [], int(RECENT.total_seconds()))
    registration = dict(guest.registration) or None
    return _Signer(
        None, guest.name, registration, [], "one_time_code", sorted(guest.factors), guest.at
    )


async def _row(
    work: UnitOfWork, about: About, to_sign: ToSign, signer: _Signer, given: Given
) -> Signature:
    post = to_sign.statement.get("post")
    return Signature(
        tenant_id=work.tenant_id,
        id=await work.next_id("review_signature"),
        about_kind=about.kind,
        about_id=about.id,
        post_id=post if isinstance(post, int) else None,
        content_hash=bytes.fromhex(to_sign.content_hash),
        statement=to_sign.statement,
        meaning=to_sign.meaning,
        signer_id=signer.id,
        signer_name=signer.name,
        registration=signer.registration,
        roles=signer.roles,
        method=signer.method,
        factors=signer.factors,
        authenticated_at=signer.at,
        level=given.level,
        proof_id=given.proof_id,
        evidence=given.evidence,
        signed_at=work.now,
        request_id=work.request.request_id,
    )


async def _seal(work: UnitOfWork, signature: Signature) -> None:
    sealer = await keys.sealer(work)
    signature.hash = hash_of(record_of(signature))
    signature.key_id, signature.seal = sealer.key_id, sealer.seal(SEAL, signature.hash)


async def _keep(work: UnitOfWork, signature: Signature) -> None:
    work.session.add(signature)
    try:
        await work.session.flush()
    except IntegrityError as error:
        raise Conflict(
            "This has been signed already, or what you gave for it was used for another "
            "signature. Read what it says now, and sign again if you still want to.",
            code="signature.twice",
        ) from error
